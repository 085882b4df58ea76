"""What visitors take away from the pages, and single charts on other websites: the app without a browser."""

import asyncio
import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest
from test_workbook import assert_accessible, opened, shown

from csp_data.exports import workbook
from csp_data.extracts.problems import InputError
from csp_data.figures.chart import Chart
from csp_data.ui import downloads, server

ROOT = Path(__file__).parents[1]
SECONDS = 60
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")


@pytest.fixture(autouse=True)
def _on_the_demonstration(monkeypatch, demonstration):
    monkeypatch.setenv("CSP_DATA", str(demonstration))
    for name in ("CSP_ROLE", server.EMBED_PARENTS):
        monkeypatch.delenv(name, raising=False)


def page(name: str, embedded: bool = False, **asked: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=SECONDS)
    for key, value in asked.items():
        at.query_params[key] = value
    at.context["is_embedded"] = embedded
    return at.run()


def of(at: AppTest) -> downloads.Shown:
    return at.session_state[downloads._SHOWN]


def charts(at: AppTest) -> list:
    return list(at.get("bidi_component"))


# All of a page


@pytest.mark.parametrize("name", ["overview", "trends", "ward_map", "priorities", "survey", "partnership"])
def test_the_workbook_of_a_page_has_every_chart_of_it_with_its_numbers(name):
    at = page(name, partnership="Medway")
    tables = of(at).tables
    drawn = [table for table in tables if isinstance(table, Chart)]
    assert len(drawn) == len(charts(at))
    book = opened(workbook.of_tables(tables, of(at).described, name))
    assert_accessible(book)
    for n, table in enumerate(tables, start=1):
        (marked,) = book[f"Table {n}"].tables.values()
        headings, *body = book[f"Table {n}"][marked.ref]
        for position, heading in enumerate(headings):
            if isinstance(table, Chart) and heading.value in table.table:
                on_the_page = table.table[heading.value].tolist()
                assert [shown(row[position]).replace("£", "") for row in body] == [
                    text.removeprefix("£") for text in on_the_page
                ] or not _plain(on_the_page)


def _plain(cells: list[str]) -> bool:
    """Whether all cells are numbers or symbols; words may be written otherwise in a workbook."""
    return all(re.fullmatch(r"[−-]?[\d,]+(\.\d+)?%?|\[\w+\]", cell) for cell in cells)


def test_a_page_has_one_button_for_all_of_it():
    labels = [button.proto.label for button in page("trends", partnership="Medway").get("download_button")]
    assert labels == ["Download everything on this page (XLSX)"]


# The link


def test_the_link_names_every_choice_of_the_page():
    asked = {"partnership": "Medway", "measure": "ASB incidents", "period": "Financial year 2019/20"}
    at = page("seasonality", **asked, years="Calendar year")
    said = dict(of(at).described.filters)
    assert said["Partnership"] == "Medway"
    assert said["Measure"] == "ASB incidents"
    assert said["Period"] == "Financial year 2019/20"
    assert said["Type"] == "All types"
    assert "Compare with" not in said, "the page does not use it"
    assert said["Years"] == "Calendar year"


def test_an_address_puts_no_words_of_its_own_into_files_and_no_role():
    at = page("trends", partnership="Medway", role="analyst", approved_by="The Chief Constable", chart="types")
    assert of(at).view.role == "public"
    assert not {"role", "approved_by", "chart"} & set(of(at).choices())
    assert "Constable" not in str(of(at).described)


def test_the_link_shows_the_same_again():
    first = page(
        "trends", partnership="Medway", measure="ASB incidents", period="Choose months", **{"from": "May 2019"}
    )
    at = AppTest.from_file(str(ROOT / "pages" / "trends.py"), default_timeout=SECONDS)
    for name, value in parse_qsl(urlsplit(of(first).described.address).query):
        at.query_params[name] = value
    again = at.run()
    assert [chart.proto.bytes for chart in charts(again)] == [chart.proto.bytes for chart in charts(first)]
    assert of(again).described == of(first).described


