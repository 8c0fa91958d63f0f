"""An endpoint dies and returns; the answers follow, and explain says why."""
import time
import unittest

from fairlead import JAPAN, Case, run, wait_until

# Of ZONE: fall 3, rise 2, interval 0.2 s.
FALL, RISE = 3 * 0.2, 2 * 0.2
SLACK = 10  # for a loaded machine under a sanitizer; the bound itself is measured, not tested


class Health(Case):
    def setUp(self):
        super().setUp()
        self.edges = self.start_edges()

    def explain(self, server, *arguments):
        status, output, errors = run("explain", "www.example.test", "--client", "133.11.0.1",
                                     "--admin", server.admin, *arguments)
        self.assertEqual(status, 0, errors)
        return output

    def answer(self, server):
        return server.addresses("www.example.test", f"+subnet={JAPAN}")

    def test_a_dead_endpoint_leaves_and_comes_back(self):
        server = self.start()
        self.assertEqual(self.answer(server), ["127.0.0.11"])
        before = self.explain(server)
        self.assertRegex(before, r"✓ tokyo +127\.0\.0\.11 +up +0 km +nearest")

        killed = time.monotonic()
        self.edges["tokyo"].stop()
        wait_until(lambda: self.answer(server) == ["127.0.0.13"] or
                   self.answer(server) == ["127.0.0.12"], "tokyo to leave the answers")
        self.assertLess(time.monotonic() - killed, FALL + SLACK)
        after = self.explain(server)
        self.assertRegex(after, r"- tokyo +127\.0\.0\.11 +down .*is down \(connection refused")
        up = ('fairlead_endpoint_up{address="127.0.0.11",endpoint="tokyo",family="ipv4",'
              'zone="example.test"}')
        self.assertEqual(server.metric(up), 0)

        returned = time.monotonic()
        self.edges["tokyo"].start()
        wait_until(lambda: self.answer(server) == ["127.0.0.11"], "tokyo to come back")
        self.assertLess(time.monotonic() - returned, RISE + SLACK)
        self.assertEqual(server.metric(up), 1)
        self.assertRegex(server.log(), r"endpoint tokyo \(127\.0\.0\.11\) of example\.test: failing → "
                                       r"down: connection refused")

    def test_the_first_answer_knows_who_is_down(self):
        self.edges["tokyo"].stop()
        server = self.start()
        self.assertNotEqual(self.answer(server), ["127.0.0.11"])

    def test_when_all_are_down_all_are_served(self):
        for edge in self.edges.values():
            edge.stop()
        server = self.start()
        self.assertEqual(self.answer(server), ["127.0.0.11"])
        self.assertIn("nobody is healthy, so all_down: all serves", self.explain(server))

    def test_the_ttl_is_the_time_to_the_next_change(self):
        self.write_zone((self.folder / "zones/example.test.yaml").read_text()
                        .replace("interval: 200ms", "interval: 4s"))
        server = self.start()
        self.assertRegex(server.dig("www.example.test", f"+subnet={JAPAN}"),
                         r"www\.example\.test\.\s+12\s+IN\s+A")

    def test_explain_without_a_server_assumes_all_up(self):
        status, output, _ = run("explain", "www.example.test", "--client", "133.11.0.1", "--config",
                                self.config, "--admin", "127.0.0.1:1")
        self.assertEqual(status, 0)
        self.assertIn("no server answers at 127.0.0.1:1", output)
        self.assertIn("every endpoint assumed up", output)
        self.assertRegex(output, r"✓ tokyo +127\.0\.0\.11 +up")


if __name__ == "__main__":
    unittest.main()
