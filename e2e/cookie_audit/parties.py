"""Whether two hosts belong to one party: the same site, as far as their names tell."""

import ipaddress

# Second-level names under which countries give out names: the short part of the Public Suffix List that a name alone
# gives away. An unknown one makes two parties of one at worst for hosts below another country's suffix.
_SHARED = frozenset(
    ("ac", "co", "com", "edu", "gob", "gouv", "gov", "govt", "gv", "ltd", "me", "mil", "ne", "net", "nhs")
)
_SHARED_TOO = frozenset(("nom", "or", "org", "plc", "sch"))
_COUNTRY = 2


def site_of(host: str) -> str:
    """The part of a host's name that a party registers: "example.org" of "www.example.org"; an address is its own."""
    host = host.strip("[]").rstrip(".").lower()
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        labels = host.split(".")
    shared = len(labels) > _COUNTRY and len(labels[-1]) == _COUNTRY and labels[-2] in _SHARED | _SHARED_TOO
    return ".".join(labels[-3 if shared else -2 :])


def same_party(host: str, other: str) -> bool:
    """Whether two hosts belong to one party. Ports make no difference, as cookies know none."""
    return site_of(host) == site_of(other)
