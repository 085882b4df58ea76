"""Meeting mode in a room: large letters, no scrolling, arrow keys, greyscale, and notes that a reload does not lose."""

import io
import json
import shutil

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from csp_data.extracts.workspace import Workspace
from tests.browser.served import PHONE, ROOT, served, settle

ROOM = {"width": 1920, "height": 1080}
LARGE = {"width": 3840, "height": 2160}
SMALLEST_LETTERS = 28
"""Pixels at 1920 by 1080, to be read from three metres."""

LETTERS = """() => {
  const shown = (each) => each.getClientRects().length && !each.closest("style, .csp-chart, [role=tooltip]")
  const written = (each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
  const words = [...document.querySelectorAll('[data-testid="stMain"] *')].filter((each) => shown(each) && written(each))
    .filter((each) => getComputedStyle(each).clipPath === "none")
    .map((each) => [parseFloat(getComputedStyle(each).fontSize), each.textContent.trim().slice(0, 40)])
  const charts = [...document.querySelectorAll(".csp-chart svg text")].map((each) => {
    const grown = each.getBoundingClientRect().width / Math.max(each.getBBox().width, 1)
    return [parseFloat(getComputedStyle(each).fontSize) * grown, each.textContent]
  })
  return [...words, ...charts]
}"""
"""The size of everything written on the screen."""

FITS = """() => {
  const main = document.querySelector('[data-testid="stMain"]')
  const bar = document.querySelector(".st-key-meeting_bar").getBoundingClientRect()
  const parts = [...document.querySelectorAll(".st-key-meeting_screen .stHtml, .st-key-meeting_screen .csp-below")]
  return main.scrollHeight <= main.clientHeight && main.scrollWidth <= main.clientWidth && bar.bottom <= innerHeight + 1 &&
    parts.every((part) => part.getBoundingClientRect().bottom <= bar.top + 1)
}"""
"""Whether all is on the screen at once, and nothing lies behind the bar."""


def screens(page: Page) -> int:
    return page.get_by_role("radio").count()


@pytest.mark.parametrize(
    "choices",
    ["partnership=Medway", "partnership=Maidstone", "partnership=Medway&plan=Community+Safety+Plan+2020+to+2024"],
)
@pytest.mark.parametrize(("viewport", "grown"), [(ROOM, 1), (LARGE, 2)], ids=["1080p", "4K"])
def test_every_screen_fits_and_can_be_read_from_three_metres(visit, viewport, grown, choices):
    page = visit(f"meeting?{choices}", viewport=viewport)
    last = screens(page)
    for number in range(1, last + 1):
        if number > 1:
            page.keyboard.press("ArrowRight")
            expect(page.get_by_text(f"Screen {number} of {last}")).to_be_visible()
            settle(page)
        assert page.evaluate(FITS), (choices, number)
        small = [each for each in page.evaluate(LETTERS) if each[0] < SMALLEST_LETTERS * grown - 0.5]
        assert small == [], (choices, number)
    for chrome in ("stSidebar", "stHeader"):
        expect(page.get_by_test_id(chrome)).not_to_be_visible()


def test_keys_buttons_and_links_lead_to_the_same_screens(visit):
    page = visit("meeting?partnership=Medway", viewport=ROOM)
    title = page.get_by_role("heading", level=1)
    last = screens(page)
    for key, number in (
        ("ArrowRight", 2),
        ("PageDown", 3),
        ("ArrowLeft", 2),
        ("PageUp", 1),
        ("End", last),
        ("Home", 1),
    ):
        page.keyboard.press(key)
        expect(page.get_by_text(f"Screen {number} of {last}")).to_be_visible()
        settle(page)
    page.keyboard.press("ArrowLeft")  # there is nothing before the first
    page.get_by_role("button", name="Next").click()
    expect(title).to_have_text("1. Violence against women and girls")
    page.wait_for_url("**screen=2")
    page.reload()
    settle(page)
    expect(title).to_have_text("1. Violence against women and girls")
    page.get_by_role("link", name="Leave meeting mode").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")


def test_two_quick_presses_are_two_screens(visit):
    page = visit("meeting?partnership=Medway", viewport=ROOM)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=1)).to_have_text("2. Tackle anti-social behaviour")


