"""WCAG 2.2, levels A and AA, as far as axe-core can tell, and what it cannot: the keyboard's way through a page."""

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from csp_data.ui import layout
from tests.browser.served import PHONE, open_table

PAGES = ["" if page == "overview" else page for page in layout.PAGES]
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

CAUSED_BY_STREAMLIT: dict[str, str] = {}
"""Rule of axe-core -> why Streamlit breaks it and the app cannot mend it."""


def violations(page) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['target']} {node['html'][:200]}"
        for violation in found
        if violation["id"] not in CAUSED_BY_STREAMLIT
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit, path):
    assert violations(visit(path)) == []


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_on_a_telephone(visit, path):
    page = visit(path, viewport=PHONE, has_touch=True, is_mobile=True)
    assert violations(page) == []
    page.get_by_test_id("stExpandSidebarButton").tap()
    expect(page.get_by_role("combobox", name="Measure")).to_be_in_viewport()
    assert violations(page) == []


def test_axe_finds_nothing_in_open_tables_lists_and_notices(visit):
    page = visit("ward_map?measure=Moonlight")
    open_table(page)
    assert violations(page) == []
    page.get_by_role("combobox", name="Period").press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert violations(page) == []


PLANTED = '<img src="data:,"><p style="color: #ccc">pale words</p>'


def test_the_tool_finds_what_is_planted(visit):
    page = visit("about_the_data")
    page.evaluate(f"""document.querySelector("h1").insertAdjacentHTML("afterend", `{PLANTED}`)""")
    assert {violation.split(" ")[0] for violation in violations(page)} == {"image-alt", "color-contrast"}


@pytest.mark.parametrize("path", PAGES)
def test_headings_start_with_the_title_and_skip_no_level(visit, path):
    page = visit(path)
    levels = (
        page.get_by_test_id("stMain")
        .get_by_role("heading")
        .evaluate_all("headings => headings.map((heading) => Number(heading.tagName.slice(1)))")
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_everything_can_be_reached_and_used_with_the_keyboard(visit):
    page = visit("ward_map?partnership=Medway")
    reached = []
    page.keyboard.press("Tab")
    while (now := page.evaluate(WHERE)) and len(reached) < 100:
        reached.append(now)
        page.keyboard.press("Tab")
    for label in ("Partnership", "Measure", "Type", "Period", "Compare with", "Ward boundaries", "Area"):
        assert label in reached
    for title in ("Overview", "Trends", "About the data"):
        assert title in reached
    assert any("Show as a table and download" in name for name in reached)
    # The keyboard comes out again at the end: it is caught nowhere, not even in the table that can be sorted.
    assert len(reached) < 100

    # A ward can be chosen without the map.
    page.get_by_role("combobox", name="Area").focus()
    page.keyboard.type("Gillingham North")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stMain")).to_contain_text("in Gillingham North ward, Medway")


WHERE = """() => {
  const here = document.activeElement
  if (!here || here === document.body) return null
  return here.getAttribute("aria-label") || here.innerText.trim() || here.value || here.tagName
}"""
"""What the element that has the focus is called."""


def test_the_focus_can_be_seen(visit):
    page = visit("trends")
    link = page.get_by_test_id("stSidebarNav").get_by_role("link", name="Overview")
    page.keyboard.press("Tab")
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert link.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
