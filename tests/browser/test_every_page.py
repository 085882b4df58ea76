"""Every page in a real browser: one visit on a wide screen and on paper, one on a telephone, and all that must hold there.

WCAG 2.2, levels A and AA, as far as axe-core can tell; nothing blank, nothing that sticks out, nothing unnamed.
"""

import contextlib
import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from csp_data.ui import layout
from tests.browser.axe import violations
from tests.browser.served import PHONE

PAGES = list(layout.PAGES)
SMALLEST = {"width": 320, "height": 568}
"""The width at which WCAG 2.2 (1.4.10) wants a page without sideways scroll."""
REDRAWN_WITHIN = 20_000
"""Milliseconds until charts have followed a new width."""
OWN_CHROME = {"meeting"}
"""Pages without the side panel and the header of the others."""

TOO_WIDE = """() => {
  const main = document.querySelector('[data-testid="stMain"]')
  const scrolls = (element) => {
    for (let each = element.parentElement; each && each !== main; each = each.parentElement)
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(each).overflowX)) return true
    return false
  }
  return [document.documentElement, main].filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.tagName)
    .concat([...main.querySelectorAll("h1, h2, h3, p, button, table, svg.main-svg")]
      .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && !scrolls(each))
      .map((each) => each.tagName + ": " + each.textContent.slice(0, 60)))
}"""
"""What sticks out of the page to the right, unless it scrolls by itself."""

BLANK = """() => [...document.querySelectorAll(".csp-chart")].filter((box) => {
  const drawn = box.getBoundingClientRect()
  return drawn.width < 100 || drawn.height < 50 ||
    !box.querySelector(".trace, .scatterlayer path, .barlayer path, .heatmaplayer image, .choroplethlayer path")
}).map((box) => box.getAttribute("aria-label"))"""
"""Charts without a single mark."""


def address_of(name: str) -> str:
    # The ward of the demonstration of which there is most to say.
    return {"overview": "", "ward_profile": "ward_profile?partnership=Medway&ward=E05014454"}.get(name, name)


@pytest.mark.parametrize("name", PAGES)
def test_on_a_wide_screen_and_on_paper(visit, subtests, name):
    page = visit(address_of(name))
    with subtests.test("axe"):
        assert violations(page) == []
    with subtests.test("headings start with the title and skip no level"):
        levels = levels_of(page)
        assert (levels[0], levels.count(1)) == (1, 1)
        assert all(after <= before + 1 for before, after in pairwise(levels))
    charts = page.locator(".csp-chart")
    with subtests.test("no chart is blank"):
        assert charts.count() >= layout.PAGES[name].charts
        assert page.evaluate(BLANK) == []
    with subtests.test("every chart has words for those who cannot see it"):
        for number in range(charts.count()):
            expect(charts.nth(number)).to_have_role("img")
            assert len(charts.nth(number).get_attribute("aria-label") or "") > 40
    notice = page.get_by_text("Demonstration data: synthetic, calibrated to published totals").first
    with subtests.test("the demonstration says so on the screen"):
        expect(notice).to_be_visible()
    page.emulate_media(media="print")
    with subtests.test("the demonstration says so on paper"):
        expect(notice).to_be_visible()
    with subtests.test("paper shows the content alone and whole"):
        for hidden in ("stSidebar", "stHeader"):
            expect(page.get_by_test_id(hidden)).not_to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        # Everything is laid out down the page: nothing is left in a box that scrolls, of which paper shows the top.
        content = page.get_by_test_id("stMainBlockContainer").bounding_box()["height"]
        assert page.evaluate("document.documentElement.scrollHeight") >= int(content)
        sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))
        assert sheets
        if name in ("overview", "ward_profile"):
            # The data on a page: two sheets of A3 on their side, where its letters can be read; a ward: one of A4.
            assert len(sheets) == {"overview": 2, "ward_profile": 1}[name]


@pytest.mark.parametrize("name", PAGES)
def test_on_a_telephone(visit, subtests, name):
    page = visit(address_of(name), viewport=PHONE, has_touch=True, is_mobile=True)
    with subtests.test("axe"):
        assert violations(page) == []
    with subtests.test("nothing sticks out at 390"):
        assert page.evaluate("innerWidth") == PHONE["width"]
        assert page.evaluate(TOO_WIDE) == []
    if name == "boundary_change":
        with subtests.test("no blank ground below the map"):
            assert page.locator(".csp-chart").first.bounding_box()["height"] < 400
    if name not in OWN_CHROME:
        with subtests.test("axe, with the side panel open"):
            page.get_by_test_id("stExpandSidebarButton").tap()
            expect(page.get_by_role("combobox", name="Partnership")).to_be_in_viewport()
            assert violations(page) == []
            page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").tap()
    with subtests.test("nothing sticks out at 320"):
        page.set_viewport_size(SMALLEST)
        with contextlib.suppress(PlaywrightTimeoutError):  # charts follow the new width in their own time
            page.wait_for_function(f"({TOO_WIDE})().length === 0", timeout=REDRAWN_WITHIN)
        assert page.evaluate(TOO_WIDE) == []


def levels_of(page: Page) -> list[int]:
    return (
        page.get_by_test_id("stMain")
        .get_by_role("heading")
        .evaluate_all("headings => headings.map((heading) => Number(heading.tagName.slice(1)))")
    )


def test_the_choices_can_be_reached_on_a_telephone(visit):
    page = visit("", viewport=PHONE, has_touch=True, is_mobile=True)
    expect(page.get_by_role("combobox", name="Measure")).not_to_be_in_viewport()
    page.get_by_test_id("stExpandSidebarButton").tap()
    expect(page.get_by_role("combobox", name="Measure")).to_be_in_viewport()
