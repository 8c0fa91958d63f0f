"""What the server says of itself, DNS cookies, and TCP, as dig sees them."""
import os
import pathlib
import re
import shutil
import signal
import socket
import stat
import struct
import unittest

from fairlead import Case, Server, run, wait_until

ZONE = """
zone: example.test
records:
  "@": {NS: ns1}
  ns1: {A: 192.0.2.1}
  www: {A: 192.0.2.2}
"""
CLIENT = "0123456789abcdef"  # a client's half of a cookie
SECRET = "00112233445566778899aabbccddeeff"
OTHER = "ffeeddccbbaa99887766554433221100"


def cookie_in(reply):
    """The cookie of a reply as dig shows it, in hexadecimal; and whether dig calls it good."""
    match = re.search(r"; COOKIE: ([0-9a-f]+)(?: \((\w+)\))?", reply)
    return (match.group(1), match.group(2)) if match else (None, None)


class Protocol(Case):
    def setUp(self):
        super().setUp()
        self.write_zone(ZONE)
        self.state = self.folder / "state"

    def start_with(self, more=""):
        self.write_config(more=more)
        return self.start()


class Identity(Protocol):
    def chaos(self, server, name):
        return server.dig("+short", "CH", "TXT", name).strip()

    def test_is_the_hosts_name_and_the_version_of_the_program(self):
        server = self.start_with()
        host = socket.gethostname()[:64]
        self.assertIn(f'("{host}")', server.dig("+nsid", "www.example.test"))
        self.assertEqual(self.chaos(server, "hostname.bind"), f'"{host}"')
        self.assertEqual(self.chaos(server, "id.server"), f'"{host}"')
        version = f'"{run("--version")[1].strip()}"'
        self.assertEqual(self.chaos(server, "version.bind"), version)
        self.assertEqual(self.chaos(server, "version.server"), version)
        self.assertNotIn("NSID", server.dig("www.example.test"), "nobody asked")

    def test_is_what_the_operator_writes_and_changes_with_a_reload(self):
        server = self.start_with("identity: {name: ns1.fra, version: none}\n")
        self.assertIn('("ns1.fra")', server.dig("+nsid", "www.example.test"))
        self.assertIn("status: REFUSED", server.dig("CH", "TXT", "version.bind"))
        self.write_config(more="identity: {name: none, version: a name server}\n")
        status, output, errors = run("reload", "--config", self.config, "--admin", server.admin)
        self.assertEqual(status, 0, errors)
        self.assertIn("`identity` changed\n", output)
        self.assertNotIn("NSID", server.dig("+nsid", "www.example.test"))
        self.assertEqual(self.chaos(server, "version.bind"), '"a name server"')


class CookieCase(Protocol):
    def ask(self, server, cookie, *more):
        return server.dig("+nobadcookie", f"+cookie={cookie}", "www.example.test", *more)

    def server_cookie(self, server):
        cookie, verdict = cookie_in(self.ask(server, CLIENT))
        self.assertEqual(verdict, "good")
        self.assertTrue(cookie.startswith(CLIENT))
        self.assertEqual(len(cookie), 48)
        return cookie

    def is_taken(self, server, cookie):
        """Whether the server holds this cookie for one of its own."""
        reply = self.ask(server, cookie)
        return "status: BADCOOKIE" not in reply and "192.0.2.2" in reply


class Cookies(CookieCase):
    def test_are_given_to_who_has_the_first_half_and_known_again(self):
        server = self.start_with()
        cookie = self.server_cookie(server)
        again = cookie_in(self.ask(server, cookie))[0]
        self.assertEqual(again, cookie, "a fresh one may stay")
        self.assertIsNone(cookie_in(server.dig("+nocookie", "www.example.test"))[0])

    def test_that_are_forged_get_the_answer_and_a_real_one(self):
        server = self.start_with()
        forged = self.server_cookie(server)[:-2] + "00"
        reply = self.ask(server, forged)
        self.assertIn("192.0.2.2", reply)
        self.assertNotEqual(cookie_in(reply)[0], forged)

    def test_that_are_required_are_asked_for(self):
        server = self.start_with("cookies: {require: true}\n")
        reply = self.ask(server, CLIENT)
        self.assertIn("status: BADCOOKIE", reply)
        self.assertIn("ANSWER: 0", reply)
        self.assertTrue(self.is_taken(server, cookie_in(reply)[0]))
        # dig asks again with the cookie by itself.
        self.assertIn("192.0.2.2", server.dig(f"+cookie={CLIENT}", "www.example.test"))
        without = server.dig("+nocookie", "+ignore", "www.example.test")
        self.assertRegex(without, r"flags: [a-z ]*\btc\b")
        self.assertIn("ANSWER: 0", without)
        self.assertIn("192.0.2.2", server.dig("+nocookie", "www.example.test"), "over TCP, then")
        self.assertIn("192.0.2.2", server.dig("+tcp", "+nocookie", "www.example.test"))
        self.assertIn("status: NOERROR", self.ask(server, CLIENT, "+tcp"))

    def test_outlive_a_restart(self):
        more = "cookies: {require: true}\n"
        server = self.start_with(more)
        cookie = cookie_in(self.ask(server, CLIENT))[0]
        secrets = self.state / "cookie-secrets"
        self.assertEqual(stat.S_IMODE(secrets.stat().st_mode), 0o600)
        text = secrets.read_text()
        self.assertRegex(text, r"\A#[^\n]*\n[0-9a-f]{32}\n\Z")
        self.assertEqual(server.stop(), 0)
        again = self.start_with(more)
        self.assertTrue(self.is_taken(again, cookie))
        self.assertEqual(secrets.read_text(), text)
        self.assertIn("cookie-secrets", os.listdir(self.state))
        digits = text.split()[-1]
        self.assertNotIn(digits, server.log() + again.log())
        self.assertNotIn(digits, again.get("/metrics")[1])

    def test_are_off_where_the_operator_says_so(self):
        server = self.start_with("cookies: {enabled: false}\n")
        self.assertEqual(cookie_in(self.ask(server, CLIENT))[1], None)
        self.assertFalse((self.state / "cookie-secrets").exists())

    def test_without_a_state_folder_live_as_long_as_the_process(self):
        shutil.rmtree(self.state)
        self.state.write_text("a file where the folder belongs")
        server = self.start_with("cookies: {require: true}\n")
        self.assertIn("the secret of cookies ends with this process", server.log())
        cookie = cookie_in(self.ask(server, CLIENT))[0]
        self.assertEqual(server.get("/reload", "POST")[0], 403)  # nor is there a token
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "reloaded, generation" in server.log(), "the reload")
        self.assertTrue(self.is_taken(server, cookie), "a reload keeps the secret")


