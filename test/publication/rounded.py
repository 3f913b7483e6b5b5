#!/usr/bin/python3
"""Publish random rounded sites: is every published cell the sum of the stored state, and every interval full?

usage: rounded.py DATABASE FIRST_SEED SITES AUDITED      prints TAP; of AUDITED small sites linear programmes confirm the intervals

A site has wards under districts or right under provinces, two to four cubes over area, sex and a nested need for audiences of two thresholds,
persons with one row or several, and in every third site a correction that is published too.  What a cell must be is worked out here from the
stored state, the persons and the declaration, and from nothing else of the publisher.
Cubes that cross dimensions otherwise, but have some in common, are sums of one table.
The linear programmes, over all cubes together, have the persons of a ward by need and sex for unknowns, not negative; every published cell says that its count lies from
possible_from to possible_to.  For every cell that shows z all from z - base + 1 (or 0) to z + base - 1 must be left.
"""
import collections, itertools, random, subprocess, sys
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

K = {"centre": 5, "public": 10}
NEEDS = {"rice": "food", "milk": "food", "well": "water"}
DIMS = ("area", "need", "sex")          # in the order of keys
RESET = """
DELETE FROM centre.release; DELETE FROM centre.rounding_period; DELETE FROM centre.ledger_leaf; DELETE FROM centre.cube; DELETE FROM centre.dataset WHERE code = 'site';
DELETE FROM centre.area_standing; DELETE FROM centre.area;
DROP TABLE IF EXISTS centre.site_row;
CREATE TABLE centre.site_row (subject_id bigint, day date, verified boolean DEFAULT true, area_id integer, kind text, need text, sex text);
GRANT SELECT ON centre.site_row TO civic_publisher;
INSERT INTO centre.dataset (code, relation, method, base) VALUES ('site', 'centre.site_row', 'round', 5);
INSERT INTO centre.dimension (dataset, name, kind, columns) VALUES ('site', 'area', 'area', '{area_id}'), ('site', 'need', 'column', '{kind,need}'), ('site', 'sex', 'column', '{sex}');
"""


class Site:
    def __init__(self, seed, small):
        self.rng = rng = random.Random(seed)
        self.parent = {1: None}
        self.level = {1: "country"}
        for p in range(2, 2 + rng.randint(1, 3)):
            self.parent[p], self.level[p] = 1, "province"
        for d in range(10, 10 + rng.randint(0, 4)):
            self.parent[d], self.level[d] = rng.choice([a for a in self.level if self.level[a] == "province"]), "district"
        for w in range(100, 100 + rng.randint(2, 5 if small else 20)):
            self.parent[w], self.level[w] = rng.choice([a for a in self.level if self.level[a] in ("province", "district")]), "ward"
        self.wards = [a for a in self.level if self.level[a] == "ward"]
        self.people = []                # (person, ward, need, sex, rows)
        self.come(rng.randint(10, 40 if small else 60 * len(self.wards)))
        self.measures = rng.choice([["subjects"], ["subjects", "rows"]])
        self.cubes = []
        for i in range(rng.choice([1, 2, 3])):
            levels = [l for l in ("country", "province", "district", "ward") if rng.random() < 0.7] or ["ward"]
            self.cubes.append((f"site_{i}", rng.choice(["centre", "centre", "public"]), sorted({"area"} | set(rng.sample(["sex", "need"], rng.choice([0, 1, 1, 2])))), levels,
                               sorted(rng.sample(self.measures, rng.randint(1, len(self.measures))))))

    def come(self, n):
        for _ in range(n):
            rng = self.rng
            self.people.append((len(self.people) + 1, self.wards[int(len(self.wards) * rng.random() ** 2)], rng.choice(list(NEEDS)), rng.choice("ffm"), rng.choice([2, 3]) if rng.random() < 0.2 else 1))

    def facts(self):
        return "TRUNCATE centre.site_row; INSERT INTO centre.site_row (subject_id, day, area_id, kind, need, sex) VALUES " + ",".join(
            f"({p},'2026-01-{5 + i}',{w},'{NEEDS[n]}','{n}','{s}')" for p, w, n, s, rows in self.people for i in range(rows)) + ";"

    def sql(self):
        depth = ["country", "province", "district", "ward"]
        out = [RESET] + [f"INSERT INTO centre.area (area_id, code, demarcation, level, name, parent_id) VALUES ({a}, 'A{a}', 'site', '{self.level[a]}', 'A{a}', {self.parent[a] or 'NULL'});" for a in sorted(self.level, key=lambda a: depth.index(self.level[a]))]
        out.append("INSERT INTO centre.area_standing SELECT level, area_id FROM centre.area;")
        for code, audience, dims, levels, measures in self.cubes:
            out.append(f"INSERT INTO centre.cube (code, audience, period_unit, dataset, measures, dims, levels) VALUES ('{code}', '{audience}', 'month', 'site', '{{{','.join(measures)}}}', '{{{','.join(dims)}}}', '{{{','.join(levels)}}}');")
        self.again = self.rng.random() < 0.33
        for step in range(2 if self.again else 1):
            if step:
                self.come(self.rng.randint(1, 30))
            out.append(self.facts())
            out += [f"CALL centre.publish('{c[0]}', '2026-01-10');" for c in self.rng.sample(self.cubes, len(self.cubes))]
        out.append("SELECT 'cell', r.cube, x.measure, array_to_string(x.members, ' '), x.value, x.possible_from, x.possible_to FROM centre.release r JOIN centre.release_row x USING (release_id) WHERE r.current;")
        out.append("SELECT 'state', s.base, s.part, s.area_id, s.breakdown, s.member, s.rounded FROM centre.rounding_state s;")
        return "\n".join(out)

    def within(self, area, ward):
        while ward is not None and ward != area:
            ward = self.parent[ward]
        return ward is not None

    def table(self, dims):
        """The dimensions of the table that a cube is a sum of: with those of the cubes that have one in common with it, and so on."""
        whole = set(dims) - {"area"}
        for _ in self.cubes:
            whole |= {d for c in self.cubes if whole & set(c[2]) for d in c[2] if d != "area"}
        return sorted(whole)

    def fits(self, cell, ward, need, sex):
        """Is somebody in a published cell, a dictionary of dimension and member?"""
        return all(m == "*total*" or (self.within(int(m), ward) if d == "area" else m == sex if d == "sex" else m in (f"need={need}", f"kind={NEEDS[need]}")) for d, m in cell.items())


