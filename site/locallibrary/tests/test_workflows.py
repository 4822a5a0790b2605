"""What GitHub runs of others' code is named by its content: a tag can be moved to another commit, a hash can't.

docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions
"""

import re

from locallibrary.environment import CHECKOUT

WORKFLOWS = sorted((CHECKOUT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def test_every_action_is_named_by_the_hash_of_its_commit_and_says_its_version() -> None:
    used = [found for path in WORKFLOWS for found in re.findall(r"\buses: *(.+)", path.read_text(encoding="utf-8"))]
    assert used
    assert [each for each in used if not PINNED.fullmatch(each)] == []


def test_no_workflow_may_write_to_the_repository() -> None:
    for path in WORKFLOWS:
        assert re.findall(r"^permissions:\n((?:  .+\n)*)", path.read_text(encoding="utf-8"), re.MULTILINE) == [
            "  contents: read\n"
        ], path.name
