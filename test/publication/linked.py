#!/usr/bin/python3
"""Publish random sites and audit each as one linked problem: every measure of the same persons, cube, audience, period and release together.

usage: linked.py DATABASE FIRST_SEED SITES [--weakened]      prints TAP

A site is a dataset of rows (persons, rows and a sum, by wards and one or two other dimensions, in two to four cubes) or of observations (both
parts of a proportion, reports and their persons, by area and sex).  It is published, corrected and published again, the cubes in any order and
for audiences of two thresholds.  Another unit of period must be refused.

The auditor shares nothing with the publisher.  An outsider's unknowns are, for each finest cell and stretch of releases, how many persons there
were (of a proportion: of the part, and of the rest), and how many rows they had beyond one each, where anybody had.  Where everybody's rows have one
amount he knows it, and that there is somebody at a ward, region, sex or need that is listed, withheld or not.  For every declared cell of fewer than k persons, for what a proportion leaves over, and for every such change between
releases, two linear programmes give the least and the most that fits; less than k apart is a fault, unless the releases before the change
already told as much.  --weakened: measures of the same persons are published as if they had nothing to do with each other, which has to be noticed.
"""
import collections, itertools, random, subprocess, sys
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

K = {"centre": 5, "public": 10}
WARDS = {f"w{i}": f"r{i % 2}" for i in range(18)}
RESET = """
DELETE FROM centre.release; DELETE FROM centre.ledger_leaf; DELETE FROM centre.cube; DELETE FROM centre.dataset WHERE code = 'site';
"""
ROWS = RESET + """
DROP TABLE IF EXISTS centre.site_row;
CREATE TABLE centre.site_row (subject_id bigint, day date, verified boolean DEFAULT true, region text, ward text, sex text, need text, amount numeric);
GRANT SELECT ON centre.site_row TO civic_publisher;
INSERT INTO centre.dataset (code, relation) VALUES ('site', 'centre.site_row');
INSERT INTO centre.dimension (dataset, name, columns) VALUES ('site', 'place', '{region,ward}'), ('site', 'sex', '{sex}'), ('site', 'need', '{need}');
"""
OBSERVED = RESET + """
DROP TABLE IF EXISTS centre.site_report CASCADE;
CREATE TABLE centre.site_report (subject_id bigint, day date, indicator text, area_id integer, sex text, value numeric);
CREATE VIEW centre.site_observed AS SELECT subject_id, day, true AS verified, indicator, area_id, sex, NULL::integer AS age, value, NULL::text AS disability, NULL::text AS youth, NULL::text AS migrant FROM centre.site_report;
GRANT SELECT ON centre.site_observed TO civic_publisher;
UPDATE centre.dataset SET relation = 'centre.site_observed' WHERE code = 'observation';
"""
# areas 1 country, 2 and 3 provinces, 11 to 15 wards
AREAS = {11 + i: 2 + i % 2 for i in range(5)}
DIMS = ["age_band", "area", "disability", "migrant", "sex", "youth"]


