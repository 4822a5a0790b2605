"""A list of promises is read as it is meant, or refused with the id of what is wrong."""

from pathlib import Path

import pytest

from cookie_evidence import Promise, PromiseGroup, SessionLifetime, read_promises
from cookie_harness import CookiePolicy

pytestmark = pytest.mark.promise("H10")

GROUP = """
[[group]]
id = "V"
title = "Visits"
"""
PROMISE = """
[[promise]]
id = "V1"
sentence = "The first visit counts one."
policies = ["accept", "block third-party"]
lifetimes = ["lasting", "until close"]
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "promises.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_promises_come_by_group_in_the_order_of_the_file(tmp_path: Path) -> None:
    other = '[[group]]\nid = "H"\ntitle = "Honesty"\n' + PROMISE.replace('"V1"', '"H12"')
    second = PROMISE.replace('"V1"', '"V2"').replace('"accept", "block third-party"', "")
    visits, honesty = read_promises(write(tmp_path, GROUP + PROMISE + other + second))
    both = (SessionLifetime.LASTING, SessionLifetime.UNTIL_CLOSE)
    sentence = "The first visit counts one."
    assert visits == PromiseGroup(
        "V",
        "Visits",
        (
            Promise("V1", sentence, (CookiePolicy.ACCEPT, CookiePolicy.BLOCK_THIRD_PARTY), both),
            Promise("V2", sentence, (), both),
        ),
    )
    assert [promise.id for promise in honesty.promises] == ["H12"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GROUP + PROMISE.replace('"accept"', '"allow"'), r"V1: its policies name 'allow', .* accept, block,"),
        (GROUP + PROMISE.replace("lasting", "a day"), r"V1: its lifetimes name 'a day', .* lasting, until close"),
        (GROUP + PROMISE.replace('["lasting", "until close"]', "[]"), "V1: a promise has at least one lifetime"),
        (GROUP + PROMISE.replace("The first visit counts one.", " "), "V1: its sentence is empty"),
        (GROUP.replace("Visits", "") + PROMISE, "V: its title is empty"),
        (GROUP + PROMISE + PROMISE, "V1: the id occurs twice"),
        (GROUP + GROUP + PROMISE, "V: the id occurs twice"),
        (PROMISE, "V1: there is no group V"),
        (GROUP, "V: the group has no promise"),
        (GROUP + PROMISE.replace('"V1"', '"first"'), "first: an id is a capital letter and a number"),
        (GROUP + PROMISE.replace('"V1"', '"V01"'), "V01: an id is"),
    ],
)
def test_a_faulty_list_is_refused_with_the_id(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_promises(write(tmp_path, text))
