"""The pages on a wide screen, on a telephone and on paper."""

import re

import pytest
from playwright.sync_api import expect

from csp_data.ui import layout
from tests.browser.served import PHONE

PAGES = ["" if page == "overview" else page for page in layout.PAGES]
SMALLEST = {"width": 320, "height": 568}
"""The width at which WCAG 2.2 (1.4.10) wants a page without sideways scroll."""

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


@pytest.mark.parametrize("viewport", [PHONE, SMALLEST], ids=["390", "320"])
@pytest.mark.parametrize("path", PAGES)
def test_a_telephone_never_scrolls_sideways(visit, path, viewport):
    page = visit(path, viewport=viewport, has_touch=True, is_mobile=True)
    assert page.evaluate("innerWidth") == viewport["width"]
    assert page.evaluate(TOO_WIDE) == []


def test_the_choices_can_be_reached_on_a_telephone(visit):
    page = visit("", viewport=PHONE, has_touch=True, is_mobile=True)
    expect(page.get_by_role("combobox", name="Measure")).not_to_be_in_viewport()
    page.get_by_test_id("stExpandSidebarButton").tap()
    expect(page.get_by_role("combobox", name="Measure")).to_be_in_viewport()


@pytest.mark.parametrize("path", PAGES)
def test_no_chart_is_blank(visit, path):
    page = visit(path)
    assert page.locator(".csp-chart").count() >= 1
    assert page.evaluate(BLANK) == []


@pytest.mark.parametrize("path", PAGES)
def test_every_chart_has_words_for_those_who_cannot_see_it(visit, path):
    charts = visit(path).locator(".csp-chart")
    for number in range(charts.count()):
        expect(charts.nth(number)).to_have_role("img")
        assert len(charts.nth(number).get_attribute("aria-label") or "") > 40


@pytest.mark.parametrize("path", PAGES)
def test_paper_shows_the_content_alone_and_whole(visit, path):
    page = visit(path)
    page.emulate_media(media="print")
    for hidden in ("stSidebar", "stHeader"):
        expect(page.get_by_test_id(hidden)).not_to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    # Everything is laid out down the page: nothing is left inside a box that scrolls, of which paper shows the top.
    content = page.get_by_test_id("stMainBlockContainer").bounding_box()["height"]
    assert page.evaluate("document.documentElement.scrollHeight") >= int(content)
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))
    assert sheets
    if path == "":
        assert len(sheets) == 1  # the data on a page: one sheet of A3, on its side


@pytest.mark.parametrize("path", PAGES)
def test_the_demonstration_says_so_on_screen_and_on_paper(visit, path):
    page = visit(path)
    notice = page.get_by_text("Demonstration data: synthetic, calibrated to published totals").first
    expect(notice).to_be_visible()
    page.emulate_media(media="print")
    expect(notice).to_be_visible()