class Site:
    """Persons with their finest cell, rows beyond one and amount, at each step; which cubes there are."""

    def __init__(self, seed):
        self.rng = rng = random.Random(seed)
        self.observed = rng.random() < 0.4
        self.constant = rng.random() < 0.6
        self.new = itertools.count(1)
        thin = not self.observed and rng.random() < 0.15         # one or two persons in each of many wards
        self.wards = list(WARDS)[:18 if thin else 5]
        self.leaves = list(itertools.product(AREAS if self.observed else self.wards, "fm", [""] if self.observed else rng.choice([("food", "water"), ("food", "water", "power")])))
        self.people = {}                # person -> (leaf, rows beyond one, amount, in the part of a proportion)
        few = rng.random()
        for leaf in self.leaves if not thin else [(w, rng.choice("fm"), "food") for w in self.wards for _ in range(rng.choice([1, 1, 1, 2]))]:
            for _ in range(1 if thin else rng.choice([0, 1, 3, 4, 7, 12, 25, 40]) if few < 0.7 else rng.randint(0, 9)):
                self.come(leaf)
        self.steps = [dict(self.people)]
        for _ in range(rng.choice([0, 1, 1, 2])):
            self.change()
            self.steps.append(dict(self.people))
        if self.observed:
            measures = rng.choice([["seen", "dosed"], ["seen", "dosed"], ["visit", "visitor"]])
            self.cubes = [(f"site_{i}", a, m, rng.choice([["province", "ward"], ["country", "ward"], ["country", "province"], ["ward"], ["country", "province", "ward"]]), rng.choice([["all"], ["all", "sex"]]))
                          for i, (a, m) in enumerate((rng.choice(["centre", "centre", "public"]), self.some(measures)) for _ in range(rng.choice([2, 3])))]
        else:
            self.cubes = [(f"site_{i}", rng.choice(["centre", "centre", "public"]), sorted(rng.sample(["subjects", "rows", "amount"], rng.choice([1, 1, 2]))), sorted(rng.sample(["place", "sex", "need"], rng.choice([1, 2, 2]))), None)
                          for i in range(rng.choice([2, 3, 4]))]

    def some(self, measures):
        """Measures of a cube; persons have their reports beside them."""
        got = set(self.rng.sample(measures, self.rng.randint(1, len(measures))))
        return sorted(got | ({"visit"} if "visitor" in got else set()))

    def come(self, leaf):
        rng = self.rng
        more = rng.choice([1, 2]) if rng.random() < 0.15 else 0
        self.people[next(self.new)] = (leaf, more, 100 if self.constant else rng.choice([10, 50, 100, 300]), rng.random() < 0.85)

    def change(self):
        for _ in range(self.rng.choice([1, 2, 3])):
            leaf = self.rng.choice(self.leaves)
            inside = [p for p, at in self.people.items() if at[0] == leaf]
            kind = self.rng.choice(["come", "many", "leave", "move", "swap", "come in part"])
            if kind in ("come", "many", "swap", "come in part"):
                for _ in range({"come": self.rng.randint(1, 4), "many": 13, "swap": 1, "come in part": 13}[kind]):
                    self.come(leaf)
                    if kind == "come in part":      # twelve of the part and one of the rest
                        last = max(self.people)
                        self.people[last] = self.people[last][:3] + (_ > 0,)
            if kind in ("leave", "swap"):
                for p in inside[:1 if kind == "swap" else 2]:
                    del self.people[p]
            if kind == "move":
                for p in inside[:self.rng.choice([1, 12])]:
                    self.people[p] = (self.rng.choice(self.leaves),) + self.people[p][1:]

    def facts(self, people):
        if self.observed:
            lines = []
            for p, (leaf, more, _, part) in people.items():
                for what in (["seen"] + (["dosed"] if part else [])):
                    lines.append(f"({p},'2026-01-10','{what}',{leaf[0]},'{leaf[1]}',1)")
                lines.append(f"({p},'2026-01-10','visit',{leaf[0]},'{leaf[1]}',{1 + more})")
            return "TRUNCATE centre.site_report; INSERT INTO centre.site_report VALUES " + ",".join(lines) + ";"
        return "TRUNCATE centre.site_row; INSERT INTO centre.site_row (subject_id, day, region, ward, sex, need, amount) VALUES " + ",".join(
            f"({p},'2026-01-{10 + i}','{WARDS[leaf[0]]}','{leaf[0]}','{leaf[1]}','{leaf[2]}',{amount})" for p, (leaf, more, amount, _) in people.items() for i in range(1 + more)) + ";"

    def sql(self):
        out = [OBSERVED if self.observed else ROWS]
        for code, audience, measures, levels, breakdowns in self.cubes:
            if self.observed:
                wanted = measures + (["dosed_share"] if {"seen", "dosed"} <= set(measures) else [])
                out.append(f"INSERT INTO centre.cube (code, audience, period_unit, indicators, levels, breakdowns, width) VALUES ('{code}', '{audience}', 'month', '{{{','.join(wanted)}}}', '{{{','.join(levels)}}}', '{{{','.join(breakdowns)}}}', {K[audience]});")
            else:
                out.append(f"INSERT INTO centre.cube (code, audience, period_unit, dataset, measures, dims, width, p) VALUES ('{code}', '{audience}', 'month', 'site', '{{{','.join(measures)}}}', '{{{','.join(levels)}}}', {K[audience]}, 0);")
        for step, people in enumerate(self.steps):
            out.append(self.facts(people))
            for code, *_ in self.rng.sample(self.cubes, len(self.cubes)):
                out.append(f"CALL centre.publish('{code}', '2026-01-10');")
            out.append(f"INSERT INTO log SELECT {step}, release_id FROM centre.release r WHERE NOT EXISTS (SELECT FROM log l WHERE l.release_id = r.release_id);")
        # the same persons by the week, in a measure that no cube has by the month
        code, audience, measures, levels, _ = self.cubes[0]
        if not self.observed:
            other = min({"subjects", "rows", "amount"} - set(measures))
            out.append(f"INSERT INTO centre.cube (code, audience, period_unit, dataset, measures, dims) VALUES ('weekly', '{audience}', 'week', 'site', '{{{other}}}', '{{{','.join(levels)}}}');")
            out.append("DO $$ BEGIN CALL centre.publish('weekly', '2026-01-10'); RAISE WARNING 'another unit of period was published'; EXCEPTION WHEN invalid_parameter_value THEN NULL; END $$;")
        out.append("SELECT l.step, l.release_id, r.cube, x.measure, array_to_string(x.key, ' '), coalesce((SELECT s.step FROM log s WHERE s.release_id = x.shown_release), -1), coalesce(x.value, -1) "
                   "FROM log l JOIN centre.release r USING (release_id) JOIN centre.ledger_cell x USING (release_id);")
        return "\n".join(out)

    def inside(self, key, leaf):
        for part in key.split():
            if part == "*":
                continue
            level, member = part.split("=")
            have = {"area": {str(leaf[0]), str(AREAS.get(leaf[0])), "1"}} if self.observed else {"region": {WARDS.get(leaf[0])}, "ward": {leaf[0]}, "need": {leaf[2]}}
            have["sex"] = {leaf[1]}
            if member not in have[level]:
                return False
        return True

    def keys(self, cubes):
        """Every declared cell of these cubes, from the declaration alone."""
        out = set()
        for code, _, _, levels, breakdowns in (c for c in self.cubes if c[0] in cubes):
            if self.observed:
                areas = {"country": [1], "province": [2, 3], "ward": list(AREAS)}
                for area, sex in itertools.product([a for l in levels for a in areas[l]], ["*"] + (["sex=f", "sex=m"] if "sex" in breakdowns else [])):
                    out.add(" ".join("*" if d not in ("area", "sex") else f"area={area}" if d == "area" else sex for d in DIMS))
            else:
                members = {"place": [f"ward={w}" for w in self.wards] + ["region=r0", "region=r1"], "sex": ["sex=f", "sex=m"], "need": ["need=food", "need=water", "need=power"]}
                out |= {" ".join(k) for k in itertools.product(*[["*"] + (members[d] if d in levels else []) for d in ("need", "place", "sex")])}
        return out


