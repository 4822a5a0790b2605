"""What the site's pages ask of the gate, without the gate."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from consent_gate.api import Answer, Choice, Consent, current_fingerprints


class EverythingAllowed:
    """Tells each page that its visitor said yes to everything. Judges nothing, hides nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        now = datetime.now(UTC)
        prints = current_fingerprints()
        answers = {purpose: Answer(True, each, now) for purpose, each in prints.items()}  # noqa: FBT003
        self.consent = Consent(Choice(now, uuid4().hex, answers), gpc=False, fingerprints=prints)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.consent = self.consent  # type: ignore[attr-defined]
        return self.get_response(request)
