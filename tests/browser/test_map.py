"""The ward map: every ward drawn without any other site, and a ward chosen by a click."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from csp_data.extracts.workspace import Workspace
from tests.browser.served import ROOT, chosen, settle

SHAPES = ".choroplethlayer path"

INSIDE = """([selector, code]) => {
  const shape = [...document.querySelectorAll(selector)].find((path) => path.__data__.loc === code)
  shape.scrollIntoView({ block: "center" })
  const box = shape.getBBox(), screen = shape.getScreenCTM()
  for (const across of [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8])
    for (const down of [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8]) {
      const point = new DOMPoint(box.x + across * box.width, box.y + down * box.height)
      if (shape.isPointInFill(point)) {
        const seen = point.matrixTransform(screen)
        return [seen.x, seen.y]
      }
    }
}"""
"""Where on the screen a ward's shape is surely hit."""


def wards(partnership: str, vintage: str) -> dict[str, str]:
    """Code -> name of the wards of a set, as the release holds them."""
    areas = (
        Workspace(str(ROOT / "data")).release(partnership).read("areas", ["area_code", "name", "area_type", "vintage"])
    )
    chosen_set = areas[(areas["area_type"] == "ward") & (areas["vintage"] == vintage)]
    return dict(zip(chosen_set["area_code"], chosen_set["name"], strict=True))


def ward_sets() -> list[tuple[str, str, str, str]]:
    workspace = Workspace(str(ROOT / "data"))
    found = []
    for id in workspace.partnerships():
        partnership = workspace.release(id).partnership
        found += [(id, partnership.short_name, vintage.id, vintage.label) for vintage in partnership.vintages]
    return found


def click_on(page: Page, code: str) -> None:
    x, y = page.evaluate(INSIDE, [SHAPES, code])
    page.mouse.move(x, y)
    expect(page.locator(".hoverlayer .hovertext")).to_be_visible()
    page.mouse.click(x, y)


@pytest.mark.parametrize(("partnership", "name", "vintage", "label"), ward_sets())
def test_every_ward_of_every_set_is_drawn(visit, partnership, name, vintage, label):
    page = visit(f"ward_map?partnership={name}&wards={label}")
    codes = page.locator(SHAPES).evaluate_all("paths => paths.map((path) => path.__data__.loc)")
    assert sorted(codes) == sorted(wards(partnership, vintage))
    sizes = page.locator(SHAPES).evaluate_all(
        "paths => paths.map((path) => path.getBBox().width * path.getBBox().height)"
    )
    assert min(sizes) > 1


def test_a_click_chooses_the_ward_and_a_second_click_lets_it_go(visit):
    page = visit("ward_map?partnership=Medway&measure=ASB+incidents")
    newest = Workspace(str(ROOT / "data")).release("medway").partnership.vintages[-1].id
    code, name = next((code, name) for code, name in wards("medway", newest).items() if name == "Rainham North")

    click_on(page, code)
    expect(chosen(page, "Area")).to_have_value(f"{name} ({code})")
    expect(page.get_by_test_id("stMain")).to_contain_text(f"in {name} ward, Medway")
    settle(page)
    assert parse_qs(urlsplit(page.url).query)["ward"] == [f"{name} ({code})"]

    page.mouse.move(0, 0)
    click_on(page, code)
    expect(chosen(page, "Area")).to_have_value("Whole partnership")
    settle(page)
    assert "ward" not in parse_qs(urlsplit(page.url).query)


def test_the_map_needs_no_3d_graphics(visit):
    page = visit("ward_map")
    assert page.locator("canvas.mapboxgl-canvas, canvas.maplibregl-canvas, .gl-canvas").count() == 0
