"""explain and map: from a server that runs, and from files alone."""
import json
import unittest

from fairlead import JAPAN, Case, run


class Explain(Case):
    def setUp(self):
        super().setUp()
        self.start_edges()

    def say(self, *arguments, admin="127.0.0.1:1"):
        """Standard output, where no server runs unless one is named."""
        status, output, errors = run(*arguments, "--config", self.config, "--admin", admin)
        self.assertEqual(status, 0, errors)
        return output

    def check_explain(self, admin):
        question = ("explain", "www.example.test", "--client", "133.11.0.1")
        said = self.say(*question, "--assume", "down:tokyo", "--at", "133.11.0.2", admin=admin)
        self.assertIn("assumed   down: tokyo\n", said)
        self.assertRegex(said, r"- tokyo +127\.0\.0\.11 +assumed down .*is assumed down\n")
        self.assertIn("led like 133.11.0.1", said)
        told = json.loads(self.say(*question, "--json", admin=admin))
        answer = told["clients"][0]["answer"]
        self.assertEqual([record["data"] for record in answer["records"]], ["127.0.0.11"])
        self.assertEqual(told["clients"][0]["client"]["source"], "country.mmdb")
        self.assertEqual(answer["scope"], 8)

    def check_map(self, admin):
        said = self.say("map", "www.example.test", admin=admin)
        self.assertRegex(said, r"(?m)^  tokyo +\d+ +\d+\.\d%")
        self.assertIn("\nwithout tokyo\n", said)
        told = json.loads(self.say("map", "www.example.test", "--json", "--assume",
                                   "down:pool:everywhere", "--assume", "up:tokyo", admin=admin))
        self.assertEqual([share["who"] for share in told["now"]["known"]], ["tokyo"])
        self.assertEqual(told["now"]["known"][0]["ipv4"], 1)
        self.assertEqual(len(told["now"]["known"][0]["countries"]), told["countries"])
        listed = self.say("map", "www.example.test", "--verbose", admin=admin)
        self.assertRegex(listed, r"(?m)^    (\w\w )*JP( \w\w)*$")

    def test_from_files_alone(self):
        self.check_explain("127.0.0.1:1")
        self.check_map("127.0.0.1:1")

    def test_from_the_server(self):
        server = self.start()
        self.check_explain(server.admin)
        self.check_map(server.admin)
        self.assertEqual(server.addresses("www.example.test", f"+subnet={JAPAN}"), ["127.0.0.11"],
                         "what was assumed is not so")

    def test_a_map_knows_the_board_of_the_server(self):
        server = self.start()
        status, _, errors = run("force", "tokyo", "down", "--config", self.config, "--admin",
                                server.admin)
        self.assertEqual(status, 0, errors)
        told = json.loads(self.say("map", "www.example.test", "--json", admin=server.admin))
        self.assertEqual(sorted(share["who"] for share in told["now"]["known"]),
                         ["frankfurt", "virginia"])

    def test_what_makes_no_sense_gets_a_sentence(self):
        server = self.start()
        for admin in ("127.0.0.1:1", server.admin):
            for arguments, sentence in (
                    (("map", "mail.example.test"), "is static: every client gets the same"),
                    (("map", "example.com"), "is in no zone of this server"),
                    (("map", "www.example.test", "TXT"), "`TXT` has no map"),
                    (("map", "www.example.test", "--assume", "down:tokio"), "did you mean `tokyo`?"),
                    (("explain", "www.example.test", "--client", "192.0.2.1", "--assume", "tokyo"),
                     "`tokyo` assumes nothing"),
                    (("explain", "www.example.test", "--client", "nobody"), "no client address")):
                status, _, errors = run(*arguments, "--config", self.config, "--admin", admin)
                self.assertEqual(status, 1)
                self.assertIn(sentence, errors)


if __name__ == "__main__":
    unittest.main()
