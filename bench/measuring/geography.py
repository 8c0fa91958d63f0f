"""Our country database in the schema that the peers read.

Ours says {country_code: DE}; MaxMind's GeoLite2 says {continent: {code: EU}, country: {iso_code:
DE}}.
The tree stays as it is but for where its leaves point; the data behind it are written anew.
MaxMind DB File Format 2.0.
"""
import array
import pathlib
import re
import struct

SOURCE = pathlib.Path(__file__).resolve().parents[2]
MARKER = b"\xab\xcd\xefMaxMind.com"
SEPARATOR = 16  # octets of zero between tree and data


def continents():
    """Country -> continent, from the table of the server itself."""
    table = (SOURCE / "geo/country_table.cc").read_text()
    return dict(re.findall(r'\{"([A-Z]{2})", "[^"]*", ([A-Z]{2}),', table))


def text(value):
    return bytes([0x40 | len(value)]) + value.encode("ascii")  # shorter than 29 octets


def mapping(entries):
    return bytes([0xe0 | len(entries)]) + b"".join(text(key) + value for key, value in entries)


def number(kind, value):
    """`kind`: 5 is 16 bits, 6 is 32; 9, which is an extended type, is 64."""
    octets = value.to_bytes((value.bit_length() + 7) // 8, "big")
    if kind < 8:
        return bytes([kind << 5 | len(octets)]) + octets
    return bytes([len(octets), kind - 7]) + octets


def metadata_number(octets, key):
    start = octets.index(text(key)) + len(key) + 1
    control = octets[start]
    size, skip = (control & 31, 1) if control >> 5 else (control & 31, 2)
    return int.from_bytes(octets[start + skip:start + skip + size], "big")


def text_at(data, offset):
    """A string, written out or pointed to, and where it ends."""
    control = data[offset]
    if control >> 5 == 2:
        end = offset + 1 + (control & 31)
        return data[offset + 1:end].decode("ascii"), end
    if control >> 5 != 1:
        raise ValueError("the database holds more than countries")
    size = control >> 3 & 3
    end = offset + 2 + size
    target = int.from_bytes(data[offset + 1:end], "big")
    if size < 3:
        target += (control & 7) << 8 * (size + 1)
    return text_at(data, target + [0, 2048, 526336, 0][size])[0], end


def country_at(data, offset):
    """Of a record {country_code: XX}."""
    key, end = text_at(data, offset + 1)
    if data[offset] != 0xe1 or key != "country_code":
        raise ValueError("the database is not one of country_code alone")
    return text_at(data, end)[0]


def entry(country, continent):
    entries = [("country", mapping([("iso_code", text(country))]))]
    if continent:
        entries.insert(0, ("continent", mapping([("code", text(continent))])))
    return mapping(entries)


def metadata(nodes, build_epoch):
    return MARKER + mapping([
        ("binary_format_major_version", number(5, 2)),
        ("binary_format_minor_version", number(5, 0)),
        ("build_epoch", number(9, build_epoch)),
        ("database_type", text("GeoLite2-Country")),
        ("description", mapping([("en", text("converted"))])),
        ("ip_version", number(5, 6)),
        ("languages", b"\x01\x04" + text("en")),
        ("node_count", number(6, nodes)),
        ("record_size", number(5, 24)),
    ])


def convert(source, target):
    """Both are paths."""
    octets = pathlib.Path(source).read_bytes()
    about = octets[octets.rindex(MARKER):]
    nodes = metadata_number(about, "node_count")
    if metadata_number(about, "record_size") != 24:
        raise ValueError(f"{source}: only records of 24 bits are converted")
    tree, data = bytearray(octets[:6 * nodes]), octets[6 * nodes + SEPARATOR:]
    # Records of three octets as numbers: every plane of octets apart.
    high, middle, low = (array.array("B", tree[plane::3]) for plane in range(3))
    known, moved, written = continents(), {}, bytearray()
    for i, (a, b, c) in enumerate(zip(high, middle, low)):
        record = a << 16 | b << 8 | c
        if record <= nodes:
            continue
        if record not in moved:
            country = country_at(data, record - nodes - SEPARATOR)
            moved[record] = struct.pack("!I", nodes + SEPARATOR + len(written))[1:]
            written += entry(country, known.get(country))
        tree[3 * i:3 * i + 3] = moved[record]
    pathlib.Path(target).write_bytes(tree + bytes(SEPARATOR) + written +
                                     metadata(nodes, metadata_number(about, "build_epoch")))
