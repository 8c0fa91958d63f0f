"""The documents say what the program does."""
import re
import unittest

from fairlead import SOURCE, Case, run

README = (SOURCE / "README.md").read_text()
CONFIGURATION = (SOURCE / "docs/configuration.md").read_text()


def blocks(text, info):
    """The contents of fenced blocks whose info string is `info`."""
    return re.findall(rf"^```{re.escape(info)}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


class Documents(Case):
    def test_help_and_readme_show_the_same_example(self):
        status, output, _ = run("--help")
        self.assertEqual(status, 0)
        example = blocks(README, "text")[0]
        self.assertIn(example.strip(), output)

    def test_the_example_of_help_is_a_sound_configuration(self):
        example = blocks(README, "text")[0]
        zone = re.search(r"example\.org\.yaml\n(.*?)\n\n", example, re.DOTALL).group(1)
        self.write_zone(re.sub(r"^  ", "", zone, flags=re.MULTILINE), "example.org.yaml")
        status, output, errors = run("check", "--config", self.config)
        self.assertEqual(status, 0, errors)
        self.assertIn("2 endpoints, 1 pools, 2 checks", output)

    def test_readme_shows_what_explain_says(self):
        shown = blocks(README, "console")[0].split("--client 133.11.0.1\n")[1]
        status, output, errors = run("explain", "www.example.test", "--client", "133.11.0.1",
                                     "--config", SOURCE / "deploy/example/fairlead.yaml",
                                     "--admin", "127.0.0.1:1")
        self.assertEqual(status, 0, errors)
        said = output.split("assumed up)\n\n")[1]
        self.assertEqual(re.sub(r"serial \d+", "serial", said),
                         re.sub(r"serial \d+", "serial", shown))

    def test_the_example_of_the_configuration_page_is_sound(self):
        self.config.write_text(blocks(CONFIGURATION, "yaml fairlead.yaml")[0])
        self.write_zone(blocks(CONFIGURATION, "yaml zone")[0], "example.org.yaml")
        status, output, errors = run("check", "--config", self.config)
        self.assertEqual(status, 0, errors)
        self.assertIn("4 endpoints, 3 pools, 4 checks", output)

    def test_the_configuration_page_knows_every_key(self):
        sources = [p.read_text() for p in (SOURCE / "server/config").glob("*.cc")]
        keys = set()
        for text in sources:
            for group in re.findall(r"(?:Fields \w+\(|fields_\(|kKeys)[^;]*?\{((?:\s*\"\w+\",?)+)\}", text):
                keys.update(re.findall(r'"(\w+)"', group))
        self.assertGreater(len(keys), 30, "the pattern above no longer finds the keys")
        missing = [key for key in sorted(keys) if not re.search(rf"`(\w+\.)?{key}`", CONFIGURATION)
                   and not re.search(rf"^\| `(\w+\.)?{key}[`.]", CONFIGURATION, re.MULTILINE)]
        self.assertEqual(missing, [])

    def test_every_command_is_in_the_operation_page(self):
        page = (SOURCE / "docs/operation.md").read_text()
        _, output, _ = run("--help")
        commands = re.findall(r"^  (\w+)  +[A-Z]", output.split("Subcommands:")[1], re.MULTILINE)
        self.assertGreaterEqual(len(commands), 5)
        for command in commands:
            self.assertIn(f"`fairlead {command}", page)

    def test_links_lead_somewhere(self):
        for page in [SOURCE / "README.md", SOURCE / "ARCHITECTURE.md", SOURCE / "CONTRIBUTING.md",
                     *(SOURCE / "docs").glob("*.md")]:
            for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
                self.assertTrue((page.parent / target).exists(), f"{page.name}: {target}")

    def test_the_version_is_that_of_the_project(self):
        version = re.search(r"VERSION (\S+)", (SOURCE / "CMakeLists.txt").read_text().split(
            "project(")[1]).group(1)
        self.assertEqual(run("--version")[1].strip(), f"fairlead {version}")
        self.assertIn(version, (SOURCE / "CHANGELOG.md").read_text())


if __name__ == "__main__":
    unittest.main()
