"""The layering check finds what it is there to find."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).with_name("check")


class LayeringCheck(unittest.TestCase):
    def check(self, files):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            result = subprocess.run([sys.executable, CHECK, root], capture_output=True, text=True,
                                    check=False)
            return result.returncode, result.stdout

    def test_accepts_an_arrow_of_the_table(self):
        status, _ = self.check({"zones/zone.h": '#include <vector>\n#include "dnswire/name.h"\n'})
        self.assertEqual(status, 0)

    def test_refuses_an_arrow_back_up(self):
        status, output = self.check({"dnswire/name.cc": '#include "zones/zone.h"\n'})
        self.assertEqual(status, 1)
        self.assertIn("dnswire/name.cc:1: dnswire may not use zones", output)

    def test_refuses_an_arrow_back_up_inside_the_shell(self):
        status, output = self.check({"server/http/server.cc": '#include "server/admin/admin.h"\n'})
        self.assertEqual(status, 1)
        self.assertIn("server/http/server.cc:1: server/http may not use server/admin", output)

    def test_refuses_a_clock_in_a_pure_folder(self):
        status, output = self.check({"health/judge.cc": "auto t = steady_clock::now();\n"})
        self.assertEqual(status, 1)
        self.assertIn("health/judge.cc:1: reads a clock", output)

    def test_allows_a_clock_in_the_shell(self):
        status, _ = self.check({"server/service.cc": "auto t = steady_clock::now();\n"})
        self.assertEqual(status, 0)

    def test_refuses_a_third_party_in_a_public_header(self):
        files = {"geo/CMakeLists.txt": "HEADERS map.h", "geo/map.h": "#include <maxminddb.h>\n"}
        status, output = self.check(files)
        self.assertEqual(status, 1)
        self.assertIn("geo/map.h:1: public header of geo may not use <maxminddb.h>", output)

    def test_refuses_an_empty_tree(self):
        self.assertEqual(self.check({})[0], 1)


if __name__ == "__main__":
    unittest.main()
