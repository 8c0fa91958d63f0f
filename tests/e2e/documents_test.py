"""The documents say what the program does."""
import re
import unittest

from fairlead import SOURCE, Case, run

README = (SOURCE / "README.md").read_text()
CONFIGURATION = (SOURCE / "docs/configuration.md").read_text()
RECORDS = (SOURCE / "docs/records.md").read_text()

# Types whose data dig does not write as the page does: other units, other names, fewer zeros.
SPELLED_OTHERWISE = {"SOA", "SVCB", "NID", "L64"}


def blocks(text, info):
    """The contents of fenced blocks whose info string is `info`."""
    return re.findall(rf"^```{re.escape(info)}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def record_examples():
    """Type and data of each row of the table of types."""
    return re.findall(r"^\| `([A-Z0-9]+)` \| [^|]+ \| `([^`]+)` \| (?:\d+|\(IANA\)) \|$", RECORDS,
                      re.MULTILINE)


def owner_of(record_type):
    """Where a zone may have records of this type; of NSEC3 dig wants to see a hash."""
    special = {"SOA": "@", "NS": "@", "NSEC3": "2t7b4g4vsa5smi47k61mv5bv1a22bojr"}
    return special.get(record_type, f"x-{record_type.lower()}")


def yaml_zone(origin, examples):
    soa = dict(zip(("mname", "rname", "serial", "refresh", "retry", "expire", "minimum"),
                   dict(examples)["SOA"].split()))
    owners = {}
    for record_type, data in examples:
        if record_type != "SOA":
            owners.setdefault(owner_of(record_type), {})[record_type] = data
    owners[owner_of("DS")]["NS"] = "ns.example.net."
    lines = [f"zone: {origin}", f"soa: {{{', '.join(f'{k}: {v}' for k, v in soa.items())}}}",
             "records:"]
    for owner, sets in owners.items():
        lines.append(f'  "{owner}":')
        for record_type, data in sets.items():
            quoted = data.replace("'", "''")
            lines.append(f"    {record_type}: '{quoted}'")
    return "\n".join(lines) + "\n"


def master_zone(examples):
    lines = [f"{owner_of(record_type)} 1h IN {record_type} {data}"
             for record_type, data in examples]
    return "\n".join([*lines, f"{owner_of('DS')} NS ns.example.net."]) + "\n"


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

    def test_every_example_of_the_configuration_page_is_sound(self):
        usual = self.config.read_text()
        for example in blocks(CONFIGURATION, "yaml zone"):
            self.write_zone(example, "example.org.yaml")
            status, output, errors = run("check", "--config", self.config)
            self.assertEqual((status, errors), (0, ""), output)
        self.write_zone(blocks(CONFIGURATION, "yaml shared.yaml")[0], "shared.yaml")
        self.write_zone(blocks(CONFIGURATION, "yaml zone beside shared.yaml")[0],
                        "example.org.yaml")
        status, output, errors = run("check", "--config", self.config)
        self.assertEqual((status, errors), (0, ""), output)
        examples = blocks(CONFIGURATION, "yaml fairlead.yaml")
        for example in examples:
            self.config.write_text(example)
            status, output, errors = run("check", "--config", self.config)
            self.assertEqual((status, errors), (0, ""), output)
        self.assertGreater(len(examples), 1)
        self.config.write_text(usual)

    def test_the_records_page_has_a_row_for_every_type(self):
        source = (SOURCE / "dnswire/rdata.cc").read_text()
        known = re.findall(r"\brow\(RrType::(\w+),", source)
        self.assertGreater(len(known), 50, "the pattern above no longer finds the types")
        self.assertEqual(sorted(record_type for record_type, _ in record_examples()),
                         sorted(known))

    def test_examples_of_every_type_are_served_from_both_kinds_of_zone_files(self):
        examples = record_examples()
        self.write_zone(yaml_zone("yaml.test", examples), "yaml.test.yaml")
        self.write_zone(master_zone(examples), "master.test.zone")
        status, output, errors = run("check", "--config", self.config)
        self.assertEqual((status, errors), (0, ""), output)
        server = self.start()
        for record_type, data in examples:
            owner = owner_of(record_type)
            said = {}
            for origin in ("yaml.test", "master.test"):
                name = origin if owner == "@" else f"{owner}.{origin}"
                said[origin] = server.dig("+short", "+nosplit", name, record_type).strip()
            with self.subTest(record_type):
                self.assertEqual(said["yaml.test"], said["master.test"])
                if record_type in SPELLED_OTHERWISE:
                    self.assertRegex(said["yaml.test"], rf"^{re.escape(data.split()[0])} [^\n]+$")
                else:
                    self.assertEqual(said["yaml.test"], data)

    def test_the_examples_of_the_records_page_are_sound(self):
        self.write_zone(blocks(RECORDS, "yaml zone")[0], "example.org.yaml")
        status, output, errors = run("check", "--config", self.config)
        self.assertEqual((status, errors), (0, ""), output)
        (self.folder / "zones/example.org.yaml").unlink()
        self.write_zone(blocks(RECORDS, "text example.org.zone")[0], "example.org.zone")
        self.write_zone("host A 192.0.2.99\n", "hosts.txt")
        server = self.start()
        for name, address in (("mail", "198.51.100.25"), ("host-20", "192.0.2.20"),
                              ("sip.voice", "198.51.100.60"), ("host.lab", "192.0.2.99")):
            self.assertEqual(server.addresses(f"{name}.example.org"), [address])

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
