"""What operators say: drain, force, drill; who may, how long it holds, what survives."""
import json
import re
import stat
import time
import unittest

from fairlead import JAPAN, Case, run, wait_until

TOKYO, FRANKFURT, VIRGINIA = "127.0.0.11", "127.0.0.12", "127.0.0.13"


class Overrides(Case):
    def setUp(self):
        super().setUp()
        self.start_edges()

    def command(self, server, *arguments, status=0):
        """What it prints; on standard error if it fails."""
        ended, output, errors = run(*arguments, "--config", self.config, "--admin", server.admin)
        self.assertEqual(ended, status, output + errors)
        return errors if status else output

    def answer(self, server):
        return server.addresses("www.example.test", f"+subnet={JAPAN}")

    def explain(self, server):
        return self.command(server, "explain", "www.example.test", "--client", "133.11.0.1")

    def test_drain_and_back(self):
        server = self.start()
        self.assertEqual(self.answer(server), [TOKYO])
        said = self.command(server, "drain", "tokyo", "--reason", "kernel update", "--author", "alice")
        self.assertEqual(said, "example.test/tokyo: drained, until it is taken back\n")
        self.assertNotEqual(self.answer(server), [TOKYO])
        status = self.command(server, "status")
        self.assertRegex(status, r"- tokyo +127\.0\.0\.11 +drained .*by alice.*kernel update.*really up")
        self.assertIn("override tokyo  drained by alice: kernel update (1 endpoint)", status)
        self.assertRegex(self.explain(server), r"- tokyo .*drained.*alice.*kernel update")
        self.assertEqual(server.metric('fairlead_overrides{kind="drained"}'), 1)
        said = self.command(server, "undrain", "tokyo")
        self.assertEqual(said, "override of tokyo taken back\n")
        self.assertEqual(self.answer(server), [TOKYO])
        self.assertEqual(server.metric('fairlead_overrides{kind="drained"}'), 0)

    def test_force_by_pool_and_by_glob(self):
        server = self.start()
        self.command(server, "force", "pool:everywhere", "down")
        self.command(server, "force", "example.test/v*", "up")
        self.assertEqual(self.answer(server), [VIRGINIA])
        self.edges["virginia"].stop()
        wait_until(lambda: re.search(r"virginia .*forced-up .*really down",
                                     self.command(server, "status")), "the real state")
        self.assertEqual(self.answer(server), [VIRGINIA], "forced, whatever its checks say")

    def test_they_end_by_themselves_and_cap_the_ttl(self):
        server = self.start()
        self.command(server, "force", "tokyo", "up", "--for", "2s", "--ttl", "1s")
        self.assertRegex(server.dig("www.example.test", f"+subnet={JAPAN}"), r"\s1\s+IN\s+A\s+127")
        self.command(server, "force", "frankfurt", "down", "--for", "1h")
        wait_until(lambda: "override tokyo" not in self.command(server, "status"), "the end")
        self.assertIn("override of tokyo, forced-up: expired", server.log())
        self.assertIn("override frankfurt", self.command(server, "status"))

    def test_what_still_holds_is_said(self):
        server = self.start()
        self.command(server, "drain", "tokyo")
        self.command(server, "drain", "*")
        self.assertEqual(self.command(server, "undrain", "*"),
                         "override of * taken back\n"
                         "example.test/tokyo is still drained, by the override of tokyo\n")

    def test_everybody_drained_is_served_all_the_same(self):
        server = self.start()
        self.command(server, "drain", "*")
        self.assertEqual(len(self.answer(server)), 1)
        self.assertIn("all_down", self.explain(server))

    def test_a_drill_tells_when_answers_changed(self):
        server = self.start()
        started = time.monotonic()
        said = self.command(server, "drill", "tokyo", "--for", "2s", "--client", JAPAN)
        self.assertGreater(time.monotonic() - started, 2)
        self.assertRegex(said, r"(?m)^www\.example\.test A: left after \d+ ms; caches may keep it for "
                               r"\d+ s more$")
        self.assertRegex(said, r"(?m)^\*\.example\.test A: back [\d.]+ m?s after the end$")
        self.assertEqual(self.answer(server), [TOKYO])
        errors = self.command(server, "drill", "tokyo", "--for", "2s", "--client", "141.20.0.0/16",
                              status=1)
        self.assertIn("no answer that this client gets has it", errors)

    def test_what_is_wrong_is_said(self):
        server = self.start()
        self.assertIn("no endpoint is named `tokio`, did you mean `tokyo`?",
                      self.command(server, "drain", "tokio", status=1))
        self.assertIn("`for`: `60` has no unit", self.command(server, "drain", "tokyo", "--for", "60",
                                                              status=1))
        self.assertIn("no drain or force has the target `tokyo`; there is none at all",
                      self.command(server, "undrain", "tokyo", status=1))

    def test_only_who_has_the_token_changes_anything(self):
        server = self.start()
        token = self.folder / "state/admin-token"
        self.assertEqual(stat.S_IMODE(token.stat().st_mode), 0o600)
        for method, path in (("POST", "/reload"), ("PUT", "/overrides"),
                             ("DELETE", "/overrides?target=tokyo")):
            self.assertEqual(server.get(path, method)[0], 401)
            self.assertEqual(server.get(path, method, ["Authorization: Bearer 00"])[0], 401)
        wrong = self.folder / "wrong"
        wrong.write_text("0" * 64 + "\n")
        wrong.chmod(0o600)
        self.assertIn("admin-token", self.command(server, "drain", "tokyo", "--token-file", wrong,
                                                  status=1))
        self.command(server, "drain", "tokyo", "--token-file", token)
        self.assertEqual(server.get("/status")[0], 200)

    def test_the_status_is_json_for_programs(self):
        server = self.start()
        status = json.loads(self.command(server, "status", "f*", "--json"))
        self.assertEqual([e["endpoint"] for e in status["endpoints"]], ["frankfurt"])
        self.assertEqual(status["endpoints"][0]["shown"], "up")
        self.assertEqual(status["isolated"], [])

    def test_they_outlive_a_server_that_is_killed(self):
        server = self.start()
        self.command(server, "drain", "tokyo", "--reason", "for good")
        self.command(server, "force", "virginia", "down", "--for", "1h")
        before = self.answer(server)
        self.assertEqual(before, [FRANKFURT])
        server.kill()
        again = self.start()
        self.assertEqual(self.answer(again), before, "the first answer")
        status = self.command(again, "status")
        self.assertIn("override tokyo  drained", status)
        self.assertIn("override virginia  forced-down", status)

    def test_a_reload_keeps_them(self):
        server = self.start()
        self.command(server, "drain", "tokyo")
        zone = self.folder / "zones/example.test.yaml"
        zone.write_text(zone.read_text() + "  more: {A: 192.0.2.1}\n")
        self.command(server, "reload")
        self.assertNotEqual(self.answer(server), [TOKYO])


