"""The choices all pages share: which there are, in which order, and what the address does with them."""

import pytest
from streamlit.testing.v1 import AppTest

from csp_data.analysis.periods import Span
from csp_data.ui.choices import (
    ALL_TYPES,
    CHOOSE_MONTHS,
    LATEST_QUARTER,
    LONGEST_ECHO,
    WHOLE_PARTNERSHIP,
    YEAR_TO_DATE,
    _as_words,
    partnership_options,
    period_options,
    stretches_of,
    type_options,
    ward_options,
)
from tests.conftest import ROOT, town_manifest, town_tables


def months(start: str, end: str) -> tuple[str, ...]:
    return Span(start, end).months


# Periods


def test_whole_years_give_the_latest_12_months_and_each_financial_year():
    assert period_options(months("2018-04", "2020-03")) == {
        "Latest 12 months": Span("2019-04", "2020-03"),
        LATEST_QUARTER: Span("2020-01", "2020-03"),
        "Financial year 2019/20": Span("2019-04", "2020-03"),
        "Financial year 2018/19": Span("2018-04", "2019-03"),
        CHOOSE_MONTHS: None,
    }


def test_the_first_option_is_the_default():
    assert next(iter(period_options(months("2018-04", "2020-03")))) == "Latest 12 months"


def test_a_year_under_way_can_be_shown_to_date():
    options = period_options(months("2018-04", "2019-08"))
    assert options[YEAR_TO_DATE] == Span("2019-04", "2019-08")
    assert options["Financial year 2019/20"] == Span("2019-04", "2019-08")
    assert options["Latest 12 months"] == Span("2018-09", "2019-08")


def test_six_months_never_pretend_to_be_twelve():
    assert period_options(months("2025-01", "2025-06")) == {
        "Latest 6 months": Span("2025-01", "2025-06"),
        LATEST_QUARTER: Span("2025-04", "2025-06"),
        YEAR_TO_DATE: Span("2025-04", "2025-06"),
        "Financial year 2025/26": Span("2025-04", "2025-06"),
        "Financial year 2024/25": Span("2025-01", "2025-03"),
        CHOOSE_MONTHS: None,
    }


def test_a_gap_ends_the_latest_months():
    options = period_options((*months("2014-01", "2014-03"), *months("2025-05", "2025-06")))
    assert options == {
        "Latest 2 months": Span("2025-05", "2025-06"),
        "Financial year 2025/26": Span("2025-05", "2025-06"),
        "Financial year 2013/14": Span("2014-01", "2014-03"),
        CHOOSE_MONTHS: None,
    }


def test_the_latest_quarter_is_one_of_the_calendar():
    assert period_options(months("2025-01", "2025-05"))[LATEST_QUARTER] == Span("2025-01", "2025-03")


def test_a_single_month():
    assert period_options(("2025-05",)) == {
        "Latest month": Span("2025-05", "2025-05"),
        "Financial year 2025/26": Span("2025-05", "2025-05"),
        CHOOSE_MONTHS: None,
    }


def test_no_months_give_no_periods():
    assert period_options(()) == {}


def test_stretches_reach_over_a_year_without_months_and_no_further():
    assert stretches_of(["2018-01", "2019-02", "2020-04"]) == [
        Span("2018-01", "2019-02"),
        Span("2020-04", "2020-04"),
    ]


# Types, wards, partnerships


def test_types_are_the_lines_with_data_on_or_below_them_in_the_order_of_the_tree():
    assert type_options("crime", {"robbery", "rape", "violence-with-injury", "burglary"}) == {
        ALL_TYPES: None,
        "Violent crime": "violent-crime",
        "Violence with injury": "violence-with-injury",
        "Rape": "rape",
        "Robbery": "robbery",
        "Burglary": "burglary",
    }


def test_a_total_that_is_not_split_gives_no_types():
    assert type_options("asb", {"asb"}) == {ALL_TYPES: None}


def test_wards_carry_their_codes_in_order_of_name():
    assert list(ward_options([("E05000001", "Birch"), ("E05000002", "Ash")]).items()) == [
        (WHOLE_PARTNERSHIP, None),
        ("Ash (E05000002)", "E05000002"),
        ("Birch (E05000001)", "E05000001"),
    ]


def test_two_partnerships_of_one_name_are_told_apart():
    assert partnership_options([("Newport", "newport-wales"), ("Medway", "medway"), ("Newport", "newport-iow")]) == {
        "Newport (newport-wales)": "newport-wales",
        "Medway": "medway",
        "Newport (newport-iow)": "newport-iow",
    }


# In the app


@pytest.fixture
def open_app(write_town, monkeypatch):
    """A function that opens the app on the workspace of Town, by an address with these choices."""

    def open_with(**address: str) -> AppTest:
        monkeypatch.setenv("CSP_DATA", str(write_town()))
        app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        return app.run()

    return open_with


