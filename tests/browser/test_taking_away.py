"""What a visitor can take away from a chart."""

import csv
import io

import pytest
from playwright.sync_api import Download, Locator, Page, expect

from tests.browser.served import open_table

NOTICE = "Demonstration data: synthetic, calibrated to published totals; ward boundaries approximate"


def download(page: Page, opened: Locator, label: str) -> Download:
    with page.expect_download() as started:
        opened.get_by_role("button", name=label).click()
    return started.value


@pytest.mark.parametrize("path", ["", "trends", "ward_map", "about_the_data"])
def test_every_chart_has_a_table_and_three_downloads(visit, path):
    page = visit(f"{path}?partnership=Medway")
    tables = page.get_by_role("button", name="Show as a table and download")
    assert tables.count() == page.locator(".csp-chart").count() >= 1
    opened = open_table(page)
    assert opened.get_by_role("row").count() > 2
    for label in ("Data (CSV)", "Picture (PNG)", "Picture (SVG)"):
        expect(opened.get_by_role("button", name=label)).to_be_visible()


def test_the_data_come_as_csv_with_a_row_for_each_ward(visit):
    page = visit("ward_map?partnership=Medway")
    taken = download(page, open_table(page), "Data (CSV)")
    assert taken.suggested_filename.endswith(".csv")
    text = taken.path().read_text(encoding="utf-8-sig")
    assert NOTICE in text
    rows = list(csv.reader(io.StringIO(text)))
    assert sum(any(cell.startswith("E05") for cell in row) for row in rows) == 24


def test_pictures_are_pictures_and_carry_the_notice(visit):
    page = visit("ward_map?partnership=Medway")
    opened = open_table(page)
    assert download(page, opened, "Picture (PNG)").path().read_bytes().startswith(b"\x89PNG")
    drawing = download(page, opened, "Picture (SVG)").path().read_text()
    assert drawing.lstrip().startswith("<?xml") or drawing.lstrip().startswith("<svg")
