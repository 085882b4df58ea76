"""The real app for tests: started as a user starts it, opened in a real browser, and stopped again."""

import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Playwright, expect

ROOT = Path(__file__).parents[2]
START_WITHIN = 90
"""Seconds; a machine that is busy with other tests is slow to start."""
DRAWN_WITHIN = 60_000
"""Milliseconds until a page must be drawn, for the same reason."""

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

WIDE = {"width": 1440, "height": 1000}
PHONE = {"width": 390, "height": 844}

SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]')
  if (!app || app.dataset.testConnectionState !== "CONNECTED" || app.dataset.testScriptState !== "notRunning") return false
  if (!document.querySelector("h1") || document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')) return false
  return [...document.querySelectorAll('[data-testid^="stBidiComponent"]')].every((place) => {
    const box = place.querySelector(".csp-chart")
    if (place.closest('[class*="st-key-meeting_keys"], [class*="st-key-meeting_note_"]')) return true
    return box?.layout && box.querySelector(".main-svg") &&
      (!box.data.some((trace) => trace.type === "choropleth") || box.querySelector(".choroplethlayer path"))
  })
}"""
"""True once the page's script has ended and every chart of it is drawn."""

OVERHEARD = """
import os, sys

def hear(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        heard(arguments[1][0])
    elif event == "socket.getaddrinfo" and arguments[0]:
        heard(arguments[0])

def heard(address):
    with open(os.environ["CSP_OVERHEARD"], "a") as file:
        file.write(f"{address if isinstance(address, str) else address.decode()}\\n")

sys.addaudithook(hear)
"""
"""Run by Python before the app: writes down every address that the server looks up or connects to."""


def chromium_path() -> str | None:
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser:
    path = chromium_path()
    if path is None:
        raise FileNotFoundError("Chromium is not installed. On Debian: apt install chromium")
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def served(workspace: str | Path, overheard: Path | None = None) -> Iterator[str]:
    """The address of the app, started on a workspace by the command line, and stopped at the end.

    ``overheard`` names a file for the addresses that the server turns to.
    """
    port = free_port()
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    if overheard:
        overheard.with_name("sitecustomize.py").write_text(OVERHEARD)
        overheard.touch()
        environment |= {"PYTHONPATH": str(overheard.parent), "CSP_OVERHEARD": str(overheard)}
    command = [sys.executable, "-m", "csp_data", "run", str(workspace), "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(server, address)
        yield address
    finally:
        server.terminate()
        try:
            server.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.communicate()


def _wait_for(server: subprocess.Popen, address: str) -> None:
    for _ in range(START_WITHIN * 10):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        try:
            server.wait(timeout=0.1)  # returns only when the server has died; else it is asked again
        except subprocess.TimeoutExpired:
            continue
        raise RuntimeError(f"The app ended at its start:\n{server.communicate()[0].decode()}")
    raise TimeoutError(f"The app did not answer within {START_WITHIN} seconds")


def settle(page: Page) -> Page:
    """Wait until the page's script has ended and every chart of it is drawn. A page that shows a fault is an error."""
    page.wait_for_function(SETTLED, timeout=DRAWN_WITHIN)
    faults = page.locator('[data-testid="stException"], [data-testid="stAlertContentError"]').all_inner_texts()
    if faults:
        raise AssertionError(f"{page.url} shows a fault: {faults}")
    return page


def choose(page: Page, label: str, option: str, shows: str) -> None:
    """Choose in a list of the side panel, and wait until the page says that it ``shows`` what follows from it."""
    chosen(page, label).fill(option)
    page.get_by_role("option", name=option, exact=True).click()
    expect(page.get_by_test_id("stMain")).to_contain_text(shows)
    settle(page)


def chosen(page: Page, label: str) -> Locator:
    """The list with this label; its value is the option chosen."""
    return page.get_by_role("combobox", name=label)


def open_table(page: Page, number: int = 0) -> Locator:
    """Open the table of the page's chart of that number; gives the place with the table and the downloads."""
    page.get_by_role("button", name="Show as a table and download").nth(number).click()
    opened = page.locator("[class*='st-key-'][class*='_table']").filter(has=page.get_by_role("table")).first
    expect(opened.get_by_role("table")).to_be_visible()
    return opened
