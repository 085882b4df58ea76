"""What a survey shows: rows small enough to work out on paper, and the figures that Medway's reports print."""

import math

import pytest

from csp_data.analysis import consultations
from csp_data.analysis.rates import proportion
from tests.survey_rows import Held, survey_rows


def results(*rows, **shared):
    return consultations.results(Held(survey_rows(*rows, **shared)), "public")


def only(table, option, column):
    (value,) = table.loc[table["option"] == option, column]
    return value


# Where a share comes from


def test_a_share_from_counts_with_its_interval():
    table = results({"option": "safe", "count": 71}, {"option": "unsafe", "count": 32})
    assert table["shown"].tolist() == ["69%", "31%"]
    assert only(table, "safe", "lower") == pytest.approx(59.45, abs=0.01)
    assert only(table, "safe", "upper") == pytest.approx(77.05, abs=0.01)
    assert set(table["basis"]) == {"counts"}
    assert consultations.sum_sentence(table) == "The shares add up to 100%."


@pytest.mark.parametrize(("printed", "shown"), [("69", "69%"), ("69%", "69%"), ("68.90", "68.90%")])
def test_without_a_count_the_percentage_is_used_as_printed(printed, shown):
    table = results({"option": "safe", "printed": printed}, kind="multiple")
    _, low, high = proportion(float(printed.rstrip("%")) / 100 * 103, 103)
    assert (only(table, "safe", "basis"), only(table, "safe", "shown")) == ("printed", shown)
    assert (only(table, "safe", "lower"), only(table, "safe", "upper")) == (
        pytest.approx(100 * low[0]),
        pytest.approx(100 * high[0]),
    )


def test_a_count_goes_before_the_percentage_printed_beside_it():
    table = results({"option": "safe", "count": 71, "printed": "70"}, kind="multiple")
    assert (only(table, "safe", "basis"), only(table, "safe", "shown")) == ("counts", "69%")


@pytest.mark.parametrize("printed", ["most", "", "101", "-1", "nan"])
def test_what_is_no_percentage_is_missing(printed):
    table = results({"option": "safe", "printed": printed}, kind="multiple")
    assert only(table, "safe", "value_status") == "missing"
    assert only(table, "safe", "reason") == "The return gives no figure."
    assert math.isnan(only(table, "safe", "percent"))


def test_a_percentage_on_a_base_not_stated_has_no_interval():
    table = results({"option": "safe", "printed": "63"}, base=0, kind="multiple")
    row = table.iloc[0]
    assert (row["shown"], row["flag"], row["value_status"]) == ("63%", "base not stated", "available")
    assert math.isnan(row["lower"])
    assert math.isnan(row["base"])


def test_a_weighted_share_stands_on_its_effective_base():
    weighted = {"weighted_share": 0.641, "effective_base": 76.4, "count": 71}
    table = results({"option": "safe", **weighted}, kind="multiple", weighting="By age.")
    row = table.iloc[0]
    assert (row["basis"], row["shown"]) == ("weighted", "64%")
    assert (row["lower"], row["upper"]) == (pytest.approx(52.9, abs=0.05), pytest.approx(73.9, abs=0.05))


# Base rules


@pytest.mark.parametrize(
    ("base", "status", "flag"),
    [(29, "withheld", ""), (30, "available", "small base"), (99, "available", "small base"), (100, "available", "")],
)
def test_small_bases_are_hidden_or_flagged(base, status, flag):
    for row in ({"count": 12}, {"printed": "41"}, {"weighted_share": 0.4, "effective_base": 25.0}):
        table = results({"option": "safe", **row}, base=base, kind="multiple")
        assert (table["value_status"].tolist(), table["flag"].tolist()) == ([status], [flag])


def test_of_a_hidden_base_nothing_is_left_but_the_base():
    table = results(
        {"option": "safe", "count": 12, "printed": "50", "weighted_share": 0.5, "effective_base": 20.0}, base=24
    )
    row = table.iloc[0]
    assert row["base"] == 24
    assert row[["count", "weighted_share", "effective_base", "percent", "lower", "upper"]].isna().all()
    assert (row["printed"], row["shown"], row["reason"]) == ("", "", "Fewer than 30 people were asked.")
    assert len(table) == 1  # what is not shown would give it away


# Sums


