"""What every response of this site carries in its headers, and which pages are compressed."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.deprecation import MiddlewareMixin

UNUSED_FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "clipboard-write",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
"""What a page could ask the browser for and none here does: devices, whereabouts, money, other sites' cookies.

Source: github.com/w3c/webappsec-permissions-policy/blob/main/features.md, of these what Chromium knows: it complains of
names that it doesn't. Other browsers leave the header aside.
"""

PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES)


class SecurityHeadersMiddleware(MiddlewareMixin):
    """Puts the two headers that Django has no setting for on every response: pages, errors and assets alike.

    It stands outside of all that answers by itself, such as whitenoise. A redirect goes without the long one: there is
    no document for which a browser would heed it, and a withdrawal's needs its room for the cookies that it deletes.
    """

    uses_no_session = True

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the headers, unless a view has others."""
        # No other site may embed what is here, an image or a script no more than a page (fetch.spec.whatwg.org).
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "Location" not in response.headers:
            response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compresses what holds no secret, so that a page's length can tell none to whoever listens (breachattack.com).

    That attack needs a secret in the page, beside something that the attacker chose, as the words of a search are. For
    a visitor without a session there is no secret: no name, no kept value, and no form's token (`consent_gate`).
    All pages of a session stay as they are, and so does what a view forbids to store: the dashboard and its downloads.
    Django's own answer, up to 100 random bytes in the compressed page, makes guessing longer and not impossible.
    """

    uses_no_session = True

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress it where that gives nothing away."""
        if holds_secrets(request, response):
            return response
        return super().process_response(request, response)


def holds_secrets(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether a response may hold what only its visitor should know."""
    session = settings.SESSION_COOKIE_NAME
    if session in request.COOKIES or session in response.cookies:
        return True
    return "no-store" in response.headers.get("Cache-Control", "")
