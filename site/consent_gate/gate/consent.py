"""`request.consent`: what one request's visitor allows. The gate puts it there; views and templates ask it."""

import logging
from collections.abc import Iterable

from django.http import HttpRequest

from consent_gate.conf import configuration
from consent_gate.decision.choice import Choice
from consent_gate.decision.decision import Decision, decide
from consent_gate.declarations.fingerprints import Fingerprints
from consent_gate.declarations.purposes import Purpose
from consent_gate.gate.judgement import JudgementContext, Undeclared, Verdict, first_visit

logger = logging.getLogger("consent_gate.gate")


class Consent:
    """What one visitor allows, and what the gate has said so far in this request."""

    def __init__(self, choice: Choice | None, *, gpc: bool, fingerprints: Fingerprints) -> None:
        self.gpc = gpc
        """Whether the request carried `Sec-GPC: 1`."""
        self.fingerprints = fingerprints
        self.hidden: tuple[str, ...] = ()
        """Names of the cookies that came and that views do not see, as nobody declared or allowed them."""
        self.expiring: tuple[str, ...] = ()
        """Of `hidden`, those that are declared: the response deletes them."""
        self.verdicts: list[Verdict] = []
        """The gate's words on what this request's views wanted to store, in order."""
        self.was_asked = False
        """Whether the response depends on the decision, so that caches have to tell visitors apart by it."""
        self.safe_method = True
        self.brought_a_declared_cookie = False
        self.choice_was_taken_back = False
        """Whether the browser holds another choice than `choice`, which the response has to send."""
        self.asked_by_link = False
        """Whether the page was opened by a link that asks for something, as a session key's declaration says."""
        self.session_came_back = False
        """Whether the browser brought the cookie of a session that the server knows; only what is loaded shows it."""
        self._first_choice = self._choice = choice
        self._decision = decide(choice, gpc=gpc, fingerprints=fingerprints)

    @property
    def choice(self) -> Choice | None:
        """What the visitor decided, if they did and it still counts; in this request's view, too."""
        self.was_asked = True
        return self._choice

    @property
    def choice_came_back(self) -> bool:
        """Whether the browser brought a choice, which proves that it keeps this site's cookies."""
        self.was_asked = True
        return self._first_choice is not None

    @property
    def cookies_are_kept(self) -> bool:
        """Whether the browser has shown that it keeps cookies, by one whose value nobody could have made up."""
        return self.session_came_back or self.choice_came_back

    @property
    def decision(self) -> Decision:
        """The decision as it stands now: a choice made in this request counts."""
        self.was_asked = True
        return self._decision

    def grants(self, purpose: Purpose) -> bool:
        """Whether the visitor allows a purpose."""
        return purpose in self.decision.granted

    def decide_anew(self, choice: Choice | None) -> frozenset[Purpose]:
        """Take another choice, as one that was just made; gives back the purposes that lost their yes."""
        before = self._decision.granted
        if self._choice:
            before |= self._choice.granted
        self._choice = choice
        self._decision = decide(choice, gpc=self.gpc, fingerprints=self.fingerprints)
        return before - self._decision.granted

    def take_back_the_last_yes(self) -> bool:
        """Take back what the last answer allowed, as nobody could show that it was given (GDPR, article 7(1)).

        Gives back whether it allowed anything; a no needs no proof.
        """
        choice = self._choice
        if choice is None or not choice.granted_last:
            return False
        self.decide_anew(choice.without(choice.granted_last))
        self.choice_was_taken_back = True
        return True

    @property
    def context(self) -> JudgementContext:
        """What the gate judges by, at this moment."""
        return JudgementContext(
            self._decision,
            first_visit(
                self._decision,
                safe_method=self.safe_method,
                brought_a_declared_cookie=self.brought_a_declared_cookie,
                asked_by_link=self.asked_by_link,
            ),
        )

    def note(self, verdicts: Iterable[Verdict]) -> None:
        """Keep verdicts for whoever looks into this request, and report defects.

        Raises `Undeclared` for a defect in strict mode (CONSENT_STRICT); else a warning names it, without any value.
        """
        for verdict in verdicts:
            if verdict in self.verdicts:
                continue
            self.verdicts.append(verdict)
            if verdict.is_defect:
                if configuration().strict:
                    raise Undeclared(f"{verdict}. {verdict.advice}")
                logger.warning("%s", verdict)


def consent_of(request: HttpRequest) -> Consent:
    """The consent of a request, for code that is handed a plain `HttpRequest`."""
    consent: Consent = request.consent  # type: ignore[attr-defined]
    return consent