class Audit:
    """The unknowns, and every measure's cell as a vector over them."""

    def __init__(self, site):
        self.site, self.at = site, range(len(site.steps))
        self.unknown, self.truth = {}, []
        runs = collections.Counter()
        for person in set().union(*site.steps):
            for kind in ("person", "further", "sum"):
                run = []
                for s in list(self.at) + [None]:
                    now = self.held(kind, site.steps[s].get(person)) if s is not None else None
                    if run and before != now:
                        runs[(kind,) + before[:2] + (run[0], run[-1])] += before[2]
                        run = []
                    if now:
                        run.append(s)
                        before = now
        self.unknown = {u: j for j, u in enumerate(sorted(runs))}
        self.truth = np.array([runs[u] for u in sorted(runs)], float)

    def held(self, kind, at):
        """(cell, whether in the part, amount) of a person in one kind of unknown."""
        if not at:
            return None
        leaf, more, amount, part = at
        if kind == "person":
            return (leaf, part if self.site.observed else None, 1)
        if kind == "further":
            return (leaf, None, more) if more else None
        return (leaf, None, amount * (1 + more)) if not self.site.constant and not self.site.observed else None

    def vector(self, measure, key, step):
        v = np.zeros(len(self.unknown))
        for (kind, leaf, part, first, last), j in self.unknown.items():
            if first <= step <= last and self.site.inside(key, leaf):
                v[j] = {"subjects": kind == "person", "rows": kind in ("person", "further"), "amount": 100 * (kind in ("person", "further")) if self.site.constant else kind == "sum",
                        "seen": kind == "person", "visitor": kind == "person", "dosed": kind == "person" and part is True, "rest": kind == "person" and part is False,
                        "visit": kind in ("person", "further")}[measure]
        return v

    def persons(self, measure, key, step):
        """Who counts in a cell, and with how much."""
        return {p: (1 + at[1] if measure in ("rows", "visit") else 1) for p, at in self.site.steps[step].items()
                if self.site.inside(key, at[0]) and (measure not in ("dosed", "rest") or at[3] == (measure == "dosed"))}


class Known:
    """What is shown, and where somebody is (listed): a vector each."""

    def __init__(self, matrix, values, which, listed):
        self.matrix, self.values = csr_matrix(matrix[which]) if len(which) else None, values[which]
        self.listed = csr_matrix(-np.array(listed)) if len(listed) else None

    def width(self, t):
        if self.matrix is None:
            return float("inf")
        somebody = {"A_ub": self.listed, "b_ub": -np.ones(self.listed.shape[0])} if self.listed is not None else {}
        ends = [linprog(sign * t, A_eq=self.matrix, b_eq=self.values, bounds=(0, None), method="highs", **somebody) for sign in (1, -1)]
        return -ends[1].fun - ends[0].fun if all(r.status == 0 for r in ends) else float("inf")


