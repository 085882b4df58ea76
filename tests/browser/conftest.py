"""The browser and the app, once for all tests of this folder."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.served import DRAWN_WITHIN, WIDE, chromium_path, launch, served, settle

OWN_ADDRESS = "127.0.0.1"
expect.set_options(timeout=DRAWN_WITHIN)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if chromium_path() is None:
        why = "Chromium is not installed; 'make test' as root installs it, or: apt install chromium"
        pytest.fail(why) if os.environ.get("CI") == "true" else pytest.skip(why)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def overheard(tmp_path_factory) -> Path:
    """A file with every address that the server has turned to."""
    return tmp_path_factory.mktemp("overheard") / "addresses"


@pytest.fixture(scope="package")
def address(overheard) -> Iterator[str]:
    """Where the demonstration is served."""
    with served("data", overheard) as address:
        yield address


@pytest.fixture(scope="package")
def contexts(chromium) -> Iterator[Callable[..., BrowserContext]]:
    """A function that gives the browser as one visitor has it, with these options. Kept, so that Streamlit's own files
    are fetched once, as they are for a visitor who comes again; what the visitor chose is not kept."""
    kept: dict[str, BrowserContext] = {}

    def context(**options) -> BrowserContext:
        key = repr(sorted(options.items()))
        if key not in kept:
            kept[key] = chromium.new_context(
                **{"viewport": WIDE, "locale": "en-GB", "reduced_motion": "reduce"} | options
            )
            kept[key].set_default_timeout(DRAWN_WITHIN)
        return kept[key]

    yield context
    for each in kept.values():
        each.close()


@pytest.fixture
def new_page(contexts) -> Iterator[Callable[..., Page]]:
    """A function that opens an empty page. Fails at the end when a page asked another site for anything, or ran into an
    error of its own."""
    asked: list[str] = []
    errors: list[str] = []
    pages = []

    def open_page(**options) -> Page:
        page = contexts(**options).new_page()
        pages.append(page)
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda socket: asked.append(socket.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page
    for page in pages:
        if not page.is_closed() and page.url.startswith("http"):
            page.evaluate("localStorage.clear()")  # or the next visitor's side panel is as this one left it
        page.close()
    local = ("data:", "blob:", f"http://{OWN_ADDRESS}:", f"ws://{OWN_ADDRESS}:")
    assert [url for url in asked if not url.startswith(local)] == []
    assert errors == []


@pytest.fixture
def visit(new_page, address) -> Callable[..., Page]:
    """A function that opens a path of the demonstration, such as "trends?measure=ASB+incidents", drawn in full."""

    def go(path: str = "", **options) -> Page:
        page = new_page(**options)
        page.goto(f"{address}/{path}")
        return settle(page)

    return go
