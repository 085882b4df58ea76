"""Figures of partner agencies as a role may see them, and the tables of the Partnership page."""

import pandas as pd
import pytest

from csp_data.analysis import partner_figures
from csp_data.figures import risk
from csp_data.stories import partnership as story
from tests.plan_rows import plan_subject, priority, reported


def test_a_release_without_partner_figures_has_none(tmp_path):
    subject = plan_subject(tmp_path)
    assert partner_figures.figures(subject, "public").empty
    assert story.themes(subject, "public") == ()


def test_small_sensitive_counts_are_withheld_whole_from_the_public(tmp_path):
    rows = [
        reported("young", 2, sensitive="yes", numerator=1, base=2, before=3, note="one and one"),
        reported("adults", 30, sensitive="yes", note="all adults"),
        reported("plain", 2),
        reported("none", None),
    ]
    subject = plan_subject(tmp_path, partner_figures=rows)
    table = partner_figures.figures(subject, "public").set_index("figure")
    assert table["value_status"].to_dict() == {
        "young": "withheld", "adults": "available", "plain": "available", "none": "missing",
    }  # fmt: skip
    assert table.loc["young", ["value", "numerator", "base", "before"]].isna().all()
    assert table.loc["young", "note"] == ""
    assert table.loc["adults", "note"] == "all adults"
    assert partner_figures.figures(subject, "analyst").set_index("figure").loc["young", "value"] == 2
    cells, notes = story.of_theme(subject, "Integrated Offender Management", "public")
    assert cells["Value"] == ["[c]", "30 people", "2 people", "[x]"]
    assert "one and one" not in str(notes)


def statuses(tmp_path, *rows):
    return partner_figures.figures(plan_subject(tmp_path, partner_figures=rows), "public")["value_status"].tolist()


C, A = "withheld", "available"


def test_a_total_shown_with_its_other_parts_does_not_give_the_withheld_one_away(tmp_path):
    parts = [reported(name, count, base=30) for name, count in (("community", 20), ("custody", 8), ("hospital", 2))]
    parts[2]["sensitive"] = "yes"
    assert statuses(tmp_path, reported("all", 30), *parts) == [A, A, C, C], "30 less 20 less 8 would be 2"
    free = [{**row, "base": None, "sensitive": "yes"} for row in parts]
    assert statuses(tmp_path / "free", reported("all", 30, sensitive="yes"), *free) == [A, A, C, C]
    three = [*free[:1], *(reported(name, count, sensitive="yes") for name, count in (("x", 3), ("y", 4), ("z", 40)))]
    total = reported("all", 27, sensitive="yes")
    assert statuses(tmp_path / "few", total, *three) == [A, C, C, C, A], (
        "27 less 20 would be 7, and 1 to 6 each of them"
    )
    others = reported("one", 30), reported("two", 9), reported("three", 2, sensitive="yes"), reported("four", 50)
    assert statuses(tmp_path / "others", *others) == [A, A, C, A], "they are not said to add up"


def test_wards_periods_and_the_period_before_do_not_give_a_withheld_figure_away(tmp_path):
    wards = [
        reported("young", count, sensitive="yes", area_code=f"E0500000{n}", area_name=f"Ward {n}")
        for n, count in enumerate((3, 40, 12, 0))
    ]
    assert statuses(tmp_path, *wards) == [C, A, A, A]
    assert statuses(tmp_path / "whole", reported("young", 55, sensitive="yes"), *wards) == [A, C, A, C, A]
    quarters = [
        reported("fires", count, sensitive="yes", period_start=f"2019-{m:02d}-01", period_end=f"2019-{m + 2:02d}-28")
        for m, count in ((1, 30), (4, 20), (7, 9), (10, 2))
    ]
    year = reported("fires", 61, sensitive="yes", period_start="2019-01-01", period_end="2019-12-31")
    assert statuses(tmp_path / "year", year, *quarters) == [A, C, C, A, A], "the latest first"
    after = reported("fires", 25, sensitive="yes", period_start="2020-01-01", period_end="2020-03-31", before=9)
    assert statuses(tmp_path / "after", year, *quarters, after) == [C, A, C, C, A, A], "its before is a withheld figure"


def test_an_unknown_role_sees_nothing(tmp_path):
    with pytest.raises(ValueError, match="no role"):
        partner_figures.figures(plan_subject(tmp_path, partner_figures=[reported("a", 1)]), "visitor")


def test_the_latest_period_of_a_figure_comes_first_and_themes_in_order(tmp_path):
    rows = [
        reported("fires", 5, theme="fire"),
        reported("calls", 1, theme="calls", period_start="2019-01-01", period_end="2019-12-31"),
        reported("calls", 2, theme="calls"),
    ]
    subject = plan_subject(tmp_path, partner_figures=rows)
    assert partner_figures.figures(subject, "public")["value"].tolist() == [2, 1, 5]
    assert partner_figures.figures(subject, "public", figure="fires")["value"].tolist() == [5]
    assert story.themes(subject, "public") == ("Calls for service", "Fire and rescue")
    cells, notes = story.of_theme(subject, "Calls for service", "public")
    assert cells["Value"] == ["2 people"]
    assert "Of a figure that is reported again and again the latest is shown." in notes


