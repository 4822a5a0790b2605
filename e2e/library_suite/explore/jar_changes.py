"""What has changed between two looks into a cookie jar, in lines for a person."""

from collections.abc import Iterable

from cookie_harness import JarCookie
from cookie_harness.durations import life_in_words
from cookie_harness.masking import masked

Jar = tuple[JarCookie, ...]
Key = tuple[str, str, str]


def key_of(cookie: JarCookie) -> Key:
    """What tells one cookie from another in a jar: a second one with the same three takes the place of the first."""
    return cookie.name, cookie.domain, cookie.path


def keyed(jar: Iterable[JarCookie]) -> dict[Key, JarCookie]:
    """A jar by its cookies' keys, in the order of their names."""
    return dict(sorted((key_of(cookie), cookie) for cookie in jar))


def change_lines(before: Jar, after: Jar, now: float) -> list[str]:
    """One line for each cookie that entered (+), changed (~) or left (-); `now` is in seconds since the epoch."""
    old, new = keyed(before), keyed(after)
    return [line for key in sorted(old | new) if (line := _line(old.get(key), new.get(key), now)) is not None]


def _line(old: JarCookie | None, new: JarCookie | None, now: float) -> str | None:
    if new is None:
        return f"- {old.name} (gone)" if old else None
    if old is None:
        return f"+ {described(new, now)}"
    changes = []
    if old.value != new.value:
        changes.append(f"{masked(old.value)} -> {masked(new.value)}")
    if old.expires != new.expires:
        changes.append(
            f"{life_of(new, now)} from now on"
            if new.expires is None or old.expires is None
            else f"renewed, {life_of(new, now)}"
        )
    if attributes_of(old) != attributes_of(new):
        changes.append(f"now {', '.join(attributes_of(new)) or 'without attributes'}")
    return f"~ {new.name} {', '.join(changes)}" if changes else None


def described(cookie: JarCookie, now: float) -> str:
    """A cookie in one line: "visits=1, lives 365 days, Secure, SameSite=Lax"."""
    return ", ".join([f"{cookie.name}={masked(cookie.value)}", life_of(cookie, now), *attributes_of(cookie)])


def life_of(cookie: JarCookie, now: float) -> str:
    """How long the cookie will live, if nobody deletes it."""
    return f"lives {life_in_words(cookie.lives_for(now))}"


def attributes_of(cookie: JarCookie) -> list[str]:
    """The cookie's attributes, as they are written in `Set-Cookie`; the path where it is not the usual one."""
    return [*cookie.attributes, *([f"Path={cookie.path}"] if cookie.path != "/" else [])]


def survival_sentence(at_close: Jar, reopened: Jar) -> str:
    """What came through the close of the browser, and what did not."""
    if not at_close:
        return "Reopened: the jar was empty at the close."
    old, new = keyed(at_close), keyed(reopened)
    survived = [key[0] for key, cookie in old.items() if key in new and new[key].value == cookie.value]
    altered = [key[0] for key, cookie in old.items() if key in new and new[key].value != cookie.value]
    gone = [key[0] for key in old if key not in new]
    parts = [
        f"{', '.join(gone)} {'is' if len(gone) == 1 else 'are'} gone" if gone else "",
        f"{', '.join(altered)} came back with another value" if altered else "",
        f"{', '.join(survived) or 'nothing'} survived",
    ]
    return f"Reopened: {'; '.join(part for part in parts if part)}."
