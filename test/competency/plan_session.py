"""A psql that answers one statement after the other, with the CPU time of its backend; sets of competencies as text."""
import subprocess
import sys


def text(levels):
    return ",".join(f"{c}:{level}" for c, level in sorted(levels.items()))


class Session:
    def __init__(self, database):
        self.psql = subprocess.Popen(["psql", "-XAtq", "-F", "\t", "-d", database, "-v", "ON_ERROR_STOP=1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ask("SET search_path = civic, public")
        self.pid = int(self.ask("SELECT pg_backend_pid()")[0])

    def ask(self, sql):
        self.psql.stdin.write(sql + ";\n\\echo --end--\n")
        self.psql.stdin.flush()
        lines = []
        for line in self.psql.stdout:
            if line == "--end--\n":
                return lines
            lines.append(line.rstrip("\n"))
        sys.exit("psql ended: " + sql[:300])

    def cpu(self):
        with open(f"/proc/{self.pid}/schedstat") as stat:
            return int(stat.read().split()[0]) / 1e9
