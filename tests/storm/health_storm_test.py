#!/usr/bin/env python3
"""Probes, reloads, overrides, scrapes and queries all at once, with a sanitizer watching the server.

Hundreds of checks ten times a second on hosts that come and go, a reload that changes zones every
second, an override every few milliseconds, kill -9 never: the server answers throughout and ends
well. --seconds says for how long (ctest: 20).
"""
import argparse
import json
import pathlib
import random
import select
import socket
import sys
import threading
import time
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import fairlead  # noqa: E402

SECONDS = 20
ENDPOINTS = 300
SEED = random.randrange(1 << 32)


class Host:
    """Accepts, answers, hangs or refuses, as the mood is, on every address of loopback."""

    def __init__(self, stop):
        self.stop, self.listener = stop, None
        self.listen(("0.0.0.0", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def listen(self, address):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(address)
        self.listener.listen(1024)
        self.listener.setblocking(False)

    def serve(self):
        held = []
        mood, until = "answer", 0
        while not self.stop.is_set():
            if time.monotonic() > until:
                mood = random.choice(["answer", "answer", "answer", "hang", "reset"])
                until = time.monotonic() + random.uniform(0.05, 1)
            if not select.select([self.listener], [], [], 0.05)[0]:
                continue
            try:
                client, _ = self.listener.accept()
            except OSError:
                continue
            if mood == "hang":
                held.append(client)
                if len(held) > 200:
                    held.pop(0).close()
                continue
            if mood == "reset":
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            else:
                try:
                    client.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                except OSError:
                    pass
            client.close()
        for client in held:
            client.close()
        self.listener.close()


def zone(port, endpoints, generation):
    lines = ["zone: example.test", "checks:",
             f"  tcp: {{type: tcp, port: {port}, interval: 100ms, timeout: 100ms, fall: 2, recheck: 100ms}}",
             f"  web: {{type: http, port: {port}, interval: 100ms, timeout: {90 + generation % 3}ms,"
             " judges: origin}", "endpoints:"]
    for i in range(endpoints):
        checks = ("check: tcp", "check: web", "checks: [tcp, web]", "checks: {any: [tcp, web]}")[i % 4]
        lines.append(f"  e{i}: {{A: 127.1.{i // 200}.{i % 200 + 1}, {checks}}}")
    every = ", ".join(f"e{i}" for i in range(0, endpoints, 10))
    lines += ["pools:", f"  some: {{members: [{every}], pick: failover, max: 3, then: rest}}",
              "  rest: {members: [e1, e2, e3]}", "records:", '  "@": {NS: ns1}',
              "  ns1: {A: 192.0.2.53}",
              f"  www: {{dynamic: {{pool: some, all_down: {('all', 'last_healthy')[generation % 2]}}}}}"]
    return "\n".join(lines) + "\n"


class HealthStorm(fairlead.Case):
    seconds = SECONDS

    def setUp(self):
        super().setUp()
        random.seed(SEED)
        self.stop = threading.Event()
        self.host = Host(self.stop)
        self.addCleanup(self.host.thread.join)
        self.addCleanup(self.stop.set)
        self.write_zone(zone(self.host.port, ENDPOINTS, 0))
        self.write_config(more="probes: {per_address: 0}\n")

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            f"http://{self.server.admin}{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + self.token})
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.status, reply.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def override(self):
        target = random.choice(["e1*", "pool:rest", "*", f"e{random.randrange(ENDPOINTS)}", "e?"])
        if random.random() < 0.4:
            self.assertIn(self.call("DELETE", f"/overrides?target={target}")[0], (200, 404))
        else:
            body = {"target": target, "force": random.choice(["drained", "up", "down"]),
                    "for": random.choice(["1s", "2s", None]), "ttl": random.choice(["1s", None])}
            self.assertIn(self.call("PUT", "/overrides", body)[0], (200, 404))
        self.counts["overrides"] += 1

    def reload(self):
        self.counts["reloads"] += 1
        generation = self.counts["reloads"]
        self.write_zone(zone(self.host.port, random.randint(ENDPOINTS // 2, ENDPOINTS), generation))
        status, body = self.call("POST", "/reload")
        self.assertEqual(status, 200, body)

    def look(self):
        for path in ("/status?endpoint=e1*", "/metrics", "/overrides",
                     "/explain?name=www.example.test&client=192.0.2.1"):
            self.assertEqual(self.call("GET", path)[0], 200, path)
        self.counts["looks"] += 1

    def ask(self):
        """Queries from a thread of its own, each answered."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.connect(("127.0.0.1", self.server.port))
            client.settimeout(30)
            message = b"\0\7\0\0\0\1\0\0\0\0\0\0\3www\7example\4test\0\0\1\0\1"
            while not self.stop.is_set():
                client.send(message)
                if client.recv(4096)[:2] == b"\0\7":
                    self.counts["queries"] += 1

    def test_everything_at_once(self):
        print(f"seed {SEED}, {self.seconds} s", flush=True)
        self.counts = {"overrides": 0, "reloads": 0, "looks": 0, "queries": 0}
        self.server = self.start()
        self.token = (self.folder / "state/admin-token").read_text().strip()
        asker = threading.Thread(target=self.ask)
        asker.start()
        self.addCleanup(asker.join)
        self.addCleanup(self.stop.set)
        end = time.monotonic() + self.seconds
        next_reload = 0
        while time.monotonic() < end:
            self.override()
            if time.monotonic() > next_reload:
                self.reload()
                self.look()
                next_reload = time.monotonic() + 1
            self.assertTrue(asker.is_alive(), "a query was not answered")
            self.assertIsNone(self.server.process.poll(), self.server.log()[-5000:])
        self.counts["probes"] = int(self.server.metric("fairlead_probes_started_total"))
        print(", ".join(f"{count} {what}" for what, count in self.counts.items()))
        self.assertGreater(self.counts["probes"], 100 * self.seconds)
        self.assertGreater(self.counts["reloads"], 1)
        self.assertGreater(self.counts["queries"], 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=SECONDS)
    options, rest = parser.parse_known_args()
    HealthStorm.seconds = options.seconds
    unittest.main(argv=[sys.argv[0], *rest])
