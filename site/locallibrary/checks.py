"""What `manage.py check` says of this installation."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

from locallibrary.data_folder import open_to_others


def check_data(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Warn of a database and of sessions that stand open to others; only a whole path is a file for sure."""
    paths = [Path(settings.DATABASES["default"]["NAME"]), settings.SESSION_FILE_PATH]
    return list(check_privacy(path for path in paths if path.is_absolute())) if os.name == "posix" else []


def check_privacy(paths: Iterable[Path]) -> Iterator[checks.CheckMessage]:
    """One warning for each that others on this machine can read."""
    for path in paths:
        if open_to_others(path):
            yield checks.Warning(
                f"Everybody on this machine can read {path}: accounts, and keys that open sessions.",
                hint=f"Close it to others: chmod o-rwx {path}",
                id="locallibrary.W001",
            )
