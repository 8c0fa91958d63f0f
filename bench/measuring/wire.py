"""As much of the DNS as a client needs that looks into answers."""
import collections
import ipaddress
import socket
import struct

A, NS, CNAME, SOA, AAAA, OPT = 1, 2, 5, 6, 28, 41
TYPES = {"A": A, "NS": NS, "CNAME": CNAME, "SOA": SOA, "AAAA": AAAA}

Record = collections.namedtuple("Record", "owner type value")  # value: text, or octets
Reply = collections.namedtuple("Reply", "id rcode is_authoritative records")  # of all sections


def query(name, rtype, subnet=None, number=1):
    """Octets; `subnet` is text, such as 192.0.2.0/24."""
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.rstrip(".").split("."))
    head = struct.pack("!6H", number, 0, 1, 0, 0, 1 if subnet else 0)
    question = labels + struct.pack("!BHH", 0, TYPES[rtype], 1)
    return head + question + (opt(subnet) if subnet else b"")


def opt(subnet):
    network = ipaddress.ip_network(subnet)
    address = network.network_address.packed[:(network.prefixlen + 7) // 8]
    option = struct.pack("!HBB", 1 if network.version == 4 else 2, network.prefixlen, 0) + address
    data = struct.pack("!HH", 8, len(option)) + option
    return struct.pack("!BHHIH", 0, OPT, 1232, 0, len(data)) + data


def name_at(message, offset):
    """The name, and where it ends."""
    labels, end = [], None
    while message[offset]:
        size = message[offset]
        if size >= 192:
            end = end or offset + 2
            offset = (size & 63) << 8 | message[offset + 1]
            continue
        labels.append(message[offset + 1:offset + 1 + size].decode("latin-1").lower())
        offset += 1 + size
    return ".".join(labels), end or offset + 1


def parse(message):
    number, flags, *counts = struct.unpack_from("!6H", message)
    offset = 12
    for _ in range(counts[0]):
        offset = name_at(message, offset)[1] + 4
    records = []
    for _ in range(sum(counts[1:])):
        owner, offset = name_at(message, offset)
        rtype, _, _, size = struct.unpack_from("!HHIH", message, offset)
        offset += 10
        records.append(Record(owner, rtype, value(message, rtype, offset, size)))
        offset += size
    return Reply(number, flags & 15, bool(flags & 0x400), records)


def value(message, rtype, offset, size):
    if rtype in (A, AAAA):
        return str(ipaddress.ip_address(message[offset:offset + size]))
    if rtype in (NS, CNAME):
        return name_at(message, offset)[0]
    return message[offset:offset + size]


def ask(port, name, rtype, subnet=None, timeout=1):
    """A Reply, or None if nobody answers."""
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.settimeout(timeout)
        client.connect(("127.0.0.1", port))
        try:
            client.send(query(name, rtype, subnet))
            return parse(client.recv(65535))
        except OSError:  # not listening yet, or silent
            return None
