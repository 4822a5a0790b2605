"""What a visitor was told before answering, as plain values; and what has changed since."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from consent_gate.declarations.declaration import Registry
from consent_gate.declarations.fingerprints import facts, fingerprints_of
from consent_gate.declarations.purposes import PURPOSES, Purpose
from consent_gate.receipts.banner_texts import BANNER


@dataclass(frozen=True)
class Change:
    """What has changed in one purpose: names of cookies, and of session keys with "(session)" behind them.

    `known` is False where nobody can tell: the earlier text is not kept any more, or shows no difference. `is_void`:
    nothing has changed but that the earlier answer counts no more.
    """

    purpose: Purpose
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    known: bool = True
    is_void: bool = False


def shown_text(registry: Registry, language: str) -> dict[str, Any]:
    """What banner and cookies page say, in a language; `source` has the declarations in no language at all."""
    with translation.override(language):
        words = {
            "language": language,
            "banner": {name: str(text) for name, text in BANNER.items()},
            "purposes": {each: {"label": str(each.label), "summary": str(each.summary)} for each in PURPOSES},
            "declarations": [facts(each) for each in registry],
        }
    fingerprints = dict(fingerprints_of(registry))
    return words | {"source": source_facts(registry), "fingerprints": fingerprints}


def source_facts(registry: Registry) -> list[dict[str, Any]]:
    """Every declaration in the words of the source code: what versions are compared by, whatever language was shown."""
    with translation.override(None):
        return [facts(each) for each in registry]


def canonical(value: Any) -> bytes:
    """The one way to write a JSON value that digests and signatures are made of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def digest_of(body: Mapping[str, Any]) -> str:
    """SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(canonical(body)).hexdigest()


def change_in(purpose: Purpose, before: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]]) -> Change:
    """Compare what was declared for a purpose with what is declared today."""
    old, new = _by_name(purpose, before), _by_name(purpose, now)
    added = tuple(name for name in new if name not in old)
    removed = tuple(name for name in old if name not in new)
    changed = tuple(name for name in new if name in old and new[name] != old[name])
    return Change(purpose, added, removed, changed, known=bool(added or removed or changed))


def _by_name(purpose: Purpose, declarations: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {
        each["name"] if each["kind"] == "cookie" else f"{each['name']} (session)": each
        for each in declarations
        if each["purpose"] == purpose
    }
