"""Finding a banner by itself: in frames and shadow roots, late, behind settings, and never by a guess."""

import re

import pytest
from playwright.sync_api import Page

from cookie_audit import banner
from cookie_audit.banner import BannerOnPage, ButtonMissing
from cookie_harness.plugin import VisitorFactory

pytestmark = pytest.mark.promise("U8")

PAGE = "<!doctype html><title>Shop</title><main><h1>Shop</h1><p>Lighthouses</p><a href='#a'>Accept our terms</a></main>"
ANSWER = "onclick=\"document.title = this.textContent; this.closest('.box').remove()\""
BOX = f"<div class=box><p>Wir verwenden Cookies.</p><button {ANSWER}>Alle akzeptieren</button>"
GERMAN = f"{BOX} <button {ANSWER}>Ablehnen</button></div>"
SHADOW = f"""<div id=host></div><script>
document.getElementById('host').attachShadow({{mode: 'open'}}).innerHTML = `{GERMAN}`;</script>"""
LATE = f"<script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', `{GERMAN}`), 700)</script>"
LAYERS = f"""<div class="box cookies"><p>We use cookies.</p><button {ANSWER}>Accept all</button>
<button onclick="document.getElementById('more').hidden = false">Manage options</button>
<div id=more hidden><label><input type=checkbox checked disabled> Necessary</label>
<label><input type=checkbox checked> Statistics</label> <label><input type=checkbox> Marketing</label>
<button onclick="document.title = [...document.querySelectorAll('input')].map(each => each.checked).join();
this.closest('.box').remove()">Save choices</button></div></div>"""
FOR_ALL = f"""<div class="box cookies"><p>We use cookies.</p><button {ANSWER}>Accept all</button>
<label><input type=checkbox checked> Statistics</label> <label><input type=checkbox checked> Marketing</label>
<label><input type=checkbox checked id=all> All</label>
<button onclick="document.title = [...document.querySelectorAll('input')].map(each => each.checked).join();
this.closest('.box').remove()">Save choices</button></div><script>
const boxes = [...document.querySelectorAll('input:not(#all)')], all = document.getElementById('all');
all.onclick = () => boxes.forEach(each => {{ each.checked = all.checked; }});
boxes.forEach(each => {{ each.onclick = () => {{ all.checked = boxes.every(other => other.checked); }}; }});</script>"""
VEIL = "<div style='position: fixed; inset: 0; background: #000a'></div>"
TWO = f"{BOX}</div><div class=box id=cookie-bar><button {ANSWER}>Akzeptieren</button></div>"


@pytest.fixture
def page(new_visitor: VisitorFactory) -> Page:
    return new_visitor().new_page()


def test_a_banner_is_found_and_refused_wherever_it_is_drawn(page: Page) -> None:
    framed = f'<iframe srcdoc="{GERMAN.replace("&", "&amp;").replace(chr(34), "&quot;")}"></iframe>'
    for name, html in {"plain": GERMAN, "shadow": SHADOW, "late": LATE, "frame": framed}.items():
        page.set_content(PAGE + html)
        seen = BannerOnPage(page).survey().seen
        assert (seen.accept_clicks, seen.refuse_clicks, seen.covers) == (1, 1, ""), name
        [press] = BannerOnPage(page).refuse()
        assert (press.role, press.name) == ("button", "Ablehnen"), name
        assert bool(press.frame) is (name == "frame")


def test_what_lies_behind_the_settings_is_counted_and_answered(page: Page) -> None:
    page.set_content(PAGE + LAYERS)
    seen = BannerOnPage(page).survey().seen
    assert [(each.label, each.checked, each.locked) for each in seen.boxes] == [
        ("Necessary", True, True),
        ("Statistics", True, False),
        ("Marketing", False, False),
    ]
    assert seen.refuse_clicks == 3, "settings, one box, save"
    page.set_content(PAGE + LAYERS)
    presses = BannerOnPage(page).refuse()
    assert [each.name for each in presses] == ["Manage options", "Save choices"]
    assert page.title() == "true,false,false"
    page.set_content(PAGE + LAYERS)
    BannerOnPage(page).allow_alone("Marketing")
    assert page.title() == "true,false,true"


