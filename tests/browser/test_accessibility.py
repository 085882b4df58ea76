"""WCAG 2.2, levels A and AA, as far as axe-core can tell, and what it cannot: the keyboard's way through a page."""

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.served import open_table


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
    link = page.get_by_role("link", name="Overview").first
    page.keyboard.press("Tab")
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert link.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
