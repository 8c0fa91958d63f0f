"""DNS messages as bytes (RFC 1035 4.1, RFC 6891 6.1): writes queries, reads answers strictly.

Names are kept in uncompressed wire format. Where they are compared, case is folded (RFC 4343):
length octets are below 64, so `bytes.lower` touches letters alone.
"""
import struct
from typing import NamedTuple, Optional

A, NS, CNAME, SOA, PTR, MX, TXT, RP, AAAA, SRV = 1, 2, 5, 6, 12, 15, 16, 17, 28, 33
DNAME, OPT, DS = 39, 41, 43
HTTPS, SVCB, TKEY, TSIG, IXFR, AXFR, MAILB, MAILA, ANY = 65, 64, 249, 250, 251, 252, 253, 254, 255
KEY, RRSIG, NSEC, NSEC3 = 25, 46, 47, 50
IN, CH, HS, NONE = 1, 3, 4, 254
NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED, YXDOMAIN, BADVERS = 0, 1, 2, 3, 4, 5, 6, 16
ECS, KEEPALIVE, PADDING, EDE = 8, 11, 12, 15  # EDNS options

# Where names are inside RDATA: octets before them, how many.
NAMES_IN_RDATA = {NS: (0, 1), CNAME: (0, 1), PTR: (0, 1), DNAME: (0, 1), SOA: (0, 2), RP: (0, 2),
                  MX: (2, 1), SRV: (6, 1)}


class Malformed(Exception):
    """An answer that is no DNS message; says where."""


class Edns(NamedTuple):
    version: int
    dnssec_ok: bool
    udp_size: int
    options: tuple  # of (code, data)


class Query(NamedTuple):
    name: bytes  # wire format, in the case in which it is sent
    type: int
    klass: int
    recursion_desired: bool
    checking_disabled: bool
    authentic_data: bool
    edns: Optional[Edns]
    tcp: bool

    def to_wire(self, message_id):
        flags = (self.recursion_desired << 8 | self.authentic_data << 5 |
                 self.checking_disabled << 4)
        header = struct.pack("!6H", message_id, flags, 1, 0, 0, self.edns is not None)
        question = self.name + struct.pack("!HH", self.type, self.klass)
        return header + question + (edns_to_wire(self.edns) if self.edns else b"")

    def options(self):
        """Code -> data."""
        return dict(self.edns.options) if self.edns else {}

    @property
    def limit(self):
        """Octets that an answer over UDP may have: RFC 6891 6.2.3, and 1232 for all servers."""
        return min(max(self.edns.udp_size, 512), 1232) if self.edns else 512


class Record(NamedTuple):
    owner: bytes  # lower case
    type: int
    klass: int
    ttl: int
    rdata: bytes  # uncompressed, names in lower case


class Message(NamedTuple):
    """An answer."""
    size: int
    opcode: int
    flags: frozenset  # of "qr aa tc rd ra z ad cd"
    rcode: int  # with the upper bits of OPT
    question: bytes
    answer: tuple
    authority: tuple
    additional: tuple  # without OPT
    edns: Optional[Edns]

    def options(self):
        """Code -> data."""
        return dict(self.edns.options) if self.edns else {}


FLAGS = (("qr", 0x8000), ("aa", 0x400), ("tc", 0x200), ("rd", 0x100), ("ra", 0x80), ("z", 0x40),
         ("ad", 0x20), ("cd", 0x10))


def edns_to_wire(edns):
    rdata = b"".join(struct.pack("!HH", code, len(data)) + data for code, data in edns.options)
    ttl = edns.version << 16 | edns.dnssec_ok << 15
    return b"\0" + struct.pack("!HHIH", OPT, edns.udp_size, ttl, len(rdata)) + rdata


def read_name(wire, at):
    """The name at an offset, and the offset behind it."""
    labels, size, end, limit = [], 1, None, at
    while True:
        if at >= len(wire):
            raise Malformed("a name beyond the end")
        octet = wire[at]
        if octet >= 0xC0:
            end = end or at + 2
            target = struct.unpack_from("!H", wire, at)[0] & 0x3FFF
            if target >= limit or target < 12:
                raise Malformed("a compression pointer that does not point back")
            at = limit = target
            continue
        if octet > 63:
            raise Malformed("a label type other than RFC 1035's")
        labels.append(wire[at:at + 1 + octet])
        at += 1 + octet
        if octet == 0:
            return b"".join(labels), end or at
        size += 1 + octet
        if size > 255:
            raise Malformed("a name over 255 octets")


def read_record(wire, at):
    owner, at = read_name(wire, at)
    if at + 10 > len(wire):
        raise Malformed("a record beyond the end")
    rtype, klass, ttl, size = struct.unpack_from("!HHIH", wire, at)
    at += 10
    end = at + size
    if end > len(wire):
        raise Malformed("RDATA beyond the end")
    if rtype in NAMES_IN_RDATA:
        before, count = NAMES_IN_RDATA[rtype]
        rdata, at = wire[at:at + before], at + before
        for _ in range(count):
            name, at = read_name(wire, at)
            rdata += name.lower()
        rdata += wire[at:end]
        if at > end:
            raise Malformed("a name beyond its RDATA")
    else:
        rdata = wire[at:end]
    return Record(owner.lower(), rtype, klass, ttl, rdata), end


def read_options(rdata):
    at = 0
    while at < len(rdata):
        code, size = struct.unpack_from("!HH", rdata, at)
        yield code, rdata[at + 4:at + 4 + size]
        at += 4 + size


def read_message(wire):
    if len(wire) < 12:
        raise Malformed("fewer than 12 octets")
    _, flags, questions, *counts = struct.unpack_from("!6H", wire)
    at = 12
    for _ in range(questions):
        _, at = read_name(wire, at)
        at += 4
    question, sections, edns, rcode = wire[12:at], [], None, flags & 15
    for count in counts:
        section = []
        for _ in range(count):
            record, at = read_record(wire, at)
            if record.type != OPT:
                section.append(record)
                continue
            if edns:
                raise Malformed("two OPT records")
            rcode |= record.ttl >> 24 << 4
            edns = Edns(record.ttl >> 16 & 255, bool(record.ttl & 0x8000), record.klass,
                        tuple(read_options(record.rdata)))
        sections.append(tuple(section))
    if at != len(wire):
        raise Malformed("octets behind the last record")
    return Message(len(wire), flags >> 11 & 15,
                   frozenset(name for name, bit in FLAGS if flags & bit), rcode, question,
                   *sections, edns)


def labels_of(name):
    """The labels of a name, without the root's."""
    labels, at = [], 0
    while name[at]:
        labels.append(name[at + 1:at + 1 + name[at]])
        at += 1 + name[at]
    return labels


def join_labels(labels):
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def parents(name):
    """The name and everything above it, in lower case, the root last."""
    name, at = name.lower(), 0
    while name[at]:
        yield name[at:]
        at += 1 + name[at]
    yield b"\0"
