"""Banners that are answered by autoconsent's rules, where none is found by its words.

The package itself comes from npm and is in no test: a small one that talks as it does takes its place.
"""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from cookie_audit import autoconsent, banner
from cookie_audit.autoconsent import Autoconsent, AutoconsentUnusable, autoconsent_in
from cookie_audit.banner import BannerOnPage, ButtonMissing
from cookie_harness.plugin import VisitorFactory

pytestmark = pytest.mark.promise("U8")

# As the package's script does: it asks for rules, has a part of one evaluated from outside, presses, and says so.
SCRIPT = """(() => {
    const tell = (message) => window.autoconsentSendMessage(message);
    let rule, action;
    window.autoconsentReceiveMessage = async (message) => {
        if (message.type === "initResp") {
            action = message.config.autoAction;
            rule = message.rules.autoconsent.find((each) => document.querySelector(each.detect));
            if (!rule) return;
            await tell({ type: "cmpDetected", cmp: rule.name });
            await tell({ type: "eval", id: "7", code: rule.code });
        } else if (message.type === "evalResp" && message.id === "7") {
            if (message.result) document.querySelector(rule[action]).click();
            await tell({ type: `${action}Result`, cmp: rule.name, result: Boolean(message.result) });
        }
    };
    tell({ type: "init", url: location.href });
})();"""
RULE = {"name": "oddly", "detect": "#odd", "optIn": "#odd .yes", "optOut": "#odd .no", "code": "window.ready === true"}
# No word on the banner says what it does.
ODD = """<!doctype html><title>Shop</title><script>window.ready = true</script><h1>Shop</h1>
<div id=odd><button class=yes onclick="document.title = 'in'">Fine by me</button>
<button class=no onclick="document.title = 'out'">Rather not</button></div>"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder such as npm makes it."""
    folder = tmp_path / "node_modules" / "@duckduckgo" / "autoconsent"
    for name, text in {"dist/autoconsent.playwright.js": SCRIPT, "rules/rules.json": rules(RULE)}.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, encoding="utf-8")
    return tmp_path


def rules(*rule: dict[str, str]) -> str:
    return json.dumps({"autoconsent": rule})


def page_with(html: str, engine: Autoconsent, new_visitor: VisitorFactory) -> Page:
    context = new_visitor()
    engine.join(context)
    page = context.new_page()
    page.set_content(html)
    return page


def test_a_banner_that_nobody_finds_is_answered_by_its_rule(
    package: Path, new_visitor: VisitorFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(banner, "BANNER_PATIENCE", 0)
    engine = autoconsent_in(package)
    page = page_with(ODD, engine, new_visitor)
    with pytest.raises(ButtonMissing):
        BannerOnPage(page).find()
    assert engine.answer(page, "optOut") == "oddly"
    assert page.title() == "out"
    page.set_content(ODD)
    assert engine.answer(page, "optIn") == "oddly"
    assert page.title() == "in"


def test_a_page_that_no_rule_knows_or_whose_rule_fails_is_not_answered(
    package: Path, new_visitor: VisitorFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autoconsent, "PATIENCE", 500)
    engine = autoconsent_in(package)
    page = page_with("<!doctype html><title>Shop</title><h1>Shop</h1>", engine, new_visitor)
    assert engine.answer(page, "optOut") == ""
    page.set_content(ODD.replace("window.ready = true", ""))
    assert engine.answer(page, "optOut") == ""
    assert page.title() == "Shop"


def test_what_a_page_itself_tells_the_rules_engine_does_no_harm(package: Path, new_visitor: VisitorFactory) -> None:
    engine = autoconsent_in(package)
    rubbish = "[null, 7, 'init', {}, { type: 'eval' }, { type: 'initResp' }].forEach(autoconsentSendMessage)"
    page = page_with(ODD.replace("window.ready = true", f"window.ready = true; {rubbish}"), engine, new_visitor)
    assert engine.answer(page, "optOut") == "oddly"
    assert page.title() == "out"


def test_a_package_that_is_not_there_or_has_another_form_is_named(package: Path, tmp_path: Path) -> None:
    with pytest.raises(AutoconsentUnusable, match="npm install @duckduckgo/autoconsent"):
        autoconsent_in(tmp_path / "elsewhere")
    [file] = package.rglob("rules.json")
    for text in ("[]", '{"rules": []}', "no json"):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(AutoconsentUnusable, match="has another form than is known"):
            autoconsent_in(package)
