"""Saves a picture of every page, as wide as a desk screen and as narrow as a telephone, and as printed, to be looked at.

``python -m tests.browser.screenshots [FOLDER]``; without a folder, one for temporary files is made. ``--data`` names a
workspace, ``--query`` the choices, as in an address, ``--pages`` some of the pages.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

from csp_data.ui import layout
from tests.browser.served import DRAWN_WITHIN, PHONE, WIDE, launch, served, settle

PAGES = tuple(layout.PAGES)
WHOLE = """() => {
  const main = document.querySelector('[data-testid="stMain"]')
  return Math.ceil(main.scrollHeight + main.getBoundingClientRect().top)
}"""
"""Height of a window that shows the whole page: Streamlit scrolls the content inside the window."""


def save(folder: Path, workspace: str, query: str, names: Sequence[str]) -> list[Path]:
    saved = []
    with served(workspace) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for width, options in ((1440, {}), (390, {"is_mobile": True, "has_touch": True})):
            viewport = WIDE if width == 1440 else PHONE
            context = browser.new_context(viewport=viewport, reduced_motion="reduce", **options)
            context.set_default_timeout(DRAWN_WITHIN)
            for name in names:
                page = context.new_page()
                page.goto(f"{address}/{'' if name == 'overview' else name}?{query}")
                settle(page)
                page.set_viewport_size({"width": viewport["width"], "height": page.evaluate(WHOLE)})
                settle(page)
                saved.append(folder / f"{name}-{width}.png")
                page.screenshot(path=saved[-1])
                if width == 1440:
                    page.set_viewport_size(viewport)
                    settle(page)
                    saved.append(folder / f"{name}.pdf")
                    page.pdf(path=saved[-1], format="A4", prefer_css_page_size=True)
                page.close()
            context.close()
        browser.close()
    return saved


def main() -> None:
    parser = argparse.ArgumentParser(description="Save a picture of every page.")
    parser.add_argument("folder", nargs="?", type=Path, help="where to save them")
    parser.add_argument("--data", default="data", help="the workspace to show")
    parser.add_argument("--query", default="partnership=Medway", help="the choices, as in an address")
    parser.add_argument("--pages", nargs="*", choices=PAGES, default=PAGES, help="the pages to save")
    asked = parser.parse_args()
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="dashboard-"))
    folder.mkdir(parents=True, exist_ok=True)
    for picture in save(folder, asked.data, asked.query, asked.pages):
        print(picture)


if __name__ == "__main__":
    main()