def look(site, rows):
    """Faults of a site: against the state, and against the persons."""
    faults, state = [], collections.defaultdict(int)
    for r in (r for r in rows if r[0] == "state"):
        base, part, area, breakdown, member, z = int(r[1]), r[2], int(r[3]), r[4], r[5], int(r[6])
        if z < 0 or z % base:
            faults.append(f"state {r[1:]}")
        state[base, part, area, breakdown, member] = z
    for _, cube, measure, members, value, low, high in (r for r in rows if r[0] == "cell"):
        code, audience, dims, *_ = next(c for c in site.cubes if c[0] == cube)
        cell, base, value = dict(zip(dims, members.split())), max(5, K[audience]), int(value)
        crossed = [d for d in dims if d != "area"] if any(cell[d] != "*total*" for d in dims if d != "area") else []
        z = 0
        for (b, part, area, breakdown, member), r in state.items():
            counts = part.rstrip("+").split("&")
            if b != base or measure not in counts or not (cell.get("area", "*total*") == "*total*" or site.within(int(cell["area"]), area)):
                continue
            if not crossed:
                z += r if breakdown == "*" else 0
            elif [DIMS[int(x.split(".")[0]) - 1] for x in breakdown.split() if x != "*"] == site.table(dims):
                inside = dict(zip(site.table(dims), (m.split("=")[1] for m in member.strip("{}").split(","))))
                z += r if all(cell[d] in ("*total*", inside[d], f"need={inside[d]}" if d == "need" else "", f"kind={NEEDS.get(inside[d])}" if d == "need" else "") for d in crossed) else 0
        if z != value:
            faults.append(f"{cube} {measure} {cell} shows {value}, the state says {z}")
        true = sum((rows if measure == "rows" else 1) for _, w, n, s, rows in site.people if site.fits(cell, w, n, s))
        if not int(low) <= true <= int(high):
            faults.append(f"{cube} {measure} {cell} is {true}, not from {low} to {high}")
    return faults + presence(site, rows)


