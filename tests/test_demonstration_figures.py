"""The figures that the documents print, held by the demonstration in tables other than counts: each under its claim."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from csp_data.analysis.forensics import fitting_bases, percent_text, possible_counts, sums_to_100
from csp_data.analysis.results import rows_held
from csp_data.analysis.subject import Subject
from csp_data.analysis.trend_marker import recent_trend
from csp_data.catalogue.categories import CATEGORIES
from csp_data.catalogue.datasets import DATASETS
from csp_data.catalogue.indicators import INDICATORS
from csp_data.extracts.contracts import problems_of
from csp_data.extracts.demonstration.rows import table_of
from csp_data.extracts.releases import Release
from csp_data.extracts.workspace import Workspace

PARTNERSHIPS = ("maidstone", "medway")
MEDWAY = "E06000035"
SUPPLIED = (
    "indicators",
    "survey",
    "partner_figures",
    "peers",
    "priorities",
    "priority_figures",
    "updates",
    "grants",
    "postcodes",
)


@pytest.fixture(scope="module")
def releases(demonstration: Path) -> dict[str, Release]:
    workspace = Workspace(str(demonstration))
    return {name: workspace.release(name) for name in PARTNERSHIPS}


@pytest.fixture(scope="module")
def tables(releases: dict[str, Release]) -> dict[tuple[str, str], pd.DataFrame]:
    return {
        (name, dataset): release.read(dataset)
        for name, release in releases.items()
        for dataset in (*SUPPLIED, "risks")
        if release.has(dataset)
    }


@pytest.fixture(scope="module")
def figure(tables) -> Callable[..., pd.Series]:
    """A figure of partner agencies that has one period and area."""

    def of(name: str, partnership: str = "medway") -> pd.Series:
        rows = tables[partnership, "partner_figures"].query("figure == @name")
        assert len(rows) == 1, name
        return rows.iloc[0]

    return of


# D: drug treatment


def indicator(tables, name: str, area: str = MEDWAY, partnership: str = "medway") -> pd.DataFrame:
    rows = tables[partnership, "indicators"].query("indicator == @name and area_code == @area and group == ''")
    return rows.sort_values("period_start")


@pytest.mark.parametrize(
    ("name", "value", "period"),
    [
        ("completion-ratio", 1.3, "2019/20"),
        ("opiate-crack-users", 1_459, "2016/17"),
        ("unmet-need-opiate-crack", 63.7, "2019/20"),
        ("drug-misuse-deaths", 4.4, "2017 - 19"),
    ],
    ids=["D-1", "D-2", "D-3", "D-4"],
)
def test_d1_to_d4_are_the_latest_of_their_series(tables, name, value, period):
    series = indicator(tables, name)
    latest = series.iloc[-1]
    assert (latest["value"], latest["period"]) == (value, period)
    assert latest["lower"] < value < latest["upper"]
    assert latest["source"] == "Medway Strategic Assessment 2020, Reducing Vulnerability"
    assert "made up" in latest["note"]
    earlier = series.iloc[:-1]
    assert 6 <= len(earlier) <= 9
    assert (earlier["source"] == "synthetic demonstration data").all()
    assert earlier["note"].str.startswith("Made up for the demonstration.").all()


def test_d1_and_d4_england_is_what_the_report_says(tables):
    ratio = indicator(tables, "completion-ratio", "E92000001")
    deaths = indicator(tables, "drug-misuse-deaths", "E92000001")
    assert set(ratio["value"]) == {1.0}
    assert deaths[["period", "value"]].to_numpy().tolist() == [["2017 - 19", 4.4]]
    england = tables["medway", "indicators"].query("area_code == 'E92000001'")
    assert set(england["indicator"]) == {"completion-ratio", "drug-misuse-deaths"}
    assert "E92000001" not in set(tables["maidstone", "indicators"]["area_code"])


def test_d2_and_d3_agree(tables):
    latest = indicator(tables, "unmet-need-opiate-crack").iloc[-1]
    assert latest["denominator"] == 1_459
    assert round(100 * latest["numerator"] / latest["denominator"], 1) == 63.7
    treated = tables["medway", "indicators"].query(
        "indicator == 'in-treatment' and group == 'Opiates' and period == '2019/20' and area_code == @MEDWAY"
    )
    assert latest["denominator"] - latest["numerator"] == 530
    assert treated["value"].item() == 500  # crack alone is treated too, and counts are rounded to 5


def test_d3_is_a_slight_increase_and_d4_was_higher_before(tables):
    unmet = indicator(tables, "unmet-need-opiate-crack")["value"].tolist()
    assert 0 < unmet[-1] - unmet[-2] < 2
    deaths = indicator(tables, "drug-misuse-deaths")["value"].tolist()
    assert min(deaths[:-1]) > deaths[-1] == 4.4


def test_a_five_point_trend_can_be_told(tables):
    ratio = indicator(tables, "completion-ratio")
    assert recent_trend(ratio["value"], ratio["lower"], ratio["upper"]).marker != "cannot be calculated"


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_only_the_partnership_england_and_fictional_areas_have_indicators(tables, partnership):
    names = set(tables[partnership, "indicators"]["area_name"])
    assert names - {partnership.capitalize(), "England"} == {"Average of similar areas (fictional)"}


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_indicators_are_of_the_catalogue_and_some_are_withheld_or_missing(tables, partnership):
    table = tables[partnership, "indicators"]
    assert set(table["indicator"]) <= set(INDICATORS)
    assert "withheld" in set(table["value_status"])
    without = table["value_status"] != "available"
    assert (table["value"].isna() == without).all()
    assert "missing" in set(tables["maidstone", "indicators"]["value_status"])


# E, F, C, J, K, L, I6, H7, H8: figures of agencies

PRINTED = {
    "C1": ("calls", 344_749, "Kent and Medway"),
    "C2": ("calls-101", 470_314, "Kent and Medway"),
    "C3 reports": ("online-reports", 24_268, "Kent and Medway"),
    "C3 chats": ("live-chats", 17_257, "Kent and Medway"),
    "E1": ("mental-health-attendances", 2.58, "Medway Foundation Trust"),
    "E2": ("suicides-young-people", 3, "Kent and Medway"),
    "E3": ("mental-health-problem", 25, "United Kingdom"),
    "E4": ("domestic-abuse-non-crime-calls", 30, "Kent and Medway"),
    "F1": ("iom-adults", 30, "Medway"),
    "F1 community": ("iom-adults-community", 16, "Medway"),
    "F1 custody": ("iom-adults-custody", 14, "Medway"),
    "F2": ("iom-fewer-offences-adults", 79, "Medway"),
    "F3": ("iom-young-people", 2, "Medway"),
    "F3 community": ("iom-young-people-community", 1, "Medway"),
    "F3 custody": ("iom-young-people-custody", 1, "Medway"),
    "F3 fewer": ("iom-fewer-offences-young-people", 100, "Medway"),
    "F4 groups": ("payback-groups", 11, "Medway"),
    "F4 placements": ("payback-placements", 12, "Medway"),
    "F4 hours": ("payback-placement-hours", 25, "Medway"),
    "F5": ("payback-hours", 75, "Medway"),
    "F6": ("release-accommodation", 15, "Medway"),
    "F7": ("sentenced-before", 90, "England and Wales"),
    "I6 streets": ("safer-streets", 111_000, "areas of Gillingham"),
    "I6 families": ("families-against-youth-crime", 1_362_645, "North Kent and Medway"),
    "J1 notices": ("prohibition-notices", 14, "Medway"),
    "J1 closed": ("premises-closed", 137, "Medway"),
    "J1 visits": ("premises-visited", 6_503, "Medway"),
    "J1 take-downs": ("take-down-notices", 9, "Medway"),
    "J2 complaints": ("complaints-a-day", 45, "Medway"),
    "J2 officers": ("trading-standards-officers", 3, "Medway"),
    "J3 secured": ("behaviour-orders", 4, "Medway"),
    "J3 pending": ("behaviour-orders-pending", 3, "Medway"),
    "J4": ("crime-groups-archived", 1, "Medway"),
    "J5 moved on": ("moved-on", 51, "Medway"),
    "J5 homeless": ("homelessness-prevented", 333, "Medway"),
    "J6": ("rough-sleepers-rehoused", 65, "Medway"),
    "J7 helped": ("people-helped", 5_000, "Medway"),
    "J7 meals": ("meals", 110_000, "Medway"),
    "J8": ("schools-reopened", 70, "Medway"),
    "J9 remanded": ("young-people-remanded", 1, "Medway"),
    "J9 moved": ("young-people-moved", 3, "Medway"),
    "H7 posts": ("posts", 20, "Medway"),
    "H7 clicks": ("clicks", 97, "Medway"),
    "H7 shares": ("shares", 4, "Medway"),
    "H7 likes": ("likes", 7, "Medway"),
    "H7 reach": ("reach", 12_800, "Medway"),
    "H7 impressions": ("impressions", 15_800, "Medway"),
    "H7 engagement": ("engagement", 0.55, "Medway"),
    "H8 subscribers": ("newsletter-subscribers", 14_678, "Medway"),
    "H8 opened": ("newsletter-open-rate", 45, "Medway"),
    "H8 clicks": ("newsletter-clicks", 39, "Medway"),
    "K1 attendees": ("extremism-event-attendees", 302, "Kent and Medway"),
    "K1 delegates": ("conference-delegates", 150, "Medway"),
    "K1 fewest": ("ladies-night-fewest", 20, "Medway"),
    "K1 most": ("ladies-night-most", 30, "Medway"),
    "K2": ("motorcycle-thefts", 37, "Medway"),
    "K3 closure": ("closure-orders", 1, "Medway"),
    "K3 June": ("exploitation-officers-june", 2, "Medway"),
    "K3 July": ("exploitation-officers-since-july", 3, "Medway"),
    "K3 after school": ("detached-youth-work", 3, "Medway"),
    "K3 days": ("probation-office-days", 5, "Medway"),
    "K3 cctv": ("cctv-age", 15, "Medway"),
    "K3 sessions": ("perpetrator-sessions", 27, "Medway"),
    "K3 youngest": ("aspire-youngest", 11, "Medway"),
    "K3 oldest": ("aspire-oldest", 17, "Medway"),
}


@pytest.mark.parametrize("claim", PRINTED)
def test_printed_figures_of_agencies(figure, claim):
    name, value, area = PRINTED[claim]
    row = figure(name)
    assert (row["value"], row["area_name"]) == (value, area)
    assert row["source"].startswith("Medway ")
    assert "Made up" not in row["note"]


MAIDSTONE = {
    "L1 packs": ("trauma-packs", 8),
    "L1 large": ("trauma-packs-large", 2),
    "L1 small": ("trauma-packs-small", 30),
    "L1 teams": ("hackathon-teams", 25),
    "L1 prize": ("hackathon-prize", 5_000),
    "L1 staff": ("abuse-awareness-staff", 60),
    "L1 inspections": ("licensing-inspections", 1_000),
    "L1 reviews": ("licence-reviews", 2),
    "L2": ("mental-health-cases", 63),
    "L4": ("violence-reduction-units", 18),
}


@pytest.mark.parametrize("claim", MAIDSTONE)
def test_printed_figures_of_maidstone(figure, claim):
    name, value = MAIDSTONE[claim]
    row = figure(name, "maidstone")
    assert row["value"] == value
    assert row["source"].startswith("Maidstone committee report, 30 June 2020")


def test_c1_c2_increases(figure):
    calls, calls_101 = figure("calls"), figure("calls-101")
    assert calls["value"] - calls["before"] == 10_781
    assert calls_101["value"] - calls_101["before"] == 14_717


def test_e1_was_lower_the_quarter_before(figure):
    row = figure("mental-health-attendances")
    assert (row["before"], row["before_period"]) == (1.48, "January to March 2020")


def test_f1_parts_sum(figure):
    assert figure("iom-adults-community")["value"] + figure("iom-adults-custody")["value"] == 30


def test_f2_and_f3_name_how_few_people_they_rest_on(figure):
    assert figure("iom-fewer-offences-adults")["base"] == 16
    assert figure("iom-fewer-offences-young-people")["base"] == 1


def test_f6_nine_of_fifteen(figure):
    row = figure("release-accommodation-positive")
    assert (row["numerator"], row["base"], row["value"]) == (9, 15, 60)


def test_h7_engagement_does_not_follow_from_the_rest(figure):
    acts = sum(figure(name)["value"] for name in ("clicks", "shares", "likes"))
    assert round(100 * acts / figure("impressions")["value"], 2) == 0.68  # the report prints 0.55
    assert round(100 * acts / figure("reach")["value"], 2) == 0.84


def test_few_people_are_marked_sensitive(tables):
    table = tables["medway", "partner_figures"]
    marked = set(table.loc[(table["sensitive"] == "yes") & (table["figure"] != "reoffending"), "figure"])
    assert marked == {
        "suicides-young-people",
        "iom-young-people",
        "iom-young-people-community",
        "iom-young-people-custody",
        "iom-fewer-offences-young-people",
        "young-people-remanded",
        "young-people-moved",
    }


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_what_no_report_prints_says_that_it_is_made_up(tables, partnership):
    table = tables[partnership, "partner_figures"]
    synthetic = table["source"] == "synthetic demonstration data"
    assert set(table.loc[synthetic, "figure"]) == {"deliberate-fires", "homelessness-duties", "reoffending"}
    assert table.loc[synthetic, "note"].str.startswith("Made up for the demonstration.").all()
    assert table.loc[synthetic, "value"].isna().sum() == 1


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_every_ward_has_a_reoffending_figure(tables, releases, partnership):
    rows = tables[partnership, "partner_figures"].query("figure == 'reoffending'")
    areas = releases[partnership].read("areas", columns=["area_code", "area_type"])
    assert sorted(rows["area_code"]) == sorted(areas.loc[areas["area_type"] == "ward", "area_code"])
    small = rows["numerator"].between(1, 7)
    assert 0 < small.sum() < len(rows) / 2


# G and H: surveys

CONSULTATION = {
    ("2024", "safe-day", "safe"): "69%",
    ("2024", "safe-day", "unsafe"): "19%",
    ("2023", "safe-day", "safe"): "70%",
    ("2023", "safe-day", "unsafe"): "16%",
    ("2024", "safe-evening", "safe"): "26%",
    ("2024", "safe-evening", "unsafe"): "50%",
    ("2023", "safe-evening", "safe"): "28%",
    ("2023", "safe-evening", "unsafe"): "56%",
    ("2024", "problems", "drugs"): "80%",
    ("2024", "problems", "fly-tipping"): "73%",
    ("2024", "problems", "driving"): "71%",
    ("2024", "problems", "drunk"): "66%",
    ("2024", "problems", "litter"): "60%",
    ("2024", "priorities", "drugs"): "70%",
    ("2024", "priorities", "fly-tipping"): "44%",
    ("2024", "priorities", "drunk"): "40%",
    ("2024", "priorities", "driving"): "39%",
    ("2024", "priorities", "sexual-offences"): "36%",
    ("2024", "what-helps", "policing"): "79%",
    ("2024", "what-helps", "spaces"): "52%",
    ("2024", "what-helps", "cctv"): "49%",
}
EVENT = {
    ("2020", "safe-day", "very-safe"): "41%",
    ("2020", "safe-day", "fairly-safe"): "52%",
    ("2020", "safe-day", "neither"): "7%",
    ("2020", "safe-evening", "safe"): "51%",
    ("2020", "safe-evening", "neither"): "37%",
    ("2020", "safe-evening", "fairly-unsafe"): "11%",
    ("2020", "partners-violence", "strongly-agree"): "11%",
    ("2020", "partners-violence", "agree"): "70%",
    ("2020", "causes-violence", "asb"): "63%",
    ("2020", "causes-violence", "domestic-abuse"): "44%",
    ("2020", "causes-violence", "drugs"): "44%",
}


@pytest.mark.parametrize(
    ("survey", "printed"), [("csp-consultation", CONSULTATION), ("consultation-event", EVENT)], ids=["H2-H6", "G1-G4"]
)
def test_g_h_counts_round_to_the_printed_percentages(tables, survey, printed):
    rows = tables["medway", "survey"].query("survey == @survey").set_index(["wave", "question", "option"])
    for key, percent in printed.items():
        row = rows.loc[key]
        assert percent_text(int(row["count"]), int(row["base"])) == percent == row["printed"], key
    said = rows[rows["printed"] != ""]["printed"]
    assert said.to_dict() == printed  # nothing is called printed that is not


def test_h1_bases(tables):
    rows = tables["medway", "survey"].query("survey == 'csp-consultation'")
    assert rows.groupby("wave")["base"].unique().map(list).to_dict() == {"2023": [107], "2024": [103]}


def test_h_2023_is_printed_for_feeling_safe_only(tables):
    rows = tables["medway", "survey"].query("survey == 'csp-consultation' and wave == '2023'")
    assert set(rows["question"]) == {"safe-day", "safe-evening"}


def test_g_base_is_the_smallest_on_which_every_printed_percentage_is_possible(tables):
    rows = tables["medway", "survey"].query("survey == 'consultation-event'")
    assert set(rows["base"]) == {71}
    assert fitting_bases(EVENT.values(), range(1, 72)) == (71,)
    assert sums_to_100(["41%", "52%", "7%"], 71).possible
    assert not sums_to_100(["51%", "37%", "11%"], 71).possible  # so one person gave no answer
    assert rows["note"].str.contains("71 is the demonstration's assumption").all()


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_answers_of_single_choices_add_up_to_the_base_and_nets_to_their_parts(tables, partnership):
    table = tables[partnership, "survey"]
    for (_, _, question), rows in table[table["kind"] == "single"].groupby(["survey", "wave", "question"]):
        parts = rows[rows["option_role"] != "net"]
        assert parts["count"].sum() == rows["base"].iloc[0]
        counts = rows.set_index("option")["count"]
        if question.startswith("safe"):
            assert counts["safe"] == counts["very-safe"] + counts["fairly-safe"]
            assert counts["unsafe"] == counts["very-unsafe"] + counts["fairly-unsafe"]
        else:
            assert counts["agree-net"] == counts["strongly-agree"] + counts["agree"]


def test_maidstone_survey_is_made_up_and_one_question_has_too_few(tables):
    rows = tables["maidstone", "survey"]
    assert rows["note"].str.startswith("Made up for the demonstration.").all()
    assert (rows["printed"] == "").all()
    assert (rows["base"] < 30).any()


def test_maidstone_panel_is_weighted_and_its_shares_add_up(tables):
    rows = tables["maidstone", "survey"].query("survey == 'residents-panel'")
    assert set(rows["sample"]) == {"quota"}
    assert (rows["effective_base"] < rows["base"]).all()
    for _, answers in rows.groupby("question"):
        share = answers.set_index("option")["weighted_share"]
        parts = answers[answers["option_role"] != "net"]["weighted_share"]
        assert parts.sum() == pytest.approx(1)
        assert share["safe"] == pytest.approx(share["very-safe"] + share["fairly-safe"])


def test_counts_that_a_percentage_of_103_allows():
    assert possible_counts("50%", 103) == (51, 52)  # the report's 50% does not tell which; 51 is taken


# I: grants


def pounds(tables, **where: str) -> list[float]:
    table = tables["medway", "grants"]
    for column, value in where.items():
        table = table[table[column] == value]
    return table["amount"].tolist()


def test_i1_grant_is_two_pots_of_which_one_a_third(tables):
    assert pounds(tables, year="2024/25", kind="allocation") == [106_460]
    assert pounds(tables, kind="pot") == [70_973, 35_487]
    assert 70_973 + 35_487 == 106_460
    assert round(106_460 / 3) == 35_487


def test_i2_i3_awards(tables):
    assert sorted(pounds(tables, pot="Business case", kind="award")) == [3_950, 4_125, 5_000, 10_600, 13_000, 20_000]
    tactical = [1_590, 2_400, 6_000, 3_500, 14_000, 3_180, 3_470, 2_000]
    assert pounds(tables, pot="Tactical pot", kind="award") == tactical


def test_i4_what_is_left_is_of_the_whole_grant_and_of_neither_pot(tables):
    assert pounds(tables, kind="available") == [13_645]
    business, tactical = (sum(pounds(tables, pot=pot, kind="award")) for pot in ("Business case", "Tactical pot"))
    assert (70_973 - business, 35_487 - tactical) == (14_298, -653)
    assert 106_460 - business - tactical == 13_645


def test_i5_grants_of_earlier_years_and_of_maidstone(tables):
    assert pounds(tables, year="2015/16") == pounds(tables, year="2016/17") == [96_782]
    maidstone = tables["maidstone", "grants"].query("funder == 'Kent Police and Crime Commissioner'")
    assert maidstone[["year", "amount"]].to_numpy().tolist() == [["2020/21", 40_000]]


# M: risks, plans, updates


def test_m1_risks_of_both_years(tables):
    risks = tables["medway", "risks"]
    ratings = {f"{day:%Y-%m-%d}": rows["rating"].tolist() for day, rows in risks.groupby("assessed")}
    assert ratings == {"2017-02-02": ["Low"] * 4, "2024-12-12": ["DII", "DII", "CIII", "CIII", "CII"]}
    matrix = risks[risks["likelihood"] != ""]
    assert (matrix["likelihood"] + matrix["impact"] == matrix["rating"]).all()
    assert ("maidstone", "risks") not in tables  # its report prints none


def test_m2_priorities_of_each_plan(tables):
    names = tables["medway", "priorities"].drop_duplicates(["plan", "priority"])
    assert {plan: rows["priority"].tolist() for plan, rows in names.groupby("plan")} == {
        "2016-20": [
            "strengthening-communities",
            "sexual-and-domestic-abuse",
            "substance-misuse",
            "reducing-reoffending",
            "safeguarding-and-services",
        ],
        "2020-24": ["safeguarding-adults-and-children", "reducing-vulnerability", "reducing-reoffending", "listening"],
        "2024-27": [
            "violence-against-women-and-girls",
            "anti-social-behaviour",
            "drugs-and-alcohol",
            "reducing-reoffending",
        ],
    }
    leads = names.query("plan == '2016-20'")["lead"].tolist()
    assert leads == [
        "Medway Council",
        "Kent Police",
        "Medway Council",
        "Kent, Surrey and Sussex Community Rehabilitation Company",
        "Kent Fire and Rescue Service",
    ]
    assert set(names.query("plan != '2016-20'")["lead"]) == {""}  # no later report names any
    assert tables["maidstone", "priorities"]["priority"].nunique() == 5


def test_m2_programmes_of_each_plan(tables):
    counted = tables["medway", "priorities"].query("programme != ''").groupby(["plan", "priority"]).size()
    assert counted["2016-20"].to_dict() == {
        "strengthening-communities": 3,
        "sexual-and-domestic-abuse": 5,
        "substance-misuse": 2,
        "reducing-reoffending": 4,
        "safeguarding-and-services": 3,
    }
    assert counted["2020-24"].to_dict() == {
        "safeguarding-adults-and-children": 5,
        "reducing-vulnerability": 7,
        "reducing-reoffending": 4,
        "listening": 6,
    }


def test_m2_days_of_adoption_that_are_printed(tables):
    adopted = tables["medway", "priorities"].drop_duplicates("plan").set_index("plan")["adopted"]
    assert adopted.dropna().dt.strftime("%Y-%m-%d").to_dict() == {"2016-20": "2016-07-21", "2024-27": "2024-07-18"}


def test_m2_a_plan_goes_on_with_priorities_of_the_one_before(tables):
    table = tables["medway", "priorities"]
    plans = sorted(set(table["plan"]))
    for before, after in pairwise(plans):
        known = set(table.loc[table["plan"] == before, "priority"])
        continued = {
            name for cell in table.loc[table["plan"] == after, "continues"] for name in cell.split(";") if name
        }
        assert continued <= known
        assert continued


def test_m3_updates_cover_the_four_ps_of_priorities_that_exist(tables):
    for name in PARTNERSHIPS:
        updates = tables[name, "updates"]
        priorities = tables[name, "priorities"]
        known = set(zip(priorities["plan"], priorities["priority"], strict=True))
        assert set(zip(updates["plan"], updates["priority"], strict=True)) <= known
        assert set(updates["p"]) == {"prepare", "protect", "prevent", "pursue"}
        assert set(updates["quarter"].dt.month) <= {1, 4, 7, 10}
        assert (updates["source"] != "").all()


def test_m4_the_five_responsible_authorities_of_2024(releases):
    assert releases["medway"].partnership.responsible_authorities == (
        "Medway Council",
        "Kent Police",
        "Kent Fire and Rescue Service (KFRS)",
        "The Probation Service",
        "Integrated Care Board (ICB)",  # paragraph 2.1 of the same report says Integrated Care Partnership
    )


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_every_figure_a_priority_is_followed_by_exists(tables, partnership):
    held = {
        "indicator": set(tables[partnership, "indicators"]["indicator"]),
        "survey": set(tables[partnership, "survey"]["question"]),
        "partner figure": set(tables[partnership, "partner_figures"]["figure"]),
        "measure": {"crime", "asb"},
    }
    priorities = tables[partnership, "priorities"]
    figures = tables[partnership, "priority_figures"]
    assert set(zip(figures["plan"], figures["priority"], strict=True)) == set(
        zip(priorities["plan"], priorities["priority"], strict=True)
    )
    for row in figures.to_dict("records"):
        assert row["name"] in held[row["kind"]], row["name"]
        if row["kind"] == "measure":
            assert CATEGORIES[row["category"]].dataset == row["name"]


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_targets_are_set_by_a_report_or_called_a_demonstration(tables, partnership):
    targets = tables[partnership, "priority_figures"].dropna(subset="target")
    reports = targets["target_source"].str.startswith("Medway ")
    assert (reports | (targets["target_source"] == "demonstration")).all()
    assert (targets["target_source"] == "demonstration").any()
    assert set(targets.loc[reports, "name"]) == ({"completion-ratio"} if partnership == "medway" else set())


# A3: other areas


def others(tables, group: str, year: int, measure: str = "crime") -> pd.DataFrame:
    table = tables["medway", "peers"]
    chosen = (table["group"] == group) & (table["measure"] == measure) & (table["category"] == measure)
    return table[chosen & (table["period_start"] == f"{year}-04-01")].set_index("area_code")


@pytest.mark.parametrize(("year", "count", "place"), [(2018, 35_088, 6), (2019, 33_334, 8)])
def test_a3_place_of_medway_among_unitary_authorities(tables, year, count, place):
    table = others(tables, "Unitary authorities", year)
    assert table["count"].notna().sum() == 57
    assert len(table) == 59
    assert table.loc[MEDWAY, ["count", "population"]].tolist() == [count, 278_556]
    assert table["count"].rank(ascending=False)[MEDWAY] == place


def test_a3_place_on_the_rate_is_another(tables):
    table = others(tables, "Unitary authorities", 2019)
    assert (table["count"] / table["population"]).rank(ascending=False)[MEDWAY] > 8


def test_own_counts_among_others_are_those_of_the_release(tables, releases):
    asb = others(tables, "Similar areas", 2019, "asb")
    assert asb.loc[MEDWAY, "count"] == 6_023
    robbery = tables["medway", "peers"].query(
        "area_code == @MEDWAY and category == 'robbery' and group == 'Similar areas'"
    )
    crime = releases["medway"].read("crime").query("category == 'robbery' and '2019-04' <= month < '2020-04'")
    assert robbery.loc[robbery["period_start"] == "2019-04-01", "count"].item() == crime["count"].sum()


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_other_areas_are_fictional(tables, partnership):
    table = tables[partnership, "peers"]
    names = table["area_name"][table["area_name"] != partnership.capitalize()]
    assert names.str.fullmatch(r"Similar area \d+").all()
    assert table.query("group == 'Similar areas'")["area_code"].nunique() == 15
    assert sorted(set(table["period_start"].dt.year)) == [2018, 2019]


# Denominators and postcodes


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
@pytest.mark.parametrize("denominator", ["households", "workday"])
def test_other_denominators_of_wards_sum_to_the_district_and_are_made_up(releases, partnership, denominator):
    table = releases[partnership].read("population").query("denominator == @denominator")
    sums = table.groupby(["area_type", "vintage"])["population"].sum()
    assert len(sums) == 3  # the district and two sets of wards
    assert len(set(sums)) == 1
    assert (table["basis"] == "made up").all()


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_postcodes_do_not_exist_and_reach_every_ward(tables, releases, partnership):
    table = tables[partnership, "postcodes"]
    assert table["postcode"].str.fullmatch(r"ZZ[12] [0-9][A-Z]{2}").all()
    areas = releases[partnership].read("areas", columns=["area_code", "area_type"])
    assert set(table["ward_code"]) == set(areas.loc[areas["area_type"] == "ward", "area_code"])


# Rows under their contracts


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_every_extract_names_its_rule_of_disclosure_and_its_source(releases, partnership):
    release = releases[partnership]
    rules = {name: extract["disclosure"] for name, extract in release.manifest["extracts"].items()}
    assert all(rule in DATASETS[name].rules for name, rule in rules.items())
    assert (rules["indicators"], rules["survey"], rules["partner_figures"]) == ("published", "base", "marked")
    assert all(extract["sources"] for extract in release.manifest["extracts"].values())


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
@pytest.mark.parametrize("dataset", [*SUPPLIED, "risks"])
def test_tables_keep_their_contracts(tables, partnership, dataset):
    if (partnership, dataset) in tables:
        table = tables[partnership, dataset]
        assert problems_of(table, DATASETS[dataset], dataset) == []
        assert len(table)


@pytest.mark.parametrize("partnership", PARTNERSHIPS)
def test_the_public_is_told_how_many_rows_every_table_has(releases, partnership):
    subject = Subject(releases[partnership])
    for name, extract in releases[partnership].manifest["extracts"].items():
        assert rows_held(subject, name, "public")[0] == extract["rows"]


def test_rows_take_the_types_of_the_contract():
    table = table_of("grants", [{"year": "2024/25", "amount": 5}, {"year": "2023/24", "note": "n"}])
    assert list(table.columns) == list(DATASETS["grants"].column_names)
    assert table["amount"].tolist()[0] == 5.0
    assert table["note"].tolist() == ["", "n"]
    assert pd.isna(table["amount"][1])


def test_rows_refuse_a_column_that_the_contract_lacks():
    with pytest.raises(KeyError, match="'grants' has no column pounds"):
        table_of("grants", [{"pounds": 5}])
