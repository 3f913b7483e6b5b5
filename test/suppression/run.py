#!/usr/bin/python3
"""Suppress random tables and audit the results; prints TAP.  usage: run.py FIRST_SEED TABLES [CELLS_DIR | --weakened]

With CELLS_DIR the cells and members of every table are also written there as CSV, for another auditor.  --weakened only
prevents exact recomputation, which the audit is to find wanting.
"""
import csv, os, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from audit import bounds
from call import suppress
from tables import K, make

WIDTH = 3


def write(folder, seed, cells, suppressed):
    with open(f"{folder}/{seed}_cells.csv", "w") as f, open(f"{folder}/{seed}_members.csv", "w") as g:
        out, members = csv.writer(f), csv.writer(g)
        out.writerow(["cell", "value", "status"])
        members.writerow(["cell", "inner"])
        for n, c in cells.items():
            if c.role == "hidden":
                continue
            out.writerow([n, c.value, "published" if n not in suppressed else "primary" if c.role == "primary" else "secondary"])
            members.writerows([n, m] for m in c.members)


MODES = (("default", "", 0), ("strict", f", upper => {K}", K))
WEAKENED = (("weakened", ", width => 0, singletons => false", 0),)


def check(seed, folder, modes):
    name, cells = make(seed)
    failed = []
    for mode, arguments, upper in modes:
        suppressed, reported = suppress(cells, arguments)
        if folder and mode == "default":
            write(folder, seed, cells, suppressed)
        for n, (low, high) in bounds(cells, suppressed).items():
            if n not in suppressed:
                failed.append(f"{mode}: primary {n} is published")
            if high - low < WIDTH - 1e-6 or high < upper - 1e-6:
                failed.append(f"{mode}: cell {n} = {cells[n].value} lies in [{low:g}, {high:g}]")
            if modes is MODES and (reported[n][0] < low - 1e-6 or reported[n][1] > high + 1e-6):
                failed.append(f"{mode}: cell {n} was reported as {reported[n]}, beyond [{low:g}, {high:g}]")
    return name, failed


def main():
    first, tables = int(sys.argv[1]), int(sys.argv[2])
    modes = WEAKENED if "--weakened" in sys.argv else MODES
    folder = sys.argv[3] if len(sys.argv) > 3 and modes is MODES else None
    print(f"1..{tables}")
    bad = 0
    for seed in range(first, first + tables):
        try:
            name, failed = check(seed, folder, modes)
        except RuntimeError as e:
            name, failed = "error", str(e).splitlines()
        print(f"{'not ok' if failed else 'ok'} - table {seed}: {name}", flush=True)
        for line in failed[:5]:
            print(f"# {line}")
        bad += bool(failed)
    sys.exit(bad > 0)


main()
