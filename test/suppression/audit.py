"""What outsiders can tell about suppressed cells, by linear programming.

They see every published value and know that inner cells are not negative.  bounds() gives for each primary cell the
smallest and the largest value that fits.  Needs python3-scipy.
"""
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components


def equations(cells, suppressed):
    """The published cells as a matrix over inner cells, their values, and the column of each inner cell."""
    column, rows, seen = {}, [], set()
    for n, c in cells.items():
        for m in c.members:
            column.setdefault(abs(m), len(column))
        if n not in suppressed and c.role != "hidden" and c.members not in seen:
            seen.add(c.members)
            rows.append(c)
    at = [(i, column[abs(m)], 1.0 if m > 0 else -1.0) for i, c in enumerate(rows) for m in c.members]
    matrix = csr_matrix(([v for _, _, v in at], ([i for i, _, _ in at], [j for _, j, _ in at])), shape=(len(rows), len(column)))
    return matrix, np.array([float(c.value) for c in rows]), column


def known_columns(matrix, values):
    """Inner cells that follow at once: all of a sum that is zero, and the last unknown one of a sum."""
    known = np.full(matrix.shape[1], np.nan)
    while True:
        rest = values - matrix @ np.nan_to_num(known)
        free = matrix.multiply(np.isnan(known).astype(float)).tocsr()
        free.eliminate_zeros()
        found = {}
        for i in range(free.shape[0]):
            js, vs = free.indices[free.indptr[i]:free.indptr[i + 1]], free.data[free.indptr[i]:free.indptr[i + 1]]
            if len(js) == 1:
                found[js[0]] = rest[i] / vs[0]
            elif len(js) and rest[i] == 0 and min(vs) > 0:
                found.update((j, 0.0) for j in js)
        if not found:
            live = np.diff(free.indptr) > 0
            return known, free[live], rest[live]
        for j, v in found.items():
            known[j] = v


def bounds(cells, suppressed, targets=None):
    """cells: number -> object with value, members (a minus sign subtracts), role; suppressed: set of numbers."""
    matrix, values, column = equations(cells, suppressed)
    known, matrix, values = known_columns(matrix, values)
    nrows, ncolumns = matrix.shape
    joint = csr_matrix((ncolumns + nrows, ncolumns + nrows))
    if nrows:
        coo = matrix.tocoo()
        joint = csr_matrix((np.ones(len(coo.data)), (coo.col, ncolumns + coo.row)), shape=joint.shape)
    _, part = connected_components(joint, directed=False)
    out = {}
    for n, c in cells.items():
        if c.role != "primary" or (targets is not None and n not in targets):
            continue
        goal = np.zeros(ncolumns)
        for m in c.members:
            goal[column[abs(m)]] += 1 if m > 0 else -1
        base = float(np.nansum(goal * known))
        free = np.where(np.isnan(known) & (goal != 0))[0]
        js = np.where(np.isin(part[:ncolumns], part[free]) & np.isnan(known))[0]
        rows = np.where(np.isin(part[ncolumns:], part[free]))[0]
        ends = []
        for sign in (1, -1):
            if not len(free):
                ends.append(base)
                continue
            extra = dict(A_eq=matrix[rows][:, js], b_eq=values[rows]) if len(rows) else {}
            r = linprog(sign * goal[js], bounds=(0, None), method="highs", **extra)
            if r.status not in (0, 3, 4):
                raise RuntimeError(f"cell {n}: linear programme ended with {r.message}")
            ends.append(base + sign * r.fun if r.status == 0 else -sign * float("inf"))
        if not ends[0] - 1e-6 <= c.value <= ends[1] + 1e-6:
            raise RuntimeError(f"cell {n}: value {c.value} outside [{ends[0]}, {ends[1]}]")
        out[n] = tuple(ends)
    return out
