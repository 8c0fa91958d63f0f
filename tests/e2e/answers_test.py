"""What a resolver sees."""
import unittest

from fairlead import GERMANY, JAPAN, USA, Case


class Answers(Case):
    def setUp(self):
        super().setUp()
        self.start_edges()
        self.write_config('127.0.0.1:0, "[::1]:0"')
        self.server = self.start()

    def test_clients_get_the_endpoint_that_is_near(self):
        for subnet, address in ((JAPAN, "127.0.0.11"), (GERMANY, "127.0.0.12"),
                                (USA, "127.0.0.13")):
            self.assertEqual(self.server.addresses("www.example.test", f"+subnet={subnet}"),
                             [address])
            self.assertEqual(self.server.addresses("any.thing.example.test", f"+subnet={subnet}"),
                             [address])

    def test_the_scope_comes_back(self):
        self.assertRegex(self.server.dig("www.example.test", f"+subnet={JAPAN}"),
                         r"CLIENT-SUBNET: 133\.11\.0\.0/16/([1-9]|1\d|2[0-4])\n")
        self.assertIn("CLIENT-SUBNET: 133.11.0.0/16/0",
                      self.server.dig("mail.example.test", f"+subnet={JAPAN}"))
        self.assertNotIn("CLIENT-SUBNET", self.server.dig("www.example.test"))

    def test_tcp_says_the_same(self):
        self.assertEqual(self.server.addresses("www.example.test", "+tcp", f"+subnet={USA}"),
                         ["127.0.0.13"])

    def test_ipv6_says_the_same(self):
        for transport in ("+notcp", "+tcp"):
            self.assertIn("198.51.100.1", self.server.dig("ns1.example.test", transport,
                                                          server="::1",
                                                          port=self.server.ports[1]))

    def test_static_records(self):
        self.assertIn("10 mail.example.test.", self.server.dig("+short", "example.test", "MX"))
        self.assertIn('"v=spf1 mx -all"', self.server.dig("+short", "example.test", "TXT"))
        self.assertEqual(self.server.addresses("mail.example.test", "AAAA"), ["2001:db8::25"])

    def test_denials_carry_the_soa(self):
        for name, status in (("x.mail.example.test", "NXDOMAIN"), ("www.example.test", "NOERROR")):
            reply = self.server.dig(name, "AAAA")
            self.assertIn(f"status: {status}", reply)
            self.assertIn("ANSWER: 0, AUTHORITY: 1", reply)
            self.assertRegex(reply, r"example\.test\.\s+30\s+IN\s+SOA\s+ns1\.example\.test\.")

    def test_other_names_are_refused(self):
        self.assertIn("status: REFUSED", self.server.dig("example.com"))

    def test_the_case_of_the_question_comes_back(self):
        self.assertIn("wWw.ExAmPlE.tEsT.", self.server.dig("wWw.ExAmPlE.tEsT"))

    def test_other_opcodes_are_not_implemented(self):
        self.assertIn("status: NOTIMP", self.server.dig("+opcode=status", "example.test"))

    def test_metrics_count_what_was_asked(self):
        for _ in range(3):
            self.server.dig("www.example.test")
        self.server.dig("+tcp", "www.example.test", "AAAA")
        self.server.dig("example.com")
        metric = self.server.metric
        self.assertEqual(metric('fairlead_dns_queries_total{transport="udp",family="ipv4"}'), 4)
        self.assertEqual(metric('fairlead_dns_queries_total{transport="tcp",family="ipv4"}'), 1)
        self.assertEqual(metric('fairlead_dns_responses_total{rcode="REFUSED"}'), 1)
        self.assertEqual(metric('fairlead_dns_queries_by_type_total{type="AAAA"}'), 1)


if __name__ == "__main__":
    unittest.main()
