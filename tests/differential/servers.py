"""fairlead and its peers: configured into a temporary folder, on free ports of loopback."""
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import time

PATIENCE = 60  # seconds, for a server to answer and to end, on a slow machine

FAIRLEAD = """\
listen: ["127.0.0.1:{port}"]
admin: {{listen: 127.0.0.1:0}}
zones: {zones}
geo: {{databases: []}}
state: {folder}
workers: 1
identity: {{name: none}}
"""

BIND = """\
options {{
  directory "{folder}";
  listen-on port {port} {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }};
  pid-file none;
  session-keyfile none;
  recursion no;
  allow-query {{ any; }};
  allow-query-cache {{ none; }};
  allow-transfer {{ none; }};
  notify no;
  minimal-responses yes;
  minimal-any no;
  zero-no-soa-ttl no;
  answer-cookie no;
  edns-udp-size 1232;
  max-udp-size 1232;
  nocookie-udp-size 1232;
  rate-limit {{ responses-per-second 0; }};
  dnssec-validation no;
  empty-zones-enable no;
  check-names primary ignore;
  check-integrity no;
  tcp-clients 100;
}};
controls {{ }};
logging {{ category default {{ default_stderr; }}; }};
"""
BIND_ZONE = 'zone "{zone}" {{ type primary; file "{file}"; }};\n'

KNOT = """\
server:
    listen: 127.0.0.1@{port}
    rundir: "{folder}"
    udp-max-payload: 1232
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
    automatic-acl: off
    answer-rotation: off
    nsid: ""
database:
    storage: "{folder}"
log:
  - target: stderr
    any: info
template:
  - id: default
    storage: "{zones}"
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
    semantic-checks: soft
zone:
"""
KNOT_ZONE = '  - domain: "{zone}"\n    file: "{file}"\n'

NSD = """\
server:
    ip-address: 127.0.0.1@{port}
    username: ""
    chroot: ""
    zonesdir: "{zones}"
    zonelistfile: "{folder}/zone.list"
    database: ""
    pidfile: ""
    xfrdfile: ""
    xfrdir: "{folder}"
    server-count: 1
    ipv4-edns-size: 1232
    rrl-ratelimit: 0
    answer-cookie: no
    minimal-responses: yes
    refuse-any: no
    round-robin: no
    tcp-count: 100
    verbosity: 1
remote-control:
    control-enable: no
"""
NSD_ZONE = 'zone:\n    name: "{zone}"\n    zonefile: "{file}"\n'

PEERS = {"knot": "knotd", "nsd": "nsd", "bind": "named"}


def find_program(name):
    """Debian puts servers where the PATH of ordinary users does not lead."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def missing_peers():
    return [program for program in PEERS.values() if not find_program(program)]


def free_port():
    """A port that is free for UDP and TCP."""
    for _ in range(100):
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            try:
                udp.bind(tcp.getsockname())
            except OSError:
                continue
            return tcp.getsockname()[1]
    raise OSError("found no port that is free for UDP and TCP")


class NotAnswering(Exception):
    """A sentence with the log."""


class Server:
    """One running server."""

    def __init__(self, name, folder, port, command):
        self.name, self.port, self.log_path = name, port, folder / "log"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, cwd=folder)

    def wait_until_it_answers(self, origins):
        """Until it is authoritative for every zone."""
        end = time.monotonic() + PATIENCE
        waiting = list(origins)
        while waiting:
            if self.process.poll() is not None or time.monotonic() > end:
                log = self.log_path.read_text(errors="replace")
                raise NotAnswering(f"{self.name} does not answer for {waiting[0]}; its log:\n{log}")
            if self.is_authoritative_for(waiting[0]):
                waiting.pop(0)
            else:
                time.sleep(0.05)

    def is_authoritative_for(self, origin):
        labels = [bytes([len(part)]) + part.encode() for part in origin.split(".")]
        query = struct.pack("!6H", 1, 0, 1, 0, 0, 0) + b"".join(labels) + b"\0\0\6\0\1"
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.settimeout(1)
            client.connect(("127.0.0.1", self.port))
            try:
                client.send(query)
                answer = client.recv(65535)
            except OSError:  # not listening yet, or not answering
                return False
        flags = struct.unpack_from("!H", answer, 2)[0]
        return bool(flags & 0x400) and flags & 15 == 0

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def zone_files(folder):
    """Origin -> path."""
    return {path.name[:-len(".zone")]: path for path in sorted(folder.glob("*.zone"))}


def prepare(name, program, folder, zones):
    """Writes the configuration; returns the port and the command."""
    port = free_port()
    head, zone = {"fairlead": (FAIRLEAD, ""), "bind": (BIND, BIND_ZONE), "knot": (KNOT, KNOT_ZONE),
                  "nsd": (NSD, NSD_ZONE)}[name]
    config = folder / ("fairlead.yaml" if name == "fairlead" else f"{name}.conf")
    config.write_text(
        head.format(port=port, folder=folder, zones=zones) +
        "".join(zone.format(zone=origin, file=path) for origin, path in zone_files(zones).items()))
    if name == "bind":
        # A copy, for Debian's AppArmor profile holds /usr/sbin/named to its own folders.
        program = shutil.copy(program, folder / "named")
        return port, [program, "-g", "-n", "1", "-c", config]
    return port, {"fairlead": [program, "serve", "--config", config],
                  "knot": [program, "-c", config],
                  "nsd": [program, "-d", "-c", config]}[name]


class Servers:
    """All of them, on copies of the zones; as a context they run, and end whatever happens."""

    def __init__(self, fairlead, zones, folder):
        self.programs = {"fairlead": str(pathlib.Path(fairlead).resolve())}
        self.programs.update((name, find_program(program)) for name, program in PEERS.items())
        self.folder = pathlib.Path(folder)
        self.zones = self.folder / "zones"
        self.zones.mkdir()
        for path in zone_files(zones).values():
            shutil.copy(path, self.zones)
        self.running = []

    def __enter__(self):
        try:
            for name, program in self.programs.items():
                folder = self.folder / name
                folder.mkdir()
                port, command = prepare(name, program, folder, self.zones)
                self.running.append(Server(name, folder, port, command))
            for server in self.running:
                server.wait_until_it_answers(zone_files(self.zones))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for server in self.running:
            server.stop()

    def ports(self):
        return {server.name: server.port for server in self.running}

    def ended(self):
        """Names of those that ended by themselves."""
        return [server.name for server in self.running if server.process.poll() is not None]
