"""Reads an earlier audit, so that only what is new counts."""

import json
from pathlib import Path

from cookie_audit.document import FORMAT


class BaselineUnreadable(ValueError):
    """The earlier audit can't be read; the message is one sentence."""


def known_in(file: Path) -> frozenset[tuple[str, ...]]:
    """Identities of the findings in an earlier `audit.json`; raises `BaselineUnreadable`."""
    try:
        earlier = json.loads(file.read_text(encoding="utf-8"))
        if earlier["format"] != FORMAT:
            raise BaselineUnreadable(
                f"The baseline {file} is of the format {earlier['format']}, not {FORMAT}: make it anew."
            )
        return frozenset(
            (each["kind"], each["browser"], each["state"], each["subject"]) for each in earlier["findings"]
        )
    except OSError as error:
        raise BaselineUnreadable(f"The baseline {file} can't be read: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        if isinstance(error, BaselineUnreadable):
            raise
        raise BaselineUnreadable(f"The baseline {file} is no audit.json ({error!r}).") from error
