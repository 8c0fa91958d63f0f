"""Starts the real binary on free ports of loopback, and asks it with real clients."""
import contextlib
import http.server
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

PROGRAM = os.environ["FAIRLEAD"]
SOURCE = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds; how long to wait for what must come, on a slow machine


def wait_until(condition, what, patience=PATIENCE):
    """The first true value of condition()."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {patience}s for {what}")


class Edge:
    """A web server that can be killed and started again, on one address and port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802, the base class names it
            self.send_response(200)
            self.send_header("Content-Length", "3")
            self.end_headers()
            self.wfile.write(b"ok\n")

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):
            """A probe that has seen enough hangs up."""

    def __init__(self, address, port):
        self.address, self.port, self.server = address, port, None
        self.start()

    def start(self):
        self.server = self.Server((self.address, self.port), self.Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`fairlead serve` with its ports read from its log."""

    def __init__(self, config):
        self.config = config
        self.expected_status = 0
        self.log_path = config.parent / f"log-{time.monotonic_ns()}"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([PROGRAM, "serve", "--config", config], stderr=log,
                                            stdout=log)

    def log(self):
        return self.log_path.read_text()

    def wait_until_it_answers(self):
        def ready():
            if self.process.poll() is not None:
                raise AssertionError(f"fairlead ended:\n{self.log()}")
            return " answers" in self.log()
        wait_until(ready, "fairlead to answer")
        self.ports = [int(p) for p in re.findall(r"listening on \S+:(\d+) ", self.log())]
        self.port = self.ports[0]
        self.admin = re.search(r"admin on http://(\S+)", self.log()).group(1)
        return self

    def stop(self, number=signal.SIGTERM):
        """Exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def kill(self):
        """As if the power went."""
        self.expected_status = -signal.SIGKILL
        self.stop(signal.SIGKILL)

    def dig(self, *arguments, server="127.0.0.1", port=None):
        command = ["dig", "+tries=1", "+time=10", "-p", str(port or self.port), f"@{server}",
                   *arguments]
        while True:
            output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
            # Once in about 30,000 questions the kernel gives dig the server's own port, which dig
            # shares (SO_REUSEPORT): it has then asked itself.
            if "query response not set" not in output:
                return output

    def addresses(self, name, *arguments):
        """The answer section's addresses."""
        return sorted(self.dig("+short", name, *arguments).split())

    def get(self, path, method="GET", headers=()):
        """Status and body."""
        command = ["curl", "-s", "-X", method, "-w", "\n%{http_code}", f"http://{self.admin}{path}"]
        for header in headers:
            command += ["-H", header]
        output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        body, _, status = output.rpartition("\n")
        return int(status), body

    def metric(self, line):
        """The value of one series, written as Prometheus shows it."""
        for row in self.get("/metrics")[1].splitlines():
            if row.startswith(line + " "):
                return float(row[len(line) + 1:])
        return None


def run(*arguments):
    """Status, standard output, standard error."""
    result = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                            check=False)
    return result.returncode, result.stdout, result.stderr


class Case(unittest.TestCase):
    """A folder with a configuration; what is started is stopped."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fairlead-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "zones").mkdir()
        (self.folder / "state").mkdir()
        self.config = self.folder / "fairlead.yaml"
        self.write_config()

    def write_config(self, listen="127.0.0.1:0", more=""):
        self.config.write_text(f"listen: [{listen}]\nadmin: {{listen: 127.0.0.1:0}}\n"
                               f"zones: zones\nstate: state\nworkers: 2\n{more}")

    def write_zone(self, text, name="example.test.yaml"):
        (self.folder / "zones" / name).write_text(text)

    def start(self):
        server = Server(self.config)

        def stop():
            status = server.stop()
            if status != server.expected_status:
                print(server.log())
            self.assertEqual(status, server.expected_status, "fairlead did not end well")
        self.addCleanup(stop)
        return server.wait_until_it_answers()

    def start_edges(self):
        """Tokyo, Frankfurt and Virginia on one port; the zone that serves them."""
        port = free_port()
        self.edges = {}
        for name, address in (("tokyo", "127.0.0.11"), ("frankfurt", "127.0.0.12"),
                              ("virginia", "127.0.0.13")):
            self.edges[name] = Edge(address, port)
            self.addCleanup(self.edges[name].stop)
        self.write_zone(ZONE.replace("PORT", str(port)))
        return self.edges


ZONE = """
zone: example.test
ttl: 1h
soa: {mname: ns1, rname: hostmaster, minimum: 30s}
checks:
  web: {type: http, port: PORT, path: /, host: www.example.test, status: 200,
        interval: 200ms, timeout: 200ms, fall: 3, rise: 2}
endpoints:
  tokyo:     {A: 127.0.0.11, at: JP, check: web}
  frankfurt: {A: 127.0.0.12, at: [50.11, 8.68], check: web}
  virginia:  {A: 127.0.0.13, at: US-VA, check: web}
pools:
  everywhere: {members: [tokyo, frankfurt, virginia], pick: nearest, max: 1}
records:
  "@":  {NS: [ns1, ns2], MX: [10 mail], TXT: ["v=spf1 mx -all"]}
  ns1:  {A: 198.51.100.1}
  ns2:  {A: 198.51.100.2}
  mail: {A: 198.51.100.25, AAAA: "2001:db8::25"}
  www:  {dynamic: {pool: everywhere, ttl: 30s, ttl_min: 1s}}
  "*":  {dynamic: {pool: everywhere, ttl: 30s, ttl_min: 1s}}
"""
JAPAN, GERMANY, USA = "133.11.0.0/16", "141.20.0.0/16", "18.4.0.0/16"


@contextlib.contextmanager
def port_taken():
    """A UDP port of 127.0.0.1 that somebody else has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        yield other.getsockname()[1]
