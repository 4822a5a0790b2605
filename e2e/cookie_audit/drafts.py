"""Drafts a `cookies.py` for consent_gate: what would make each cookie that was kept a declared one."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from cookie_audit.judge import JudgedThing
from cookie_audit.necessity import NECESSARY
from cookie_audit.report import EngineAudit, plain
from cookie_harness.jar import domain_matches

_HEAD = '''"""Drafted by cookie-audit from what {url} keeps in browsers: a person has to read each line.

Purposes and reasons are guesses, and lifetimes are those that were seen.
"""

from datetime import timedelta

from consent_gate.api import CookieDeclaration, declare
'''
_DAY = 86_400
_ATTRIBUTES = {"http_only": True, "same_site": "Lax", "path": "/", "domain": None}


def drafted(url: str, audits: Iterable[EngineAudit], host: str) -> str:
    """The module: one declaration for each of the site's own cookies that a browser kept, in any state."""
    found: dict[str, tuple[JudgedThing, float | None]] = {}
    for audit in audits:
        for state in audit.states:
            for each in state.cookies:
                if each.kept and domain_matches(each.host, host):
                    lifetime = each.kept.cookie.lives_for(getattr(state.seen, "at", 0.0))
                    known = found.get(each.name)
                    if known is None or (lifetime or 0) > (known[1] or 0):
                        found[each.name] = (each, lifetime)
    declarations = (declaration_in_code(each, lifetime) for _, (each, lifetime) in sorted(found.items()))
    return "\n".join((_HEAD.format(url=plain(url).replace("\\", "/").replace('"', "'")), *declarations))


def declaration_in_code(thing: JudgedThing, lifetime: float | None) -> str:
    """One declaration, as Python; a value is written with its `repr`, as the name is somebody else's."""
    return (
        "declare(\n    CookieDeclaration(\n"
        + "".join(f"        {line},\n" for line in _fields(thing, lifetime))
        + "    )\n)\n"
    )


def _fields(thing: JudgedThing, lifetime: float | None) -> Iterator[str]:
    necessary = thing.necessity.purpose == NECESSARY
    yield f"name={thing.name!r}"
    yield f"purpose={thing.necessity.purpose or 'statistics'!r}"
    yield f"reason={'TODO: say in one sentence why it is stored.'!r}"
    if necessary:
        yield f"ground={plain(thing.necessity.ground)!r}"
    if lifetime is not None:
        yield f"lifetime={_lifetime(lifetime)}"
    if thing.kept:
        kept = thing.kept.cookie
        domain = kept.domain.lstrip(".") if kept.domain.startswith(".") else None
        seen = {"http_only": kept.http_only, "same_site": kept.same_site or "", "path": kept.path, "domain": domain}
        yield from (f"{name}={value!r}" for name, value in seen.items() if value != _ATTRIBUTES[name])
        if kept.secure:
            yield "secure=True"


def _lifetime(seconds: float) -> str:
    """As it would be written: rounded up to days, or to minutes below one."""
    lifetime = timedelta(seconds=seconds)
    if lifetime >= timedelta(days=1):
        return f"timedelta(days={-(-round(seconds) // _DAY)})"
    return f"timedelta(minutes={-(-round(seconds) // 60)})"
