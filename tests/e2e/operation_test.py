"""Start, reload, stop, and what goes wrong with them."""
import os
import pathlib
import re
import shutil
import signal
import time
import unittest

from fairlead import SOURCE, Case, Server, port_taken, run, wait_until

ZONE = """
zone: example.test
records:
  "@": {NS: ns1}
  ns1: {A: 192.0.2.1}
  www: {A: 192.0.2.2}
"""
TEN_FAULTS = """
zone: example.test
ttl: 60
checks:
  web: {type: htps, port: 80}
  tcp: {type: tcp, port: 99999}
endpoints:
  a: {A: 1.2.3}
  b: {A: 192.0.2.2, chek: tcp}
pools:
  p: {members: [a, c]}
records:
  "@": {NS: ns1}
  ns1: {A: 192.0.2.53}
  www: {dynamic: {rules: [{country: NO, pool: p}]}}
  x: {MX: mail}
  y: {A: 192.0.2.1, CNAME: ns1}
  y: {A: 192.0.2.1}
"""


class Reload(Case):
    def setUp(self):
        super().setUp()
        self.write_zone(ZONE)
        # Edited an hour ago: the automatic serial of the next edit is sure to be higher.
        an_hour_ago = time.time() - 3600
        os.utime(self.folder / "zones/example.test.yaml", (an_hour_ago, an_hour_ago))

    def reload(self, server):
        return run("reload", "--config", self.config, "--admin", server.admin)

    def test_takes_over_what_changed_and_says_so(self):
        server = self.start()
        self.write_zone(ZONE.replace("192.0.2.2", "192.0.2.3"))
        self.write_zone(ZONE.replace("example.test", "other.test"), "other.test.yaml")
        status, output, _ = self.reload(server)
        self.assertEqual(status, 0)
        self.assertRegex(output, r"reloaded, generation \d+\nzone example\.test\. changed: serial \d+, "
                                 r"3 names\nzone other\.test\. is new: serial \d+, 3 names\n")
        self.assertEqual(server.addresses("www.example.test"), ["192.0.2.3"])
        self.assertEqual(server.addresses("www.other.test"), ["192.0.2.2"])
        self.assertEqual(server.metric('fairlead_reloads_total{result="ok"}'), 1)
        self.assertEqual(self.reload(server)[1].splitlines()[1], "nothing changed")

    def test_the_hangup_signal_does_the_same(self):
        server = self.start()
        self.write_zone(ZONE.replace("192.0.2.2", "192.0.2.3"))
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: server.addresses("www.example.test") == ["192.0.2.3"], "the reload")

    def test_with_ten_faults_gives_ten_messages_and_changes_nothing(self):
        server = self.start()
        self.write_zone(TEN_FAULTS)
        self.write_zone(ZONE.replace("example.test", "other.test"), "other.test.yaml")
        status, output, errors = self.reload(server)
        self.assertEqual((status, output), (1, ""))
        lines = errors.splitlines()
        self.assertEqual(len(lines), 11, errors)
        for line in lines[:10]:
            self.assertRegex(line, r"zones/example\.test\.yaml:\d+:\d+: ")
        self.assertEqual(lines[10], "not reloaded: 10 problem(s); everything stays as it was")
        self.assertEqual(server.addresses("www.example.test"), ["192.0.2.2"])
        self.assertIn("REFUSED", server.dig("www.other.test"))
        self.assertEqual(server.metric('fairlead_reloads_total{result="failed"}'), 1)

    def test_options_of_the_start_are_named(self):
        server = self.start()
        self.write_config(more="log: {level: debug}\n")
        self.assertIn("`log` changed: takes effect at the next start", self.reload(server)[1])

    def test_needs_post(self):
        server = self.start()
        self.assertEqual(server.get("/reload")[0], 405)
        self.assertEqual(server.get("/reload", "POST")[0], 401)
        self.assertEqual(server.get("/reload", "POST", ["Origin: http://evil.example"])[0], 403)
        self.assertEqual(server.get("/reload", "POST", ["Host: evil.example"])[0], 403)

    def test_says_that_no_server_answers(self):
        self.write_zone(ZONE)
        self.start()  # it makes the token
        status, _, errors = run("reload", "--config", self.config, "--admin", "127.0.0.1:1")
        self.assertEqual(status, 1)
        self.assertIn("127.0.0.1:1", errors)


class Check(Case):
    def test_finds_ten_faults(self):
        self.write_zone(TEN_FAULTS)
        status, output, errors = run("check", "--config", self.config)
        self.assertEqual((status, output), (1, ""))
        self.assertEqual(errors.splitlines()[-1], "10 problem(s)")
        self.assertEqual(len(errors.splitlines()), 11)

    def test_says_what_is_there(self):
        self.write_zone(ZONE)
        status, output, errors = run("check", "--config", self.config)
        self.assertEqual((status, errors), (0, ""))
        self.assertRegex(output, r"zone example\.test\.: 3 names, serial \d+\n")
        self.assertTrue(output.endswith("ok\n"))

    def test_warns_of_what_is_allowed_and_looks_like_a_mistake(self):
        self.write_zone("zone: example.test\nrecords:\n  '@': {NS: [ns1], MX: [10 alias]}\n"
                        "  ns1: {A: 192.0.2.53}\n  alias: {CNAME: ns1}\n"
                        "  round: {CNAME: about}\n  about: {CNAME: round}\n")
        status, output, errors = run("check", "--config", self.config)
        self.assertEqual(status, 0)
        self.assertTrue(output.endswith("ok\n"))
        self.assertRegex(errors, r"warning: .*MX of example\.test\. points to alias\.example\.test\.")
        self.assertRegex(errors, r"warning: .*the CNAME of round\.example\.test\. leads back to itself")

    def test_knows_the_example_that_make_run_serves(self):
        status, output, errors = run("check", "--config", SOURCE / "deploy/example/fairlead.yaml")
        self.assertEqual(status, 0, errors)
        self.assertIn("3 endpoints, 1 pools, 3 checks", output)