class SharedSecrets(CookieCase):
    """Two servers, and a roll of the secret from one to the other."""

    def setUp(self):
        super().setUp()
        self.secrets = self.folder / "shared"
        self.write_config(more="cookies: {require: true, secrets: shared}\n")

    def test_make_cookies_that_both_take(self):
        self.secrets.write_text(SECRET + "\n")
        first, second = self.start(), self.start()
        self.assertTrue(self.is_taken(second, cookie_in(self.ask(first, CLIENT))[0]))

    def test_are_rolled_by_reloads(self):
        self.secrets.write_text(SECRET + "\n")
        server = self.start()
        old = cookie_in(self.ask(server, CLIENT))[0]
        for lines, takes_old in (([SECRET, OTHER], True), ([OTHER, SECRET], True), ([OTHER], False)):
            self.secrets.write_text("\n".join(lines))
            status, output, errors = run("reload", "--config", self.config, "--admin", server.admin)
            self.assertEqual(status, 0, errors)
            self.assertIn("cookie secrets changed", output)
            self.assertEqual(self.is_taken(server, old), takes_old, lines)

    def test_that_are_malformed_stop_a_reload(self):
        self.secrets.write_text(SECRET + "\n")
        server = self.start()
        self.secrets.write_text(SECRET[:-1] + "\n")
        status, _, errors = run("reload", "--config", self.config, "--admin", server.admin)
        self.assertEqual(status, 1)
        self.assertIn("shared: line 1 is no secret", errors)
        self.assertNotIn(SECRET[:8], errors + server.log())

    def test_that_are_missing_stop_the_start(self):
        server = Server(self.config)
        self.assertEqual(server.process.wait(60), 1)
        self.assertIn("shared: is not there; `cookies.secrets` in fairlead.yaml names it",
                      server.log())


class Tcp(Protocol):
    def test_tells_how_long_a_connection_may_be_idle(self):
        server = self.start_with("tcp: {idle: 3s}\n")
        self.assertIn("TCP KEEPALIVE: 3.0 secs",
                      server.dig("+tcp", "+keepalive", "www.example.test"))
        self.assertNotIn("KEEPALIVE", server.dig("+keepalive", "www.example.test"), "over UDP")
        self.write_config(more="tcp: {idle: 4s}\n")
        self.assertIn("`tcp` changed\n", run("reload", "--config", self.config, "--admin", server.admin)[1])
        self.assertIn("TCP KEEPALIVE: 4.0 secs",
                      server.dig("+tcp", "+keepalive", "www.example.test"))

    def test_closes_who_is_idle_for_longer(self):
        server = self.start_with("tcp: {idle: 200ms}\n")
        query = (b"\x00\x07\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00"
                 b"\x03www\x07example\x04test\x00\x00\x01\x00\x01")
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
            client.sendall(struct.pack(">H", len(query)) + query)
            stream = client.makefile("rb")
            size, = struct.unpack(">H", stream.read(2))
            self.assertEqual(stream.read(size)[:2], b"\x00\x07")
            self.assertEqual(stream.read(), b"", "the end")
        self.assertEqual(server.metric("fairlead_tcp_connections_timed_out_total"), 1)


class Buffers(Protocol):
    @unittest.skipIf(os.geteuid() == 0, "root gets what it asks for")
    def test_that_the_kernel_does_not_give_are_warned_of(self):
        most = int(pathlib.Path("/proc/sys/net/core/rmem_max").read_text())
        asked = min(2 * most, 1 << 30) // 1024
        server = self.start_with(f"udp: {{receive_buffer: {asked}KiB}}\n")
        self.assertIn("sysctl -w net.core.rmem_max=", server.log())


if __name__ == "__main__":
    unittest.main()
