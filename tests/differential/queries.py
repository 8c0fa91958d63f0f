"""Random questions about a set of zones: near what exists, in every shape that a client may give
them. The same seed gives the same questions."""
import collections
import random

import dns.name
import dns.zone

import wire

META_TYPES = (0, wire.OPT, 128, 131, 200, 248, wire.TKEY, wire.TSIG, wire.IXFR, wire.AXFR,
              wire.MAILB, wire.MAILA)
DNSSEC_TYPES = (wire.DS, wire.RRSIG, wire.NSEC, wire.NSEC3, 51, 59, 60)
NOBODYS_TYPES = (10, 99, 32768, 65281, 65534, 65535)
KNOWN_LABELS = (b"*", b"a", b"b", b"www", b"host", b"ns1", b"x" * 63, b"\0", b".", b"a b", b"_tcp",
                b"\xff\xfe", b"WWW", b"sub", b"cut", b"1", b"0", b"xn--bcher-kva")
LABEL_OCTETS = b"abcdefghijklmnopqrstuvwxyz0123456789-_*\0.\\\" "
OUTSIDE = ("example.", "www.example.net.", "net.", ".", "corner.example.net.", "xcorner.example.",
           "arpa.", "192.in-addr.arpa.")


def read_zone(origin, path):
    """Owner (wire format) -> types."""
    zone = dns.zone.from_file(str(path), origin=origin + ".", relativize=False, check_origin=False)
    owners = collections.defaultdict(set)
    for name, _, rdata in zone.iterate_rdatas():
        owners[name.to_wire()].add(int(rdata.rdtype))
    return owners


class Content:
    """What the zones hold, as far as questions are chosen by it."""

    def __init__(self, files):
        self.origins = [dns.name.from_text(origin + ".").to_wire() for origin in files]
        self.owners = collections.defaultdict(set)
        for origin, path in files.items():
            for name, types in read_zone(origin, path).items():
                self.owners[name] |= types
        self.names = sorted(self.owners)
        self.types = sorted(set().union(*self.owners.values()) | {wire.A, wire.AAAA, wire.DS})
        delegating = (wire.NS, wire.DNAME)
        self.turning = [name for name, types in sorted(self.owners.items())
                        if types.intersection(delegating) or name[:2] == b"\1*"]
        self.outside = [dns.name.from_text(text).to_wire() for text in OUTSIDE]


class Generator:
    """An endless source of queries."""

    def __init__(self, content, seed):
        self.content = content
        self.random = random.Random(seed)

    def label(self):
        if self.random.random() < 0.6:
            return self.random.choice(KNOWN_LABELS)
        size = self.random.choice((1, 1, 2, 3, 8, 20, 40, 62, 63))
        return bytes(self.random.choices(LABEL_OCTETS, k=size))

    def below(self, name, labels):
        """As long as it fits."""
        for _ in range(labels):
            label = self.label()
            if len(name) + 1 + len(label) <= 255:
                name = bytes([len(label)]) + label + name
        return name

    def sibling(self, name):
        labels = wire.labels_of(name)
        labels[self.random.randrange(len(labels))] = self.label()
        sibling = wire.join_labels(labels)
        return sibling if len(sibling) <= 255 else name

    def name(self):
        choose, content = self.random.choice, self.content
        kind = self.random.random()
        if kind < 0.40:
            return choose(content.names)
        if kind < 0.55:
            return self.below(choose(content.names), choose((1, 1, 2, 3)))
        if kind < 0.75:
            # What aliases and wildcards lead to is under the names of other places.
            name = choose(content.turning)
            name = name[2:] if name[:2] == b"\1*" else name
            if self.random.random() < 0.5:
                return self.below(name, choose((1, 1, 1, 2, 5)))
            labels = wire.labels_of(choose(content.names))[:choose((1, 1, 2, 3))]
            moved = wire.join_labels(labels)[:-1] + name
            return moved if len(moved) <= 255 else name
        if kind < 0.83:
            return self.sibling(choose(content.names))
        if kind < 0.91:
            return choose(list(wire.parents(choose(content.names))))
        if kind < 0.97:
            return self.below(choose(content.origins), choose((1, 2)))
        return self.below(choose(content.outside), choose((0, 0, 1)))

    def in_random_case(self, name):
        if self.random.random() < 0.5:
            return name
        labels = [bytes(octet ^ 0x20 if chr(octet).isalpha() and octet < 128 and
                        self.random.random() < 0.5 else octet for octet in label)
                  for label in wire.labels_of(name)]
        return wire.join_labels(labels)

    def type(self, name):
        choose, kind = self.random.choice, self.random.random()
        there = sorted(self.content.owners.get(name, ()))
        if there and kind < 0.4:
            return choose(there)
        if kind < 0.60:
            return choose((wire.A, wire.A, wire.AAAA, wire.TXT))
        if kind < 0.78:
            return choose(self.content.types)
        if kind < 0.86:
            return choose((wire.NS, wire.SOA, wire.CNAME, wire.DNAME, wire.DS))
        if kind < 0.90:
            return choose(DNSSEC_TYPES)
        if kind < 0.95:
            return wire.ANY
        if kind < 0.97:
            return choose(META_TYPES)
        return choose(NOBODYS_TYPES + (self.random.randrange(65536),))

    def klass(self):
        if self.random.random() < 0.97:
            return wire.IN
        return self.random.choice((wire.CH, wire.HS, wire.NONE, 255, 0, 2,
                                   self.random.randrange(65536)))

    def option(self):
        code = self.random.choice((wire.ECS, 3, wire.PADDING, wire.KEEPALIVE, 5, 15, 4242, 65001))
        data = {wire.ECS: b"\0\1\x18\0\xcb\0\x71", 3: b"", wire.KEEPALIVE: b"", 5: b"\x08\x0d",
                15: b"\0\0"}.get(code)
        return code, bytes(self.random.randrange(40)) if data is None else data

    def edns(self):
        if self.random.random() < 0.35:
            return None
        size = self.random.choice((0, 511, 512, 513, 1220, 1231, 1232, 1233, 1400, 4096, 65535,
                                   self.random.randrange(512, 1232)))
        options = {}
        if self.random.random() < 0.2:
            options = dict(self.option() for _ in range(self.random.choice((1, 1, 2, 3))))
        version = self.random.choice((1, 2, 255)) if self.random.random() < 0.03 else 0
        return wire.Edns(version, self.random.random() < 0.4, size, tuple(options.items()))

    def query(self):
        name = self.name()
        chance = self.random.random
        return wire.Query(self.in_random_case(name), self.type(name), self.klass(), chance() < 0.3,
                          chance() < 0.1, chance() < 0.1, self.edns(), chance() < 0.15)