class Start(Case):
    def setUp(self):
        super().setUp()
        self.write_zone(ZONE)

    def failed_start(self):
        server = Server(self.config)
        self.addCleanup(server.stop)
        self.assertEqual(server.process.wait(60), 1)
        return server.log()

    def test_names_the_port_in_use_and_the_option(self):
        with port_taken() as port:
            self.write_config(f"127.0.0.1:{port}")
            log = self.failed_start()
        self.assertIn(f"cannot listen on 127.0.0.1:{port} (UDP): address already in use", log)
        self.assertIn("`listen` in fairlead.yaml", log)

    def test_a_second_server_does_not_share_the_port(self):
        first = self.start()
        self.write_config(f"127.0.0.1:{first.port}")
        self.assertIn("address already in use", self.failed_start())

    def threads(self, server, name):
        """The cores that each thread of that name may use."""
        tasks = pathlib.Path(f"/proc/{server.process.pid}/task")
        return sorted(sorted(os.sched_getaffinity(int(task.name))) for task in tasks.iterdir()
                      if (task / "comm").read_text().strip() == name)

    def test_puts_each_worker_on_its_core(self):
        cores = sorted(os.sched_getaffinity(0))
        usual = self.config.read_text()
        self.config.write_text(usual.replace("workers: 2",
                                             "workers: {cores: all, steer: true}\n"
                                             "udp: {busy_poll: 50us}"))
        server = self.start()
        self.assertEqual(self.threads(server, "udp"), [[core] for core in cores])
        self.assertEqual(self.threads(server, "tcp"), [cores])
        self.assertIn("status: NOERROR", server.dig("example.test", "SOA"))
        self.config.write_text(usual.replace("workers: 2", "workers: {cores: [1023]}"))
        log = self.failed_start()
        self.assertIn("this process may not use core 1023", log)
        self.assertIn("`workers.cores` in fairlead.yaml", log)

    def test_with_a_broken_file_says_all_and_ends(self):
        self.write_zone(TEN_FAULTS)
        log = self.failed_start()
        self.assertEqual(log.splitlines()[-1], "fairlead: not started: 10 problem(s)")

    def test_ends_cleanly_on_both_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            server = Server(self.config).wait_until_it_answers()
            self.assertEqual(server.stop(number), 0, server.log())
            self.assertIn("stopped", server.log())


class GeoDatabase(Case):
    ZONE = """
zone: example.test
endpoints:
  near: {A: 192.0.2.1}
  far: {A: 192.0.2.2}
pools:
  japan: {members: near}
  world: {members: far}
records:
  "@": {NS: ns1}
  ns1: {A: 192.0.2.53}
  www: {dynamic: {rules: [{country: JP, pool: japan}, {pool: world}]}}
"""

    def setUp(self):
        super().setUp()
        self.write_zone(self.ZONE)
        self.database = self.folder / "country.mmdb"
        shutil.copy(SOURCE / "geo/data/country.mmdb", self.database)
        self.write_config(more=f"geo: {{databases: [{self.database}]}}\n")

    def from_japan(self, server):
        return server.addresses("www.example.test", "+subnet=133.11.0.0/16")

    def loaded(self, server):
        values = [server.metric(row.rsplit(" ", 1)[0]) for row in server.get("/metrics")[1].splitlines()
                  if re.match(r"fairlead_geo_database_loaded\{", row)]
        return values

    def test_missing_or_corrupt_at_the_start_leaves_service_without_geography(self):
        for content in (None, b"", b"not a database", self.database.read_bytes()[:100_000]):
            with self.subTest(size=None if content is None else len(content)):
                self.database.unlink(missing_ok=True)
                if content is not None:
                    self.database.write_bytes(content)
                server = Server(self.config).wait_until_it_answers()
                self.addCleanup(server.stop)
                self.assertEqual(self.from_japan(server), ["192.0.2.2"])
                self.assertIn("warning", server.log())
                self.assertIn(str(self.database), server.log())
                self.assertEqual(self.loaded(server), [0])
                _, output, _ = run("explain", "www.example.test", "--client", "133.11.0.1",
                                   "--admin", server.admin)
                self.assertIn("no geo database is loaded", output)
                self.assertEqual(server.stop(), 0)

    def test_corrupt_at_a_reload_keeps_the_old_one(self):
        server = self.start()
        self.assertEqual(self.from_japan(server), ["192.0.2.1"])
        self.database.write_bytes(b"not a database")
        status, _, errors = run("reload", "--config", self.config, "--admin", server.admin)
        self.assertEqual(status, 1)
        self.assertIn(str(self.database), errors)
        self.assertIn("everything stays as it was", errors)
        self.assertEqual(self.from_japan(server), ["192.0.2.1"])
        self.assertEqual(self.loaded(server), [1])

    def test_still_broken_does_not_stand_in_the_way_of_a_reload(self):
        self.database.write_bytes(b"not a database")
        server = self.start()
        self.write_zone(self.ZONE.replace("192.0.2.2}", "192.0.2.3}"))
        self.assertEqual(run("reload", "--config", self.config, "--admin", server.admin)[0], 0)
        self.assertEqual(self.from_japan(server), ["192.0.2.3"])


if __name__ == "__main__":
    unittest.main()
