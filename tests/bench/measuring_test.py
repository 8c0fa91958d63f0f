#!/usr/bin/env python3
"""What bench/measuring computes."""
import pathlib
import struct
import sys
import unittest
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
from measuring import chart, content, geography, intervals, wire  # noqa: E402


class Intervals(unittest.TestCase):
    def test_interval_holds_the_median(self):
        values = [1.0, 1.1, 0.9, 1.05, 0.95, 1.2, 0.8]
        low, high = intervals.interval(values)
        self.assertLessEqual(low, intervals.median(values))
        self.assertGreaterEqual(high, intervals.median(values))
        self.assertLess(high - low, 0.4)

    def test_interval_of_equal_values_is_a_point(self):
        self.assertEqual(intervals.interval([2, 2, 2]), (2, 2))


class Wire(unittest.TestCase):
    def test_query_carries_the_subnet(self):
        query = wire.query("www.geo.test", "AAAA", "203.0.112.0/20")
        self.assertTrue(query.endswith(b"\0\x08\0\x07\0\x01\x14\0\xcb\0\x70"))
        self.assertEqual(struct.unpack_from("!6H", query), (1, 0, 1, 0, 0, 1))

    def test_answer_is_read_through_compression(self):
        question = wire.query("www.test", "A")[12:]
        message = (struct.pack("!6H", 7, 0x8400, 1, 2, 0, 0) + question +
                   b"\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x04\x01b\xc0\x10" +
                   b"\xc0\x26\0\x01\0\x01\0\0\0\x3c\0\x04\xc0\0\x02\x01")
        reply = wire.parse(message)
        self.assertEqual((reply.id, reply.rcode, reply.is_authoritative), (7, 0, True))
        self.assertEqual(reply.records, [("www.test", wire.CNAME, "b.test"),
                                         ("b.test", wire.A, "192.0.2.1")])


class Content(unittest.TestCase):
    def test_every_name_has_an_address_of_its_own(self):
        some = [content.host(i) for i in (0, 255, 256, 65535, 65536, 999_999)]
        self.assertEqual(some, ["10.0.0.0", "10.0.0.255", "10.0.1.0", "10.0.255.255", "10.1.0.0",
                                "10.15.66.63"])

    def test_generations_differ(self):
        self.assertNotEqual(content.generation_address(1), content.generation_address(257))


class Geography(unittest.TestCase):
    def test_every_country_has_a_continent(self):
        known = geography.continents()
        self.assertEqual(len(known), 250)
        self.assertEqual((known["JP"], known["DE"], known["BR"]), ("AS", "EU", "SA"))

    def test_strings_are_read_where_they_are_pointed_to(self):
        data = b"\xe1\x4ccountry_code\x42DE" + b"\xe1\x20\x01\x42FR"
        self.assertEqual(geography.country_at(data, 0), "DE")
        self.assertEqual(geography.country_at(data, 17), "FR")

    def test_numbers_are_written_as_the_format_has_it(self):
        self.assertEqual(geography.number(5, 24), b"\xa1\x18")
        self.assertEqual(geography.number(9, 0x6a32facc), b"\x04\x02\x6a\x32\xfa\xcc")


class Chart(unittest.TestCase):
    def test_charts_are_xml(self):
        bars = chart.bars("a < b", "µs", ["x", "y"], ["s"], {"s": {"x": (2, 1, 300)}}, line=1)
        growth = chart.growth("t", "l", ["s"], {"s": [(1, 5), (100, 6)]})
        for picture in (bars, growth):
            self.assertTrue(xml.etree.ElementTree.fromstring(picture).tag.endswith("svg"))


if __name__ == "__main__":
    unittest.main()