def test_a_box_for_all_boxes_does_not_undo_what_was_unticked(page: Page) -> None:
    page.set_content(PAGE + FOR_ALL)
    assert [each.name for each in BannerOnPage(page).refuse()] == ["Save choices"]
    assert page.title() == "false,false,false"


BOXES_ALONE = f"""<div class="box cookies"><p>We use cookies. {"They are kept for a while, and help us. " * 4}</p>
<input type=checkbox><label><input type=checkbox checked> Statistics</label>
<label><input type=checkbox> Marketing</label>
<button onclick="document.title = [...document.querySelectorAll('label input')].map(each => each.checked).join();
this.closest('.box').remove()">Save choices</button></div>"""
DECLINE = "<button onclick=\"document.title += '{0}'; this.remove()\">Decline</button>"
EACH = "".join(f"<li>{each} <button>Allow</button> {DECLINE.format(each)}</li>" for each in ("Statistics", "Marketing"))
EACH_ALONE = f"<div class='box cookies'><p>We use cookies.</p><ul>{EACH}</ul></div>"


def test_a_banner_without_a_button_to_accept_is_answered_by_its_boxes(page: Page) -> None:
    for answer, expected, clicks in (("accept", "true,true", 2), ("refuse", "false,false", 2)):
        page.set_content(PAGE + BOXES_ALONE)
        presses = getattr(BannerOnPage(page), answer)()
        assert [(each.name, each.clicks) for each in presses] == [("Save choices", clicks)]
        assert page.title() == expected
    page.set_content(PAGE + BOXES_ALONE)
    seen = BannerOnPage(page).survey().seen
    assert [each.label for each in seen.boxes] == ["Statistics", "Marketing"], "the third box says nothing"
    assert (seen.accept_clicks, seen.refuse_clicks) == (2, 2)


def test_where_each_purpose_is_declined_by_itself_all_of_them_are(page: Page) -> None:
    page.set_content(
        f"{PAGE}<button onclick=\"document.body.insertAdjacentHTML('beforeend', more)\">Cookie settings</button>"
    )
    page.evaluate("html => { window.more = html; }", EACH_ALONE)
    presses = BannerOnPage(page).withdraw(page.reload, [])
    assert [each.name for each in presses] == ["Cookie settings", "Decline", "Decline"]
    assert page.title() == "ShopStatisticsMarketing"


def test_a_veil_over_the_page_is_seen(page: Page) -> None:
    page.set_content(f"{PAGE}{VEIL}<div style='position: fixed; bottom: 0'>{GERMAN}</div>")
    assert "nothing of the page can be reached" in BannerOnPage(page).survey().seen.covers


def test_a_yes_is_taken_back_by_what_is_called_so_or_leads_to_settings(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.set_content(f"{PAGE}<button onclick='document.title = 7; this.remove()'>Einwilligung widerrufen</button>")
    tried: list[str] = []
    assert [each.name for each in BannerOnPage(page).withdraw(page.reload, tried)] == ["Einwilligung widerrufen"]
    opens = f"document.body.insertAdjacentHTML('beforeend', `{GERMAN}`)".replace('"', "&quot;")
    page.set_content(f'{PAGE}<button onclick="{opens}">Cookie-Einstellungen</button>')
    assert [each.name for each in BannerOnPage(page).withdraw(page.reload, tried)] == [
        "Cookie-Einstellungen",
        "Ablehnen",
    ]
    page.set_content(PAGE)
    monkeypatch.setattr(banner, "LAYER_PATIENCE", 500)
    with pytest.raises(ButtonMissing, match="no way to take consent back"):
        BannerOnPage(page).withdraw(page.reload, [])


@pytest.mark.parametrize(
    ("html", "why"),
    [
        (PAGE, "no consent banner was found"),
        (f"{PAGE}{TWO}", "not clear which is the banner"),
    ],
)
def test_nothing_is_pressed_on_a_guess(page: Page, html: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(banner, "BANNER_PATIENCE", 500)
    page.set_content(html)
    with pytest.raises(ButtonMissing, match=re.escape(why)):
        BannerOnPage(page).accept()
    assert page.title() == "Shop"
