"""The uplink of this very node is cut: answers stay, over a kill and a reload, until it is back."""
import os
import re
import shutil
import subprocess
import sys
import unittest

from fairlead import Case, Edge, run, wait_until

EDGES = [f"127.0.0.1{n}" for n in range(1, 6)]
PORT = 8080  # of a network namespace of our own
ZONE = """
zone: example.test
checks:
  web: {type: http, port: 8080, interval: 500ms, timeout: 400ms}
endpoints:
  e1: {A: 127.0.0.11, check: web}
  e2: {A: 127.0.0.12, check: web}
  e3: {A: 127.0.0.13, check: web}
  e4: {A: 127.0.0.14, check: web}
  e5: {A: 127.0.0.15, check: web}
pools:
  all: {members: [e1, e2, e3, e4, e5]}
records:
  "@": {NS: ns1}
  ns1: {A: 192.0.2.53}
  www: {dynamic: {pool: all, all_down: servfail}}
"""


def nft(command):
    subprocess.run(["nft", command], check=True)


class Isolation(Case):
    def setUp(self):
        super().setUp()
        self.edges = [Edge(address, PORT) for address in EDGES]
        for edge in self.edges:
            self.addCleanup(edge.stop)
        self.write_zone(ZONE)
        nft("add table inet test")
        nft("add chain inet test in { type filter hook input priority 0; }")
        self.addCleanup(nft, "delete table inet test")

    def shown(self, server):
        """The word of each endpoint."""
        text = run("status", "--config", self.config, "--admin", server.admin)[1]
        return re.findall(r"^  . e\d +\S+ +(\S+)", text, re.MULTILINE)

    def test_answers_stay_while_this_node_is_cut_off(self):
        server = self.start()
        self.assertEqual(server.addresses("www.example.test"), EDGES)
        nft(f"add rule inet test in ip daddr {EDGES[0]}-{EDGES[-1]} tcp dport {PORT} drop")
        isolated = 'fairlead_isolated{uplink="ipv4"}'
        wait_until(lambda: server.metric(isolated) == 1, "the alarm")
        wait_until(lambda: self.shown(server) == ["held"] * 5, "all to be held")
        self.assertEqual(server.addresses("www.example.test"), EDGES)

        server.kill()
        server = self.start()
        self.assertEqual(server.addresses("www.example.test"), EDGES, "the first answer")
        wait_until(lambda: self.shown(server) == ["held"] * 5, "all to be held again")
        self.assertEqual(server.addresses("www.example.test"), EDGES)

        self.write_zone(ZONE.replace("interval: 500ms", "interval: 600ms"))
        self.assertEqual(run("reload", "--config", self.config, "--admin", server.admin)[0], 0)
        self.assertEqual(server.addresses("www.example.test"), EDGES, "after a reload")

        self.edges[4].stop()  # this one really dies meanwhile
        nft("flush chain inet test in")
        wait_until(lambda: server.addresses("www.example.test") == EDGES[:4], "the dead one to leave")
        wait_until(lambda: server.metric(isolated) == 0, "the end of the alarm")
        self.assertIn("connected again (ipv4)", server.log())


if __name__ == "__main__":
    if "--inside" in sys.argv:
        sys.argv.remove("--inside")
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        unittest.main()
    elif not shutil.which("nft") or subprocess.run(["unshare", "--net", "true"], check=False,
                                                   capture_output=True).returncode != 0:
        print("skipped: needs nft, and the right to make a network namespace")
    else:
        os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv, "--inside"])
