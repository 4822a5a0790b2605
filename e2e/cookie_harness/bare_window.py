"""A Firefox whose windows are pages alone: where nobody looks, its toolbars are laid out and painted for nothing.

Each context is a window of its own, and the price of a window is that of its toolbars more than that of its page.
"""

from pathlib import Path

BARE_WINDOW_PREFERENCES: dict[str, bool] = {"toolkit.legacyUserProfileCustomizations.stylesheets": True}
"""Has Firefox read `chrome/userChrome.css` in the profile, its style sheet for windows (and not for pages)."""

_STYLE = "#navigator-toolbox, #sidebar-main, #sidebar-launcher-splitter { display: none !important; }\n"


def set_toolbars(profile: Path, *, shown: bool) -> None:
    """Have the windows of a closed profile come with their toolbars or without."""
    sheet = profile / "chrome" / "userChrome.css"
    if shown:
        sheet.unlink(missing_ok=True)
    else:
        sheet.parent.mkdir(parents=True, exist_ok=True)
        sheet.write_text(_STYLE, encoding="utf-8")