def test_what_a_return_leaves_out_is_named():
    table = results({"option": "safe", "printed": "69"}, {"option": "unsafe", "printed": "19"}, option_role="net")
    assert table["option"].tolist() == ["safe", "unsafe", "not-shown"]
    assert only(table, "not-shown", "shown") == "12%"
    assert set(table["part"]) == {"part"}
    assert consultations.sum_sentence(table) == "The shares printed sum to 88%: 12% not shown."


def test_counts_that_leave_people_out_are_named():
    table = results({"option": "safe", "count": 71}, {"option": "unsafe", "count": 20})
    assert only(table, "not-shown", "percent") == pytest.approx(100 * 12 / 103)
    assert consultations.sum_sentence(table) == "The shares given sum to 88%: 12% not shown."


def test_a_sum_beside_its_parts_is_not_counted_twice():
    table = results(
        {"option": "very", "count": 21},
        {"option": "fairly", "count": 50},
        {"option": "other", "count": 31},
        {"option": "none", "count": 1, "option_role": "no answer"},
        {"option": "safe", "count": 71, "option_role": "net"},
    )
    assert table.set_index("option")["part"].to_dict() == {
        "very": "part",
        "fairly": "part",
        "other": "part",
        "none": "part",
        "safe": "sum",
    }
    assert consultations.sum_sentence(table) == "The shares add up to 100%."


def test_whole_percentages_that_do_not_add_up_are_told():
    parts = [{"option": str(count), "count": count} for count in (21, 50, 11, 14, 6, 1)]
    sentence = "The shares add up to 100%, as rounded here to 101%."
    assert consultations.sum_sentence(results(*parts, base=103)) == sentence


def test_printed_shares_may_miss_100_by_rounding():
    parts = [{"option": name, "printed": text} for name, text in (("safe", "51"), ("neither", "37"), ("unsafe", "11"))]
    table = results(*parts, base=71)
    assert len(table) == 3
    assert consultations.sum_sentence(table) == "The shares add up to 99% because they were rounded."


def test_shares_that_add_up_to_too_much_are_told():
    table = results({"option": "safe", "printed": "70"}, {"option": "unsafe", "printed": "34"})
    assert consultations.sum_sentence(table) == (
        "The shares add up to 104%, more than rounding allows: answers overlap or one is wrong."
    )


def test_an_answer_without_a_figure_is_not_taken_for_none():
    table = results({"option": "safe", "count": 71}, {"option": "unsafe"})
    assert len(table) == 2
    assert consultations.sum_sentence(table) == "An answer has no figure, so the shares cannot be added up."


def test_several_answers_each_are_said():
    two = ({"option": "drugs", "count": 82}, {"option": "litter", "count": 62})
    assert consultations.sum_sentence(results(*two, kind="multiple")) == (
        "People could choose several answers; shares add to more than 100%."
    )
    assert consultations.sum_sentence(results(two[0], kind="multiple")) == (
        "People could choose several answers, so the shares do not add up to 100%."
    )


# Waves


def waves(now, then, **shared):
    rows = ({"option": "safe", "wave": "2023", "base": 107, **then}, {"option": "safe", "wave": "2024", **now})
    return consultations.with_changes(results(*rows, **{"kind": "multiple", **shared}))


def test_a_change_that_could_be_chance_is_said_to_be():
    table = waves({"count": 20}, {"count": 17})
    assert table["verdict"].tolist() == ["", "similar"]
    assert table["previous_shown"].tolist() == ["", "16%"]
    assert table["change"].iloc[1].startswith("Up 3.5 percentage points (95% interval -6.8 to +13.9): could be chance.")


def test_a_printed_percentage_stands_for_all_counts_that_round_to_it():
    table = waves({"printed": "50"}, {"printed": "56"})  # 51 or 52 of 103, and 60 of 107
    row = table.iloc[1]
    assert row["points"] == pytest.approx(-6)
    assert row["change"].startswith("-6.6 to -5.6 percentage points, by which counts the printed percentages stand for")
    assert row["change"].endswith("could be chance.")
    assert row["points_lower"] == pytest.approx(-19.6, abs=0.1)


def test_a_printed_percentage_with_one_count_is_that_count():
    assert (
        waves({"printed": "19"}, {"printed": "16"})["change"].iloc[1]
        == (waves({"count": 20}, {"count": 17})["change"].iloc[1])
    )


