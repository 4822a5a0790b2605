"""What one can do on the workbench: each action with the line it shows, right above the code that runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from workbench.inputs import ActionInput

if TYPE_CHECKING:
    from consent_gate.api import Text

TWO_WEEKS = 1_209_600
"""Seconds; the session's declared lifetime is never shorter."""


@dataclass(frozen=True, kw_only=True)
class Action:
    """One button.

    `line` is the Python that `run` is; a test holds the two together. `…` in it stands for what the visitor fills in.
    `run` gives back what the line gives, and may raise `KeyError`.
    """

    name: str
    title: "Text"
    line: str
    run: Callable[[HttpRequest, ActionInput], object]
    says: "Text"
    """What it did, or what its value means."""
    says_no: "Text" = ""
    """The same when the value is False."""
    says_missing: "Text" = ""
    """Why Python raised KeyError."""
    says_signed: "Text" = ""
    """Instead of `says` where the session lies in a signed cookie, if something else is true there."""
    field: Literal["", "maker", "until"] = ""
    """Of `ActionInput`, what the visitor fills in."""
    signs_out: bool = False

    def line_with(self, given: ActionInput) -> str:
        """The line that runs, with what was filled in."""
        return self.line.replace("…", given.as_python(self.field)) if self.field else self.line


@dataclass(frozen=True, kw_only=True)
class ActionGroup:
    """Actions on one matter, under one heading."""

    name: str
    title: "Text"
    about: "Text"
    actions: tuple[Action, ...]


def _set(request: HttpRequest, given: ActionInput) -> None:
    request.session["my_car"] = {"maker": given.maker, "wheels": "steel"}


def _delete(request: HttpRequest, _given: ActionInput) -> None:
    del request.session["my_car"]


def _change(request: HttpRequest, _given: ActionInput) -> None:
    request.session["my_car"]["wheels"] = "alloy"


def _change_and_say_so(request: HttpRequest, _given: ActionInput) -> None:
    request.session["my_car"]["wheels"] = "alloy"
    request.session.modified = True


_NO_CAR = _("There is no “my_car” in the session: Python raised KeyError. Nothing was changed.")
_SIGNED_END = _(
    "The browser drops the cookie then. The site itself goes by SESSION_COOKIE_AGE alone: "
    "it keeps no end of its own for a session that lies in a signed cookie."
)

VALUE = ActionGroup(
    name="value",
    title=_("A value in the session"),
    about=_(
        "A session is used like a dictionary. Reading leaves it as it is; setting and deleting mark it as changed."
    ),
    actions=(
        Action(
            name="set",
            title=_("Set it"),
            line='request.session["my_car"] = {"maker": …, "wheels": "steel"}',
            run=_set,
            says=_("“my_car” is set."),
            field="maker",
        ),
        Action(
            name="read",
            title=_("Read it"),
            line='request.session["my_car"]',
            run=lambda request, _given: request.session["my_car"],
            says=_("“my_car” was read."),
            says_missing=_("There is no “my_car” in the session: Python raised KeyError."),
        ),
        Action(
            name="get",
            title=_("Read it, or take a default"),
            line='request.session.get("my_car", "mini")',
            run=lambda request, _given: request.session.get("my_car", "mini"),
            says=_("Where there is no “my_car”, this gives the default “mini” and raises nothing."),
        ),
        Action(
            name="contains",
            title=_("Ask whether it is there"),
            line='"my_car" in request.session',
            run=lambda request, _given: "my_car" in request.session,
            says=_("Yes, “my_car” is in the session."),
            says_no=_("No, “my_car” is not in the session."),
        ),
        Action(
            name="keys",
            title=_("Go through the keys"),
            line="[key for key in request.session.keys()]",
            run=lambda request, _given: [key for key in request.session.keys()],  # noqa: C416, SIM118 -- as shown
            says=_("These are all the keys of your session, those of other parts of the site too."),
        ),
        Action(
            name="delete",
            title=_("Delete it"),
            line='del request.session["my_car"]',
            run=_delete,
            says=_("“my_car” is deleted."),
            says_missing=_NO_CAR,
        ),
        Action(
            name="clear",
            title=_("Empty the whole session"),
            line="request.session.clear()",
            run=lambda request, _given: request.session.clear(),
            says=_("Everything in the session is gone, your visit counts and your sign-in too. The id stays the same."),
            says_signed=_(
                "Everything in the session is gone, your visit counts and your sign-in too. "
                "The cookie is the session, so you got an empty one."
            ),
            signs_out=True,
        ),
    ),
)

INSIDE = ActionGroup(
    name="inside",
    title=_("A change inside a value"),
    about=_(
        "Django sees that a key was set or deleted. It doesn't see a change deeper inside a value, and saves nothing: "
        "set “my_car” first, then put alloy wheels on it in both ways and see what the next request reads."
    ),
    actions=(
        Action(
            name="change",
            title=_("Change the wheels, and say nothing"),
            line='request.session["my_car"]["wheels"] = "alloy"',
            run=_change,
            says=_("In that request the wheels were alloy."),
            says_missing=_NO_CAR,
        ),
        Action(
            name="change-modified",
            title=_("Change the wheels, and say so"),
            line='request.session["my_car"]["wheels"] = "alloy"\nrequest.session.modified = True',
            run=_change_and_say_so,
            says=_("In that request the wheels were alloy, and Django was told to save."),
            says_missing=_NO_CAR,
        ),
    ),
)

