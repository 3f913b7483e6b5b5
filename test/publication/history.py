#!/usr/bin/python3
"""Publish a small changing dataset again and again, to two audiences, and audit everything ever released as one linked system.

usage: history.py DATABASE FIRST_SEED SEQUENCES STEPS TARGETS [--weakened]      prints TAP; 0 TARGETS: all of them

An outsider has every retained release of an audience and of those with higher thresholds.  He knows where the facts changed but not
by whom: his unknowns are, for each finest cell, how many persons were in it over each stretch of releases.  For every cell of fewer
than k persons, and for every change of a cell by fewer than k persons between any two releases, linear programmes give the least and
the largest value that fits.  None may be known, and none to within less than WIDTH.  With --weakened the ledger forgets, which the
audit has to notice.
"""
import itertools, random, subprocess, sys
import numpy as np
from scipy.optimize import linprog

WIDTH = 3
WARDS = {f"w{i}": f"r{i % 2}" for i in range(6)}
SEXES = "fm"
SETUP = """
CREATE TABLE IF NOT EXISTS centre.history_row (subject_id bigint PRIMARY KEY, day date NOT NULL DEFAULT '2026-01-05', verified boolean NOT NULL DEFAULT true, region text, ward text, sex text, batch integer);
GRANT SELECT ON centre.history_row TO civic_publisher;
TRUNCATE centre.history_row;
DELETE FROM centre.release WHERE cube LIKE 'history%'; DELETE FROM centre.ledger_leaf WHERE dataset = 'history'; DELETE FROM centre.cube WHERE dataset = 'history'; DELETE FROM centre.dataset WHERE code = 'history';
INSERT INTO centre.dataset (code, relation, flow) VALUES ('history', 'centre.history_row', '{flow}');
INSERT INTO centre.dimension (dataset, name, columns) VALUES ('history', 'place', '{{region,ward}}'), ('history', 'sex', '{{sex}}'), ('history', 'batch', '{{batch}}');
INSERT INTO centre.cube (code, audience, period_unit, dataset, dims) VALUES ('history_5', 'centre', 'month', 'history', '{{place,sex}}'), ('history_10', 'public', 'month', 'history', '{{place,sex}}');
"""


def changes(rng, people, new):
    """One step of a sequence: what happens to people (subject -> (ward, sex)); new makes subjects."""
    leaves = list(itertools.product(WARDS, SEXES))
    leaf = rng.choice(leaves)
    inside = [s for s, at in people.items() if at == leaf]
    kind = rng.choice(["nothing", "plus10", "minus9", "plus1", "minus1", "swap", "move", "many", "some"])
    if kind in ("plus10", "plus1"):
        for _ in range(10 if kind == "plus10" else 1):
            people[next(new)] = leaf
    elif kind in ("minus9", "minus1"):
        for s in inside[:9 if kind == "minus9" else 1]:
            del people[s]
    elif kind == "swap" and inside:
        del people[inside[0]]
        people[next(new)] = leaf
    elif kind == "move":
        for s in inside[:rng.choice([1, 2, 12])]:
            people[s] = rng.choice(leaves)
    elif kind in ("many", "some"):
        for at in leaves:
            for _ in range(rng.randint(0, 14 if kind == "many" else 2)):
                people[next(new)] = at
    return kind


