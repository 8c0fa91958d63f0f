"""fairlead and its peers, each serving one of the zones of content.py with one worker."""
import pathlib
import re
import shutil
import signal
import subprocess

from . import content, peers, wire
from .processes import PATIENCE, Failed, Process, find_program, free_port

SOURCE = pathlib.Path(__file__).resolve().parents[2]
DATABASE = SOURCE / "geo/data/country.mmdb"
NAMES = ["fairlead", "gdnsd", "knot", "nsd", "pdns", "bind"]
PROGRAMS = {"gdnsd": "gdnsd", "knot": "knotd", "nsd": "nsd", "pdns": "pdns_server", "bind": "named"}

FAIRLEAD = """\
listen: ["127.0.0.1:{port}"]
admin: {{listen: "127.0.0.1:{admin}"}}
zones: zones
state: state
workers: 1
geo: {{databases: ["{database}"]}}
"""


class Server:
    """What all have in common: a folder, a port, a process."""

    serves_geo = True
    serves_huge = True
    forks = False  # valgrind's commands do not reach processes that have been forked

    def __init__(self, folder, core=None):
        self.folder, self.core, self.process = folder, core, None
        self.port = free_port()
        folder.mkdir(parents=True)

    def prepare(self, origin, database):
        """Writes configuration and zone; returns the command. `database`: MaxMind's schema."""
        raise NotImplementedError

    def zone_path(self, origin):
        return self.folder / "zones" / origin

    def write_zone(self, origin, generation=0):
        """In one piece, so that nobody reads half of it."""
        path = self.zone_path(origin)
        path.parent.mkdir(exist_ok=True)
        new = self.folder / "zone.new"
        content.write_zone(new, origin, generation)
        new.rename(path)

    def reload(self):
        self.process.process.send_signal(signal.SIGHUP)

    def start(self, origin, database, prefix=()):
        """`prefix`: a command that runs the server, such as valgrind with its options."""
        return self.launch([*prefix, *self.prepare(origin, database)])

    def launch(self, command):
        """`command`: what prepare() has returned."""
        self.process = Process(self.name, command, self.folder, self.core)
        return self

    def wait_until_it_answers(self, origin, patience=PATIENCE):
        def answers():
            reply = wire.ask(self.port, f"ns1.{origin}", "A", timeout=0.5)
            return reply and reply.rcode == 0 and reply.is_authoritative and reply.records
        self.process.wait_until(answers, "to answer", patience=patience, pause=0.002)
        self.process.pin()
        return self

    def stop(self):
        if self.process:
            self.process.stop()


class Fairlead(Server):
    name = "fairlead"
    program = str(SOURCE / "build/fairlead")

    def prepare(self, origin, database):
        self.admin = free_port()
        (self.folder / "fairlead.yaml").write_text(
            FAIRLEAD.format(port=self.port, admin=self.admin, database=DATABASE))
        (self.folder / "state").mkdir(exist_ok=True)
        (self.folder / "zones").mkdir(exist_ok=True)
        if origin == "geo.test":
            (self.folder / "zones/geo.test.yaml").write_text(content.geo_yaml())
        else:
            self.write_zone(origin)
        return [self.program, "serve", "--config", str(self.folder / "fairlead.yaml")]

    def zone_path(self, origin):
        return self.folder / "zones" / f"{origin}.zone"


class Gdnsd(Server):
    name = "gdnsd"

    def prepare(self, origin, database):
        for part in ("run", "state", "zones"):
            (self.folder / part).mkdir(exist_ok=True)
        self.write_zone(origin)
        if origin == "geo.test":
            with open(self.zone_path(origin), "a", encoding="ascii") as zone:
                zone.write("www 300 DYNA geoip!www\n")
        (self.folder / "config").write_text(
            peers.gdnsd(self.folder, self.port, database if origin == "geo.test" else None))
        return [find_program("gdnsd"), "-c", str(self.folder), "start"]

    def reload(self):
        command = [find_program("gdnsdctl"), "-c", str(self.folder), "reload-zones"]
        subprocess.run(command, check=True, capture_output=True)


