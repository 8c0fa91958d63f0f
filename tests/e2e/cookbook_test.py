"""Every zone of the cookbook loads, and every row of its tables is what `explain` says."""
import json
import re
import unittest

from fairlead import SOURCE, Case, run

COOKBOOK = (SOURCE / "docs/cookbook.md").read_text()
RECIPE = re.compile(r"^```yaml zone (\w+)\n(.*?)^```\n\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| (\S+) \| (\S+) \([^)]+\) \|([^|]*)\| ([^|]+) \|$", re.MULTILINE)


def recipes():
    """Name, zone, and rows of name, client, assumptions, answers."""
    for name, zone, behind in RECIPE.findall(COOKBOOK):
        yield name, zone, [(owner, client, assumed.split(), answer.split())
                           for owner, client, assumed, answer in ROW.findall(behind)]


class Cookbook(Case):
    def explain(self, owner, client, assumed):
        """The data of the answer, sorted."""
        arguments = [word for one in assumed for word in ("--assume", one)]
        status, output, errors = run("explain", owner, "A", "--client", client, *arguments, "--json",
                                     "--config", self.config, "--admin", "127.0.0.1:1")
        self.assertEqual(status, 0, errors)
        answer = json.loads(output)["clients"][0]["answer"]
        return sorted(record["data"] for record in answer["records"])

    def test_every_recipe_is_sound_and_answers_as_it_says(self):
        found = list(recipes())
        self.assertEqual(len(found), 6, "the pattern above no longer finds the recipes")
        for name, zone, rows in found:
            with self.subTest(name):
                self.write_zone(zone, "example.org.yaml")
                status, output, errors = run("check", "--config", self.config)
                self.assertEqual((status, errors), (0, ""), output)
                self.assertGreater(len(rows), 1)
                for owner, client, assumed, answer in rows:
                    self.assertEqual(self.explain(owner, client, assumed), sorted(answer),
                                     f"{owner} for {client}, assumed {assumed}")


if __name__ == "__main__":
    unittest.main()
