"""Calls civic.suppress() through psql, on the cluster of the environment."""
import subprocess


def query(sql):
    """The rows of a query as lists of strings."""
    done = subprocess.run(["psql", "-XAqt", "-v", "ON_ERROR_STOP=1"], input=sql + ";\n", text=True, capture_output=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [line.split("|") for line in done.stdout.splitlines()]


def problem(cells):
    """The text form of cells: number -> object with value, members, role and, for magnitudes, contributors."""
    def singleton(c):
        return getattr(c, "contributors", c.value) == 1
    return "; ".join(f"{n} = {c.value} {c.role}{' singleton' if singleton(c) else ''} : {' '.join(map(str, c.members))}"
                     for n, c in cells.items())


def suppress(cells, arguments=""):
    """The numbers of the suppressed cells, and the bounds reported for primaries."""
    rows = query(f"SELECT cell, suppressed::int, low, high FROM civic.suppress('{problem(cells)}'{arguments})")
    return ({int(r[0]) for r in rows if r[1] == "1"},
            {int(r[0]): (float(r[2] or "-inf"), float(r[3] or "inf")) for r in rows if cells[int(r[0])].role == "primary"})
