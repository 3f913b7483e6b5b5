#!/usr/bin/python3
"""Compares suppressed sets with reference tables of the R package GaussSuppression.  usage: reference.py FOLDER

Every table NAME_in.csv of the folder with a NAME_kK_gauss.csv is compared.  The sets are to be the same, without singleton handling
(NAME_nosing_kK_gauss.csv) and with it.  Where ties are broken differently in a larger table, at most 1.1 times as many secondary cells
may be withheld, and a linear programme must find out no more about the primaries.
Prints "sdc <part> passed/total" lines; exit status 1 if any is not passed.
"""
import csv, glob, gzip, itertools, os, re, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from audit import bounds
from call import suppress

AUDITED = 150           # primaries audited of a table, evenly chosen
EXACT = 2430            # up to so many cells the sets are to be the same; in larger tables ties may be broken otherwise
failures = 0


class Cell:
    def __init__(self):
        self.value, self.members, self.role, self.contributors = 0, [], "", set()


def say(part, passed, total, note="", exact=True):
    global failures
    failures += exact and passed != total
    print(f"sdc {part} {passed}/{total}{', ' + note if note else ''}", flush=True)


def read(folder, name):
    path = f"{folder}/{name}.csv"
    with (gzip.open(path + ".gz", "rt") if os.path.exists(path + ".gz") else open(path)) as f:
        return list(csv.DictReader(f))


def make_cells(rows, hierarchies, value, contributor=None):
    """label -> Cell over the finest cells of the rows, with all totals."""
    cells, inner = {}, {}
    for r in rows:
        point = tuple(r[h[-1]] for h in hierarchies)
        number = inner.setdefault(point, len(inner) + 1)
        for label in itertools.product(*[dict.fromkeys(["Total"] + [r[column] for column in h]) for h in hierarchies]):
            c = cells.setdefault(label, Cell())
            c.value += value(r)
            if number not in c.members:
                c.members.append(number)
            if contributor:
                c.contributors.add(r[contributor])
    for c in cells.values():
        c.members = tuple(c.members)
        c.contributors = len(c.contributors) if contributor else c.value
    return cells


def run(cells, arguments):
    numbers = {label: n for n, label in enumerate(sorted(cells), 1)}
    suppressed, _ = suppress({numbers[k]: c for k, c in cells.items()}, arguments)
    return {k for k, n in numbers.items() if n in suppressed}


def read_given(folder, name, cells):
    """The labels that the reference suppresses; its primaries must be ours."""
    rows = read(folder, name)
    columns = list(rows[0])[:len(next(iter(cells)))]
    given = {tuple(r[c] for c in columns): r for r in rows}
    say(f"{name} primaries", sum((given[k]["primary"] == "TRUE") == (c.role == "primary") for k, c in cells.items()), len(given),
        f"{sum(r['primary'] == 'TRUE' for r in given.values())} primaries")
    return {k for k, r in given.items() if r["suppressed"] == "TRUE"}


def secondaries(cells, suppressed):
    return sum(cells[k].role != "primary" for k in suppressed)