def test_trends_of_a_type_that_is_not_split_have_no_chart_of_its_kinds():
    split, not_split = page("trends", partnership="Medway"), page("trends", partnership="Medway", type="Robbery")
    assert len(charts(not_split)) == len(charts(split)) - 1
    (compared,) = (html.proto.body for html in not_split.get("html") if "More than chance?" in html.proto.body)
    assert 'data-label="More than chance"' in compared, "which a colon follows on a telephone"


# One chart on another website


def test_an_embedded_chart_stands_alone():
    whole = page("trends", partnership="Medway")
    at = page("trends", embedded=True, partnership="Medway", chart="types")
    assert [element.proto.bytes for element in charts(at)] == [charts(whole)[-1].proto.bytes]
    words = "\n".join(element.value for element in (*at.warning, *at.markdown))
    assert "Demonstration data: synthetic" in words
    assert "[Open the dashboard](" in words
    assert not at.exception
    assert not at.error


def test_a_chart_is_embedded_only_where_the_address_says_so():
    assert len(charts(page("trends", partnership="Medway", chart="types"))) > 1
    assert len(charts(page("trends", embedded=True, partnership="Medway"))) > 1


@pytest.mark.parametrize("role", ["partner", "analyst"])
def test_other_roles_embed_nothing(role, monkeypatch):
    monkeypatch.setenv("CSP_ROLE", role)
    at = page("trends", embedded=True, partnership="Medway", chart="types")
    assert charts(at) == []
    assert "for the public only" in at.error[0].value


def test_a_chart_that_is_not_there_is_told():
    at = page("trends", embedded=True, partnership="Medway", chart="<b>no</b>")
    assert charts(at) == []
    assert at.error[0].value.startswith("This page has no chart ‘bnob’.")


# Who may show it


def headers_of(query: str) -> dict[str, str]:
    """The headers of an answer of the server to a page asked for with this query."""
    sent: list = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})

    async def send(message):
        sent.append(message)

    asyncio.run(server.Headers(app)({"type": "http", "query_string": query.encode()}, None, send))
    return {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}


def ancestors(query: str) -> str:
    return re.search(r"frame-ancestors ([^;]*)", headers_of(query)["content-security-policy"])[1]


def test_no_other_website_may_show_anything_unless_named():
    for query in ("", "embed=true", "chart=types", "embed=true&chart=types"):
        assert ancestors(query) == "'self'"
        assert headers_of(query)["x-frame-options"] == "SAMEORIGIN"


def test_a_named_website_may_show_a_single_chart_and_nothing_else(monkeypatch):
    monkeypatch.setenv(server.EMBED_PARENTS, "https://www.medway.gov.uk https://*.kent.gov.uk:8443")
    assert ancestors("embed=true&chart=types") == "'self' https://www.medway.gov.uk https://*.kent.gov.uk:8443"
    assert "x-frame-options" not in headers_of("embed=true&chart=types")
    for query in ("", "embed=true", "chart=types", "embed=false&chart=types", "embed=true&chart=a&chart=b"):
        assert ancestors(query) == "'self'"
        assert headers_of(query)["x-frame-options"] == "SAMEORIGIN"


def test_nothing_of_other_roles_may_be_shown_elsewhere(monkeypatch):
    monkeypatch.setenv(server.EMBED_PARENTS, "https://www.medway.gov.uk")
    monkeypatch.setenv("CSP_ROLE", "partner")
    assert ancestors("embed=true&chart=types") == "'self'"


@pytest.mark.parametrize(
    "named", ["www.medway.gov.uk", "https://a.uk/page", "https://a.uk; script-src *", "*", "'none'"]
)
def test_a_website_named_wrongly_stops_the_start(named, monkeypatch):
    monkeypatch.setenv(server.EMBED_PARENTS, named)
    with pytest.raises(InputError, match="does not name a website"):
        server.embed_parents()
