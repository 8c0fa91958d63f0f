"""A server that is killed goes on where it was: same answers, no check twice at once."""
import datetime
import json
import random
import socket
import threading
import unittest

from fairlead import JAPAN, Case, Edge, free_port, wait_until

SEED = random.randrange(1 << 32)
ROUNDS = 6


class Restart(Case):
    def setUp(self):
        super().setUp()
        random.seed(SEED)
        port = free_port()
        self.edges = [Edge(f"127.0.5.{n}", port) for n in range(1, 5)]
        for edge in self.edges:
            self.addCleanup(edge.stop)
        # A long interval: what is known after the restart can only be what was known before it.
        endpoints = "\n".join(f"  e{n}: {{A: 127.0.5.{n}, check: web}}" for n in range(1, 5))
        self.write_zone(f"""
zone: example.test
checks:
  web: {{type: http, port: {port}, interval: 300ms, timeout: 300ms, fall: 2, rise: 2}}
endpoints:
{endpoints}
pools:
  all: {{members: [e1, e2, e3, e4]}}
records:
  "@": {{NS: ns1}}
  ns1: {{A: 192.0.2.53}}
  www: {{dynamic: {{pool: all, ttl: 1s, ttl_min: 1s}}}}
""")

    def answer(self, server):
        return server.addresses("www.example.test", f"+subnet={JAPAN}")

    def keep_asking(self, server, last, stop):
        """The newest answer, from a thread under load."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.connect(("127.0.0.1", server.port))
            client.settimeout(0.5)
            while not stop.is_set():
                try:
                    client.send(b"\0\7\0\0\0\1\0\0\0\0\0\0\3www\7example\4test\0\0\1\0\1")
                    reply = client.recv(4096)
                except OSError:
                    continue
                # Header, question of 22 octets, records of 16 (a pointer, fixed fields, an address).
                count = int.from_bytes(reply[6:8], "big")
                last["answer"] = sorted(socket.inet_ntoa(reply[34 + 16 * i + 12:34 + 16 * i + 16])
                                        for i in range(count))
                last["count"] = last.get("count", 0) + 1

    def test_the_first_answer_after_a_kill_is_the_last_one_before_it(self):
        print(f"seed {SEED}")
        server = self.start()
        down = set()
        for _ in range(ROUNDS):
            edge = random.choice(self.edges)
            if edge in down and len(down) > 1:
                edge.start()
                down.remove(edge)
            elif len(down) < 3:
                edge.stop()
                down.add(edge)
            expected = sorted(e.address for e in self.edges if e not in down)
            wait_until(lambda: self.answer(server) == expected, f"{expected} to be answered")
            last, stop = {}, threading.Event()
            asker = threading.Thread(target=self.keep_asking, args=(server, last, stop))
            asker.start()
            wait_until(lambda: last.get("count", 0) > 100, "answers")
            server.kill()
            stop.set()
            asker.join()
            server = self.start()
            self.assertEqual(self.answer(server), last["answer"])
            self.assertEqual(last["answer"], expected)
            self.assert_no_overlap(server)

    def assert_no_overlap(self, server):
        """Of the latest probes of each endpoint, those of the killed server included."""
        for endpoint in json.loads(server.get("/status")[1])["endpoints"]:
            ended = datetime.datetime.fromtimestamp(0, datetime.timezone.utc)
            for result in endpoint["checks"][0]["results"]:
                began = datetime.datetime.fromisoformat(result["at"])
                # Times are whole milliseconds, and two clocks were translated into each other.
                self.assertGreaterEqual(began, ended - datetime.timedelta(milliseconds=5))
                ended = began + datetime.timedelta(milliseconds=result["took_ms"])

    def test_probes_of_one_endpoint_never_overlap(self):
        server = self.start()

        def probed():
            endpoints = json.loads(server.get("/status")[1])["endpoints"]
            return all(len(e["checks"][0]["results"]) > 10 for e in endpoints)
        wait_until(probed, "some rounds")
        self.assert_no_overlap(server)


if __name__ == "__main__":
    unittest.main()