EXPIRY = ActionGroup(
    name="expiry",
    title=_("When the session ends"),
    about=_(
        "How long this session lasts is kept in the session itself, under “_session_expiry”, "
        "and goes out with its cookie."
    ),
    actions=(
        Action(
            name="at-browser-close",
            title=_("End it with the browser"),
            line="request.session.set_expiry(0)",
            run=lambda request, _given: request.session.set_expiry(0),
            says=_("The cookie has no end of its own now: the browser drops it when it is closed."),
        ),
        Action(
            name="five-seconds",
            title=_("End it in five seconds"),
            line="request.session.set_expiry(5)",
            run=lambda request, _given: request.session.set_expiry(5),
            says=_("The session ends five seconds after it was last saved. Wait, then load this page again."),
            says_signed=_SIGNED_END,
            signs_out=True,
        ),
        Action(
            name="two-weeks",
            title=_("End it in two weeks"),
            line="request.session.set_expiry(1_209_600)",
            run=lambda request, _given: request.session.set_expiry(TWO_WEEKS),
            says=_("The session ends two weeks after it was last saved, also when the browser is closed in between."),
            says_signed=_SIGNED_END,
        ),
        Action(
            name="on-a-date",
            title=_("End it on a date"),
            line="request.session.set_expiry(…)",
            run=lambda request, given: request.session.set_expiry(given.until),
            says=_("The session ends at that moment, however often it is saved until then."),
            says_signed=_SIGNED_END,
            field="until",
        ),
        Action(
            name="as-the-setting",
            title=_("Go back to the setting"),
            line="request.session.set_expiry(None)",
            run=lambda request, _given: request.session.set_expiry(None),
            says=_("This session has no end of its own any more: the settings of the site hold."),
        ),
        Action(
            name="age",
            title=_("Ask for its age"),
            line="request.session.get_expiry_age()",
            run=lambda request, _given: request.session.get_expiry_age(),
            says=_("So many seconds the session would last if it were saved now."),
        ),
        Action(
            name="date",
            title=_("Ask for its end"),
            line="request.session.get_expiry_date()",
            run=lambda request, _given: request.session.get_expiry_date(),
            says=_("The end of the session, if it were saved now."),
        ),
        Action(
            name="closes",
            title=_("Ask whether the browser ends it"),
            line="request.session.get_expire_at_browser_close()",
            run=lambda request, _given: request.session.get_expire_at_browser_close(),
            says=_("Yes, the session ends when the browser is closed."),
            says_no=_("No, the session outlives the browser."),
        ),
        Action(
            name="setting",
            title=_("Ask for the setting"),
            line="request.session.get_session_cookie_age()",
            run=lambda request, _given: request.session.get_session_cookie_age(),
            says=_(
                "SESSION_COOKIE_AGE: so many seconds a session lasts that has no end of its own. One that holds "
                "nothing but what you did here ends within hours."
            ),
        ),
    ),
)

TEST_COOKIE = ActionGroup(
    name="test-cookie",
    title=_("The test cookie"),
    about=_(
        "Whether a browser keeps cookies shows only in its next request: set a mark, and look whether it comes back. "
        "The mark lies in the session, so what travels is the session's cookie."
    ),
    actions=(
        Action(
            name="set-test-cookie",
            title=_("Set the test cookie"),
            line="request.session.set_test_cookie()",
            run=lambda request, _given: request.session.set_test_cookie(),
            says=_("The mark is set. Whether it comes back is for the next request to see."),
        ),
        Action(
            name="test-cookie-worked",
            title=_("Look whether it came back"),
            line="request.session.test_cookie_worked()",
            run=lambda request, _given: request.session.test_cookie_worked(),
            says=_("Yes: the mark came back, so this browser keeps cookies."),
            says_no=_("No: no mark came back. Either none was set, or this browser keeps no cookies."),
        ),
        Action(
            name="delete-test-cookie",
            title=_("Delete the test cookie"),
            line="request.session.delete_test_cookie()",
            run=lambda request, _given: request.session.delete_test_cookie(),
            says=_("The mark is deleted."),
            says_missing=_("There is no mark in the session: Python raised KeyError. Nothing was changed."),
        ),
    ),
)

IDENTITY = ActionGroup(
    name="identity",
    title=_("The session's id"),
    about=_("The id is all that the browser holds. Whoever knows it is taken for you, so it changes when you sign in."),
    actions=(
        Action(
            name="rotate",
            title=_("Change the id, keep the data"),
            line="request.session.cycle_key()",
            run=lambda request, _given: request.session.cycle_key(),
            says=_(
                "The data stays, under a new id; the old one leads nowhere any more. Without a session this begins one."
            ),
            says_signed=_(
                "There is no id to change: the cookie is the session. It was signed anew, and a copy of the old cookie "
                "stays good until SESSION_COOKIE_AGE has passed."
            ),
        ),
        Action(
            name="flush",
            title=_("End the session"),
            line="request.session.flush()",
            run=lambda request, _given: request.session.flush(),
            says=_("The session is deleted on the server, with all it held, and its cookie in the browser."),
            says_signed=_(
                "The cookie is deleted in the browser, and the session with it. The server kept nothing that it could "
                "delete: a copy of the cookie stays good until SESSION_COOKIE_AGE has passed."
            ),
            signs_out=True,
        ),
    ),
)

GROUPS = (VALUE, INSIDE, EXPIRY, TEST_COOKIE, IDENTITY)
ACTIONS = {action.name: action for group in GROUPS for action in group.actions}
