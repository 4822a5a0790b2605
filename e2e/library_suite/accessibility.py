"""What axe-core finds on a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# axe-core's tags for WCAG 2.2 at levels A and AA, and what it calls best practice.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Every fault by the standards, a line each."""
    return _violations(page, {"type": "tag", "values": STANDARDS})


def faint_texts(page: Page) -> list[str]:
    """Texts with too little contrast, a line each: the one rule that dark pages can break by themselves."""
    return _violations(page, {"type": "rule", "values": ["color-contrast"]})


def _violations(page: Page, rules: dict[str, Any]) -> list[str]:
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {node['html']} {node.get('failureSummary')}" for each in found for node in each["nodes"]]
