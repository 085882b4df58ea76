"""A single chart on another website, and a workbook, as a visitor gets them."""

import io
import re

import openpyxl
from playwright.sync_api import expect

from tests.browser.served import open_table, settle

CUT = """() => {
  const chart = document.querySelector(".csp-chart")
  const { left, right } = chart.getBoundingClientRect()
  return [...chart.querySelectorAll("text")].filter((text) => {
    const box = text.getBoundingClientRect()
    return box.left < left - 1 || box.right > right + 1
  }).map((text) => text.textContent)
}"""
"""Labels that reach beyond their chart."""


def test_a_workbook_and_a_frame_of_a_chart(visit, new_page):
    page = visit("trends?partnership=Medway&measure=ASB+incidents")
    opened = open_table(page)
    settle(page)
    with page.expect_download() as started:
        opened.get_by_role("button", name="Workbook (XLSX)").click()
    book = openpyxl.load_workbook(io.BytesIO(started.value.path().read_bytes()))
    sheet = book["Table 1"]
    on_the_page = opened.get_by_role("row").last.get_by_role("cell").all_inner_texts()
    assert [f"{cell.value:,}" for cell in sheet[sheet.max_row][1:]] == on_the_page

    link, frame = opened.get_by_test_id("stCode").all_inner_texts()[:2]
    assert "measure=ASB+incidents" in link
    address = re.search(r'src="([^"]+)"', frame)[1].replace("&amp;", "&")
    alone = new_page(viewport={"width": 700, "height": 900})
    alone.goto(address)
    settle(alone)
    expect(alone.locator(".csp-chart")).to_have_count(1)
    expect(alone.get_by_role("heading")).to_have_text(page.locator(".csp-title").first.inner_text())
    seen = alone.get_by_test_id("stMain").inner_text()
    assert seen.count("Demonstration data: synthetic") == 1
    assert seen.count("Source: ") == 1
    assert "Showing" not in seen
    expect(alone.get_by_test_id("stSidebar")).to_be_hidden()
    expect(alone.get_by_role("combobox")).to_have_count(0)
    expect(open_table(alone).get_by_role("row").last).to_contain_text(on_the_page[0])
    wide = "document.documentElement.scrollWidth > window.innerWidth"
    assert not alone.evaluate(wide)
    alone.set_viewport_size({"width": 320, "height": 900})
    alone.goto(re.sub(r"chart=\w+", "chart=types", address))  # bars with labels of two lines: the first to be cut
    settle(alone)
    alone.wait_for_function(f"({CUT})().length === 0")
    assert not alone.evaluate(wide)