def script(rng, steps):
    """SQL that makes and publishes the sequence, and the persons at each step."""
    flow = rng.choice(["event", "stock"])
    new, people, states, sql = itertools.count(1), {}, [], [SETUP.format(flow=flow)]
    for at in itertools.product(WARDS, SEXES):
        for _ in range(rng.choice([0, 1, 3, 7, 12, 25, 50])):
            people[next(new)] = at
    for step in range(steps):
        before = dict(people) if step else {}
        if step == 2:                       # what the brief of every ledger begins with: ten more, then nine of them less
            people.update((next(new), ("w0", "f")) for _ in range(10))
        elif step == 3:
            for s in [s for s, at in people.items() if at == ("w0", "f")][-9:]:
                del people[s]
        elif step:
            changes(rng, people, new)
        states.append(dict(people))
        gone = [s for s in before if people.get(s) != before[s]]
        come = [s for s in people if before.get(s) != people[s]]
        if gone:
            sql.append(f"DELETE FROM centre.history_row WHERE subject_id IN ({','.join(map(str, gone))});")
        if come:
            sql.append("INSERT INTO centre.history_row (subject_id, region, ward, sex, batch) VALUES " +
                       ",".join(f"({s},'{WARDS[people[s][0]]}','{people[s][0]}','{people[s][1]}',{(s + step) % 7})" for s in come) + ";")
        month = f"2026-{1 + (step % 12 if flow == 'stock' else 0):02d}-01"
        year = 2026 + (step // 12 if flow == "stock" else 0)
        order = ["history_5", "history_10"] if rng.random() < 0.5 else ["history_10", "history_5"]
        for cube in order:
            sql.append(f"CALL centre.publish('{cube}', '{year}{month[4:]}');")
        sql.append(f"INSERT INTO log SELECT {step}, release_id FROM centre.release r WHERE cube LIKE 'history%' AND NOT EXISTS (SELECT FROM log l WHERE l.release_id = r.release_id);")
    sql.append("SELECT l.step, l.release_id, r.cube, array_to_string(x.key, ' '), coalesce((SELECT s.step FROM log s WHERE s.release_id = x.shown_release), -1), coalesce(x.value, -1) "
               "FROM log l JOIN centre.release r USING (release_id) JOIN centre.ledger_cell x USING (release_id);")
    return flow, states, sql


def inside(key, leaf):
    _, place, sex = key.split()           # no cube has the batch, so that the finest cells are none that readers see
    return place in ("*", f"region={WARDS[leaf[0]]}", f"ward={leaf[0]}") and sex in ("*", f"sex={leaf[1]}")


class Audit:
    def __init__(self, states, rows):
        self.steps = sorted({int(r[0]) for r in rows})
        self.people = {s: states[s] for s in self.steps}
        self.unknown, self.truth = {}, []
        self.column = {s: {} for s in self.steps}   # step -> unknown -> leaf
        for subject in set().union(*self.people.values()):
            run = []
            for s in self.steps + [None]:
                at = self.people[s].get(subject) if s is not None else None
                if run and self.people[run[-1]][subject] != at:
                    j = self.unknown.setdefault((self.people[run[-1]][subject], run[0], run[-1]), len(self.unknown))
                    if j == len(self.truth):
                        self.truth.append(0)
                    self.truth[j] += 1
                    run = []
                if at is not None:
                    run.append(s)
        for (leaf, first, last), j in self.unknown.items():
            for s in self.steps:
                if first <= s <= last:
                    self.column[s][j] = leaf

    def vector(self, key, step):
        v = np.zeros(len(self.unknown))
        for j, leaf in self.column[step].items():
            if inside(key, leaf):
                v[j] = 1
        return v

    def persons(self, key, step):
        return {s for s, at in self.people[step].items() if inside(key, at)}


class Known:
    """What some of the published values tell."""

    def __init__(self, matrix, values, which):
        which = list(which)
        self.matrix, self.values = matrix[which], values[which]
        u, d, _ = np.linalg.svd(self.matrix.T, full_matrices=False) if which else (np.zeros((0, 0)), np.zeros(0), None)
        self.q = u[:, :int((d > 1e-9).sum())]

    def exact(self, t):
        return bool(np.abs(t).sum()) and len(self.values) > 0 and np.linalg.norm(t - self.q @ (self.q.T @ t)) < 1e-7

    def width(self, t):
        if not len(self.values):
            return float("inf")
        ends = [linprog(sign * t, A_eq=self.matrix, b_eq=self.values, bounds=(0, None), method="highs") for sign in (1, -1)]
        return -ends[1].fun - ends[0].fun if all(r.status == 0 for r in ends) else float("inf")


def audit(states, rows, cubes, k, ntargets, rng):
    a = Audit(states, rows)
    faults, seen, matrix, values, release_step = [], set(), [], [], []
    mine = sorted((r for r in rows if r[2] in cubes), key=lambda r: int(r[1]))
    for step, release, cube, key, shown, value in mine:
        if int(shown) < 0 or (key, shown) in seen:
            continue
        seen.add((key, shown))
        v = a.vector(key, int(shown))
        if round(v @ a.truth) != round(float(value)):
            faults.append(f"release {release}: {key} shows {value}, not the {v @ a.truth:g} of step {shown}")
        matrix.append(v)
        values.append(float(value))
        release_step.append(int(step))
    matrix, values = np.array(matrix), np.array(values)
    keys = sorted({r[3] for r in mine})
    targets = [(f"{key} at {s}", s, a.vector(key, s)) for s in a.steps for key in keys if 1 <= len(a.persons(key, s)) < k]
    for key in keys:
        for s, t in itertools.combinations(a.steps, 2):
            if 1 <= len(a.persons(key, s) ^ a.persons(key, t)) < k:
                targets.append((f"{key} from {s} to {t}", t, a.vector(key, t) - a.vector(key, s)))
    # What followed from the releases before a change happened cannot be taken back: such a secret is no fault of the later release.
    spans = {s: Known(matrix, values, [i for i, r in enumerate(release_step) if r < s]) for s in a.steps}
    everything = Known(matrix, values, range(len(values)))
    sample = set(range(len(targets))) if not ntargets else set(rng.sample(range(len(targets)), min(ntargets, len(targets))))
    told = 0
    for n, (name, last, t) in enumerate(targets):
        fault = None
        if everything.exact(t):
            fault = None if spans[last].exact(t) else f"{name} is known"
            told += fault is None
        elif n in sample and everything.width(t) < WIDTH - 1e-6:
            fault = None if spans[last].width(t) < WIDTH - 1e-6 else f"{name} is known to within {everything.width(t):g}"
            told += fault is None
        if fault:
            faults.append(fault)
    return faults, len(targets), told


def main():
    database, first, sequences, steps, ntargets = sys.argv[1], *map(int, sys.argv[2:6])
    weakened = "--weakened" in sys.argv
    print(f"1..{sequences}")
    for seed in range(first, first + sequences):
        rng = random.Random(seed)
        flow, states, sql = script(rng, steps)
        if weakened:
            sql = [line.replace("CALL", "DELETE FROM centre.ledger_leaf WHERE dataset = 'history'; DELETE FROM centre.ledger_cell; CALL") for line in sql]
            sql = [line.replace("INSERT INTO log", "INSERT INTO kept SELECT * FROM centre.ledger_cell ON CONFLICT DO NOTHING; INSERT INTO log") for line in sql]
            sql[-1] = sql[-1].replace("centre.ledger_cell", "kept")
            sql.insert(0, "CREATE TEMP TABLE kept (LIKE centre.ledger_cell INCLUDING INDEXES);")
        done = subprocess.run(["psql", "-XAqt", "-v", "ON_ERROR_STOP=1", "-d", database], text=True, capture_output=True,
                              input="SET client_min_messages = warning; CREATE TEMP TABLE log (step int, release_id bigint);\n" + "\n".join(sql))
        if done.returncode:
            print(f"not ok - sequence {seed}: {done.stderr[-600:]}")
            continue
        rows = [line.split("|") for line in done.stdout.splitlines() if line.count("|") == 5]
        faults, n, told = [], 0, 0
        for cubes, k in ((("history_5", "history_10"), 5), (("history_10",), 10)):
            found, count, before = audit(states, rows, cubes, k, ntargets, rng)
            faults += [f"k = {k}: {f}" for f in found]
            n += count
            told += before
        shown = sum(1 for r in rows if int(r[4]) >= 0)
        held = sum(1 for r in rows if 0 <= int(r[4]) < int(r[0]))
        print(f"{'not ok' if faults else 'ok'} - {flow} {seed}: {len({r[1] for r in rows})} releases, {n} secrets ({told} followed from earlier releases), {shown} of {len(rows)} values shown, {held} of them held", flush=True)
        for line in done.stderr.splitlines()[:3] + faults[:6]:
            print(f"# {line}")


if __name__ == "__main__":
    main()