def audit(cells, suppressed, k):
    """(exactly known, upper bound below k, narrowest) among evenly chosen primaries."""
    primaries = sorted(label for label, c in cells.items() if c.role == "primary")
    found = bounds(cells, suppressed, set(primaries[::max(1, len(primaries) // AUDITED)]))
    return (sum(h - l < 1e-6 for l, h in found.values()), sum(h < k - 1e-6 for _, h in found.values()),
            min(h - l for l, h in found.values()))


def hierarchies_of(rows, given):
    """The input's columns by dimension of the output, the finest last: the coarser ones follow from the finest, and the output has their members."""
    found = []
    for finest in list(given[0])[:list(given[0]).index("freq")]:
        labels = {r[finest] for r in given}
        coarser = [c for c in rows[0] if c not in (finest, "freq") and {r[c] for r in rows} <= labels
                   and len({(r[finest], r[c]) for r in rows}) == len({r[finest] for r in rows})]
        found.append((*coarser, finest))
    return tuple(found)


def count_tables(folder):
    """(name, k, reference without singletons or None, with them, with an upper bound or None) of each table of counts in the folder."""
    names = sorted(re.sub(r"\.csv(\.gz)?$", "", os.path.basename(path)) for path in glob.glob(f"{folder}/*.csv*"))
    for name in (n[:-3] for n in names if n.endswith("_in")):
        for singletons in (n for n in names if re.fullmatch(re.escape(name) + r"_k\d+_gauss", n)):
            k = singletons[len(name) + 2:-6]
            without, strict = f"{name}_nosing_k{k}_gauss", f"{singletons}_lp_rangeMin{k}"
            yield name, int(k), without if without in names else None, singletons, strict if strict in names else None


def compare_counts(folder, name, k, without, singletons, strict):
    hierarchies = hierarchies_of(read(folder, f"{name}_in"), read(folder, singletons))
    cells = make_cells(read(folder, f"{name}_in"), hierarchies, lambda r: int(r["freq"]))
    for c in cells.values():
        c.role = "primary" if 0 < c.value < k else ""
    if without:
        given = read_given(folder, without, cells)
        ours = run(cells, ", width => 0, singletons => false")
        say(f"{name} same set without singletons", len(cells) - len(given ^ ours), len(cells),
            f"{secondaries(cells, ours)} secondaries, given {secondaries(cells, given)}", len(cells) <= EXACT)
    given = read_given(folder, singletons, cells)
    ours = run(cells, "")
    n, m = secondaries(cells, ours), secondaries(cells, given)
    say(f"{name} same set with singletons", len(cells) - len(given ^ ours), len(cells), f"{n} secondaries, given {m}", len(cells) <= EXACT)
    say(f"{name} with singletons at most 1.1 times the secondaries", int(n <= 1.1 * m), 1)
    theirs = audit(cells, given, k)
    mine = theirs if ours == given else audit(cells, ours, k)
    say(f"{name} audit no worse", int(mine[0] <= theirs[0] and mine[1] <= theirs[1] and mine[2] >= min(theirs[2], 3) - 1e-6), 1,
        f"exact {mine[0]} (given {theirs[0]}), upper bound below k {mine[1]} ({theirs[1]}), narrowest {mine[2]:g} ({theirs[2]:g})")
    if strict:
        m = secondaries(cells, read_given(folder, strict, cells))
        ours = run(cells, f", upper => {k}")
        n, found = secondaries(cells, ours), audit(cells, ours, k)
        say(f"{name} strict, at most 1.1 times the secondaries", int(n <= 1.1 * m), 1, f"{n}, given {m}")
        say(f"{name} strict, upper bounds reach k", int(found[1] == 0), 1, f"narrowest {found[2]:g}")


def compare_magnitudes(folder):
    """Sums by company in tenths; p% and dominance primaries as the reference says (sdc.d/dominance computes them)."""
    name = "ssb_magnitude1"
    for rule in ("p10", "nk_1_80_2_99"):
        cells = make_cells(read(folder, f"{name}_in"), (("sector2", "sector4"), ("eu", "geo")), lambda r: round(float(r["value"]) * 10), "company")
        rows = read(folder, f"{name}_{rule}")
        for r in rows:
            label = (r["sector4"], r["geo"])
            cells.setdefault(label, Cell())
            cells[label].role = "primary" if r["primary"] == "TRUE" else ""
        cells = {k: c for k, c in cells.items() if c.members}       # empty cells are structural zeros
        given = {k for k in ((r["sector4"], r["geo"]) for r in rows if r["suppressed"] == "TRUE")}
        ours = run(cells, ", width => 0")
        n, m = secondaries(cells, ours), secondaries(cells, given)
        say(f"{name} {rule} at most 1.1 times the secondaries", int(n <= 1.1 * m), 1,
            f"{sum(c.role == 'primary' for c in cells.values())} primaries, {n} secondaries, given {m}")
        found = audit(cells, ours, 0)
        say(f"{name} {rule} nothing exact", int(found[0] == 0), 1, f"narrowest {found[2]:g}")


def main():
    folder = sys.argv[1]
    tables = list(count_tables(folder))
    if not tables:
        sys.exit(f"{folder} has no tables of counts")
    for table in tables:
        compare_counts(folder, *table)
    if os.path.exists(f"{folder}/ssb_magnitude1_in.csv"):
        compare_magnitudes(folder)
    sys.exit(failures > 0)


main()
