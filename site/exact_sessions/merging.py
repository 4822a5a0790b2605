"""What one request changed in a session, put into what other requests have stored in the meantime. Pure functions.

Each key is merged by itself. Two requests that set the same key: the later one's value stands, as with a dictionary.
Two that increment it: both count. One that erases it: it is gone, whatever was to be stored by a request that had
loaded the session before.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Data = dict[str, Any]
Number = int | float

Form = Callable[[Any], bytes]
"""How a value is stored. Values are compared by it: to Python, 1 and True are equal."""

MOST_MARKS = 64
"""How many names of erased keys a session keeps."""


@dataclass(frozen=True)
class Changes:
    """What a request did to the keys that it loaded."""

    sets: Mapping[str, Any]
    increments: Mapping[str, Number]
    erased: frozenset[str]


@dataclass(frozen=True)
class Erasures:
    """The keys that were erased from a session, each with the version of the session that it was gone from first.

    Names are forgotten when there are too many. Then `forgotten` is the latest of their versions, and whoever loaded
    the session before it may have seen any key.
    """

    versions: Mapping[str, int]
    forgotten: int = 0

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Erasures":
        """From the form that the table holds."""
        return cls(stored.get("keys", {}), stored.get("forgotten", 0))

    def written(self) -> dict[str, Any]:
        """In the form that the table holds: nothing for nothing."""
        if not self.versions and not self.forgotten:
            return {}
        return {"keys": dict(self.versions), "forgotten": self.forgotten}

    def came_after(self, name: str, version: int) -> bool:
        """Whether a key was erased after a request had loaded that version of the session."""
        return self.versions.get(str(name), self.forgotten) > version

    def plus(self, names: Iterable[str], version: int) -> "Erasures":
        """With these keys, which are gone from that version on."""
        versions = {**self.versions, **dict.fromkeys(map(str, names), version)}
        kept = sorted(versions, key=lambda name: versions[name], reverse=True)
        forgotten = [versions[name] for name in kept[MOST_MARKS:]]
        return Erasures({name: versions[name] for name in kept[:MOST_MARKS]}, max([self.forgotten, *forgotten]))


def changes_between(before: Data, after: Data, increments: Mapping[str, Number], form: Form) -> Changes:
    """What was done to a session that held `before` when it was loaded.

    An increment counts as one only while the number is what it made of it: a value that was set after it stands.
    """
    added = {
        name: by
        for name, by in increments.items()
        if name in after and is_number(before.get(name, 0)) and after[name] == before.get(name, 0) + by
    }
    sets = {
        name: value
        for name, value in after.items()
        if name not in added and (name not in before or form(before[name]) != form(value))
    }
    return Changes(sets, added, frozenset(before.keys() - after.keys()))


def merged(stored: Data, changes: Changes, erasures: Erasures, loaded_version: int) -> Data:
    """What the session holds after `changes`, which a request made that had loaded `loaded_version` of it."""

    def stays_erased(name: str) -> bool:
        return erasures.came_after(name, loaded_version)

    result = {name: value for name, value in stored.items() if name not in changes.erased}
    result |= {name: value for name, value in changes.sets.items() if not stays_erased(name)}
    for name, by in changes.increments.items():
        number = result.get(name, 0)
        # Else another request has made something else of it, and that stands.
        if is_number(number) and not stays_erased(name):
            result[name] = number + by
    return result


def adopt(own: Data, result: Data, form: Form) -> None:
    """Make a request's own dictionary hold `result`. What is the same stays the same object: views may hold it."""
    for name in own.keys() - result.keys():
        del own[name]
    own.update({name: each for name, each in result.items() if name not in own or form(own[name]) != form(each)})


def is_number(value: object) -> bool:
    """Whether a value can be counted on. True and False can't, though Python adds them."""
    return isinstance(value, int | float) and not isinstance(value, bool)
