"""Random tables of many shapes, as cells over inner cells.

make(seed) gives (name, cells): cells maps a number to a Cell.  The shape is drawn from the seed, so a table can be
made again from the number that a failing test names.
"""
import random
from dataclasses import dataclass

K = 5


@dataclass
class Cell:
    value: int
    members: tuple          # numbers of inner cells
    role: str = ""          # "", primary, required or hidden


def tree(rng, leaves, shape):
    """Groups of leaves, level by level, each a list of tuples; shape: even, ragged or single (some only children)."""
    groups, level = [], [(i,) for i in range(leaves)]
    while len(level) > 1:
        groups.append(level)
        above, i = [], 0
        while i < len(level):
            n = {"even": 3, "ragged": rng.choice([2, 2, 3, 5]), "single": rng.choice([1, 2, 3])}[shape]
            above.append(sum(level[i:i + n], ()))
            i += n
        if shape == "single" and len(above) == len(level):
            above = [sum(level, ())]
        level = above
    groups.append(level)
    out = [g for level in groups for g in level]
    if shape == "ragged":      # leaves at different depths: some small groups are not shown
        out = [g for g in out if len(g) == 1 or len(g) == leaves or rng.random() > 0.2]
    return sorted(set(out), key=lambda g: (len(g), g))


def count(rng, density):
    if density == "sparse":
        return rng.choice([0, 0, 0, 1, 1, 2, 3, 5])
    if density == "ones":
        return rng.choice([0, 1, 1, 1, 2, 7])
    if density == "dense":
        return int(rng.lognormvariate(2.5, 1.2))
    return rng.choice([0, 1, 2, 4, 8, 20, 60])


def make(seed):
    rng = random.Random(seed)
    density = rng.choice(["sparse", "ones", "dense", "mixed"])
    shape = rng.choice(["even", "ragged", "single"])
    linked = rng.random() < 0.4
    marginal = rng.random() < 0.3          # the finest crossing is not published
    sizes = [rng.randint(4, 12)] + [rng.randint(2, 4) for _ in range(rng.randint(1, 3))]
    while prod(sizes) > 220:
        sizes[sizes.index(max(sizes))] -= 1
    dims = [tree(rng, sizes[0], shape)] + [[(i,) for i in range(n)] + [tuple(range(n))] for n in sizes[1:]]
    if linked:
        other = [tuple(sorted(rng.sample(range(sizes[0]), rng.randint(2, sizes[0] - 1)))) for _ in range(3)]
    values = {point: count(rng, density) for point in points(sizes)}
    inner = {point: i + 1 for i, point in enumerate(sorted(values))}
    groups = [g for g in points([len(d) for d in dims])]
    wanted = [tuple(dims[d][i] for d, i in enumerate(g)) for g in groups]
    if linked:
        wanted += [(o,) + w[1:] for o in other for w in wanted if len(w[0]) == 1 and w[0][0] == 0]
    if marginal:
        wanted = [w for w in wanted if any(len(part) > 1 for part in w)]
    cells = {}
    for n, w in enumerate(wanted, 1):
        members = [p for p in product_of(w)]
        value = sum(values[p] for p in members)
        cells[n] = Cell(value, tuple(inner[p] for p in members), "primary" if 0 < value < K else "")
    if rng.random() < 0.25:                # some zeros are secrets as well
        for c in cells.values():
            if c.value == 0 and rng.random() < 0.2 and len(c.members) == 1:
                c.role = "primary"
    shown = {c.members for c in cells.values() if len(c.members) == 1}
    for p, i in inner.items():
        if (i,) not in shown:
            cells[len(cells) + 1] = Cell(values[p], (i,), "hidden")
    name = f"{density} {shape}{' linked' if linked else ''}{' marginal' if marginal else ''} {'x'.join(map(str, sizes))}"
    return name, cells


def prod(numbers):
    out = 1
    for n in numbers:
        out *= n
    return out


def points(sizes):
    out = [()]
    for n in sizes:
        out = [p + (i,) for p in out for i in range(n)]
    return out


def product_of(parts):
    out = [()]
    for part in parts:
        out = [p + (i,) for p in out for i in part]
    return out