class Knot(Server):
    name = "knot"

    def prepare(self, origin, database):
        geo = database if origin == "geo.test" else None
        self.write_zone(origin)
        if geo:
            with open(self.zone_path(origin), "a", encoding="ascii") as zone:
                ipv4, ipv6 = content.addresses(content.ELSEWHERE)
                zone.write(f"www IN A {ipv4}\nwww IN AAAA {ipv6}\n")
            (self.folder / "geo.conf").write_text(peers.knot_geo())
        (self.folder / "knot.conf").write_text(peers.knot(self.folder, self.port, origin, geo))
        return [find_program("knotd"), "-c", str(self.folder / "knot.conf")]


class Nsd(Server):
    name = "nsd"
    serves_geo = False
    forks = True

    def prepare(self, origin, database):
        self.write_zone(origin)
        (self.folder / "nsd.conf").write_text(peers.nsd(self.folder, self.port, origin))
        return [find_program("nsd"), "-d", "-c", str(self.folder / "nsd.conf")]


class Pdns(Server):
    name = "pdns"
    serves_huge = False  # its back-end for master files needs minutes and gigabytes

    def prepare(self, origin, database):
        if origin == "geo.test":
            (self.folder / "geo.yaml").write_text(peers.pdns_geo())
            backend = peers.pdns_geo_backend(self.folder, database)
        else:
            self.write_zone(origin)
            (self.folder / "named.conf").write_text(
                f'options {{ directory "{self.folder}/zones"; }};\n'
                f'zone "{origin}" {{ type master; file "{origin}"; }};\n')
            backend = peers.pdns_bind_backend(self.folder)
        (self.folder / "pdns.conf").write_text(peers.pdns(self.folder, self.port) + backend)
        return [find_program("pdns_server"), f"--config-dir={self.folder}"]

    def reload(self):
        command = [find_program("pdns_control"), f"--config-dir={self.folder}", "bind-reload-now"]
        origins = [path.name for path in (self.folder / "zones").iterdir()]
        subprocess.run([*command, *origins], check=True, capture_output=True)


class Bind(Server):
    name = "bind"
    serves_geo = False  # it does not look at client subnets
    serves_huge = False  # a million names take it most of a minute

    def prepare(self, origin, database):
        self.write_zone(origin)
        (self.folder / "named.conf").write_text(peers.bind(self.folder, self.port, origin))
        # A copy, for Debian's AppArmor profile holds /usr/sbin/named to its own folders.
        program = shutil.copy(find_program("named"), self.folder / "named")
        return [program, "-f", "-n", "1", "-c", str(self.folder / "named.conf")]


CLASSES = {kind.name: kind for kind in (Fairlead, Gdnsd, Knot, Nsd, Pdns, Bind)}


class Echo:
    """The floor: bench/echo on the core of the servers."""

    name = "echo"

    def __init__(self, folder, core, seconds):
        self.port = free_port()
        program = SOURCE / "build/release/bench/echo"
        self.process = Process("echo", [str(program), str(self.port), str(seconds)], folder, core)
        self.process.wait_until(lambda: wire.ask(self.port, "echo.test", "A", timeout=0.2),
                                "to answer")

    def stop(self):
        self.process.stop()


def missing(names):
    """Of these servers."""
    return [name for name in names if name in PROGRAMS and not find_program(PROGRAMS[name])]


def version_of(name):
    """One line; what every server calls it."""
    arguments = {"fairlead": [Fairlead.program, "--version"], "gdnsd": ["gdnsd", "version"],
                 "knot": ["knotd", "--version"], "nsd": ["nsd", "-v"],
                 "pdns": ["pdns_server", "--version"], "bind": ["named", "-v"]}[name]
    program = arguments[0] if name == "fairlead" else find_program(arguments[0])
    result = subprocess.run([program, *arguments[1:]], capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+\.\d+", result.stdout + result.stderr)
    return found.group(0) if found else "unknown"


def make(name, folder, core=None):
    if name not in CLASSES:
        raise Failed(f"no server of the name {name}; there are {', '.join(CLASSES)}")
    return CLASSES[name](folder, core)


def serves(name, workload):
    kind = CLASSES[name]
    return (workload != "geo" or kind.serves_geo) and (workload != "huge" or kind.serves_huge)
