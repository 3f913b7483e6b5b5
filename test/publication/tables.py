#!/usr/bin/python3
"""Audit every table that a database has published, with an auditor that shares nothing with the publisher.

usage: tables.py DATABASE AUDITOR TARGETS [WHICH | --weakened]      prints TAP; 0 TARGETS: every secret; WHICH: a pattern of "dataset period measure"

AUDITOR is the program audit_lp.py.  All cubes of a dataset, all retained releases of a period (of a stock: of all periods) and all audiences
of a threshold or higher are one system for each measure.  Its unknowns are what a finest cell held unchanged from one release to another; a
cell at a release is the sum of those in it.  No cell of fewer persons than the threshold, and none that is guarded, may be known or lie
within less than the width asked for; where bounds are strict, it must be able to reach the threshold.  With --weakened one cell that was
withheld to protect others is shown, one after the other: how many of those systems are found wanting is said, and nothing else.
"""
import collections, contextlib, csv, io, re, runpy, subprocess, sys, tempfile

database, auditor, ntargets = sys.argv[1], sys.argv[2], int(sys.argv[3])
WEAKENED = "--weakened" in sys.argv
WHICH = sys.argv[4] if len(sys.argv) > 4 and not WEAKENED else ""
TRIES = 5               # cells shown of a weakened system


