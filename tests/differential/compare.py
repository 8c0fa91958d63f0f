"""What is different between two answers to one query, by aspect."""
import wire

FLAGS = ("qr", "aa", "tc", "rd", "ra", "z", "ad", "cd")


def order_of(answer):
    """The RRsets of an answer section in order: aliases and DNAMEs stand as they are followed,
    before what they lead to (RFC 1034 4.3.2, RFC 6672 3.1)."""
    return list(dict.fromkeys((record.owner, record.type) for record in answer))


def edns_frame(edns):
    """What is compared of OPT, but the options: whether it is there, version, DO, size."""
    return edns and (edns.version, edns.dnssec_ok, edns.udp_size)


def differing_aspects(ours, theirs):
    """Names of aspects. What a truncated answer holds is not looked at: RFC 2181 9 lets clients
    throw it away."""
    if not isinstance(ours, wire.Message) or not isinstance(theirs, wire.Message):
        return set() if type(ours) is type(theirs) else {"silence"}
    aspects = {flag for flag in FLAGS if (flag in ours.flags) != (flag in theirs.flags)}
    if ours.rcode != theirs.rcode:
        aspects.add("rcode")
    if ours.opcode != theirs.opcode:
        aspects.add("opcode")
    if ours.question != theirs.question:
        aspects.add("question")
    if edns_frame(ours.edns) != edns_frame(theirs.edns):
        aspects.add("opt")
    aspects |= {f"option {code}" for code, _ in
                set(ours.options().items()) ^ set(theirs.options().items())}
    if "tc" in ours.flags or "tc" in theirs.flags:
        return aspects
    for section in ("answer", "authority", "additional"):
        if sorted(getattr(ours, section)) != sorted(getattr(theirs, section)):
            aspects.add(section)
    if "answer" not in aspects and order_of(ours.answer) != order_of(theirs.answer):
        aspects.add("order")
    return aspects


def own_faults(query, message):
    """What no answer of fairlead may be, whatever its peers say."""
    if message is None:
        return set()  # silence is compared
    if not isinstance(message, wire.Message):
        return {"is " + message}
    faults = set()
    if "tc" in message.flags and (message.answer or message.authority or message.additional):
        faults.add("is truncated and carries records")
    if "tc" in message.flags and query.tcp:
        faults.add("is truncated over TCP")
    if not query.tcp and message.size > query.limit:
        faults.add("is longer than the client takes")
    if message.edns and not query.edns:
        faults.add("has an OPT record that nobody asked for")
    if query.name + bytes(divmod(query.type, 256)) + bytes(divmod(query.klass, 256)) != (
            message.question) and message.question:
        faults.add("repeats another question")
    records = message.answer + message.authority + message.additional
    if len(set(records)) != len(records):
        faults.add("has a record twice")
    ttls = {}
    for record in records:
        if ttls.setdefault(record[:3], record.ttl) != record.ttl:
            faults.add("has an RRset with two TTLs")
    return faults