def test_a_percentage_that_no_count_gives_is_not_compared():
    table = waves({"printed": "69.0"}, {"count": 75})
    assert table["change_reason"].iloc[1] == "No count gives one of the printed percentages."
    assert math.isnan(table["points"].iloc[1])


@pytest.mark.parametrize(
    ("then", "reason"),
    [
        ({"mode": "face to face"}, "People were asked in different ways: face to face, then online."),
        ({"question_text": "How safe?"}, "The question was worded differently."),
        ({"base": 20}, "Fewer than 30 people were asked in one of the waves."),
        ({"count": math.nan}, "One of the waves gives no figure."),
        (
            {"count": math.nan, "printed": "16", "base": 0},
            "One of the waves does not state how many people were asked.",
        ),
        ({"weighted_share": 0.2, "effective_base": 80.0}, "One of the waves is weighted and the other is not."),
        ({"option": "other"}, "The wave before did not have this option."),
    ],
)
def test_waves_that_differ_are_not_compared(then, reason):
    table = waves({"count": 20}, {"count": 17, **then})
    row = table[(table["wave"] == "2024") & (table["option"] == "safe")].iloc[0]
    assert (row["change_reason"], row["verdict"], row["change"]) == (reason, "", "")


def test_weighted_waves_are_compared_on_their_effective_bases():
    now, then = {"weighted_share": 0.7, "effective_base": 400.0}, {"weighted_share": 0.5, "effective_base": 400.0}
    row = waves(now, then).iloc[1]
    assert (row["verdict"], row["points"]) == ("higher", pytest.approx(20))
    assert row["change"].startswith("Up 20.0 percentage points")


def test_a_wave_that_left_the_question_out_is_passed_over():
    rows = (
        {"option": "safe", "wave": "2022", "count": 70},
        {"option": "drugs", "wave": "2023", "question": "problems", "count": 70},
        {"option": "safe", "wave": "2024", "count": 71},
    )
    table = consultations.with_changes(results(*rows, kind="multiple"))
    row = table[table["wave"] == "2024"].iloc[0]
    assert (row["previous_wave"], row["previous_shown"], row["verdict"]) == ("Wave of 2022", "68%", "similar")


def test_only_waves_asked_alike_share_a_line():
    rows = (
        {"option": "safe", "wave": "2020", "survey": "event", "mode": "paper", "count": 60},
        {"option": "safe", "wave": "2023", "count": 70},
        {"option": "safe", "wave": "2024", "count": 71},
        {"option": "alone", "wave": "2024", "count": 5},
    )
    table = results(*rows, kind="multiple")
    found = consultations.over_waves(table, "feeling safe")
    assert found[["wave", "line"]].to_numpy().tolist() == [["2020", 1], ["2023", 2], ["2024", 2]]
    assert consultations.over_waves(table, "problems").empty


def test_the_latest_wave_comes_first():
    rows = ({"wave": "2023"}, {"wave": "2024", "base": 103}, {"wave": "2024", "question": "x", "base": 99})
    found = consultations.waves(consultations.asked(Held(survey_rows(*rows, count=5))))
    assert found["wave"].tolist() == ["2024", "2023"]
    assert found[["base_low", "base_high"]].to_numpy().tolist() == [[99, 103], [103, 103]]


def test_a_release_without_a_survey_has_no_rows():
    assert consultations.results(Held(survey_rows()), "public").empty


def test_what_was_asked_holds_no_answer():
    table = consultations.asked(
        Held(survey_rows({"count": 71}, {"printed": "50", "base": 0}, {"count": 5, "base": 20}))
    )
    assert not {"count", "printed", "weighted_share", "effective_base"} & set(table.columns)
    assert table["given"].tolist() == [True, True, False]
    assert table["base"].tolist() == [103, pytest.approx(math.nan, nan_ok=True), 20]


def test_an_option_is_asked_again_when_two_waves_give_its_share():
    rows = (
        {"option": "safe", "wave": "2023", "count": 70},
        {"option": "safe", "wave": "2024", "count": 71},
        {"option": "unsafe", "wave": "2023", "base": 20, "count": 7},
        {"option": "unsafe", "wave": "2024", "count": 30},
    )
    assert consultations.asked_again(consultations.asked(Held(survey_rows(*rows)))) == {("safe-day", "safe")}
