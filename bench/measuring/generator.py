"""Runs bench/load, by itself or on a server under callgrind."""
import json
import pathlib
import subprocess

from . import wire
from .processes import Failed, find_program

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "build/release/bench/load/load"
PATIENCE = 900  # seconds, for a server under valgrind
FEW, MANY = 4000, 24000  # queries of the two runs whose difference is one query's cost


def command(port, queries, *options, pids=(), core=None):
    words = [str(PROGRAM), "127.0.0.1", str(port), str(queries), "--json", *map(str, options)]
    if pids:
        words += ["--server-pid", ",".join(map(str, pids))]
    if core is not None:
        words += ["--core", str(core)]
    return words


class Running:
    """bench/load beside something else."""

    def __init__(self, *arguments, **options):
        self.process = subprocess.Popen(command(*arguments, **options), stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)

    def is_running(self):
        return self.process.poll() is None

    def result(self):
        """What it reports, when it has ended."""
        output, error = self.process.communicate()
        if self.process.returncode != 0:
            raise Failed(f"bench/load: {error.strip()}")
        return json.loads(output)

    def stop(self):
        if self.is_running():
            self.process.kill()
        self.process.wait()


def run(*arguments, **options):
    return Running(*arguments, **options).result()


def check(server, name, workload, outcome):
    """That what was measured is what was wanted."""
    answered = outcome["answered"]
    if not answered or outcome.get("rcodes", {}).get(workload.rcode, 0) < 0.999 * answered:
        raise Failed(f"{server.name} does not answer {name} with {workload.rcode}: {outcome}")


def check_answer(server, name, workload, queries):
    """That the first query of a workload gets the record that was asked for, if there is one."""
    with open(queries, encoding="ascii") as lines:
        owner, rtype = lines.readline().split()
    reply = wire.ask(server.port, owner, rtype, "141.20.0.0/24" if name == "geo" else None)
    found = reply and any(record.type == wire.TYPES[rtype] for record in reply.records)
    if bool(found) != (workload.rcode == "NOERROR"):
        raise Failed(f"{server.name} answers {owner} {rtype} with {reply}")


def instructions(make_server, origin, database, queries, load=()):
    """User-space instructions per query: (those of MANY - those of FEW) / difference in answers."""
    if not find_program("valgrind"):
        raise Failed("valgrind is not installed (deploy/packages bench)")
    counts = [callgrind(make_server(number), origin, database, queries, number, load)
              for number in (FEW, MANY)]
    (few, few_answered), (many, many_answered) = counts
    return (many - few) / (many_answered - few_answered)


def callgrind(server, origin, database, queries, number, load):
    """Instructions, from when the server answers if that can be, and answers."""
    prefix = [find_program("valgrind"), "--tool=callgrind",
              f"--callgrind-out-file={server.folder}/callgrind.%p"]
    if not server.forks:  # loading goes ten times faster while nothing is counted
        prefix.append("--instr-atstart=no")
    try:
        server.start(origin, database, prefix).wait_until_it_answers(origin, PATIENCE)
        if not server.forks:
            switch_on(server.process.pids()[0])
        outcome = run(server.port, queries, "--number", number, "--warm-up", 0, "--seconds", 120,
                      "--window", 32, "--sockets", 1, "--timeout", 10_000, *load)
    finally:
        server.stop()
    total = 0
    for path in server.folder.glob("callgrind.[0-9]*"):
        for line in path.read_text().splitlines():
            if line.startswith("totals:"):
                total += int(line.split()[1])
    if not total or not outcome["answered"]:
        raise Failed(f"{server.name} under callgrind: {total} instructions, {outcome}")
    return total, outcome["answered"]


def switch_on(pid):
    subprocess.run([find_program("callgrind_control"), "-i", "on", str(pid)], check=True,
                   capture_output=True, timeout=PATIENCE)
