"""The zones that are served and the queries that are asked, the same for every server."""
import collections
import random

SEED = 7
NAMES = {"small.test": 20, "big.test": 100_000, "huge.test": 1_000_000}
CONTINENTS = ["eu", "na", "sa", "as", "af", "oc"]  # one endpoint on each, numbered from 1
ELSEWHERE = "na"  # for Antarctica and places that nobody knows

# origin: the zone; rcode: what every answer must be; load: options of bench/load.
Workload = collections.namedtuple("Workload", "title origin rcode load")
WORKLOADS = {
    "small": Workload("small zone", "small.test", "NOERROR", []),
    "big": Workload("100k names", "big.test", "NOERROR", []),
    "nx": Workload("NXDOMAIN, 100k", "big.test", "NXDOMAIN", []),
    "geo": Workload("geo by ECS", "geo.test", "NOERROR", ["--subnets", "both"]),
    "huge": Workload("1M names", "huge.test", "NOERROR", []),
}


def addresses(continent):
    """IPv4 and IPv6 of the endpoint there."""
    number = CONTINENTS.index(continent) + 1
    return f"198.51.100.{number}", f"2001:db8:100::{number}"


def host(number):
    """Every name of a zone has an address of its own."""
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"


def head(origin, generation=0):
    return (f"$TTL 300\n@ IN SOA ns1.{origin}. host.{origin}. {generation + 1} 3600 900 1209600"
            " 300\n"
            f"@ IN NS ns1.{origin}.\n@ IN NS ns2.{origin}.\n"
            f"ns1 IN A 192.0.2.53\nns2 IN A 192.0.2.54\n{generation_record(generation)}")


def generation_record(generation):
    """What tells one version of a zone from the next."""
    return f"generation IN A {generation_address(generation)}\n"


def generation_address(generation):
    return f"10.255.{generation >> 8 & 255}.{generation & 255}"


def write_zone(path, origin, generation=0, names=None):
    """As a master file; geo.test without what depends on the client."""
    with open(path, "w", encoding="ascii") as file:
        file.write(head(origin, generation))
        file.writelines(f"h{i} IN A {host(i)}\n" for i in range(names or NAMES.get(origin, 0)))


def write_queries(folder):
    """Files by workload."""
    chance = random.Random(SEED)
    for name, workload in WORKLOADS.items():
        names = NAMES.get(workload.origin, 0)
        if name == "geo":
            lines = [f"www.{workload.origin} A\n", f"www.{workload.origin} AAAA\n"]
        elif name == "nx":
            lines = [f"n{chance.randrange(10**6, 10**7)}.{workload.origin} A\n"
                     for _ in range(100_000)]
        else:
            lines = [f"h{chance.randrange(names)}.{workload.origin} A\n"
                     for _ in range(min(5 * names, 500_000))]
        (folder / name).write_text("".join(lines))


def geo_yaml():
    """geo.test for fairlead."""
    lines = ["zone: geo.test", "ttl: 300s", "soa: {mname: ns1, rname: host}", "endpoints:"]
    for continent in CONTINENTS:
        ipv4, ipv6 = addresses(continent)
        lines.append(f'  {continent}: {{A: {ipv4}, AAAA: "{ipv6}"}}')
    lines.append("pools:")
    for continent in CONTINENTS:
        other = "eu" if continent == ELSEWHERE else ELSEWHERE
        lines.append(f"  in-{continent}: {{members: [{continent}, {other}], pick: failover}}")
    rules = [f"{{continent: {c.upper()}, pool: in-{c}}}" for c in CONTINENTS]
    lines += ["records:", '  "@": {NS: [ns1, ns2]}', "  ns1: {A: 192.0.2.53}",
              "  ns2: {A: 192.0.2.54}",
              f"  www: {{dynamic: {{ttl: 300s, rules: [{', '.join(rules)},"
              f" {{pool: in-{ELSEWHERE}}}]}}}}"]
    return "\n".join(lines) + "\n"