CANARY = """
zone: canary.test
soa: {mname: ns1, rname: hostmaster, minimum: 30s}
endpoints:
  stable: {A: 192.0.2.1}
  canary: {A: 192.0.2.2}
pools:
  web:   {members: [{stable: 100}, {canary: 0}], pick: weighted}
  order: {members: [stable, canary], pick: failover}
records:
  "@":   {NS: ns1}
  ns1:   {A: 192.0.2.53}
  www:   {dynamic: {pool: web, ttl: 30s, ttl_min: 1s}}
  first: {dynamic: order}
"""
STABLE_IP, CANARY_IP = "192.0.2.1", "192.0.2.2"


class Weights(Case):
    def setUp(self):
        super().setUp()
        self.write_zone(CANARY, "canary.test.yaml")

    def command(self, server, *arguments, status=0):
        """What it prints; on standard error if it fails."""
        ended, output, errors = run(*arguments, "--config", self.config, "--admin", server.admin)
        self.assertEqual(ended, status, output + errors)
        return errors if status else output

    def drawn(self, server, questions=150):
        """How often each address was the answer."""
        lines = server.dig("+short", *["www.canary.test"] * questions).split()
        self.assertEqual(len(lines), questions)
        return lines.count(STABLE_IP), lines.count(CANARY_IP)

    def test_a_canary_comes_and_goes(self):
        server = self.start()
        self.assertEqual(self.drawn(server), (150, 0))
        said = self.command(server, "weigh", "canary", "100", "--author", "anna", "--reason", "v7")
        self.assertEqual(said, "canary.test/canary: weight 100, until it is taken back\n")
        stable, canary = self.drawn(server)  # each at least once, but in one of 2^149 cases
        self.assertTrue(stable > 0 and canary > 0, (stable, canary))
        self.command(server, "weigh", "stable", "0")
        self.assertEqual(self.drawn(server), (0, 150))

        status = self.command(server, "status")
        self.assertRegex(status, r"canary +192\.0\.2\.2 .*weight 100 \(configured 0, by anna: v7\)")
        self.assertIn("override canary  weight 100 by anna: v7 (1 endpoint)", status)
        explained = self.command(server, "explain", "www.canary.test", "--client", "133.11.0.1")
        self.assertRegex(explained, r"canary .*by anna: v7")
        self.assertEqual(
            server.metric('fairlead_endpoint_weight{endpoint="canary",zone="canary.test"}'), 100)
        self.assertEqual(server.metric('fairlead_overrides{kind="weight"}'), 2)
        self.assertIn("override of canary, weight 100: made, by anna (v7)", server.log())

        self.assertEqual(self.command(server, "weigh", "stable", "usual"),
                         "weight of stable taken back\n")
        self.command(server, "weigh", "canary", "usual")
        self.assertEqual(self.drawn(server), (150, 0))
        self.assertEqual(server.metric('fairlead_overrides{kind="weight"}'), 0)

    def test_weights_and_drains_do_not_touch_each_other(self):
        server = self.start()
        self.command(server, "weigh", "canary", "1")
        self.command(server, "weigh", "stable", "0")
        self.command(server, "drain", "canary")
        self.assertEqual(self.drawn(server), (150, 0), "the only one that is not drained")
        self.command(server, "undrain", "canary")
        self.assertEqual(self.drawn(server), (0, 150))
        self.command(server, "weigh", "*", "0")
        self.assertEqual(self.command(server, "weigh", "*", "usual"),
                         "weight of * taken back\n"
                         "canary.test/stable still has weight 0, by the override of stable\n"
                         "canary.test/canary still has weight 1, by the override of canary\n")

    def test_they_outlive_a_server_that_is_killed(self):
        server = self.start()
        self.command(server, "weigh", "canary", "1000000", "--for", "1h")
        self.command(server, "weigh", "canary.test/stable", "0")
        self.assertEqual(self.drawn(server), (0, 150))
        server.kill()
        again = self.start()
        self.assertEqual(self.drawn(again), (0, 150))
        self.assertRegex(self.command(again, "status"), r"override canary  weight 1000000 .*until 20")

    def test_they_end_by_themselves_and_cap_the_ttl(self):
        server = self.start()
        self.command(server, "weigh", "pool:web", "7", "--for", "2s", "--ttl", "1s")
        self.assertRegex(server.dig("www.canary.test"), r"\s1\s+IN\s+A\s+192")
        wait_until(lambda: "weight 7" not in self.command(server, "status"), "the end")
        self.assertEqual(self.drawn(server), (150, 0))
        self.assertIn("override of pool:web, weight 7: expired", server.log())

    def test_what_is_wrong_is_said(self):
        self.start_edges()
        server = self.start()
        for wrong in ("1.5", "much", "1000001", ""):
            said = self.command(server, "weigh", "canary", wrong, status=1)
            self.assertIn("whole number from 0", said, wrong)
        self.assertIn("would change nothing", self.command(server, "weigh", "tokyo", "1", status=1))
        self.assertIn("goes without --for", self.command(server, "weigh", "canary", "usual", "--for",
                                                         "1h", status=1))
        self.assertIn("no weight has the target `canary`; there is none at all",
                      self.command(server, "weigh", "canary", "usual", status=1))


if __name__ == "__main__":
    unittest.main()
