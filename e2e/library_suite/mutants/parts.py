"""What is mutated, and whose tests have to notice."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class CodePart:
    """A part of the code: its files or folders, and what pytest is told to run of its tests, from the root."""

    name: str
    sources: tuple[str, ...]
    tests: tuple[str, ...]

    def files(self, root: Path) -> list[Path]:
        """Its modules, without tests and migrations."""
        found = (root / source for source in self.sources)
        modules = (file for path in found for file in ([path] if path.is_file() else sorted(path.rglob("*.py"))))
        return [file for file in modules if not {"tests", "migrations"} & set(file.relative_to(root).parts)]


SITE_TESTS = ("site", "--ignore=site/consent_gate", "--ignore=site/exact_sessions")
HARNESS = "e2e/cookie_harness"
EVIDENCE = "e2e/cookie_evidence"

PARTS = (
    CodePart("consent_gate", ("site/consent_gate",), ("site/consent_gate",)),
    CodePart("privacy_dashboard", ("dashboard/privacy_dashboard",), ("dashboard",)),
    CodePart("visits", ("site/visits",), ("site/visits",)),
    CodePart(
        "cookie_harness",
        tuple(f"{HARNESS}/{module}.py" for module in ("set_cookie", "jar", "masking", "guard", "policies")),
        tuple(f"e2e/tests/harness/test_{name}.py" for name in ("set_cookie", "masking", "known_cookies", "policies")),
    ),
    CodePart(
        "cookie_evidence",
        tuple(f"{EVIDENCE}/{module}.py" for module in ("matrix", "promises", "comparison", "merge")),
        tuple(
            f"e2e/tests/harness/test_{name}.py"
            for name in ("matrix", "promises", "comparison", "evidence_diff", "merged_evidence")
        ),
    ),
)
"""The audit's judge is one line more, with the sources ("e2e/cookie_audit/judge.py",) and its test_judge.py."""
