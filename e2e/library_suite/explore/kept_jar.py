"""What the jar held when the browser was last closed, kept beside its profile to say later what survived."""

import json
from dataclasses import asdict
from pathlib import Path

from cookie_harness import JarCookie
from library_suite.explore.jar_changes import Jar


def write_jar(file: Path, jar: Jar) -> None:
    """Keep a jar; for the eyes of this user alone, as the profile beside it is."""
    file.touch(mode=0o600)
    file.write_text(json.dumps([asdict(cookie) for cookie in jar], indent=2), encoding="utf-8")


def read_kept_jar(file: Path) -> Jar:
    """The jar that was kept, empty if there is none."""
    if not file.exists():
        return ()
    return tuple(JarCookie(**cookie) for cookie in json.loads(file.read_text(encoding="utf-8")))
