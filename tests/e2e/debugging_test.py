"""Pages that show what commands say. `--write` puts in what they say now."""
import os
import re
import subprocess
import sys
import unittest

from fairlead import PROGRAM, SOURCE, Case, Edge, free_port

DIG = SOURCE / "docs/debugging-with-dig.md"
EXPLAIN = SOURCE / "docs/explain.md"
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WRITE = "--write" in sys.argv


def steady(text, port):
    """Without what differs from run to run, or from one version of a client to the next."""
    for pattern, instead in ((rf"\b{port}\b", "5300"), (r"\bid: \d+", "id: 4711"),
                             (r"COOKIE: [0-9a-f]{48}", "COOKIE: " + "0123456789abcdef" * 3),
                             (r"; Time .*", "; Time 2024-01-01 12:00:00 UTC"),
                             (r"in \d+\.\d+ ms", "in 0.2 ms"),
                             (r", \d+s ago", ", 1s ago"),
                             (r"Query time: \d+", "Query time: 0"), (r"WHEN: .*", "WHEN: now"),
                             (r"[ \t]+$", "")):
        text = re.sub(pattern, instead, text, flags=re.MULTILINE)
    return text.strip("\n") + "\n"


class Debugging(Case):
    def say(self, command):
        port = str(self.server.port)
        environment = dict(os.environ, HOME=str(self.folder), TZ="UTC", LC_ALL="C.UTF-8")
        words = command.replace("-p 5300", f"-p {port}").split()
        if words[0] == "fairlead":
            words = [PROGRAM, *words[1:], "--config", self.config, "--admin", self.server.admin]
        result = subprocess.run(words, env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, check=False, timeout=60)
        return steady(result.stdout, port)

    def show(self, path, page):
        """How many commands of the page were run and compared."""
        count = 0

        def check(block):
            nonlocal count
            said = ""
            for command in re.findall(r"^\$ (.*)$", block.group(1), re.MULTILINE):
                count += 1
                said += f"$ {command}\n{self.say(command)}"
            if not WRITE:
                with self.subTest(block.group(1).split("\n")[0]):
                    self.assertMultiLineEqual(said, block.group(1))
            return f"```console\n{said}```"

        written = CONSOLE.sub(check, page)
        if WRITE:
            path.write_text(written)
        return count

    @staticmethod
    def zone_of(page):
        return re.search(r"^```yaml zone\n(.*?)^```$", page, re.M | re.S).group(1)

    def test_the_page_on_dig_shows_what_the_commands_say(self):
        self.write_config(more="identity: {name: fra1, version: fairlead}\n")
        page = DIG.read_text()
        self.write_zone(self.zone_of(page))
        (self.folder / ".digrc").write_text("+nocmd +noquestion +nostats\n")
        self.server = self.start()
        self.assertGreater(self.show(DIG, page), 20, "the pattern no longer finds the commands")

    def test_the_page_on_explain_shows_what_the_commands_say(self):
        page = EXPLAIN.read_text()
        port = free_port()
        edges = {name: Edge(name, port) for name in re.findall(r"A: (127\.0\.0\.\d+)", page)}
        for edge in edges.values():
            self.addCleanup(edge.stop)
        self.write_zone(self.zone_of(page).replace("port: 8080", f"port: {port}"))
        self.server = self.start()
        self.assertGreater(self.show(EXPLAIN, page), 4, "the pattern no longer finds the commands")


if __name__ == "__main__":
    unittest.main(argv=[argument for argument in sys.argv if argument != "--write"])
