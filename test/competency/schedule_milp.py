#!/usr/bin/env python3
"""training_schedule() against integer programmes: schedule_milp.py DATABASE SEED CASES [PERSONS].

Random persons and dated sessions with few seats, overlaps, chains of prerequisites, needs that nobody teaches, equal prices
and money by month.  Each case is a test: what was chosen is checked, and is worth what the programme finds."""
import random
import sys

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_matrix

from plan_session import Session, text


def random_case(random_, most):
    competencies = range(1, random_.randint(3, 9))
    draw = lambda least, most: {c: random_.randint(1, 4) for c in random_.sample(competencies, min(len(competencies), random_.randint(least, most)))}
    trainings = [{"teaches": draw(1, 3), "asks": draw(1, 2) if random_.random() < 0.4 else {}, "price": random_.choice([0, 1, 1, 2, 3, 5, 8, 12.5, 40])} for _ in range(random_.randint(2, 9))]
    sessions = []
    for training in trainings:
        for _ in range(random_.randint(1, 3)):
            starts = random_.randint(1, 120)
            sessions.append({**training, "starts": starts, "ends": starts + random_.randint(0, 9), "seats": random_.choice([0, 1, 1, 2, 3]), "month": starts // 31 + 1})
    persons = [{"need": draw(1, 4), "held": draw(0, 2)} for _ in range(random_.randint(1, most))]
    return {"persons": persons, "sessions": sessions, "earliest": len(persons) == 1 and random_.random() < 0.5,
            "money": [random_.choice([0, 5, 10, 20, 60]) for _ in range(5)] if random_.random() < 0.4 else None}


def programme(case):
    """Levels that stay missing at least, and then the least price or the earliest end."""
    persons, sessions = case["persons"], case["sessions"]
    x = {(p, s): len(sessions) * p + s for p in range(len(persons)) for s in range(len(sessions))}
    goals = [(p, c, level) for p, person in enumerate(persons) for c, need in person["need"].items() for level in range(person["held"].get(c, 0) + 1, need + 1)]
    z = {goal: len(x) + i for i, goal in enumerate(goals)}
    last, size, rows = len(x) + len(z), len(x) + len(z) + 1, []
    for (p, s), column in x.items():
        for c, level in sessions[s]["asks"].items():
            if level > persons[p]["held"].get(c, 0):
                rows.append(({column: -1, **{x[p, t]: 1 for t, o in enumerate(sessions) if o["teaches"].get(c, 0) >= level and o["ends"] < sessions[s]["starts"]}}, 0))
        for t in range(s):
            if sessions[s]["starts"] <= sessions[t]["ends"] and sessions[t]["starts"] <= sessions[s]["ends"]:
                rows.append(({column: -1, x[p, t]: -1}, -1))
        if case["earliest"]:
            rows.append(({last: 1, column: -sessions[s]["ends"]}, 0))
    for p, c, level in goals:
        rows.append(({z[p, c, level]: -1, **{x[p, s]: 1 for s, o in enumerate(sessions) if o["teaches"].get(c, 0) >= level}}, 0))
    for s, session in enumerate(sessions):
        rows.append(({x[p, s]: -1 for p in range(len(persons))}, -session["seats"]))
    for month, money in enumerate(case["money"] or [], 1):
        rows.append(({x[p, s]: -o["price"] for p in range(len(persons)) for s, o in enumerate(sessions) if o["month"] == month}, -money))
    matrix = lil_matrix((len(rows), size))
    for i, (row, _) in enumerate(rows):
        for column, value in row.items():
            matrix[i, column] = value
    whole, upper, worth = numpy.ones(size), numpy.ones(size), numpy.zeros(size)
    whole[last], upper[last], worth[last] = 0, 999, 1
    for (p, s), column in x.items():
        worth[column] = 0 if case["earliest"] else sessions[s]["price"]
    for column in z.values():
        worth[column] = -2000
    answer = milp(worth, constraints=LinearConstraint(matrix.tocsr(), lb=numpy.array([least for _, least in rows])), bounds=Bounds(numpy.zeros(size), upper), integrality=whole, options={"mip_rel_gap": 0})
    assert answer.status == 0, answer.message
    closed = round(sum(answer.x[column] for column in z.values()))
    return len(goals) - closed, float(worth @ answer.x) + 2000 * closed


def check(case, rows):
    """What is wrong with a choice: days, prerequisites, seats, money, seats taken for nothing, what it says that is missing and costs."""
    persons, sessions, wrong = case["persons"], case["sessions"], []
    taken = [(int(r[0]) - 1, int(r[1]) - 1) for r in rows if r[0]]
    missing = 0
    lacking = lambda person, own: sum(max(0, need - max([person["held"].get(c, 0), *(o["teaches"].get(c, 0) for o in own)])) for c, need in person["need"].items())
    ready = lambda person, o, own: all(max([person["held"].get(c, 0), *(b["teaches"].get(c, 0) for b in own if b["ends"] < o["starts"])]) >= level for c, level in o["asks"].items())
    for p, person in enumerate(persons):
        own = sorted((sessions[s] for q, s in taken if q == p), key=lambda o: o["starts"])
        for i, o in enumerate(own):
            if i and own[i - 1]["ends"] >= o["starts"]:
                wrong.append(f"person {p} sits in two sessions at once")
            if not ready(person, o, own):
                wrong.append(f"person {p} is not ready")
            without = own[:i] + own[i + 1:]
            if lacking(person, without) == lacking(person, own) and all(ready(person, other, without) for other in without):
                wrong.append(f"person {p} sits in a session for nothing")
        missing += lacking(person, own)
    wrong += ["a seat is sold twice" for s, o in enumerate(sessions) if sum(t == s for _, t in taken) > o["seats"]]
    wrong += [f"month {m} costs too much" for m, money in enumerate(case["money"] or [], 1) if sum(sessions[s]["price"] for _, s in taken if sessions[s]["month"] == m) > money + 1e-6]
    total = max([sessions[s]["ends"] for _, s in taken], default=0) if case["earliest"] else sum(sessions[s]["price"] for _, s in taken)
    if missing != int(rows[0][2]) or abs(total - float(rows[0][3])) > 1e-6:
        wrong.append(f"says {rows[0][2]} missing for {rows[0][3]}, is {missing} for {total}")
    return wrong


def sql_of(case):
    array = lambda values, type_: "ARRAY[" + ",".join(str(v) for v in values) + f"]::{type_}[]"
    sets = lambda values: array([f"'{text(v)}'" for v in values], "competency_set")
    persons, sessions = case["persons"], case["sessions"]
    days = lambda key: array([f"'2000-01-01'::date + {o[key]}" for o in sessions], "date")
    money = f"{array([o['month'] for o in sessions], 'integer')}, {array(case['money'], 'float8')}" if case["money"] else "NULL, NULL"
    return (f"SELECT person, session, missing, total, method, bound_missing, bound_total FROM training_schedule({sets(p['need'] for p in persons)}, {sets(p['held'] for p in persons)}, {days('starts')}, {days('ends')}, "
            f"{array([o['seats'] for o in sessions], 'integer')}, {array([o['price'] for o in sessions], 'float8')}, {sets(o['teaches'] for o in sessions)}, {sets(o['asks'] for o in sessions)}, {money}, {case['earliest']})")


def main():
    database, seed, cases = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    most = int(sys.argv[4]) if len(sys.argv) > 4 else 6
    session = Session(database)
    bounded = 0
    for number in range(seed, seed + cases):
        case = random_case(random.Random(number), most)
        before = session.cpu()
        rows = [line.split("\t") for line in session.ask(sql_of(case))]
        took = session.cpu() - before
        missing, total = programme(case)
        wrong = check(case, rows)
        ours, bound = (int(rows[0][2]), float(rows[0][3])), (int(rows[0][5]), float(rows[0][6]))
        near = (missing, total)
        if rows[0][4] == "bounded":
            bounded += 1
            if near < (bound[0], bound[1] - 1e-6) or near > (ours[0], ours[1] + 1e-6):
                wrong.append(f"{near} lies outside of {bound} to {ours}")
        elif ours[0] != missing or abs(ours[1] - total) > 1e-4 or ours[0] != bound[0] or abs(ours[1] - bound[1]) > 1e-4:
            wrong.append(f"leaves {ours} bound {bound}, the programme {near}")
        print(("not ok" if wrong else "ok"), "-", f"case {number}, {len(case['persons'])} persons, {'earliest' if case['earliest'] else 'cost'}: {ours}, {1000 * took:.1f} ms", *wrong)
        sys.stdout.flush()
    print(f"# bounded: {bounded} of {cases}")


if __name__ == "__main__":
    main()
