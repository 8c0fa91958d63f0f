#!/usr/bin/env python3
"""What bench/measuring computes."""
import importlib.machinery
import importlib.util
import pathlib
import struct
import sys
import unittest
import xml.etree.ElementTree

BENCH = pathlib.Path(__file__).resolve().parents[2] / "bench"
sys.path.insert(0, str(BENCH))
from measuring import chart, content, geography, intervals, wire  # noqa: E402


def load_program(name):
    """One of the programs as a module."""
    loader = importlib.machinery.SourceFileLoader(name, str(BENCH / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


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


class Churn(unittest.TestCase):
    churn = load_program("churn")

    def test_every_rrset_says_its_generation(self):
        for generation in (0, 255, 256, 70_000):
            records = [wire.Record("x", wire.CNAME, f"s-{generation}.generation.test"),
                       wire.Record("x", wire.A, self.churn.address(generation))]
            self.assertEqual([self.churn.number_in(r) for r in records], [generation] * 2)

    def test_answers_that_mix_or_go_back_are_faults(self):
        self.assertEqual(self.churn.faults_in([5, 5, 5], 5), [])
        self.assertEqual(self.churn.faults_in([6, 6, 6], 5), [])
        self.assertEqual(len(self.churn.faults_in([5, 5, 6], 5)), 1)
        self.assertEqual(len(self.churn.faults_in([4, 4, 4], 5)), 1)
        self.assertEqual(len(self.churn.faults_in([5, 5], 5)), 1)


class Chart(unittest.TestCase):
    def test_steps_cut_every_span(self):
        for hundredths in range(1, 2000):
            span = hundredths / 100
            self.assertLessEqual(span / chart.step_for(span), 10)
            self.assertGreaterEqual(span / chart.step_for(span), 3.9)

    def test_charts_are_xml(self):
        bars = chart.bars("a < b", "µs", ["x", "y"], ["s"], {"s": {"x": (2, 1, 300)}}, line=1)
        growth = chart.growth("t", "l", ["s"], {"s": [(1, 5), (100, 6)]})
        for picture in (bars, growth):
            self.assertTrue(xml.etree.ElementTree.fromstring(picture).tag.endswith("svg"))


if __name__ == "__main__":
    unittest.main()
