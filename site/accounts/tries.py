"""A limit on guessing: tries at a password, and at which names are taken, are counted for a while.

The counts lie in the database, so that they hold across processes and machines, and each try is counted before the
password is looked at, in one step: guesses sent at once are no way around. No address, name or browser stands there,
only a mark under a key that is made of SECRET_KEY and the day. Why no library: django-axes counts a failure only once
it has happened, and keeps address, browser and form; django-ratelimit counts in a cache, where Django's own in a
database, in files or in a process can't add one in one step or for all, and it can't forget after a success.

Numbers: NIST SP 800-63B, 5.2.2 (no more than 100 tries at one account), and OWASP's advice that nobody must be able to
lock others out (cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html#account-lockout).
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import Tries
from accounts.visitor_address import visitor_address

MARK_LENGTH = 32
"""Hexadecimal digits: 128 bits of the keyed hash."""
FROM_ANYWHERE = 10
"""So many times the tries of one address may be made at one name from all addresses together."""


class TooManyTries(Exception):
    """Raised for a try that is not looked at; `wait` is how long that lasts."""

    def __init__(self, subject: str, wait: timedelta) -> None:
        super().__init__(f"Too many tries at: {subject}.")
        self.subject = subject
        self.wait = wait


@dataclass(frozen=True)
class Counted:
    """What tries are counted for: `subject` says what was tried, `who` the name or address or both."""

    subject: str
    who: tuple[str, ...]

    def mark(self, day: datetime) -> str:
        """What finds the count; another one each day (UTC), so that those of two days can't be told to belong together.

        At midnight the counts begin anew.
        """
        key = f"accounts.tries {day:%Y-%m-%d}"
        return salted_hmac(key, json.dumps([self.subject, *self.who]), algorithm="sha256").hexdigest()[:MARK_LENGTH]


@dataclass(frozen=True)
class Standing:
    """How often something was tried, this try included, and when the count ends."""

    number: int
    ends_at: datetime


SIGN_IN = "sign-in"
PRESENT_PASSWORD = "present password"  # noqa: S105 -- a word for what is tried
REGISTRATION = "registration"


def admit_password(request: HttpRequest, name: str) -> None:
    """Count a try at an account's password, before it is looked at. Raises `TooManyTries`.

    Whoever is signed in is counted apart from those who want to be: strangers' guesses don't keep the owner from
    changing the password. And however many strangers guess, each address has one try: the owner gets in from another.
    """
    most = settings.TRIES_LIMIT
    now = timezone.now()
    if _is_signed_in_as(request, name):
        _hold(_spend(_present_password(name), now), most, PRESENT_PASSWORD, now)
        return
    here = _spend(_from_here(request, name), now)
    _hold(here, most, SIGN_IN, now)
    anywhere = _spend(_from_anywhere(name), now)
    if here.number > 1:
        _hold(anywhere, most * FROM_ANYWHERE, SIGN_IN, now)


def forget_password_tries(request: HttpRequest, name: str) -> None:
    """Forget the tries that came from here: the password was right."""
    now = timezone.now()
    if _is_signed_in_as(request, name):
        _forget(_present_password(name), now)
    else:
        number = _forget(_from_here(request, name), now)
        anywhere = Tries.objects.filter(mark=_from_anywhere(name).mark(now))
        anywhere.filter(number__gt=number).update(number=F("number") - number) or anywhere.delete()


def admit_registration(request: HttpRequest) -> None:
    """Count a try at opening an account, right or wrong: both tell whether a name is taken. Raises `TooManyTries`."""
    now = timezone.now()
    counted = Counted(REGISTRATION, (_address(request),))
    _hold(_spend(counted, now), settings.REGISTRATIONS_LIMIT, REGISTRATION, now)


def _is_signed_in_as(request: HttpRequest, name: str) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and user.get_username() == name


def _present_password(name: str) -> Counted:
    return Counted(PRESENT_PASSWORD, (name,))


def _from_here(request: HttpRequest, name: str) -> Counted:
    return Counted(SIGN_IN, (name, _address(request)))


def _from_anywhere(name: str) -> Counted:
    return Counted(SIGN_IN, (name,))


def _address(request: HttpRequest) -> str:
    return visitor_address(request.META, settings.TRUSTED_PROXIES)


def _hold(standing: Standing, most: int, subject: str, now: datetime) -> None:
    if standing.number > most:
        raise TooManyTries(subject, standing.ends_at - now)


def _spend(counted: Counted, now: datetime) -> Standing:
    """Count one try. A count ends `TRIES_WINDOW` seconds after its first try, however many follow."""
    rows = Tries.objects.filter(mark=counted.mark(now))
    with transaction.atomic():
        rows.filter(ends_at__lte=now).delete()
        while not rows.update(number=F("number") + 1):
            fresh = Tries(mark=counted.mark(now), number=0, ends_at=now + timedelta(seconds=settings.TRIES_WINDOW))
            Tries.objects.bulk_create([fresh], ignore_conflicts=True)  # somebody else may begin it at this moment
        row = rows.get()
    return Standing(row.number, row.ends_at)


def _forget(counted: Counted, now: datetime) -> int:
    """Forget a count; gives back how many tries it held."""
    rows = Tries.objects.filter(mark=counted.mark(now))
    number = rows.values_list("number", flat=True).first() or 0
    rows.delete()
    return number
