"""What a visitor with a browser waits for: from a choice to the last chart drawn, and from nothing to the first view."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.benchmarks import servers, seven
from tests.browser.served import DRAWN_WITHIN, WIDE, launch

TWIN = "Dash twin, figures only"
TWIN_WITH_WORDS = "Dash twin, figures and their words"
DASHBOARD = "Dashboard"

CHANGES = 24
VIEWS = 7
QUIET = 500
"""Milliseconds without any change to a chart after which the last one counts as drawn."""
FIRST_QUIET = 1_500
SCROLLED, LONGEST_LIST = 150, 3_000
"""Pixels."""

WATCH = """
window.watched = {chosen: 0, drawn: 0, painted: 0, steps: 0}
addEventListener("pointerup", () => { watched.chosen = performance.now() }, true)
const frame = new MessageChannel()
frame.port1.onmessage = () => { watched.painted = performance.now() }
let asked = false
new MutationObserver((changes) => {
  const inCharts = changes.filter((change) => change.target.closest?.(".js-plotly-plot")).length
  if (!inCharts) return
  watched.steps += inCharts
  watched.drawn = performance.now()
  if (asked) return
  asked = true
  requestAnimationFrame(() => { asked = false; frame.port2.postMessage(0) })
}).observe(document, {subtree: true, childList: true, attributes: true})
"""
"""Notes when an option was chosen, when a chart last changed, and when that was on the screen (the same in every page)."""


@dataclass
class Times:
    """Milliseconds, one each change or view."""

    drawn: list[float] = field(default_factory=list)
    painted: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    """Time of the page's main thread on the processor: hardly moved by what else the machine does."""
    first_views: list[float] = field(default_factory=list)


def measure(data: str, changes: int = CHANGES, views: int = VIEWS) -> dict[str, Times]:
    """Every page in turn, change by change and view by view, so that a busy moment of the machine meets all alike.

    Gives name -> times, Dash first.
    """
    with contextlib.ExitStack() as stack, sync_playwright() as playwright:
        served = {
            TWIN: stack.enter_context(servers.twin(data)).address,
            TWIN_WITH_WORDS: stack.enter_context(servers.twin(data, words=True)).address,
            DASHBOARD: stack.enter_context(servers.dashboard(data)).address,
        }
        times = {name: Times() for name in served}
        with closing_browser(playwright) as browser:
            _measure_changes(browser, data, served, times, changes)
        for number in range(views + 1):
            for name, address in served.items():
                with closing_browser(playwright) as browser:  # a new one: nothing kept from an earlier view
                    page = _open(browser, address)
                    if number:  # the server's own first page is not counted
                        times[name].first_views.append(page.evaluate("watched.painted"))
    return times


@contextlib.contextmanager
def closing_browser(playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    try:
        yield browser
    finally:
        browser.close()


def _measure_changes(
    browser: Browser, data: str, served: dict[str, str], times: dict[str, Times], changes: int
) -> None:
    pages = {name: _open(browser, address) for name, address in served.items()}
    lists = seven.lists_of(data)
    for number, (label, option) in enumerate(islice(seven.changes(lists), changes + 2)):
        for name, page in pages.items():
            page.bring_to_front()
            drawn, painted, processor = _choose(page, label, option, dash=name != DASHBOARD)
            if number >= 2:
                times[name].drawn.append(drawn)
                times[name].painted.append(painted)
                times[name].processor.append(processor)


def _open(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport=WIDE, locale="en-GB")
    page.set_default_timeout(DRAWN_WITHIN)
    page.add_init_script(WATCH)
    page.goto(address, wait_until="commit")
    page.wait_for_function(f"document.querySelectorAll('.js-plotly-plot .main-svg').length >= {2 * len(seven.SEVEN)}")
    page.locator(".choroplethlayer path").first.wait_for(state="attached")
    _wait_for_quiet(page, FIRST_QUIET)
    return page


def _choose(page: Page, label: str, option: str, dash: bool) -> tuple[float, float, float]:
    """Choose in a list with the mouse; gives the milliseconds to the last chart changed, to that on the screen, and of
    processor."""
    if dash:
        page.locator(f"[id='{label}']").click()
        entry = page.locator(".dash-dropdown-option").get_by_text(option, exact=True)
    else:
        page.get_by_role("combobox", name=label, exact=True).click()
        entry = page.get_by_role("option", name=option, exact=True)
        _scroll_to(page, entry)
    entry.scroll_into_view_if_needed()
    page.wait_for_timeout(200)  # the list has stopped moving
    thread = page.context.new_cdp_session(page)
    thread.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.evaluate("watched.steps = 0")
    before = _processor(thread)
    entry.click()
    _wait_for_quiet(page, QUIET)
    processor = _processor(thread) - before
    thread.detach()
    drawn, painted = page.evaluate("[watched.drawn - watched.chosen, watched.painted - watched.chosen]")
    return drawn, painted, processor


def _scroll_to(page: Page, entry: Locator) -> None:
    """Turn the mouse's wheel over the open list, which holds only the options in sight, until it holds this one."""
    box = page.get_by_role("listbox")
    box.wait_for()
    for turn in (SCROLLED, -SCROLLED):
        for _ in range(LONGEST_LIST // SCROLLED):
            if entry.count():
                return
            box.hover()
            page.mouse.wheel(0, turn)
            page.wait_for_timeout(50)


def _processor(thread) -> float:
    metrics = {metric["name"]: metric["value"] for metric in thread.send("Performance.getMetrics")["metrics"]}
    return metrics["TaskDuration"] * 1000


def _wait_for_quiet(page: Page, quiet: int) -> None:
    until = time.monotonic() + DRAWN_WITHIN / 1000
    while time.monotonic() < until:
        page.wait_for_timeout(100)
        steps, silent = page.evaluate("[watched.steps, performance.now() - watched.drawn]")
        if steps and silent > quiet:
            return
    raise TimeoutError("The charts did not come to rest")
