"""Configurations of the peers: one worker, no more than an answer needs, no limits of rates."""
from . import content


def gdnsd(folder, port, database):
    lines = ["options => {", "  listen => [ 127.0.0.1 ]", f"  dns_port => {port}",
             "  udp_threads => 1", "  tcp_threads => 1", "  tcp_clients_per_thread => 1024",
             f"  run_dir => {folder}/run", f"  state_dir => {folder}/state", "}"]
    if not database:
        return "\n".join(lines) + "\n"
    orders, endpoints = [], []
    for continent in content.CONTINENTS:
        other = "eu" if continent == content.ELSEWHERE else content.ELSEWHERE
        orders.append(f"      {continent.upper()} => [ {continent}, {other} ]")
        ipv4, ipv6 = content.addresses(continent)
        endpoints.append(f"      {continent} => {{ addrs_v4 => [ {ipv4} ],"
                         f" addrs_v6 => [ {ipv6} ] }}")
    lines += ["plugins => { geoip => {", "  maps => { world => {",
              f"    geoip2_db => {database}",
              f"    datacenters => [ {', '.join(content.CONTINENTS)} ]", "    map => {", *orders,
              f"      default => [ {content.ELSEWHERE}, eu ]", "    }", "  } }",
              "  resources => { www => { map => world, service_types => up, dcmap => {",
              *endpoints, "  } } }", "} }"]
    return "\n".join(lines) + "\n"


KNOT = """\
server:
    rundir: "{folder}"
    listen: 127.0.0.1@{port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
    tcp-max-clients: 2000
    edns-client-subnet: on
    automatic-acl: off
log:
  - target: stderr
    any: warning
database:
    storage: "{folder}"
{module}template:
  - id: default
    storage: "{folder}/zones"
    file: "%s"
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
    semantic-checks: off
zone:
  - domain: {origin}
"""
KNOT_MODULE = """\
mod-geoip:
  - id: world
    config-file: "{folder}/geo.conf"
    ttl: 300
    mode: geodb
    geodb-file: "{database}"
    geodb-key: [ continent/code, country/iso_code ]
"""


def knot(folder, port, origin, database):
    module = KNOT_MODULE.format(folder=folder, database=database) if database else ""
    text = KNOT.format(folder=folder, port=port, origin=origin, module=module)
    return text + ("    module: mod-geoip/world\n" if database else "")


def knot_geo():
    lines = ["www.geo.test:"]
    for continent in content.CONTINENTS:
        ipv4, ipv6 = content.addresses(continent)
        lines += [f'  - geo: "{continent.upper()};*"', f"    A: {ipv4}", f"    AAAA: {ipv6}"]
    return "\n".join(lines) + "\n"


NSD = """\
server:
    server-count: 1
    ip-address: 127.0.0.1@{port}
    username: ""
    chroot: ""
    database: ""
    zonesdir: "{folder}/zones"
    zonelistfile: "{folder}/zone.list"
    pidfile: "{folder}/nsd.pid"
    xfrdfile: ""
    xfrdir: "{folder}"
    tcp-count: 1000
    tcp-query-count: 0
    minimal-responses: yes
    refuse-any: yes
    rrl-ratelimit: 0
    reuseport: no
remote-control:
    control-enable: no
zone:
    name: {origin}
    zonefile: {origin}
"""


def nsd(folder, port, origin):
    return NSD.format(folder=folder, port=port, origin=origin)


PDNS = """\
daemon=no
guardian=no
local-address=127.0.0.1
local-port={port}
socket-dir={folder}
receiver-threads=1
distributor-threads=1
reuseport=no
loglevel=3
disable-syslog=yes
version-string=anonymous
cache-ttl=60
negquery-cache-ttl=60
query-cache-ttl=60
max-cache-entries=2000000
max-packet-cache-entries=2000000
max-tcp-connections=1000
setuid=
setgid=
"""


def pdns(folder, port):
    return PDNS.format(folder=folder, port=port)


def pdns_bind_backend(folder):
    return f"launch=bind\nbind-config={folder}/named.conf\nbind-check-interval=0\n"


def pdns_geo_backend(folder, database):
    return (f"launch=geoip\ngeoip-zones-file={folder}/geo.yaml\n"
            f"geoip-database-files=mmdb:{database}\nedns-subnet-processing=yes\n")


def pdns_geo():
    """%cn is the continent in lower case, `unknown` where there is none."""
    lines = ["domains:", "- domain: geo.test", "  ttl: 300", "  records:", "    geo.test:",
             "      - soa: ns1.geo.test. host.geo.test. 1 3600 900 1209600 300",
             "      - ns: ns1.geo.test", "      - ns: ns2.geo.test",
             "    ns1.geo.test:", "      - a: 192.0.2.53",
             "    ns2.geo.test:", "      - a: 192.0.2.54"]
    for continent in [*content.CONTINENTS, "an", "unknown"]:
        known = continent in content.CONTINENTS
        ipv4, ipv6 = content.addresses(continent if known else content.ELSEWHERE)
        lines += [f"    {continent}.in.geo.test:", f"      - a: {ipv4}", f"      - aaaa: {ipv6}"]
    lines += ["  services:", "    www.geo.test: '%cn.in.geo.test'"]
    return "\n".join(lines) + "\n"


BIND = """\
options {{
  directory "{folder}";
  listen-on port {port} {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }};
  pid-file none;
  session-keyfile none;
  recursion no;
  minimal-responses yes;
  dnssec-validation no;
  allow-transfer {{ none; }};
  notify no;
  tcp-clients 1000;
  empty-zones-enable no;
  zone-statistics none;
}};
controls {{ }};
logging {{
  channel terminal {{ stderr; severity warning; }};
  category default {{ terminal; }};
}};
zone "{origin}" {{ type primary; file "{folder}/zones/{origin}"; }};
"""


def bind(folder, port, origin):
    return BIND.format(folder=folder, port=port, origin=origin)
