"""How long a session that should end with the browser has stood idle, as a pure function over plain values.

Browsers that restore their last tabs bring such a session's cookie back, as after a crash; what the server does not end
then lives on (docs.djangoproject.com/en/5.2/topics/http/sessions/#browser-length-sessions-vs-persistent-sessions).
"""

from enum import Enum

NOTES = 10
"""How often the time of use is noted within the limit, about: each note costs a write."""


class Idleness(Enum):
    """What to do about a session, by when it was last used."""

    FRESH = "leave it alone"
    TO_NOTE = "note that it is used now"
    IDLE = "end it"


def standing(last_used: object, now: int, limit: int) -> Idleness:
    """Judge a session by the time that it holds, and the time now, both in seconds since 1970; `limit` is in seconds.

    Takes any object at all. A time that this site could not have noted tells nothing, and is noted anew: a session
    from before there was a limit has none, and a clock that was put back leaves one that lies ahead.

    As not every use is noted, a session ends between nine tenths of the limit and all of it after it was last used.
    """
    if type(last_used) is not int:
        return Idleness.TO_NOTE
    idle = now - last_used
    if idle > limit:
        return Idleness.IDLE
    return Idleness.FRESH if abs(idle) * NOTES <= limit else Idleness.TO_NOTE
