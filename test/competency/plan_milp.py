#!/usr/bin/env python3
"""training_plan() against integer programmes: plan_milp.py DATABASE SEED CASES [--time].

Random officials and catalogues with circles of prerequisites, equal prices, prices of 0, unknown prices and needs that
nobody teaches.  Each case is a test; every row of every plan goes through plan_check.py.  With --time the cases are
larger and the CPU time of both is told, as the median and the 99th percentile."""
import random
import sys
import time

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_matrix

from plan_check import check, reach
from plan_session import Session, text

AIMS = ("cost", "hours", "trainings")


def random_case(random_, scale):
    competencies = range(1, random_.randint(4, 12 * scale))
    draw = lambda least, most: {c: random_.randint(1, 4) for c in random_.sample(competencies, min(len(competencies), random_.randint(least, most)))}
    aim = random_.choice(AIMS)
    trainings = {}
    for number in range(1, random_.randint(3, 30 * scale * scale)):
        trainings[number] = {"teaches": draw(1, 3), "asks": draw(1, 2) if random_.random() < 0.5 else {},
                             "cost": random_.choice([None, 0, 1, 1, 2, 3, 5, 8, 12.5, 20, 40]), "hours": random_.choice([None, 2, 4, 4, 8, 16, 40])}
        trainings[number]["price"] = 1 if aim == "trainings" else trainings[number][aim]
    return {"need": draw(1, 6 + scale), "held": draw(0, 2), "trainings": trainings, "aim": aim}


def programme(case):
    """The least price by an integer programme: what is taken (x), what is reached (y) by whom (z), and when (u)."""
    best = reach(case["held"], case["trainings"])
    goals = [(c, min(level, best.get(c, 0))) for c, level in case["need"].items() if min(level, best.get(c, 0)) > case["held"].get(c, 0)]
    usable = {n: t for n, t in case["trainings"].items() if t["price"] is not None}
    missing = {n: [(c, level) for c, level in t["asks"].items() if level > case["held"].get(c, 0)] for n, t in usable.items()}
    facts = sorted({*goals, *(f for asked in missing.values() for f in asked)})
    pairs = [(n, f) for n, t in usable.items() for f in facts if t["teaches"].get(f[0], 0) >= f[1]]
    x = {n: i for i, n in enumerate(usable)}
    y = {f: len(x) + i for i, f in enumerate(facts)}
    z = {p: len(x) + len(y) + i for i, p in enumerate(pairs)}
    u = {k: len(x) + len(y) + len(z) + i for i, k in enumerate([*usable, *facts])}
    size, late, rows = len(x) + len(y) + len(z) + len(u), len(usable) + 1, []
    if not goals:
        return 0.0
    for n in usable:
        for f in missing[n]:
            rows += [({y[f]: 1, x[n]: -1}, 0), ({u[n]: 1, u[f]: -1, x[n]: -late}, -late)]
    for n, f in pairs:
        rows += [({x[n]: 1, z[n, f]: -1}, 0), ({u[f]: 1, u[n]: -1, z[n, f]: -late}, 1 - late)]
    for f in facts:
        rows.append(({**{z[p]: 1 for p in pairs if p[1] == f}, y[f]: -1}, 0))
    matrix = lil_matrix((len(rows), size))
    for i, (row, _) in enumerate(rows):
        for column, value in row.items():
            matrix[i, column] = value
    lower, upper, whole, price = numpy.zeros(size), numpy.ones(size), numpy.ones(size), numpy.zeros(size)
    for n, t in usable.items():
        price[x[n]] = t["price"]
    for goal in goals:
        lower[y[goal]] = 1
    for column in u.values():
        upper[column], whole[column] = late, 0
    answer = milp(price, constraints=LinearConstraint(matrix.tocsr(), lb=numpy.array([least for _, least in rows])),
                  bounds=Bounds(lower, upper), integrality=whole, options={"mip_rel_gap": 0})
    assert answer.status == 0, answer.message
    return float(price @ numpy.round(answer.x))


def sql_of(number, case):
    amount = lambda value: "" if value is None else value
    teaches = ";".join(f"{n}/{amount(t['hours'])}/{amount(t['cost'])}={text(t['teaches'])}" for n, t in case["trainings"].items())
    asks = ";".join(f"{n}//={text(t['asks'])}" for n, t in case["trainings"].items() if t["asks"])
    return f"({number}, '{text(case['need'])}'::competency_set, '{text(case['held'])}'::competency_set, '{teaches}'::training_catalog, '{asks}'::training_catalog, '{case['aim']}')"


def closes(value):
    entries = (entry.split("*")[0].split(":") for entry in value.split(",") if entry)
    return {int(c): tuple(map(int, levels.split(">"))) for c, levels in entries}


def plan(session, number, case):
    rows = session.ask(f"SELECT p.step, p.training, p.closes, p.method, p.total, p.bound FROM (VALUES {sql_of(number, case)}) AS v (n, need, held, teaches, asks, aim), training_plan(need, held, teaches, asks, aim) AS p ORDER BY p.step")
    rows = [line.split("\t") for line in rows]
    return [(int(s), int(t) if t else None, closes(c), m, float(total), float(bound)) for s, t, c, m, total, bound in rows]


def main():
    database, seed, cases = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    timed = "--time" in sys.argv
    session = Session(database)
    ours, theirs, bounded = [], [], 0
    for number in range(seed, seed + cases):
        case = random_case(random.Random(number), 2 if timed or number % 4 == 0 else 1)
        plan(session, number, case) if timed else None
        before = session.cpu()
        rows = plan(session, number, case)
        ours.append(session.cpu() - before)
        before = time.process_time()
        least = programme(case)
        theirs.append(time.process_time() - before)
        wrong = check(case, rows)
        total = rows[0][4] if rows else 0.0
        if rows and rows[0][3] == "bounded":
            bounded += 1
            wrong += [f"{least} lies outside of {rows[0][5]} to {total}"] if not rows[0][5] - 1e-6 <= least <= total + 1e-6 else []
        elif abs(total - least) > 1e-6:
            wrong.append(f"costs {total}, the programme's {least}")
        print(("not ok" if wrong else "ok"), "-", f"case {number} by {case['aim']}: {len(rows)} rows, {total:g}", *wrong)
        sys.stdout.flush()
    print(f"# bounded: {bounded} of {cases}")
    if timed:
        for name, values in (("training_plan", ours), ("milp", theirs)):
            values.sort()
            print(f"# {name}: median {1000 * values[len(values) // 2]:.3f} ms, 99th percentile {1000 * values[len(values) * 99 // 100]:.3f} ms, sum {sum(values):.3f} s")


main()