def audit(site, rows, k):
    a = Audit(site)
    cubes = {c[0] for c in site.cubes if K[c[1]] >= k}
    measures = {m for c in site.cubes if c[0] in cubes for m in c[2]}
    faults, seen, matrix, values, when = [], set(), [], [], []
    # observations list all areas, and all groups of an area or none
    listed = sorted({(int(step), key) for step, _, cube, _, key, _, _ in rows if cube in cubes and not site.observed and key.count("*") == 2})
    listed = [(step, v) for step, v in ((step, a.vector("subjects", key, step)) for step, key in listed) if v.any()]
    for step, release, cube, measure, key, shown, value in sorted((r for r in rows if r[2] in cubes), key=lambda r: int(r[1])):
        if int(shown) < 0 or (measure, key, shown) in seen:
            continue
        seen.add((measure, key, shown))
        v = a.vector(measure, key, int(shown))
        if abs(v @ a.truth - float(value)) > 0.5:
            faults.append(f"release {release}: {measure} {key} shows {value}, not the {v @ a.truth:g} of step {shown}")
        matrix.append(v)
        values.append(float(value))
        when.append(int(step))
    if not matrix:
        return faults, 0, float("inf"), 0, 0
    matrix, values = np.array(matrix), np.array(values)
    kinds = ({"rest"} if {"seen", "dosed"} <= measures else set()) | (measures - {"amount"}) | ({"subjects"} if not site.observed else set())
    targets = []
    for measure, key in itertools.product(sorted(kinds), sorted(site.keys(cubes))):
        held = [a.persons(measure, key, s) for s in a.at]
        targets += [(f"{measure} {key} at {s}", s, a.vector(measure, key, s)) for s in a.at if 1 <= len(held[s]) < k]
        targets += [(f"{measure} {key} from {s} to {t}", t, a.vector(measure, key, t) - a.vector(measure, key, s)) for s, t in itertools.combinations(a.at, 2)
                    if 1 <= len({p for p in held[s].keys() | held[t].keys() if held[s].get(p) != held[t].get(p)}) < k]
    everything = Known(matrix, values, np.arange(len(values)), [v for _, v in listed])
    before = {s: Known(matrix, values, np.array([i for i, w in enumerate(when) if w < s], int), [v for at, v in listed if at < s]) for s in a.at}
    worst, told = float("inf"), 0
    for name, last, t in targets:
        if not t.any():
            continue
        width = everything.width(t)
        if width < k - 1e-6 and before[last].width(t) < k - 1e-6:
            told += 1
            continue
        worst = min(worst, width)
        if width < k - 1e-6:
            faults.append(f"{name} is known to within {width:g}")
    return faults, len(targets), worst, told, len(values)


def main():
    database, first, sites = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    weakened = "--weakened" in sys.argv
    worst, secrets, wrong, shown, told = float("inf"), 0, 0, 0, 0
    weaker = ("CREATE OR REPLACE PROCEDURE centre.publish_bearers(d centre.dataset, measures text[]) LANGUAGE sql AS ''; "
              "CREATE OR REPLACE FUNCTION centre.related_measures(d centre.dataset, measures text[]) RETURNS text[] LANGUAGE sql STABLE AS 'SELECT $2';\n") if weakened else ""
    made = [Site(seed) for seed in range(first, first + sites)]
    done = subprocess.run(["psql", "-XAqt", "-v", "ON_ERROR_STOP=1", "-d", database], text=True, capture_output=True,
                          input="SET client_min_messages = warning;\n" + "\n".join(f"BEGIN;\n{weaker}CREATE TEMP TABLE log (step int, release_id bigint) ON COMMIT DROP;\n{site.sql()}\nROLLBACK;\nSELECT 'end of site';" for site in made))
    if done.returncode or not weakened and "was published" in done.stderr:
        sys.exit(f"not ok - {done.stderr[-600:]}")
    for seed, site, out in zip(range(first, first + sites), made, done.stdout.split("end of site")):
        rows, faults = [line.split("|") for line in out.splitlines() if line.count("|") == 6], []
        for k in sorted({K[c[1]] for c in site.cubes}):
            found, n, narrowest, before, values = audit(site, rows, k)
            faults += [f"k = {k}: {f}" for f in found]
            worst, secrets, shown, told = min(worst, narrowest - k), secrets + n, shown + values, told + before
        wrong += bool(faults)
        if faults and not weakened:
            print(f"# site {seed} ({'observations' if site.observed else 'rows'}): {site.cubes}")
            for f in faults[:6]:
                print(f"#   {f}")
    if weakened:
        print(f"{wrong} of {sites} weakened sites are found wanting")
        return
    print(f"{'not ok' if wrong else 'ok'} - {sites} random sites, {secrets} secrets, {shown} values shown: the narrowest interval is k + {worst:g} ({told} followed from releases before)")


if __name__ == "__main__":
    main()
