"""What the visitor has chosen stands in the address, and outlives links, page changes, Back and reload."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from csp_data.ui import layout
from tests.browser.served import choose, chosen, served, settle

LINK = "trends?partnership=Medway&measure=ASB+incidents&period=Financial+year+2019%2F20"
CHOICES = {"Partnership": "Medway", "Measure": "ASB incidents", "Period": "Financial year 2019/20"}
ADDRESS = {"partnership": ["Medway"], "measure": ["ASB incidents"], "period": ["Financial year 2019/20"]}
SENTENCE = "Showing ASB incidents (all types) in Medway, April 2019 to March 2020"


def assert_is_as_asked(page: Page, title: str, choices: dict[str, str] = CHOICES) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    for label, option in choices.items():
        expect(chosen(page, label)).to_have_value(option)
        expect(chosen(page, label)).to_have_count(1)
    settle(page)


def asked_in(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def go_to(page: Page, title: str) -> None:
    group = next(each.group for each in layout.PAGES.values() if each.title == title)
    if group:
        page.get_by_test_id("stTopNav").get_by_role("button", name=group).click()
    page.get_by_role("menuitem" if group else "link", name=title, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    settle(page)


def test_the_first_visitor_of_a_fresh_server_may_come_by_a_deep_link(new_page):
    page = new_page()
    with served("data") as address:
        page.goto(f"{address}/{LINK}")
        settle(page)
        assert_is_as_asked(page, "Trends")
        expect(page.get_by_test_id("stMain")).to_contain_text(SENTENCE)
        assert asked_in(page) == ADDRESS
        groups = [group for group in dict.fromkeys(each.group for each in layout.PAGES.values()) if group]
        expect(page.get_by_test_id("stTopNavSection")).to_have_text([re.compile(f"^{group}") for group in groups])
        page.close()


@pytest.mark.parametrize(
    ("path", "title"),
    [("", "Overview"), ("trends", "Trends"), ("ward_map", "Ward map")],
)
def test_every_page_opens_by_a_link(visit, path, title):
    query = LINK.partition("?")[2]
    page = visit(f"{path}?{query}")
    assert_is_as_asked(page, title)
    assert asked_in(page) == ADDRESS
    expect(page).to_have_title(f"{title} – Medway")


def test_choices_outlive_page_change_back_forward_and_reload(visit):
    page = visit(LINK)
    go_to(page, "Ward map")
    assert_is_as_asked(page, "Ward map")
    assert asked_in(page) == ADDRESS
    go_to(page, "Overview")
    assert_is_as_asked(page, "Overview")
    page.go_back()
    assert_is_as_asked(page, "Ward map")
    page.go_back()
    assert_is_as_asked(page, "Trends")
    page.go_forward()
    assert_is_as_asked(page, "Ward map")
    page.reload()
    assert_is_as_asked(page, "Ward map")
    assert asked_in(page) == ADDRESS


def test_a_choice_enters_the_address_and_its_default_leaves_it(visit):
    page = visit("trends?partnership=Medway")
    choose(page, "Measure", "ASB incidents", shows="Showing ASB incidents")
    assert asked_in(page) == {"partnership": ["Medway"], "measure": ["ASB incidents"]}
    choose(page, "Measure", "Recorded crime", shows="Showing recorded crime")
    assert asked_in(page) == {"partnership": ["Medway"]}


def test_two_visitors_do_not_share_choices(visit):
    one, other = visit("trends?partnership=Medway"), visit("trends?partnership=Medway")
    choose(one, "Measure", "ASB incidents", shows="Showing ASB incidents")
    other.reload()
    assert_is_as_asked(other, "Trends", {"Measure": "Recorded crime"})
    assert_is_as_asked(one, "Trends", {"Measure": "ASB incidents"})


def test_an_address_that_asks_for_what_is_not_here_is_answered_in_words(visit):
    page = visit("trends?measure=Moonlight")
    assert_is_as_asked(page, "Trends", {"Measure": "Recorded crime"})
    expect(page.get_by_test_id("stMain")).to_contain_text("Moonlight")


def test_an_unknown_page_leads_back(visit):
    page = visit("no_such_page")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
