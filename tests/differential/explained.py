"""Why answers differ, and whether that is all right: one row of REASONS for each class.

A row says for which peers, for which aspects (as compare.py names them) and when (cases.py) it
holds, and why fairlead answers as it does. A difference that no row explains fails the run.
"""
from typing import Callable, NamedTuple

import cases

KNOT, NSD, BIND = ("knot",), ("nsd",), ("bind",)
ALL = KNOT + NSD + BIND
SECTIONS = {"answer", "authority", "additional", "order"}


class Reason(NamedTuple):
    name: str
    peers: tuple
    aspects: set
    holds: Callable
    why: str


REASONS = (
    Reason(
        "class other than IN", ALL, SECTIONS | {"rcode", "aa", "question", "ra", "ad"},
        cases.is_other_class,
        "We hold no data of other classes and say REFUSED, to class ANY as well. BIND says "
        "FORMERR to classes that it does not know, Knot and NSD look class ANY up in IN, and "
        "all have names of their own in CH. RFC 6895 3.2 lists the classes; what a server says "
        "to those that it does not serve is left open."),
    Reason(
        "CHAOS rate limit", BIND, {"silence"}, cases.is_silent_in_chaos,
        "BIND has a view of its own for class CH, with a rate limit that cannot be configured "
        "away: it drops what is over 3 equal answers a second. RFC 1035 does not forbid silence."),
    Reason(
        "meta type", ALL, SECTIONS | {"rcode", "aa", "question"}, cases.is_meta_type,
        "RFC 6895 3.1: types 128 to 255 and OPT are not data. OPT, 0, TKEY and TSIG cannot be "
        "asked for: FORMERR; transfers are REFUSED, whoever asks; the others are NOTIMP. Each "
        "peer draws the line elsewhere: Knot and NSD look most of them up as data, BIND says "
        "FORMERR."),
    Reason(
        "ANY gets one RRset", ALL, {"answer", "additional", "order"}, cases.is_one_rrset_of_any,
        "RFC 8482 4.1. Knot and NSD do so too, NSD with another RRset; BIND gives all "
        "(minimal-any no)."),
    Reason(
        "no question in a refusal", NSD, {"question"}, cases.has_no_question,
        "NSD leaves out the question of a query that it does not look up. We repeat it, as "
        "RFC 1035 4.1.2 has it, for resolvers compare it (RFC 5452 9.1). Knot and "
        "BIND do as we do."),
    Reason(
        "client subnet not supported", KNOT + NSD, {"option 8"}, cases.is_ecs_echo,
        "RFC 7871 7.2.1: we and BIND support client subnets, so the option comes back, for "
        "static data with scope 0. Knot (as configured) and NSD do not, and ignore it."),
    Reason(
        "extended error", ALL, {"option 15"}, cases.explains_error,
        "RFC 8914 2: an Extended DNS Error may go with any answer. Each server has some where "
        "others have none."),
    Reason(
        "keepalive over TCP", ALL, {"option 11"}, cases.is_keepalive,
        "RFC 7828 3.3.2: asked over TCP, a server may say how long a connection can be idle. We "
        "and BIND do, each its own time; Knot and NSD do not."),
    Reason(
        "AD copied", BIND, {"ad"}, cases.copies_ad,
        "RFC 4035 3.1.6: AD must not be set unless the data are held to be authentic. BIND leaves "
        "it as it came where it truncates or fails. Knot and NSD clear it, as we do."),
    Reason(
        "CD copied", NSD + BIND, {"cd"}, cases.copies_cd,
        "RFC 4035 3.1.6: an authoritative server should clear CD. BIND copies it, NSD in errors. "
        "Knot clears it always, as we do."),
    Reason(
        "DO forgotten in BADVERS", NSD, {"opt"}, cases.forgets_dnssec_ok,
        "RFC 3225 3: DO is copied to the answer. NSD does not where it says BADVERS. Knot and BIND "
        "do as we do."),
    Reason(
        "truncated by size", ALL, {"tc"}, cases.is_truncated_by_size,
        "Only one of two answers is longer than the client takes, which both show over TCP: "
        "optional records, compression, or glue. RFC 9471 3.1: a referral without all its "
        "in-domain glue must have TC; we set it, NSD and BIND are content with one address."),
    Reason(
        "glue dropped", ALL, {"additional"}, cases.drops_glue_that_does_not_fit,
        "As above: the peer's referral over TCP is as ours, and too long for it over UDP (BIND "
        "compresses less, for it keeps the case of names)."),
    Reason(
        "SOA dropped", KNOT, {"tc"}, cases.drops_soa_that_does_not_fit,
        "RFC 2308 3: a denial has the SOA, so that an answer without it for want of room is "
        "truncated. Knot leaves it out and does not say so. NSD and BIND do as we do."),
    Reason(
        "RCODE of the part that fit", KNOT, {"rcode"}, cases.breaks_off_before_rcode,
        "Both are truncated, and agree over TCP. Knot's RCODE is that of what it had looked up "
        "when the room ran out; ours is the whole answer's (RFC 6604 3), as NSD's and BIND's."),
    Reason(
        "optional addresses", ALL, {"additional"}, cases.adds_addresses,
        "RFC 1034 4.3.2 step 6 lets a server add what may be useful. We add nothing but glue, "
        "for resolvers do not believe it (RFC 2181 5.4.1). The peers add the addresses of name "
        "servers at the apex; Knot those of MX, SRV and SVCB targets as well."),
    Reason(
        "no sibling glue", BIND, {"additional"}, cases.leaves_out_sibling_glue,
        "RFC 9471 2.2 and 3.2: addresses of name servers that are not below the cut are "
        "optional in a referral. We, Knot and NSD give those that the zone holds, BIND "
        "(minimal-responses) does not."),
    Reason(
        "alias left to the resolver", ALL, SECTIONS | {"rcode"}, cases.leaves_alias_to_resolver,
        "RFC 1034 4.3.2 step 3.a starts over in whatever zone the alias leads to. We do, for "
        "kMaxAliases hops, like NSD; Knot and BIND stay within the zone, Knot for fewer hops. "
        "Continued by questions for the target, as a resolver asks them, both sides' answers "
        "are the same; this is checked for each."),
    Reason(
        "longest chain", ALL, SECTIONS | {"rcode"}, cases.is_longest_chain,
        "We follow kMaxAliases aliases and leave the rest to the resolver; a chain that grows "
        "for ever by DNAMEs ends there as well. The peers have limits of their own: ours is the "
        "beginning of their answer, continued as above. RFC 1034 4.3.2 has no limit, "
        "RFC 1034 7.1 wants one."),
    Reason(
        "overflow is no NXDOMAIN", KNOT, {"rcode", "authority"}, cases.misses_overflow,
        "RFC 6672 2.2: a name over 255 octets by a DNAME is YXDOMAIN, as NSD, BIND and we say. "
        "Knot says NXDOMAIN where the DNAME is not the first step of the answer."),
    Reason(
        "SERVFAIL at a loop", BIND, {"rcode"}, cases.fails_at_loop,
        "Aliases that lead back to themselves are data (RFC 1034 3.6.2 asks that loops be "
        "signalled by whoever follows them): we, Knot and NSD give them with NOERROR, once. BIND "
        "says SERVFAIL, with the same records."),
    Reason(
        "DNSSEC type at an alias", ALL, SECTIONS | {"rcode"}, cases.is_dnssec_type_at_alias,
        "RFC 2181 10.1 and RFC 4035 2.5 let KEY, RRSIG and NSEC stand beside a CNAME, so Knot and "
        "BIND answer for the alias itself: no data. We hold none there and follow the alias, as "
        "RFC 1034 4.3.2 step 3.a says; NSD does too, but not for NSEC3."),
    Reason(
        "name of another zone", NSD, {"rcode"}, cases.sees_name_of_other_zone,
        "NSD keeps the names of all zones in one tree: a name that only the parent zone holds, "
        "beneath the child's apex, exists for it in the child. We, Knot and BIND say NXDOMAIN: "
        "RFC 1034 4.3.2 step 2 chooses one zone, and nothing else is looked at."),
)


def explain(case, aspects):
    """The aspects that nothing explains, and the names of the reasons for the others."""
    left, reasons = set(aspects), []
    for reason in REASONS:
        if "silence" in left and "silence" not in reason.aspects:
            continue  # the others look into both answers
        if case.peer in reason.peers and left & reason.aspects and reason.holds(case):
            left -= reason.aspects
            reasons.append(reason.name)
    return left, reasons
