"""Checks of every kind against real hosts, and what answers make of them."""
import hashlib
import hmac
import http.server
import json
import socket
import ssl
import subprocess
import threading
import time
import unittest

from fairlead import Case, Edge, free_port, run, wait_until


class TlsEdge(Edge):
    """An edge that speaks HTTPS and says a token; as with its key as with another's."""

    def __init__(self, address, port, certificate, key, token="t0ken-of-the-edge"):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        handler_token = token

        class Handler(Edge.Handler):
            def do_GET(self):  # noqa: N802, the base class names it
                self.send_response(200)
                self.send_header("X-Edge-Token", handler_token)
                self.send_header("Content-Length", "3")
                self.end_headers()
                self.wfile.write(b"ok\n")
        self.Handler = Handler
        super().__init__(address, port)

    def start(self):
        self.server = self.Server((self.address, self.port), self.Handler)
        self.server.socket = self.context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


class Receiver:
    """A web service that hooks tell things."""

    def __init__(self):
        events = self.events = []
        self.refuse = 0
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.refuse > 0:
                    receiver.refuse -= 1
                    self.send_error(503)
                    return
                events.append((dict(self.headers), body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Checks(Case):
    def certificate(self, name, file=None):
        """Paths of a certificate that is its own authority, and of its key."""
        file = file or name
        certificate, key = self.folder / f"{file}.pem", self.folder / f"{file}.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", f"/CN={name}",
                        "-addext", f"subjectAltName=DNS:{name}", "-keyout", key, "-out", certificate],
                       check=True, capture_output=True)
        return certificate, key

    def pin(self, certificate):
        public = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-pubkey"],
                                check=True, capture_output=True).stdout
        return subprocess.run("openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | base64",
                              shell=True, check=True, capture_output=True, input=public
                              ).stdout.decode().strip()

    def edge(self, *arguments, kind=Edge, **more):
        edge = kind(*arguments, **more)
        self.addCleanup(edge.stop)
        return edge

    def status(self, server, name):
        document = json.loads(server.get(f"/status?endpoint={name}")[1])
        return document["endpoints"][0]

    def reason(self, server, name):
        last = self.status(server, name)["checks"][0].get("last", {})
        return last.get("reason", "passed" if last.get("passed") else "no result")

    def secret(self, name, text):
        path = self.folder / "zones" / name
        path.write_text(text + "\n")
        path.chmod(0o600)

    def test_a_stranger_on_a_recycled_address_is_down(self):
        good, good_key = self.certificate("www.example.test")
        other, other_key = self.certificate("stranger.example")
        forged, forged_key = self.certificate("www.example.test", "forged")
        everyone = self.folder / "everyone.pem"
        everyone.write_text(good.read_text() + other.read_text() + forged.read_text())
        port = free_port()
        self.edge("127.0.0.11", port, good, good_key, kind=TlsEdge)
        self.edge("127.0.0.12", port, other, other_key, kind=TlsEdge)
        self.edge("127.0.0.13", port, good, good_key, kind=TlsEdge, token="something-else-here")
        self.edge("127.0.0.14", port, forged, forged_key, kind=TlsEdge)
        self.secret("edge.token", "t0ken-of-the-edge")
        self.write_zone(f"""
zone: example.test
checks:
  web: {{type: https, port: {port}, host: www.example.test, ca: {everyone}, interval: 200ms, timeout: 200ms,
        identity: {{header: X-Edge-Token, token_file: edge.token}}}}
  pinned: {{type: https, port: {port}, host: www.example.test, ca: {everyone}, interval: 200ms,
           timeout: 200ms, identity: {{spki: sha256/{self.pin(good)}}}}}
endpoints:
  mine: {{A: 127.0.0.11, checks: [web, pinned]}}
  other-name: {{A: 127.0.0.12, check: web}}
  wrong-token: {{A: 127.0.0.13, check: web}}
  wrong-key: {{A: 127.0.0.14, check: pinned}}
pools:
  all: {{members: [other-name, wrong-token, wrong-key, mine]}}
records:
  "@": {{NS: ns1}}
  ns1: {{A: 192.0.2.53}}
  www: {{dynamic: all}}
""")
        server = self.start()
        self.assertEqual(server.addresses("www.example.test"), ["127.0.0.11"])
        self.assertEqual(self.reason(server, "other-name"), "tls_name")
        self.assertEqual(self.reason(server, "wrong-token"), "identity")
        self.assertEqual(self.reason(server, "wrong-key"), "identity")
        self.assertNotIn("t0ken", server.get("/status")[1] + server.log())
        self.assertIn("certificate until", run("status", "mine", "--results", "--config", self.config,
                                               "--admin", server.admin)[1])

    def test_ordered_lists_for_three_networks_with_fixed_answers(self):
        """What the reporter of PowerDNS's discussion 17919 asks for."""
        port = free_port()
        edges = {n: self.edge(f"127.0.1.{n}", port) for n in (1, 2, 3, 4, 5, 6)}
        slow = socket.create_server(("127.0.1.7", port))  # accepts and says nothing
        self.addCleanup(slow.close)
        self.write_zone(f"""
zone: example.test
checks:
  web: {{type: http, port: {port}, interval: 200ms, timeout: 200ms, fall: 2}}
  slow: {{type: http, port: {port}, interval: 60s, timeout: 60s}}
endpoints:
  a1: {{A: 127.0.1.1, check: web}}
  a2: {{A: 127.0.1.2, check: web}}
  b1: {{A: 127.0.1.3, check: web}}
  b2: {{A: 127.0.1.4, check: web}}
  c1: {{A: 127.0.1.5, check: web}}
  c2: {{A: 127.0.1.6, check: web}}
  never: {{A: 127.0.1.7, check: slow}}
pools:
  a: {{members: [a1, a2], pick: failover}}
  b: {{members: [b1, b2], pick: failover}}
  c: {{members: [c1, c2], pick: failover}}
  new: {{members: [never]}}
records:
  "@": {{NS: ns1}}
  ns1: {{A: 192.0.2.53}}
  www:
    dynamic:
      rules: [{{net: 10.1.0.0/16, pool: a}}, {{net: 10.2.0.0/16, pool: b}}, {{pool: c}}]
      ttl: 30s
      ttl_min: 1s
      all_down: {{fallback: 198.51.100.99}}
      until_checked: 198.51.100.1
  new: {{dynamic: {{pool: new, until_checked: 198.51.100.1}}}}
""")
        server = self.start()
        # A private client subnet says nothing (RFC 7871 11.1): the clients ask for themselves.
        nets = {"a": "203.0.113.0/24", "b": "198.51.100.0/24", "c": "192.0.2.0/24"}
        zone = self.folder / "zones/example.test.yaml"
        zone.write_text(zone.read_text().replace("10.1.0.0/16", nets["a"])
                        .replace("10.2.0.0/16", nets["b"]))
        self.assertEqual(run("reload", "--config", self.config, "--admin", server.admin)[0], 0)

        def answers():
            return [server.addresses("www.example.test", f"+subnet={net}") for net in nets.values()]
        self.assertEqual(answers(), [["127.0.1.1"], ["127.0.1.3"], ["127.0.1.5"]])
        self.assertEqual(server.addresses("new.example.test"), ["198.51.100.1"], "no verdict yet")
        edges[1].stop()
        edges[5].stop()
        wait_until(lambda: answers() == [["127.0.1.2"], ["127.0.1.3"], ["127.0.1.6"]], "the second ones")
        for number in (2, 3, 4, 6):
            edges[number].stop()
        wait_until(lambda: answers() == [["198.51.100.99"]] * 3, "the last resort")
        self.assertIn("last resort", server.dig("www.example.test"))
        edges[4].start()
        wait_until(lambda: answers()[1] == ["127.0.1.4"], "one to come back")

    def test_an_origin_that_is_down_is_told_from_edges_that_are(self):
        port, deep_port = free_port(), free_port()
        edges = [self.edge(f"127.0.2.{n}", port) for n in (1, 2, 3)]
        tunnels = [self.edge(f"127.0.2.{n}", deep_port) for n in (1, 2, 3)]
        receiver = Receiver()
        self.addCleanup(receiver.stop)
        (self.folder / "hook.secret").write_text("s3cret-of-the-hook\n")
        (self.folder / "hook.secret").chmod(0o600)
        self.write_config(more=f"hooks: [{{url: 'http://127.0.0.1:{receiver.port}/hook',"
                               " secret_file: hook.secret}]\n")
        self.write_zone(f"""
zone: example.test
checks:
  alive: {{type: tcp, port: {port}, interval: 200ms, timeout: 200ms}}
  through: {{type: http, port: {deep_port}, interval: 200ms, timeout: 200ms, judges: origin}}
endpoints:
  one: {{A: 127.0.2.1, checks: [alive, through]}}
  two: {{A: 127.0.2.2, checks: [alive, through]}}
  three: {{A: 127.0.2.3, checks: [alive, through]}}
pools:
  edges: {{members: [one, two, three]}}
records:
  "@": {{NS: ns1}}
  ns1: {{A: 192.0.2.53}}
  www: {{dynamic: {{pool: edges, all_down: nodata}}}}
""")
        server = self.start()
        self.assertEqual(len(server.addresses("www.example.test")), 3)
        edges[0].stop()
        wait_until(lambda: len(server.addresses("www.example.test")) == 2, "one edge to leave")
        down = 'fairlead_pool_origin_down{family="ipv4",pool="edges",zone="example.test"}'
        self.assertEqual(server.metric(down), 0)
        edges[0].start()
        wait_until(lambda: len(server.addresses("www.example.test")) == 3, "it to come back")
        receiver.refuse = 2
        for tunnel in tunnels:
            tunnel.stop()
        wait_until(lambda: server.metric(down) == 1, "the origin to be down")
        self.assertIn("origin down: pool edges of example.test", server.log())
        self.assertIn("ALARM  origin down: pool edges",
                      run("status", "--config", self.config, "--admin", server.admin)[1])
        self.assertRegex(server.dig("www.example.test"), r"ANSWER: 0, AUTHORITY: 1")
        explained = run("explain", "www.example.test", "--client", "192.0.2.1", "--config", self.config,
                        "--admin", server.admin)[1]
        self.assertIn("origin down", explained)

        def alarms():
            return [json.loads(body) for headers, body in list(receiver.events)
                    if headers["X-Fairlead-Event"] == "alarm"]
        wait_until(lambda: any(a["event"] == "origin" and a["down"] == "yes" for a in alarms()),
                   "the hook to be told, though it refused twice")
        for headers, body in receiver.events:
            text = headers["X-Fairlead-Timestamp"].encode() + b"." + body
            signature = hmac.new(b"s3cret-of-the-hook", text, hashlib.sha256).hexdigest()
            self.assertEqual(headers["X-Fairlead-Signature"], "sha256=" + signature)

    def test_a_heartbeat_keeps_an_endpoint_up_and_its_end_takes_it_down(self):
        port = free_port()
        self.write_config(more=f"heartbeat: {{listen: '127.0.0.1:{port}'}}\n")
        self.secret("tokyo.token", "0123456789abcdef-tokyo")
        self.secret("osaka.token", "0123456789abcdef-osaka")
        self.write_zone("""
zone: example.test
checks:
  beat: {type: heartbeat, lease: 2s, token_file: "{endpoint}.token"}
endpoints:
  tokyo: {A: 127.0.3.1, check: beat}
  osaka: {A: 127.0.3.2, check: beat}
pools:
  all: {members: [tokyo, osaka]}
records:
  "@": {NS: ns1}
  ns1: {A: 192.0.2.53}
  www: {dynamic: {pool: all, ttl_min: 1s}}
""")
        server = self.start()

        def beat(name, token):
            return subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", "PUT",
                                   "-H", f"Authorization: Bearer {token}",
                                   f"http://127.0.0.1:{port}/heartbeat/example.test/{name}"],
                                  capture_output=True, text=True, check=False).stdout
        self.assertEqual(beat("tokyo", "0123456789abcdef-osaka"), "403")
        self.assertEqual(beat("nosuch", "0123456789abcdef-osaka"), "403")

        def only_tokyo():
            self.assertEqual(beat("tokyo", "0123456789abcdef-tokyo"), "204")
            time.sleep(0.2)
            return server.addresses("www.example.test") == ["127.0.3.1"]
        wait_until(only_tokyo, "the one that does not beat to leave")
        self.assertEqual(self.reason(server, "osaka"), "lease_expired")
        self.assertEqual(beat("osaka", "0123456789abcdef-osaka"), "204")
        # Not in the very next answer: changes within 50 ms of each other are published together.
        wait_until(lambda: "127.0.3.2" in server.addresses("www.example.test"), "it to come back")

    def test_programs_run_only_where_the_configuration_allows_it(self):
        program = self.folder / "probe"
        program.write_text("#!/bin/sh\n[ \"$1\" = 127.0.4.1 ] && exit 0\necho it is ill\nexit 3\n")
        program.chmod(0o755)
        self.write_zone(f"""
zone: example.test
checks:
  script: {{type: exec, argv: ["{program}", "{{address}}"], interval: 500ms, timeout: 500ms}}
endpoints:
  good: {{A: 127.0.4.1, check: script}}
  ill: {{A: 127.0.4.2, check: script}}
pools:
  all: {{members: [good, ill]}}
records:
  "@": {{NS: ns1}}
  ns1: {{A: 192.0.2.53}}
  www: {{dynamic: all}}
""")
        status, _, errors = run("check", "--config", self.config)
        self.assertEqual(status, 1)
        self.assertIn("probes: {exec: true}", errors)
        self.write_config(more="probes: {exec: true}\n")
        server = self.start()
        wait_until(lambda: server.addresses("www.example.test") == ["127.0.4.1"], "verdicts")
        last = self.status(server, "ill")["checks"][0]["last"]
        self.assertEqual(last["reason"], "exec_status")
        self.assertIn("it is ill", last["detail"])

    def test_a_damaged_state_file_is_put_aside(self):
        (self.folder / "state/state.db").write_bytes(b"\0\1\2 this is no database" * 500)
        self.start_edges()
        server = self.start()
        self.assertRegex(server.log(), r"state\.db\.damaged-")
        self.assertTrue(list((self.folder / "state").glob("state.db.damaged-*")))
        self.assertEqual(server.metric("fairlead_state_durable"), 1)

    def test_without_a_state_folder_it_answers_and_says_what_is_lost(self):
        port = free_port()
        self.edge("127.0.0.11", port)
        self.config.write_text(self.config.read_text().replace("state: state",
                                                               "state: fairlead.yaml/state"))
        self.write_zone(f"""
zone: example.test
checks: {{web: {{type: tcp, port: {port}}}}}
endpoints: {{tokyo: {{A: 127.0.0.11, check: web}}}}
pools: {{all: {{members: [tokyo]}}}}
records: {{"@": {{NS: ns1}}, ns1: {{A: 192.0.2.53}}, www: {{dynamic: all}}}}
""")
        server = self.start()
        self.assertEqual(server.addresses("www.example.test"), ["127.0.0.11"])
        self.assertEqual(server.metric("fairlead_state_durable"), 0)
        self.assertEqual(server.get("/reload", "POST")[0], 403)


if __name__ == "__main__":
    unittest.main()
