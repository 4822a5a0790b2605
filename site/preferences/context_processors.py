"""What every template may use."""

from typing import Any

from django.http import HttpRequest

from preferences.options import Theme, notice_is_put_away, theme_of


def preferences(request: HttpRequest) -> dict[str, Any]:
    """Add `theme` ("" for the device's own) and `notice_is_shown`. A cookie that is not allowed can't be read."""
    theme = theme_of(request.COOKIES)
    return {
        "theme": "" if theme is Theme.DEVICE else theme.value,
        "notice_is_shown": not notice_is_put_away(request.COOKIES),
    }
