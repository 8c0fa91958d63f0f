"""One query with two answers to it, and what may be said about their difference.

Predicates are narrow: what can be checked by asking again is checked, so that none hides a mistake
that looks alike.
"""
import compare
import wire

MAX_ALIASES = 8  # kMaxAliases of server/answer/response.h
NXNAME = 128


class Case:
    """One query and what fairlead and one peer answered."""

    def __init__(self, query, peer, replies, content, asker):
        self.query, self.peer, self.replies = query, peer, replies
        self.content, self.asker = content, asker
        self.ours, self.theirs = replies["fairlead"].message, replies[peer].message

    def ask(self, server, query):
        return self.asker.ask([query._replace(tcp=True)], [server])[0][server].message

    def over_tcp(self, server):
        """What a server says to the same query without a limit."""
        if self.query.tcp:
            return self.replies[server].message
        return self.ask(server, self.query)

    def zone_of(self, name):
        """The origin of the nearest zone that is served."""
        return next((up for up in wire.parents(name) if up in self.content.origins), None)

    def is_referral(self):
        return not self.ours.answer and any(record.type == wire.NS
                                            for record in self.ours.authority)


def is_empty(message):
    return not (message.answer or message.authority or message.additional)


def is_meta(rtype):
    return rtype in (0, wire.OPT) or (128 <= rtype <= 255 and rtype != wire.ANY)


# What may be asked

def is_other_class(case):
    return case.query.klass != wire.IN and case.ours.rcode == wire.REFUSED and is_empty(case.ours)


def is_silent_in_chaos(case):
    return case.query.klass == wire.CH and case.theirs is None and is_other_class(case)


def is_meta_type(case):
    expected = dict.fromkeys((0, wire.OPT, NXNAME, wire.TKEY, wire.TSIG), wire.FORMERR)
    expected.update(dict.fromkeys((wire.AXFR, wire.IXFR), wire.REFUSED))
    return (is_meta(case.query.type) and is_empty(case.ours) and
            case.ours.rcode == expected.get(case.query.type, wire.NOTIMP))


def is_one_rrset_of_any(case):
    """Asked for the type that we chose, the peer must give the same."""
    ours = case.over_tcp("fairlead")
    return (case.query.type == wire.ANY and isinstance(ours, wire.Message) and ours.answer and
            any(says_the_same(ours, theirs) for theirs in
                continued(case, case.peer, case.query._replace(type=ours.answer[-1].type))))


# Flags, EDNS

def has_no_question(case):
    return case.theirs.question == b"" and case.ours.rcode == case.theirs.rcode


def is_ecs_echo(case):
    sent = case.query.options().get(wire.ECS)
    return (sent is not None and wire.ECS not in case.theirs.options() and
            case.ours.options().get(wire.ECS) == sent)


def explains_error(case):
    return wire.EDE in case.theirs.options() or wire.EDE in case.ours.options()


def copies_ad(case):
    return case.query.authentic_data and "ad" in case.theirs.flags


def copies_cd(case):
    if case.peer == "nsd" and case.theirs.rcode in (wire.NOERROR, wire.NXDOMAIN):
        return False
    return case.query.checking_disabled and "cd" in case.theirs.flags


def forgets_dnssec_ok(case):
    ours, theirs = case.ours.edns, case.theirs.edns
    return (case.ours.rcode == case.theirs.rcode == wire.BADVERS and ours and theirs and
            ours.dnssec_ok and
            compare.edns_frame(ours) == compare.edns_frame(theirs._replace(dnssec_ok=True)))


def is_keepalive(case):
    return (case.query.tcp and wire.KEEPALIVE in case.query.options() and
            wire.KEEPALIVE in case.ours.options())


# Size

def size_over_udp(full):
    """Of an answer that came over TCP, where alone it may carry a keepalive."""
    return full.size - (6 if wire.KEEPALIVE in full.options() else 0)


def leaves_out_additional(message, full):
    """Is the message the full one but for additional records?"""
    return (sorted(message.answer) == sorted(full.answer) and
            sorted(message.authority) == sorted(full.authority) and
            set(message.additional) < set(full.additional))


def is_truncated_by_size(case):
    for name, message in (("fairlead", case.ours), (case.peer, case.theirs)):
        full = case.over_tcp(name)
        if not isinstance(full, wire.Message):
            return False
        if ("tc" in message.flags) == (size_over_udp(full) > case.query.limit):
            continue
        if name == "fairlead" or not leaves_out_additional(message, full):
            return False
    return True


def drops_glue_that_does_not_fit(case):
    full = case.over_tcp(case.peer)
    return (case.is_referral() and isinstance(full, wire.Message) and
            size_over_udp(full) > case.query.limit and leaves_out_additional(case.theirs, full) and
            sorted(case.ours.additional) == sorted(full.additional))


def drops_soa_that_does_not_fit(case):
    full = case.over_tcp(case.peer)
    return ("tc" in case.ours.flags and isinstance(full, wire.Message) and
            size_over_udp(full) > case.query.limit and
            sorted(full.answer) == sorted(case.theirs.answer) and
            not case.theirs.authority and [record.type for record in full.authority] == [wire.SOA])


def breaks_off_before_rcode(case):
    ours, theirs = case.over_tcp("fairlead"), case.over_tcp(case.peer)
    return ("tc" in case.ours.flags and "tc" in case.theirs.flags and
            case.theirs.rcode == wire.NOERROR and ours.rcode == theirs.rcode == case.ours.rcode)