def presence(site, rows):
    """Which rows there are is told by the values: every area is listed, and a member where a value of it is not nought, with all others beside it."""
    faults = []
    for code, _, dims, levels, measures in site.cubes:
        for measure in measures:
            cells = {tuple(r[3].split()): int(r[4]) for r in rows if r[0] == "cell" and r[1:3] == [code, measure]}
            areas = {key[dims.index("area")] for key in cells}
            if areas != {str(a) for a in site.level if site.level[a] in levels}:
                faults.append(f"{code} {measure} lists the areas {sorted(areas)}")
            others = [at for at, d in enumerate(dims) if d != "area"]
            members = [sorted({key[at] for key, z in cells.items() if z}) for at in others]
            for area in areas:
                listed = {tuple(key[at] for at in others) for key in cells if key[dims.index("area")] == area}
                if len(listed) > 1 and listed != set(itertools.product(*members)):
                    faults.append(f"{code} {measure} lists {sorted(listed)} in {area}")
    return faults


def intervals(site, rows):
    """Cells that a linear programme brings nearer than a base less one, and how many were looked at.  Readers of the larger base have its cells only."""
    faults, looked = [], 0
    base = {c[0]: max(5, K[c[1]]) for c in site.cubes}
    for b in sorted(set(base.values())):
        cells = [(r[1], dict(zip(next(c for c in site.cubes if c[0] == r[1])[2], r[3].split())), int(r[4]), int(r[5]), int(r[6])) for r in rows if r[0] == "cell" and r[2] == "subjects" and base[r[1]] >= b]
        mine = [base[c[0]] == b for c in cells]
        faults += narrowed(site, [c[1:] for c in cells], mine, b)
        looked += sum(mine)
    return faults, looked


def narrowed(site, cells, mine, b):
    """Which of the cells that are mine the others narrow."""
    faults = []
    kinds = list(itertools.product(site.wards, NEEDS, "fm"))
    if not cells:
        return faults
    matrix = np.array([[site.fits(c[0], *k) for k in kinds] for c in cells], float)
    sides, limits = csr_matrix(np.vstack([matrix, -matrix])), np.array([c[3] for c in cells] + [-c[2] for c in cells], float)
    for i, (cell, z, low, high) in enumerate(cells):
        if mine[i] and matrix[i].any():     # no ward lies in some areas
            ends = [linprog(sign * matrix[i], A_ub=sides, b_ub=limits, bounds=(0, None), method="highs") for sign in (1, -1)]
            if any(e.status for e in ends):
                return faults + ["no table fits what is published"]
            least, most = ends[0].fun, -ends[1].fun
            if least > max(0, z - b + 1) + 1e-6 or most < z + b - 1 - 1e-6:
                faults.append(f"{cell} shows {z} and can only be from {least:g} to {most:g}")
    return faults


def main():
    database, first, sites, audited = sys.argv[1], *map(int, sys.argv[2:5])
    made = [Site(seed, seed - first < audited) for seed in range(first, first + sites)]
    done = subprocess.run(["psql", "-XAqt", "-v", "ON_ERROR_STOP=1", "-d", database], text=True, capture_output=True,
                          input="SET client_min_messages = warning;\n" + "\n".join(f"BEGIN;\n{site.sql()}\nROLLBACK;\nSELECT 'end of site';" for site in made))
    if done.returncode:
        sys.exit(f"not ok - {done.stderr[-900:]}")
    wrong = cells = looked = narrow_sites = 0
    for site, seed, out in zip(made, range(first, first + sites), done.stdout.split("end of site")):
        rows = [line.split("|") for line in out.splitlines() if line.count("|") == 6]
        cells += sum(r[0] == "cell" for r in rows)
        faults = look(site, rows)
        wrong += bool(faults)
        narrow, n = intervals(site, rows) if seed - first < audited else ([], 0)
        looked, narrow_sites = looked + n, narrow_sites + bool(narrow)
        for f in (faults + narrow)[:4]:
            print(f"# site {seed}: {f}")
    print(f"{'not ok' if wrong or not cells else 'ok'} - {sites} random sites: every one of {cells} published cells is a sum of the stored state, and the truth lies where it says")
    print(f"{'not ok' if narrow_sites or audited and not looked else 'ok'} - {audited} small sites: no linear programme over all cubes narrows any of {looked} intervals")


if __name__ == "__main__":
    main()