def chosen(app: AppTest) -> dict[str, str]:
    assert [exception.message for exception in app.exception] == []
    return {box.key: box.value for box in app.selectbox}


DEFAULTS = {
    "partnership": "Town",
    "measure": "Recorded crime",
    "type": ALL_TYPES,
    "period": "Latest 3 months",
    "compare": "Same period a year before",
    "wards": "1 ward from May 2023",
    "ward": WHOLE_PARTNERSHIP,
}


def test_an_address_without_choices_gives_the_defaults(open_app):
    assert chosen(open_app()) == DEFAULTS


def test_an_address_is_followed(open_app):
    app = open_app(measure="ASB incidents", wards="2 wards to May 2023", ward="Birch (E05000002)", compare="None")
    assert chosen(app) == DEFAULTS | {
        "measure": "ASB incidents",
        "wards": "2 wards to May 2023",
        "ward": "Birch (E05000002)",
        "compare": "None",
    }
    assert any("ASB incidents** (all types) in **Birch ward, Town**" in text.value for text in app.markdown)


def notices(app) -> list[str]:
    """What the visitor is told about the address. A page may say other things of its own."""
    return [info.value for info in app.info if "The address" in info.value]


def test_months_can_be_chosen_one_by_one(open_app):
    app = open_app(period=CHOOSE_MONTHS, **{"from": "May 2019", "to": "May 2019"})
    assert chosen(app)["from"] == chosen(app)["to"] == "May 2019"
    assert any("**May 2019**" in text.value for text in app.markdown)


def test_the_last_month_is_never_before_the_first(open_app):
    app = open_app(period=CHOOSE_MONTHS, **{"from": "June 2019"})
    assert list(app.selectbox(key="to").options) == ["June 2019"]


def test_what_the_address_asks_for_and_is_not_here_gives_way_with_a_word(open_app):
    app = open_app(partnership="Atlantis")
    assert chosen(app) == DEFAULTS
    assert notices(app) == [
        "The address asks for partnership ‘Atlantis’, which is not here, so this page shows ‘Town’. Choose another "
        "under ‘Partnership’."
    ]


def test_a_ward_gives_way_when_its_set_is_left(open_app):
    app = open_app(wards="2 wards to May 2023", ward="Birch (E05000002)")
    app.selectbox(key="wards").set_value("1 ward from May 2023").run()
    assert chosen(app)["ward"] == WHOLE_PARTNERSHIP
    assert notices(app) == []


def test_a_page_that_is_opened_without_app_py_asks_for_itself(open_app):
    app = open_app(measure="ASB incidents")
    for page in ("trends", "ward_map", "about_the_data", "overview"):
        app.switch_page(f"pages/{page}.py").run()
        assert chosen(app)["measure"] == "ASB incidents"
        assert len(app.title) == 1


def test_a_missing_workspace_is_told_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("CSP_DATA", str(tmp_path / "nowhere"))
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    assert [error.value.partition(": ")[2].partition(".")[0] for error in app.error] == ["there is no such workspace"]
    assert not app.exception


def test_a_role_that_does_not_exist_shows_nothing(open_app, monkeypatch):
    monkeypatch.setenv("CSP_ROLE", "king")
    app = open_app()
    assert [error.value for error in app.error] == [
        "CSP_ROLE: there is no role 'king'. Set it to one of: public, partner, analyst."
    ]
    assert [title.value for title in app.title] == ["These data cannot be shown"]


def test_a_damaged_release_is_told_in_a_sentence(open_app, write_town, monkeypatch):
    workspace = write_town(manifest=town_manifest("2019-07-11T090000"))
    next(workspace.glob("town/releases/*/crime.parquet")).write_bytes(b"not a table")
    monkeypatch.setenv("CSP_DATA", str(workspace))
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    assert ["the file is missing or damaged" in error.value for error in app.error] == [True]
    assert not app.exception


def test_a_new_release_is_noticed_without_a_restart(open_app, write_town, monkeypatch):
    from csp_data.ui import cached

    app = open_app()
    assert chosen(app)["period"] == "Latest 3 months"
    manifest = town_manifest("2019-08-10T090000")
    for name in ("crime", "asb"):
        manifest["extracts"][name]["months"] = ["2019-04", "2019-05", "2019-06", "2019-07"]
    write_town(town_tables(), manifest)
    cached.current_edition.clear()  # what NOTICE_AFTER seconds do
    assert "Latest 4 months" in app.run().selectbox(key="period").options


def test_a_notice_repeats_an_address_as_plain_short_words():
    assert _as_words("[x](http://evil) **b** <i>") == "x(http//evil) b i"
    assert len(_as_words("a" * 9_000)) <= LONGEST_ECHO + 1
