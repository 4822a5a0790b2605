"""Where a request comes from, as far as this site may believe it: a pure function over what the server was told."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network

HOUSEHOLD = 64
"""Bits of an IPv6 address that tell one network from another; the rest its owner chooses freely (RFC 4291, 2.5.4)."""


def visitor_address(meta: Mapping[str, str], trusted_proxies: int) -> str:
    """The visitor's address; of an IPv6 one its network.

    Each trusted proxy adds the address that it was asked from at the end of X-Forwarded-For; whatever stands
    further left may be made up. With no trusted proxy, or too few addresses, it is the address of whoever connected:
    the proxy's own, where there is one.
    Source: developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For#selecting_an_ip_address
    """
    forwarded = [each.strip() for each in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if 0 < trusted_proxies <= len(forwarded) and (address := _network(forwarded[-trusted_proxies])):
        return address
    return _network(meta.get("REMOTE_ADDR", ""))


def _network(text: str) -> str:
    """Empty for what is no address: a server that listens on a socket file has none for its visitors."""
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), HOUSEHOLD), strict=False))
    return str(address)
