"""What outsiders can tell about suppressed cells, by linear programming.

They see every published value and know that inner cells are not negative.  bounds() gives for each primary cell the
smallest and the largest value that fits.  Needs python3-scipy.
"""
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix


def bounds(cells, suppressed):
    """cells: number -> object with value, members (a minus sign subtracts), role; suppressed: set of numbers."""
    column = {}
    for c in cells.values():
        for m in c.members:
            column.setdefault(abs(m), len(column))
    rows, seen, fixed = [], set(), set()
    for n, c in cells.items():
        if n in suppressed or c.role == "hidden":
            continue
        if c.value == 0 and min(c.members) > 0:
            fixed.update(column[m] for m in c.members)
        if c.members not in seen:
            seen.add(c.members)
            rows.append(c)
    at = [(i, column[abs(m)], 1 if m > 0 else -1) for i, c in enumerate(rows) for m in c.members]
    matrix = csr_matrix(([v for _, _, v in at], ([i for i, _, _ in at], [j for _, j, _ in at])), shape=(len(rows), len(column)))
    values = np.array([float(c.value) for c in rows])
    limits = [(0, 0) if j in fixed else (0, None) for j in range(len(column))]
    out = {}
    for n, c in cells.items():
        if c.role != "primary":
            continue
        goal = np.zeros(len(column))
        for m in c.members:
            goal[column[abs(m)]] += 1 if m > 0 else -1
        ends = []
        for sign in (1, -1):
            if rows:
                r = linprog(sign * goal, A_eq=matrix, b_eq=values, bounds=limits, method="highs")
            else:
                r = linprog(sign * goal, bounds=limits, method="highs")
            if r.status not in (0, 3):
                raise RuntimeError(f"cell {n}: linear programme ended with {r.message}")
            ends.append(sign * r.fun if r.status == 0 else -sign * float("inf"))
        if not ends[0] - 1e-6 <= c.value <= ends[1] + 1e-6:
            raise RuntimeError(f"cell {n}: value {c.value} outside [{ends[0]}, {ends[1]}]")
        out[n] = tuple(ends)
    return out
