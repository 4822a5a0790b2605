"""A sample of the mutants where trying all takes too long: drawn at random, and spread over all files.

Every mutant has the same chance. The order depends on the seed and the mutants alone, so a run that was interrupted
goes on with the same sample, and a larger sample holds the smaller one.
"""

from collections import defaultdict
from collections.abc import Mapping
from hashlib import sha256

from library_suite.mutants.mutants import Mutant

SEED = 17


def drawn(mutants: Mapping[str, Mutant], size: int) -> list[str]:
    """The keys of so many mutants; all if there are fewer. Of each file the same share is drawn, as near as can be."""
    by_file: dict[str, list[str]] = defaultdict(list)
    for key, mutant in mutants.items():
        by_file[mutant.path].append(key)
    places: dict[str, float] = {}
    for path, keys in by_file.items():
        begin = _chance(path)
        for index, key in enumerate(sorted(keys, key=_chance)):
            places[key] = (index + begin) / len(keys)
    return sorted(places, key=lambda key: (places[key], key))[:size]


def _chance(text: str) -> float:
    """From 0 to 1, the same for the same text."""
    return int.from_bytes(sha256(f"{SEED} {text}".encode()).digest()[:6]) / 2**48
