"""Geo databases are replaced under a running server: by a good one, and by a bad one."""
import os
import re
import unittest

from fairlead import SOURCE, Case, run, wait_until

JAPAN = "+subnet=133.11.0.0/24"


def edition(days, swap=None):
    """The bundled database, built so many days later; `swap` makes one country another."""
    data = (SOURCE / "geo/data/country.mmdb").read_bytes()
    place = data.rindex(b"build_epoch") + len(b"build_epoch") + 2  # behind type and size
    built = int.from_bytes(data[place:place + 4], "big") + days * 86400
    data = data[:place] + built.to_bytes(4, "big") + data[place + 4:]
    if swap:
        old, new = (b"\x42" + code.encode() for code in swap)
        assert data.count(old) == 1
        data = data.replace(old, new)
    return data, built


class Databases(Case):
    def replace(self, data):
        """As it should be done: written beside it and renamed."""
        fresh = self.folder / "fresh.mmdb"
        fresh.write_bytes(data)
        os.rename(fresh, self.folder / "country.mmdb")

    def test_a_new_edition_is_taken_over_and_a_broken_one_is_not(self):
        first, built = edition(0)
        self.replace(first)
        path = self.folder / "country.mmdb"
        self.write_config(more=f"geo: {{databases: [{path}]}}\n")
        self.write_zone("""
zone: example.test
endpoints:
  tokyo: {A: 192.0.2.1}
  seoul: {A: 192.0.2.2}
  other: {A: 192.0.2.3}
pools:
  japan: {members: [tokyo]}
  korea: {members: [seoul]}
  rest: {members: [other]}
records:
  "@": {NS: ns1}
  ns1: {A: 192.0.2.53}
  www: {dynamic: {rules: [{country: JP, pool: japan}, {country: KR, pool: korea}, {pool: rest}]}}
""")
        server = self.start()
        self.assertEqual(server.addresses("www.example.test", JAPAN), ["192.0.2.1"])

        def built_as_shown():
            rows = re.findall(r"fairlead_geo_database_built_timestamp_seconds\{.*\} (\S+)",
                              server.get("/metrics")[1])
            return [int(float(row)) for row in rows]
        self.assertEqual(built_as_shown(), [built])

        second, built = edition(7, swap=("JP", "KR"))
        self.replace(second)
        wait_until(lambda: server.addresses("www.example.test", JAPAN) == ["192.0.2.2"],
                   "the new edition to be used")
        self.assertEqual(built_as_shown(), [built])
        self.assertRegex(server.log(), r"geo database \S+country\.mmdb is new or newer")

        self.replace(second[:100000])
        wait_until(lambda: "those in use stay" in server.log(), "the broken one to be refused")
        self.assertEqual(server.addresses("www.example.test", JAPAN), ["192.0.2.2"])
        self.assertEqual(built_as_shown(), [built])

        def alarms():
            _, output, _ = run("status", "--config", self.config, "--admin", server.admin)
            return [line for line in output.splitlines() if "those in use stay" in line]
        self.assertEqual(len(alarms()), 1)

        self.replace(first)
        wait_until(lambda: server.addresses("www.example.test", JAPAN) == ["192.0.2.1"],
                   "the first edition to be used again")
        self.assertIn("the geo databases in use are those on the disk again", server.log())
        self.assertEqual(alarms(), [])

        self.replace(second[:100000])
        wait_until(lambda: server.log().count("those in use stay") == 2, "the next refusal")
        self.assertEqual(run("reload", "--config", self.config, "--admin", server.admin)[0], 1)
        self.assertEqual(len(alarms()), 1, "nor can a reload use it")
        self.replace(second)
        self.assertEqual(run("reload", "--config", self.config, "--admin", server.admin)[0], 0)
        self.assertEqual(alarms(), [], "a reload can end the alarm")


if __name__ == "__main__":
    unittest.main()
