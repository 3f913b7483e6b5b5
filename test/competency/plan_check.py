"""The certificate of a training plan: that its rows are a plan, and that nothing more can be closed.

A case: need and held (competency -> level), trainings (id -> teaches, asks, price; price None: not to be planned).
Rows: (step, training or None, closes as competency -> (from, to), method, total, bound)."""


def covers(have, asked):
    return all(have.get(c, 0) >= level for c, level in asked.items())


def learn(have, taught):
    return {c: max(have.get(c, 0), taught.get(c, 0)) for c in {*have, *taught}}


def reach(held, trainings):
    """All that can be reached, whatever it costs."""
    have, size = dict(held), -1
    while size != sum(have.values()):
        size = sum(have.values())
        for t in trainings.values():
            if t["price"] is not None and covers(have, t["asks"]):
                have = learn(have, t["teaches"])
    return have


def check(case, rows):
    """What is wrong with the rows, in words; empty where the certificate holds."""
    need, have, trainings = case["need"], dict(case["held"]), case["trainings"]
    spent, wrong = 0, []
    for number, (step, training, closes, method, total, bound) in enumerate(rows, 1):
        gap = {c: have.get(c, 0) for c in need if have.get(c, 0) < need[c]}
        if step != number:
            wrong.append(f"step {number} is called {step}")
        if training is None:
            if number < len(rows) or method != "unclosable" or closes != {c: (level, need[c]) for c, level in gap.items()}:
                wrong.append(f"what is left is {gap}, not {closes}")
            continue
        t = trainings[training]
        if t["price"] is None or not covers(have, t["asks"]):
            wrong.append(f"step {step} is not open")
        after = learn(have, t["teaches"])
        if closes != {c: (gap[c], min(after[c], need[c])) for c in gap if after.get(c, 0) > gap[c]}:
            wrong.append(f"step {step} does not close {closes}")
        have, spent = after, spent + t["price"]
        if method != ("exact" if bound >= total - 1e-6 else "bounded"):
            wrong.append(f"method {method} with total {total} and bound {bound}")
    if rows and (abs(spent - rows[0][4]) > 1e-6 or any(row[4:] != rows[0][4:] for row in rows)):
        wrong.append(f"spent {spent}, said {rows[0][4]}")
    best = reach(case["held"], trainings)
    short = {c: level for c, level in need.items() if have.get(c, 0) < min(level, best.get(c, 0))}
    return wrong + ([f"{short} could be closed"] if short else [])