def test_the_overview_leads_to_meeting_mode_in_one_click(visit):
    page = visit("?partnership=Medway")
    page.get_by_test_id("stMain").get_by_role("link", name="Meeting mode").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Data on a page")
    assert "partnership=Medway" in page.url


def test_the_keyboard_comes_out_of_the_page_again(visit):
    page = visit("meeting?partnership=Medway&screen=2", viewport=ROOM)
    page.keyboard.press("Tab")
    for _ in range(40):
        if page.evaluate("document.activeElement === document.body"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard is caught")


def test_a_signal_can_be_told_without_colour(visit):
    """In greyscale a signal stays away from the line and the paper, and each kind has a shape and a word of its own."""
    page = visit("meeting?partnership=Medway&screen=2", viewport=ROOM)
    box = page.locator(".csp-chart").first
    shapes = box.evaluate("box => [...new Set(box.data.flatMap((t) => t.mode === 'markers' ? [t.marker.symbol] : []))]")
    assert len(shapes) >= 2 and len(shapes) == len(set(shapes))
    assert page.locator(".csp-mark").first.inner_text().split() == ["L", "▼"]
    grey = Image.open(io.BytesIO(box.screenshot())).convert("L")
    darkest = sum(count for level, count in enumerate(grey.histogram()) if level < 90)
    between = sum(count for level, count in enumerate(grey.histogram()) if 90 <= level < 190)
    assert darkest > 2_000 and between > 1_000  # lines and text are dark, signals are between them and the paper


@pytest.fixture(scope="module")
def among_partners(tmp_path_factory):
    """The demonstration as partner agencies see it, in a folder where notes can be kept; gives address and workspace."""
    folder = tmp_path_factory.mktemp("meeting") / "held"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("meetings"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CSP_ROLE", "partner")
        with served(folder) as address:
            yield address, Workspace(str(folder))


def lines_of(workspace: Workspace) -> list[dict]:
    file = workspace.root + f"/medway/meetings/{workspace.current('medway')}/notes.jsonl"
    with open(file, encoding="utf-8") as kept:
        return [json.loads(line) for line in kept]


def test_a_note_is_there_after_a_reload_before_and_after_it_is_kept(new_page, among_partners):
    address, workspace = among_partners
    page = new_page(viewport=ROOM)
    page.goto(f"{address}/meeting?partnership=Medway&screen=2")
    settle(page)
    opened = page.get_by_role("button", name="Notes and decisions")
    opened.click()
    page.get_by_label("What was said").fill("Halve it <img src=x onerror=alert(1)> by June")
    page.get_by_label("Kind").select_option("decision")
    page.keyboard.press("ArrowLeft")  # belongs to the list, not to the screens
    page.reload()
    settle(page)
    expect(page.get_by_text("Screen 2 of")).to_be_visible()
    opened.click()
    expect(page.get_by_label("What was said")).to_have_value("Halve it <img src=x onerror=alert(1)> by June")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Kept.")).to_be_visible()
    expect(page.get_by_label("What was said")).to_have_value("")
    (entry,) = lines_of(workspace)
    assert entry["text"] == "Halve it <img src=x onerror=alert(1)> by June"
    assert entry["screen"] == "2024-27/violence-against-women-and-girls"
    page.reload()
    settle(page)
    page.keyboard.press("End")
    expect(page.get_by_role("heading", level=1)).to_have_text("Decisions, actions and notes")
    expect(page.get_by_role("table")).to_contain_text("Halve it <img src=x onerror=alert(1)> by June")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download (CSV)").click()
    assert "Halve it" in download.value.path().read_text("utf-8-sig")


def test_the_public_has_no_box_for_notes(visit):
    page = visit("meeting?partnership=Medway", viewport=ROOM)
    expect(page.get_by_role("button", name="Notes and decisions")).to_have_count(0)


def test_a_telephone_shows_all_of_a_screen(visit):
    page = visit("meeting?partnership=Medway&screen=2", viewport=PHONE, has_touch=True, is_mobile=True)
    for words in ("Signal", "Target", "Updates, October to December 2024", "Screen 2 of"):
        expect(page.get_by_text(words).first).to_be_visible()
    page.get_by_role("button", name="Next").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("2. Tackle anti-social behaviour")
