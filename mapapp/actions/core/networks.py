"""Networks of visitors: who is one and the same for a limit."""

import re
from ipaddress import IPv4Address, ip_address, ip_network

IPV6_NETWORK = 48  # bits that one customer is given at most; a household often has /56 or /64
NAT64 = ip_network("64:ff9b::/96")
"""Where a server without IPv4 meets those who have nothing else."""
_PORT = re.compile(r"\[(?P<six>[^\]]*)\](?::\d+)?|(?P<four>[\d.]+):\d+")


def network_of(address: str) -> str:
    """Return the network by which a visitor is told apart, however a proxy wrote their address.

    Whoever has one IPv6 address can have 2**80 of them, so a /48 counts as one visitor.
    """
    named = _PORT.fullmatch(address)  # some proxies name the port, which is new each time
    bare = (named["six"] or named["four"]) if named else address
    try:
        found = ip_address(bare)
    except ValueError:
        return bare
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    if found in NAT64:
        return str(IPv4Address(int(found) & 0xFFFF_FFFF))
    return str(ip_network((int(found), IPV6_NETWORK), strict=False))
