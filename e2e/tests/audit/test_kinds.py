"""Every kind of finding is explained, with the rule that it goes by."""

import pytest

from cookie_audit.kinds import MEANINGS, FindingKind

pytestmark = pytest.mark.promise("U8")


def test_each_kind_has_a_meaning_a_source_and_a_question() -> None:
    assert set(MEANINGS) == set(FindingKind)
    for meaning in MEANINGS.values():
        assert meaning.sentence.endswith(".")
        assert meaning.source
        assert meaning.question.endswith("?")