def test_what_a_percentage_is_a_share_of_is_said_or_said_to_be_missing(tmp_path):
    rows = [
        reported("engagement", 0.55, unit="%", theme="consultation"),
        reported("open rate", 45, unit="%", base=14_678, theme="consultation"),
        reported("posts", 20, unit="posts", theme="consultation", area_code="", area_name="Kent"),
    ]
    cells, notes = story.of_theme(plan_subject(tmp_path, partner_figures=rows), "Reach of the consultation", "public")
    assert cells["Value"] == ["0.55%", "45%", "20 posts"]
    assert cells["Of what"] == ["not stated", "of 14,678", "[z]"]
    assert cells["Area"] == ["Town", "Town", "Kent (not Town alone)"]
    assert notes[0] == "The same for all of them: period September 2020; agency Probation; source A return."
    assert notes[1] == "[z] Not applicable"


def test_figures_by_ward_are_left_to_the_pages_of_wards(tmp_path):
    rows = [reported("again", n, area_code=f"E0500000{n}", area_name=f"Ward {n}") for n in (1, 2)]
    cells, notes = story.of_theme(
        plan_subject(tmp_path, partner_figures=rows), "Integrated Offender Management", "public"
    )
    assert cells["Figure"] == []
    assert notes == ("By ward, so on the page Wards compared and not here: again.",)


def test_the_name_of_the_health_body_is_explained_where_it_is_named():
    assert story.health_body(("Kent Police",)) == ""
    assert "July 2022" in story.health_body(("Integrated Care Board (ICB)",))


def test_only_priorities_with_a_lead_are_listed(tmp_path):
    rows = [priority("2018", "theft", lead="Kent Police"), priority("2018", "asb", 2)]
    assert story.leads(plan_subject(tmp_path, priorities=rows)) == {
        "Agency": ["Kent Police"], "Plan": ["2018"], "Priority it leads": ["Theft"],
    }  # fmt: skip


# Risks


def risks(*rows):
    columns = ["risk", "likelihood", "impact", "rating"]
    return pd.DataFrame(rows, columns=columns).assign(description="", action="", source="A report")


def test_the_matrix_holds_the_numbers_of_the_risks():
    told = risk.register(risks(("One", "D", "II", "DII"), ("Two", "C", "III", "CIII"), ("Three", "D", "II", "DII")))
    cells = pd.DataFrame(told.matrix).set_index("Likelihood")
    assert cells.loc["D Rare", "II Major"] == "1, 3"
    assert cells.loc["C Unlikely", "III Moderate"] == "2"
    assert (cells == "–").to_numpy().sum() == 14
    assert told.listed["Rating"] == ["DII: rare, major", "CIII: unlikely, moderate", "DII: rare, major"]
    assert told.sentence == ""
    assert "Rating before" not in told.listed


def test_a_register_that_only_says_low_has_no_matrix_and_says_so():
    told = risk.register(risks(("One", "", "", "Low"), ("Two", "", "", "Low")))
    assert told.matrix == {"Likelihood": []}
    assert told.sentence.startswith("This register gives no likelihood and impact, so it has no matrix: all 2 risks")
    assert told.listed["Rating"] == ["Low", "Low"]


def test_a_risk_without_a_place_is_named_beside_the_matrix():
    told = risk.register(risks(("One", "A", "I", "AI"), ("Two", "", "", "")))
    assert told.sentence == "Without likelihood and impact, so not in the matrix: 2."
    assert told.listed["Rating"][1] == "not rated"


def test_the_register_before_is_matched_by_name():
    told = risk.register(risks(("Agency 'buy in'", "D", "II", "DII"), ("New", "D", "II", "DII")),
                         risks(("Agency “buy in”", "", "", "Low")))  # fmt: skip
    assert told.listed["Rating before"] == ["Low", "not in it"]
    told = risk.register(risks(("One", "D", "II", "DII")), risks(("One", "C", "III", "CIII")))
    assert told.listed["Rating before"] == ["CIII: unlikely, moderate"]


def test_registers_are_chosen_by_their_day(tmp_path):
    rows = [
        {"assessed": day, "risk": "R", "rating": rating}
        for day, rating in (("2017-02-02", "Low"), ("2024-12-12", "Low"))
    ]
    subject = plan_subject(tmp_path, risks=rows)
    assert story.registers(subject) == {"12 December 2024": "2024-12-12", "2 February 2017": "2017-02-02"}
    assert story.register(subject, "2024-12-12").listed["Rating before"] == ["Low"]
    assert "Rating before" not in story.register(subject, "2017-02-02").listed