def query(sql):
    done = subprocess.run(["psql", "-XAqt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql], text=True, capture_output=True)
    if done.returncode:
        sys.exit(done.stderr)
    return [line.split("\t") for line in done.stdout.splitlines()]


DIMENSIONS = collections.defaultdict(list)      # dataset -> (kind, columns) in the order of keys
for dataset, kind, columns in query('SELECT dataset, kind, array_to_string(columns, \',\') FROM centre.dimension ORDER BY dataset, name COLLATE "C"'):
    DIMENSIONS[dataset].append((kind, columns.split(",")))
BANDS = [(s, c, int(a), int(b)) for s, c, a, b in query("SELECT band_set, code, from_age, to_age FROM centre.age_band")]


def inside(key, member, kind, columns):
    """Is a finest member in the member of a key?"""
    if key == "*":
        return True
    level, name = key.split("=", 1)
    parts = member.strip("{}").split(",") if kind == "area" or len(columns) > 1 else [member]
    if kind == "area":
        return name in parts
    if kind == "age":
        bands = [c for s, c, a, b in BANDS if s == level and member != "unknown" and a <= int(member) <= b]
        return name == (bands[0] if bands else "u")
    return parts[columns.index(level)].strip('"') == name


def stretches(versions):
    """(since, until, amount) of a finest cell: what each person's amount was, for as long as it was the same."""
    runs = collections.Counter()
    open_since = {}                             # person -> (since, amount)
    last = None
    for since, until, sums in sorted(versions):
        now = {} if last not in (None, since) else open_since
        for person in [p for p in open_since if now is not open_since or sums.get(p) != open_since[p][1]]:
            begun, amount = open_since.pop(person)
            runs[begun, last] += amount
        for person, amount in sums.items():
            open_since.setdefault(person, (since, amount))
        last = until
    for begun, amount in open_since.values():
        runs[begun, last] += amount
    return runs


class System:
    def __init__(self, dataset, period, measure):
        self.runs, self.leaves = {}, []         # leaf -> [(since, until, amount)]
        versions = collections.defaultdict(list)
        for dims, since, until, sums in query(
                f"SELECT array_to_string(dims, '|'), from_release, coalesce(until_release::text, ''), btrim(sums::text, '{{}}') FROM centre.ledger_leaf "
                f"WHERE dataset = '{dataset}' AND period = '{period}' AND measure = '{measure}'"):
            amounts = dict((int(p), int(v)) for p, v in (e.split(":") for e in sums.split(",") if e))
            versions[tuple(dims.split("|"))].append((int(since), float(until or "inf"), amounts))
        for leaf, vs in versions.items():
            self.runs[leaf] = [(s, u, a) for (s, u), a in stretches(vs).items()]
        self.dimensions = DIMENSIONS[dataset]
        self.found = {}

    def members(self, key, state):
        """The unknowns of a cell at a release, and its value."""
        if key not in self.found:
            self.found[key] = [leaf for leaf in self.runs if all(inside(k, m, *d) for k, m, d in zip(key, leaf, self.dimensions))]
        at = [(leaf, s, u, a) for leaf in self.found[key] for s, u, a in self.runs[leaf] if s <= state < u]
        return ["/".join(map(str, leaf)) + f" {s} {u}" for leaf, s, u, a in at], sum(a for *_, a in at)


def run_auditor(cells, k, width, strict):
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/c.csv", "w") as f, open(f"{folder}/m.csv", "w") as g:
            out, members = csv.writer(f), csv.writer(g)
            out.writerow(["cell", "value", "status"])
            members.writerow(["cell", "inner"])
            for name, (value, status, of) in cells.items():
                out.writerow([name, value, status])
                members.writerows([name, m] for m in of)
        sys.argv = ([auditor, f"{folder}/c.csv", f"{folder}/m.csv", "--k", str(k), "--width", str(width)]
                    + (["--limit", str(ntargets)] if ntargets else []) + (["--strict"] if strict else []))
        code, said = 0, io.StringIO()
        try:                # in this process: importing SciPy takes longer than most audits
            with contextlib.redirect_stdout(said):
                runpy.run_path(auditor, run_name="__main__")
        except SystemExit as done:
            code = done.code or 0
        if isinstance(code, str):
            said.write(code)
    return code, said.getvalue().strip().splitlines()


def main():
    systems = query(
        "SELECT DISTINCT c.dataset, l.period, x.measure FROM centre.release r JOIN centre.cube c ON c.code = r.cube JOIN (SELECT DISTINCT release_id, measure FROM centre.ledger_cell) x USING (release_id) "
        "JOIN (SELECT DISTINCT dataset, measure, period FROM centre.ledger_leaf) l ON l.dataset = c.dataset AND l.measure = x.measure AND (l.period = r.period OR lower_inf(l.period)) WHERE c.method = 'suppress' ORDER BY 1, 2, 3")
    tried = caught = quiet = 0
    for dataset, period, measure in systems:
        if not re.search(WHICH, f"{dataset} {period} {measure}"):
            continue
        system = System(dataset, period, measure)
        rows = query(
            "SELECT r.release_id, greatest(a.k, c.k), c.width, c.strict_bounds, array_to_string(x.key, '|'), x.subjects, x.guarded, coalesce(x.shown_release::text, ''), coalesce((x.value / CASE WHEN x.measure IN ('subjects', 'rows') THEN 1 ELSE d.unit END)::text, '') "
            "FROM centre.release r JOIN centre.cube c ON c.code = r.cube JOIN centre.dataset d ON d.code = c.dataset JOIN centre.audience a ON a.code = c.audience JOIN centre.ledger_cell x USING (release_id) "
            f"WHERE c.dataset = '{dataset}' AND x.measure = '{measure}' AND (r.period = '{period}' OR lower_inf('{period}'::daterange)) ORDER BY 1")
        for k in sorted({int(r[1]) for r in rows}):
            mine = [r for r in rows if int(r[1]) >= k]
            cells, wrong = {}, []
            for release, _, width, strict, key, subjects, guarded, shown, value in mine:
                of, true = system.members(tuple(key.split("|")), int(release))
                status = "primary" if guarded == "t" or 1 <= int(subjects) < k else "secondary"
                if shown != release and of:
                    cells.setdefault(f"{key} at {release}", (true, status, of))
                if shown:
                    of, true = system.members(tuple(key.split("|")), int(shown))
                    if float(value) != true:
                        wrong.append(f"{key} shows {value}, not the {true} of release {shown}")
                    cells[f"{key} at {shown}"] = (true, "published", of)
            width, strict = min(int(r[2]) for r in mine), all(r[3] == "t" for r in mine)
            secrets = sum(s == "primary" for _, s, _ in cells.values())
            if not secrets and not wrong:
                quiet += 1
                continue
            if not WEAKENED:
                code, said = run_auditor(cells, k, width, strict)
                print(f"{'not ok' if code or wrong else 'ok'} - {dataset} {period} {measure}, k = {k}{' strict' if strict else ''}: {said[-1] if said else ''}", flush=True)
                for line in (wrong + said[:-1])[:6] if code or wrong else []:
                    print(f"# {line}")
                continue
            for name in [n for n, c in cells.items() if c[1] == "secondary"][:TRIES]:
                value, _, of = cells[name]
                tried += 1
                caught += run_auditor({**cells, name: (value, "published", of)}, k, width, strict)[0] != 0
    print(f"{caught} of {tried} weakened systems are caught" if WEAKENED else f"ok - {quiet} systems have nothing to hide")


main()