# Additional

def targets_of(records):
    """Names of hosts in RDATA, for which additional processing is defined."""
    at = {wire.NS: 0, wire.MX: 2, wire.SRV: 6}
    for record in records:
        if record.type in at:
            yield record.rdata[at[record.type]:]
        elif record.type in (wire.SVCB, wire.HTTPS):
            target, _ = wire.read_name(record.rdata, 2)
            yield record.owner if target == b"\0" else target.lower()


def adds_addresses(case):
    extra = set(case.theirs.additional) - set(case.ours.additional)
    targets = set(targets_of(case.theirs.answer + case.theirs.authority))
    return (not case.is_referral() and set(case.ours.additional) <= set(case.theirs.additional) and
            all(record.type in (wire.A, wire.AAAA) and record.owner in targets
                for record in extra))


def leaves_out_sibling_glue(case):
    if not case.is_referral():
        return False
    cut = case.ours.authority[0].owner
    missing = set(case.ours.additional) - set(case.theirs.additional)
    return (set(case.theirs.additional) <= set(case.ours.additional) and
            all(cut not in wire.parents(record.owner) for record in missing))


# Aliases

def continued(case, server, query):
    """A server's answer, then that answer continued by what the server itself says to questions for
    where its aliases lead, alias after alias, within the zones served here. Loops are gone through
    once."""
    message, visited = case.ask(server, query), {query.name.lower()}
    for _ in range(2 * MAX_ALIASES):
        if not isinstance(message, wire.Message):
            return
        message = message._replace(answer=tuple(dict.fromkeys(message.answer)))
        yield message
        if not message.answer or message.answer[-1].type != wire.CNAME:
            return
        visited |= {record.owner for record in message.answer if record.type == wire.CNAME}
        target = message.answer[-1].rdata
        if target in visited or case.zone_of(target) is None:
            return
        more = case.ask(server, query._replace(name=target))
        if not isinstance(more, wire.Message):
            return
        message = more._replace(answer=message.answer + more.answer)


def is_loop(answer):
    return (answer[-1:] != () and answer[-1].type == wire.CNAME and
            answer[-1].rdata in {record.owner for record in answer})


def says_the_same(ours, theirs):
    """BIND's SERVFAIL at a loop is explained below."""
    fails = theirs.rcode == wire.SERVFAIL and is_loop(theirs.answer)
    return ((theirs.rcode == ours.rcode or fails and ours.rcode == wire.NOERROR) and
            sorted(theirs.answer) == sorted(ours.answer) and
            compare.order_of(theirs.answer) == compare.order_of(ours.answer) and
            sorted(theirs.authority) == sorted(ours.authority))


def aliases_in(message):
    return sum(record.type == wire.CNAME for record in message.answer)


def leaves_alias_to_resolver(case):
    ours = case.over_tcp("fairlead")
    return (case.query.type != wire.CNAME and isinstance(ours, wire.Message) and
            aliases_in(ours) > 0 and any(says_the_same(ours, theirs) for theirs in
                                         continued(case, case.peer, case.query)))


def is_longest_chain(case):
    ours = case.over_tcp("fairlead")
    return (isinstance(ours, wire.Message) and aliases_in(ours) == MAX_ALIASES and
            not ours.authority and ours.rcode == wire.NOERROR and
            any(theirs.answer[:len(ours.answer)] == ours.answer
                for theirs in continued(case, case.peer, case.query)))


def misses_overflow(case):
    """Is the name that our DNAME makes really too long?"""
    if case.ours.rcode != wire.YXDOMAIN or case.ours.answer[-1:] == ():
        return False
    dname = case.ours.answer[-1]
    aliases = [record for record in case.ours.answer if record.type == wire.CNAME]
    name = aliases[-1].rdata if aliases else case.query.name
    return (dname.type == wire.DNAME and dname.owner in wire.parents(name) and
            len(name) - len(dname.owner) + len(dname.rdata) > 255 and
            case.theirs.rcode == wire.NXDOMAIN and case.theirs.answer == case.ours.answer)


def fails_at_loop(case):
    return (case.theirs.rcode == wire.SERVFAIL and case.ours.rcode == wire.NOERROR and
            is_loop(case.ours.answer) and set(case.ours.answer) == set(case.theirs.answer))


def is_dnssec_type_at_alias(case):
    """Is the peer's answer ours up to an alias, and then no data?"""
    types = (wire.NSEC3,) if case.peer == "nsd" else (wire.RRSIG, wire.NSEC, wire.KEY)
    ours = case.over_tcp("fairlead")
    if case.query.type not in types or not isinstance(ours, wire.Message):
        return False
    for theirs in continued(case, case.peer, case.query):
        same = len(theirs.answer)
        if (theirs.answer == ours.answer[:same] and
                [record.type for record in theirs.authority] == [wire.SOA] and
                [record.type for record in ours.answer[same:same + 1]] == [wire.CNAME]):
            return True
    return False


# Zones beneath zones

def sees_name_of_other_zone(case):
    name = case.query.name.lower()
    return (case.ours.rcode == wire.NXDOMAIN and case.theirs.rcode == wire.NOERROR and
            any(name in wire.parents(owner) for owner in case.content.names))
