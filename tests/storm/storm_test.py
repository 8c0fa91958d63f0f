#!/usr/bin/env python3
"""A storm of malformed datagrams against the real server, a valid query after every 99 of them.

Every valid query is answered, the server's own counters equal what was sent, its memory is flat.
STORM is the sender, FAIRLEAD the server; --datagrams says how many (ctest: 200,000).
"""
import argparse
import os
import pathlib
import random
import re
import struct
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import fairlead  # noqa: E402

WARM_UP = 100_000  # datagrams before the first look at memory
ALLOWED_GROWTH = 1024  # KiB
DATAGRAMS = 200_000
ZONE = """
zone: example.test
soa: {mname: ns1, rname: hostmaster, serial: 1}
endpoints:
  tokyo:     {A: 192.0.2.1, AAAA: "2001:db8::1", at: JP}
  frankfurt: {A: 192.0.2.2, at: DE}
pools:
  near: {members: [tokyo, frankfurt], pick: nearest, max: 1}
records:
  "@":     {NS: [ns1], MX: [10 mail], TXT: [text]}
  ns1:     {A: 198.51.100.1}
  mail:    {A: 198.51.100.25, AAAA: "2001:db8::25"}
  www:     {dynamic: near}
  "*.w":   {A: 192.0.2.9}
  alias:   {CNAME: www}
"""
NAMES = ["example.test", "mail.example.test", "www.example.test", "x.w.example.test",
         "alias.example.test", "w.example.test"]
TYPES = [1, 2, 6, 15, 16, 28, 65, 255, 257]
OPTIONS = [b"", b"\0\3\0\0", b"\0\x0a\0\x08cookie42", b"\0\x08\0\x07\0\1\x18\0\x85\x0b\0",
           b"\0\x0c\0\x04\0\0\0\0"]


def query(name, number, options):
    question = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    message = struct.pack(">HHHHHH", 0, 0x0100, 1, 0, 0, 0 if options is None else 1)
    message += question + b"\0" + struct.pack(">HH", number, 1)
    if options is not None:
        message += struct.pack(">BHHBBHH", 0, 41, 1232, 0, 0, 0x8000, len(options)) + options
    return message


def queries():
    chosen = [query(name, number, options) for name in NAMES for number in TYPES
              for options in [None, *OPTIONS]]
    return b"".join(struct.pack(">H", len(one)) + one for one in chosen)


class Storm(fairlead.Case):
    def resident(self, server):
        """KiB."""
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1))

    def send(self, server, datagrams, seed):
        result = subprocess.run(
            [os.environ["STORM"], "127.0.0.1", str(server.port), str(datagrams), str(seed)],
            input=queries(), capture_output=True, check=False)
        self.assertEqual(result.returncode, 0, result.stderr + result.stdout)
        return {name: int(value) for name, value in
                (line.split() for line in result.stdout.decode().splitlines())}

    def test_every_valid_query_is_answered_and_everything_is_counted(self):
        self.config.write_text(self.config.read_text().replace("workers: 2", "workers: 1"))
        self.write_zone(ZONE)
        server = self.start()
        seed = random.randrange(2**32)
        print(f"seed {seed}")
        first = self.send(server, min(WARM_UP, DATAGRAMS // 2), seed)
        before = self.resident(server)
        rest = self.send(server, DATAGRAMS - first["sent"], seed + 1)
        after = self.resident(server)

        total = {name: first[name] + rest[name] for name in first}
        metrics = server.get("/metrics")[1]

        def count(family):
            return sum(int(float(value)) for value in
                       re.findall(rf"^{family}(?:{{[^}}]*}})? (\S+)$", metrics, re.M))
        print(total, f"resident {before} KiB, then {after} KiB")
        self.assertEqual(total["valid"], total["answered"])
        self.assertEqual(count("fairlead_dns_queries_total"), total["sent"])
        self.assertEqual(count("fairlead_dns_responses_total"),
                         total["answered"] + total["replies"])
        self.assertEqual(count("fairlead_dns_dropped_total"),
                         total["sent"] - total["answered"] - total["replies"])
        self.assertEqual(count("fairlead_dns_send_failures_total"), 0)
        self.assertEqual(server.metric('fairlead_dns_responses_total{rcode="SERVFAIL"}') or 0, 0)
        self.assertLessEqual(after - before, ALLOWED_GROWTH)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datagrams", type=int, default=DATAGRAMS)
    arguments, others = parser.parse_known_args()
    DATAGRAMS = arguments.datagrams
    unittest.main(argv=[sys.argv[0], *others])
