"""Verdicts on printed claims, on hand-made tables and other figures than any report prints."""

import pytest

from csp_data.analysis import claims
from csp_data.analysis.claims import Part, judge, reconciled
from csp_data.extracts.claims import parsed
from tests.plan_rows import plan_subject, priority, reported

POINTS = (
    '{ using = "survey", survey = "s", wave = "2024", previous = "2023", question = "q", option = "yes", '
    'statistic = "change" }'
)
LEDGER = 'using = "grants", year = "2024/25"'
HEAD = '[[document]]\nid = "1"\ntitle = "Town report"\nfrom = "2019-04"\nto = "2020-03"\n'
YEARS = [50] * 12 + [100] * 12 + [110] * 12
"""Burglaries a month: 600 in 2017/18, 1,200 in 2018/19, 1,320 in 2019/20; 1,000 people live there."""


def register(values: str, more: str = "", after: str = ""):
    """A register of one claim of 2019/20, with a value a line."""
    return parsed(
        f'{HEAD}[[claim]]\nid = "X1"\ntext = "t"\ndocument = "1"\nfrom = "2019-04"\nto = "2020-03"\n{more}\n{values}\n{after}'
    )


def value(printed: str, *ways: str, name: str = "v", more: str = "") -> str:
    listed = printed if printed.startswith("[") else f'"{printed}"'
    return f'[[claim.value]]\nname = "{name}"\nprinted = {listed}\n{more}\nways = [{", ".join(ways)}]\n'


def crime(statistic: str = "count", more: str = "") -> str:
    return f'{{ using = "measure", measure = "crime", statistic = "{statistic}"{more} }}'


def total(text: str, more: str = "") -> str:
    return f'{{ using = "printed", sum = "{text}"{more} }}'


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return plan_subject(
        tmp_path_factory.mktemp("claims"),
        counts=YEARS,
        partner_figures=[
            reported("returned", 40, source="Return of the team", before=25),
            reported("copied", 40, source="Town report, page 3"),
            reported("few", 3, sensitive="yes"),
        ],
        rules={"partner_figures": "marked"},
        grants=[
            {"year": "2024/25", "funder": "F", "kind": "allocation", "amount": 900, "source": "Bank"},
            {"year": "2024/25", "funder": "F", "kind": "pot", "pot": "P", "amount": 300, "source": "Bank"},
            {"year": "2024/25", "funder": "F", "kind": "award", "pot": "P", "project": "a", "amount": 120, "source": "Bank"},
            {"year": "2024/25", "funder": "F", "kind": "award", "pot": "P", "project": "b", "amount": 100, "source": "Bank"},
        ],
        survey=[
            survey_row("2024", "yes", 30, 50),
            survey_row("2024", "no", 15, 50),
            survey_row("2023", "yes", 28, 50),
        ],
    )  # fmt: skip


def survey_row(wave: str, option: str, count: int, base: int) -> dict:
    return {
        "survey": "s", "survey_label": "S", "wave": wave, "wave_label": wave, "mode": "online", "sample": "self-selected",
        "question": "q", "question_text": "Q?", "topic": "feeling safe", "kind": "single", "option": option,
        "option_label": option, "option_order": 1, "option_role": "answer", "count": count, "base": base,
    }  # fmt: skip


def one(subject, *values: str, more: str = "", after: str = "", role: str = "analyst"):
    (judged,) = judge(register("\n".join(values), more, after), subject, role=role)
    return judged


def cautions(judged) -> set[str]:
    return {caution.name for caution in judged.cautions}


@pytest.mark.parametrize(
    ("printed", "way", "verdict", "computed"),
    [
        ("1,320", crime(), "reproduces", "1,320"),
        ("1,321", crime(), "does_not_follow", "1,320"),
        ("1,320.0", crime("rate"), "reproduces", "1,320.0"),
        ("1,000", crime("population"), "reproduces", "1,000"),
        ("10% increase", crime("percent_change"), "reproduces", "10%"),
        ("10% decrease", crime("percent_change"), "does_not_follow", "10%"),
        ("120 more", crime("change"), "reproduces", "120"),
        ("100%", crime("percent_change", ', from = "2018-04", to = "2019-03"'), "reproduces", "100%"),
        ("a rise", crime("direction"), "reproduces", "increase"),
        ("fell", crime("direction"), "does_not_follow", "increase"),
        ("over 1,300", crime(), "reproduces", "1,320"),
        ("over 1,320", crime(), "does_not_follow", "1,320"),
        ("about 1,300", crime(), "reproduces", "1,320"),
        ("1.3k", crime(), "reproduces", "1,300"),
        ("100%", crime("share", ', category = "burglary"'), "reproduces", "100%"),
        ("100%", crime("top_share", ', wards = ["Ash"], vintage = "2003"'), "reproduces", "100%"),
        ("100%", crime("top_share", ', wards = ["Birch"], vintage = "2003"'), "does_not_follow", "100%"),
        ('["600", "1200", "1320"]', crime("years", ', from = "2017-04"'), "reproduces", "600, 1,200, 1,320"),
        ('["600", "1200"]', crime("years", ', from = "2017-04"'), "does_not_follow", "600, 1,200, 1,320"),
        ("5", crime("count", ', from = "2030-01", to = "2030-12"'), "cannot_be_checked", ""),
        ("5", crime("count", ', category = "piracy"'), "cannot_be_checked", ""),
        ("5", '{ using = "measure", measure = "weather" }', "cannot_be_checked", ""),
        ("40", '{ using = "partner_figure", figure = "returned" }', "reproduces", "40"),
        ("15", '{ using = "partner_figure", figure = "returned", field = "change" }', "reproduces", "15"),
        ("41", '{ using = "partner_figure", figure = "returned" }', "does_not_follow", "40"),
        ("40", '{ using = "partner_figure", figure = "copied" }', "reproduces", "40"),
        ("41", '{ using = "partner_figure", figure = "copied" }', "does_not_follow", "40"),
        ("over 40", '{ using = "partner_figure", figure = "copied" }', "reproduces", "40"),
        ("over 41", '{ using = "partner_figure", figure = "copied" }', "does_not_follow", "40"),
        ("40", '{ using = "partner_figure", figure = "lost" }', "cannot_be_checked", ""),
        ("£900", '{ using = "grants", year = "2024/25" }', "reproduces", "£900"),
        ("£300", '{ using = "grants", year = "2024/25", statistic = "pot", pot = "P" }', "reproduces", "£300"),
        ("£220", '{ using = "grants", year = "2024/25", statistic = "awarded", pot = "P" }', "reproduces", "£220"),
        ("£80", '{ using = "grants", year = "2024/25", statistic = "unspent", pot = "P" }', "reproduces", "£80"),
        ('["£120", "£100"]', f'{{ {LEDGER}, statistic = "awards", pot = "P" }}', "reproduces", "£120, £100"),
        ("£1", '{ using = "grants", year = "1999/00" }', "cannot_be_checked", ""),
        ("60%", '{ using = "survey", survey = "s", wave = "2024", question = "q", option = "yes" }', "reproduces", "60%"),
        ("4 points", POINTS, "reproduces", "4"),
        ("50", '{ using = "survey", survey = "s", wave = "2024", statistic = "base" }', "reproduces", "50"),
        ("60%", '{ using = "survey", survey = "s", wave = "1999", question = "q", option = "yes" }', "cannot_be_checked", ""),
        ("1.5", '{ using = "indicator", indicator = "i" }', "cannot_be_checked", ""),
        ("2nd", '{ using = "peers", group = "g", measure = "crime" }', "cannot_be_checked", ""),
        ("x", '{ using = "nothing", missing = "The file." }', "cannot_be_checked", ""),
    ],
)  # fmt: skip
def test_a_value_is_worked_out_from_the_data(town, printed, way, verdict, computed):
    judged = one(town, value(printed, way))
    assert (judged.verdict, judged.computed) == (verdict, computed)
    assert judged.working
    assert bool(judged.missing) == (verdict == "cannot_be_checked")


@pytest.mark.parametrize(
    ("printed", "text", "more", "verdict", "computed"),
    [
        ("9%", "percent_of(a, b)", "", "follows", "9%"),
        ("10%", "percent_of(a, b)", "", "does_not_follow", "9%"),
        ("9.5%", "percent_of(a, b)", "", "follows", "9.5%"),
        ("about 10%", "percent_of(a, b)", "", "does_not_follow", "9%"),
        ("about 9%", "percent_of(a, b)", "", "follows", "9%"),
        ("600", "a + c", ', is = "at least"', "follows", "521"),
        ("500", "a + c", ', is = "at least"', "does_not_follow", "521"),
        ("500", "a + c", ', is = "at most"', "follows", "521"),
        ("5", "a / c", "", "cannot_be_checked", ""),
    ],
)
def test_a_value_is_worked_out_from_other_printed_numbers(town, printed, text, more, verdict, computed):
    others = [value("521", name="a"), value("5,502", name="b"), value("0", name="c")]
    judged = one(town, value(printed, total(text, more)), *others)
    assert (judged.verdict, judged.computed) == (verdict, computed)


def test_of_several_ways_one_that_differs_decides_and_both_are_told(town):
    judged = one(town, value("1,320.0", crime("rate"), total("1320 / people * 1000")), value("1,001", name="people"))
    assert judged.verdict == "does_not_follow"
    assert judged.computed == "1,318.7"
    assert "printed-numbers-disagree" in cautions(judged)
    assert "The data give 1,320 of 1,000 residents" in judged.working[0]
    assert "1,318.681" in judged.working[1]


def test_one_of_several_sums_is_enough(town):
    ways = '{ using = "printed", any_of = ["a + 1", "a + 2"] }'
    assert one(town, value("7", ways), value("5", name="a")).verdict == "follows"
    judged = one(town, value("9", ways), value("5", name="a"))
    assert (judged.verdict, judged.computed) == ("does_not_follow", "6")
    assert "a + 1 = 6" in judged.working[0]
    assert "a + 2 = 7" in judged.working[0]


def test_what_could_be_checked_decides_and_the_rest_is_named(town):
    nothing = '{ using = "nothing", missing = "It needs the log." }'
    judged = one(town, value("1,320", crime()), value("8 vans", nothing, name="vans"))
    assert judged.verdict == "reproduces"
    assert [str(c) for c in judged.cautions] == ["partly-checked: Not checked: 8 vans. It needs the log."]
    judged = one(town, value("1,321", crime()), value("8 vans", nothing, name="vans"))
    assert judged.verdict == "does_not_follow"


def test_a_copy_agrees_and_says_that_it_is_one(town):
    judged = one(town, value("40", '{ using = "partner_figure", figure = "copied" }'))
    assert judged.verdict == "reproduces"
    assert cautions(judged) == {"only-as-printed"}


def test_printed_numbers_that_bear_it_out_say_more_than_a_copy(town):
    ways = '{ using = "partner_figure", figure = "copied" }, { using = "printed", sum = "20 + 20" }'
    assert one(town, value("40", ways)).verdict == "follows"


def test_what_is_withheld_from_a_role_cannot_be_checked_for_it(town):
    way = '{ using = "partner_figure", figure = "few" }'
    assert one(town, value("3", way)).verdict == "reproduces"
    public = one(town, value("3", way), role="public")
    assert public.verdict == "cannot_be_checked"
    assert "Withheld" in public.working[0]


def test_another_partnership_is_asked_and_may_not_be_there(town):
    held = register(value("1,320", crime()), 'partnership = "village"')
    asked = []

    def other(id):
        asked.append(id)
        return town

    assert judge(held, town, other)[0].verdict == "reproduces"
    assert asked == ["village"]
    assert judge(held, town)[0].verdict == "cannot_be_checked"

    def nowhere(id):
        raise ValueError("It is not in this workspace.")

    (judged,) = judge(held, town, nowhere)
    assert "It is not in this workspace." in judged.missing[0]


@pytest.mark.parametrize(
    ("more", "values", "caution"),
    [
        ("", value("69%", '{ using = "nothing", missing = "m" }'), "base-not-stated"),
        ('base = "not stated"', value("69%", '{ using = "nothing", missing = "m" }'), "base-not-stated"),
        ("base = 99", value("69%", '{ using = "nothing", missing = "m" }'), "small-base"),
        ("rests_on = 16", value("8", '{ using = "nothing", missing = "m" }'), "small-base"),
        ("people = true", value("seven", '{ using = "nothing", missing = "m" }'), "could-identify"),
        ("people = true\nrests_on = 2", value("50", '{ using = "nothing", missing = "m" }'), "could-identify"),
        ('area = "County"', value("8", '{ using = "nothing", missing = "m" }'), "other-geography"),
        ("read_off_chart = true", value("8", '{ using = "nothing", missing = "m" }'), "chart-reading"),
        ("base = 100", value("69%", '{ using = "nothing", missing = "m" }'), "base-too-large"),
    ],
)
def test_each_caution_is_given_where_it_holds(town, more, values, caution):
    assert caution in cautions(one(town, values, more=more))


@pytest.mark.parametrize(
    "more",
    [
        "base = 100",
        "people = true\nbase = 100",
        'area = "Town"',
    ],
)
def test_and_not_where_it_does_not(town, more):
    found = cautions(one(town, value("8", '{ using = "nothing", missing = "m" }'), more=more))
    assert found == set()


def test_months_outside_those_the_report_states(town):
    def outside(start: str, end: str) -> bool:
        text = f'{HEAD}[[claim]]\nid = "X1"\ntext = "t"\ndocument = "1"\nfrom = "{start}"\nto = "{end}"\n'
        return "outside-period" in cautions(judge(parsed(text), town)[0])

    assert not outside("2019-04", "2020-03")
    assert not outside("2019-06", "2019-06")
    assert outside("2019-03", "2019-06")
    assert outside("2020-03", "2020-04")


def test_words_that_give_a_cause(town):
    def causal(text: str) -> bool:
        return "causal-words" in cautions(judge(parsed(f'[[claim]]\nid = "X1"\ntext = "{text}"\n'), town)[0])

    assert causal("down 3% as a result of patrols")
    assert causal("a fall due to lockdown")
    assert not causal("due to receive £40k")
    assert not causal("down 3%")


def test_a_change_that_could_be_chance(tmp_path):
    subject = plan_subject(tmp_path, counts=[0] * 12 + [10] * 12 + [11] * 12)
    judged = one(subject, value("10%", crime("percent_change")))
    assert judged.verdict == "reproduces"
    assert "within-chance" in cautions(judged)
    far = plan_subject(tmp_path / "far", counts=[0] * 12 + [10] * 12 + [30] * 12)
    assert "within-chance" not in cautions(one(far, value("200%", crime("percent_change"))))


def test_a_change_of_a_share_is_in_points_and_may_be_chance(town):
    assert {"points-not-percent", "within-chance"} <= cautions(one(town, value("4%", POINTS)))


def test_two_printed_percentages_say_whether_the_change_could_be_chance(town):
    def changed(now: str, before: str) -> set[str]:
        more = f'previous = "{before}"\nprevious_base = 200\nbase = 180'
        return cautions(one(town, value(now, '{ using = "nothing", missing = "m" }', more=more)))

    assert "within-chance" in changed("41%", "44%")
    assert "within-chance" not in changed("41%", "64%")


def test_a_percentage_that_no_count_of_its_base_gives(town):
    judged = one(town, value("79%", '{ using = "nothing", missing = "m" }'), more="base = 16")
    assert judged.verdict == "does_not_follow"
    assert "No count of 16 gives 79%." in judged.working
    assert (
        one(town, value("81%", '{ using = "nothing", missing = "m" }'), more="base = 16").verdict == "cannot_be_checked"
    )


def related(kind: str, *names: str, more: str = "") -> str:
    listed = ", ".join(f'"X1.{name}"' for name in names)
    return f'[[relation]]\nkind = "{kind}"\nparts = [{listed}]\n{more}\n'


def test_parts_that_do_not_add_up_are_a_caution_and_those_that_do_are_told(town):
    values = [value('["£100", "£250"]', name="parts"), value("£350", name="whole")]
    judged = one(town, *values, after=related("sum", "parts", more='total = "X1.whole"'))
    assert judged.notes == ("The 2 parts of X1.parts come to 350, which is what X1.whole prints.",)
    assert cautions(judged) == set()
    values[1] = value("£340", name="whole")
    judged = one(town, *values, after=related("sum", "parts", more='total = "X1.whole"'))
    assert "10 more than X1.whole" in judged.notes[0]
    assert cautions(judged) == {"sum-does-not-add-up"}


def test_readings_off_a_chart_say_how_far_reading_reaches(town):
    values = [value('["450", "500", "580"]', name="months"), value("1,520", name="year")]
    judged = one(town, *values, more="read_off_chart = true", after=related("sum", "months", more='total = "X1.year"'))
    assert "within what reading each to the nearest 10 leaves (15)" in judged.notes[0]


@pytest.mark.parametrize(
    ("printed", "said", "caution"),
    [
        ('["41%", "52%", "7%"]', "The parts add up to 100%, which rounding allows.", False),
        ('["51%", "37%", "11%"]', "As printed 1% is left for no answer named.", True),
        ('["51%", "30%", "11%"]', "8% is missing.", True),
        ('["51%", "40%", "15%"]', "parts overlap or one is wrong", True),
        ('["51%", "140%"]', "are not all percentages", False),
    ],
)
def test_the_answers_of_one_question(town, printed, said, caution):
    judged = one(town, value(printed, name="parts"), after=related("single_choice", "parts"))
    assert said in judged.notes[0]
    assert ("sum-does-not-add-up" in cautions(judged)) is caution


def test_statements_within_each_other_and_said_twice(town):
    values = [value("30%", name="narrow"), value("20%", name="wide"), value("20%", name="again")]
    judged = one(town, *values, after=related("nested", "narrow", "wide") + related("same_value", "wide", "again"))
    assert judged.notes[0].endswith("30 cannot be part of 20.")
    assert judged.notes[1].endswith("say the same.")
    assert "printed-numbers-disagree" in cautions(judged)


def test_percentages_of_one_base_that_no_base_allows_are_a_caution(town):
    judged = one(town, value('["33%", "50%"]', name="parts"), after=related("same_base", "parts", more="base = 3"))
    assert judged.notes == ("No count of 3 gives 50%.",)
    assert cautions(judged) >= {"printed-numbers-disagree"}


def test_the_bases_that_percentages_allow():
    assert claims.bases_sentence(["33%", "67%"], 3) == "33% and 67% are all possible of 3."
    assert claims.bases_sentence(["33%", "50%"], 3) == "No count of 3 gives 50%."
    assert claims.bases_sentence(["33%"], 100).endswith("base too large to test at this precision.")
    assert "the fewest is 3" in claims.bases_sentence(["33%"])
    odd = claims.bases_sentence(["17%", "23%", "31%", "37%", "41%", "47%", "53%", "59%", "61%", "67%", "73%"])
    assert odd.startswith("Of the bases under 100")


def test_percentages_on_their_own():
    found = claims.percentages(["69", "12", "19"])
    assert (found.exact, found.possible, found.over) == (True, True, 0)
    assert claims.percentages(["69.0", "12.0", "18.0"]).possible is False
    assert "No count of 7 gives 69" in claims.percentages(["69", "31"], 7).sentence


@pytest.mark.parametrize(
    ("now", "now_base", "before", "before_base", "stated", "chance", "allowed"),
    [
        ("69%", 103, "70%", 107, "", True, True),
        ("41%", 1000, "60%", 1000, "-19", False, True),
        ("41%", 1000, "60%", 1000, "-25", False, False),
        ("33%", 4, "50%", 4, "", False, False),
    ],
)
def test_whether_a_change_follows_from_its_bases(now, now_base, before, before_base, stated, chance, allowed):
    said, could_be_chance, follows = claims.change_between(now, now_base, before, before_base, stated)
    assert (could_be_chance, follows) == (chance, allowed)
    assert said.endswith(".")


def test_money_is_reconciled_through_every_level():
    grant = Part(
        "Grant", "£100", (
            Part("Main pot", "£60", (Part("a", "£30"), Part("b", "£20"))),
            Part("Small pot", "", (Part("c", "£25"), Part("d", "£15"))),
        ),
    )  # fmt: skip
    assert reconciled(grant) == (
        "Grant: its 2 parts come to 100, as printed.",
        "Main pot: its 2 parts come to 50, 10 less than the printed £60.",
        "Small pot: its 2 parts come to 40.",
    )
    assert reconciled(Part("Alone", "£5")) == ()
    assert "a part has no number" in reconciled(Part("W", "£5", (Part("x", "some"),)))[0]


def test_tables_and_lists_of_words(tmp_path):
    subject = plan_subject(tmp_path, priorities=[priority("2020-24", "drugs"), priority("2020-24", "safety", 2)])
    way = '{ using = "table", dataset = "priorities", column = "priority_label", where = { plan = "2020-24" } }'
    assert one(subject, value('["Safety", "DRUGS"]', way)).verdict == "reproduces"
    judged = one(subject, value('["Safety", "Homes"]', way))
    assert judged.verdict == "does_not_follow"
    assert "It lacks Homes. Not printed: Drugs." in judged.working[0]
    assert one(subject, value("2", way.replace("where", 'statistic = "count", where'))).verdict == "reproduces"
    assert one(subject, value('["a"]', way.replace("priority_label", "colour"))).verdict == "cannot_be_checked"
    same = '{ using = "same_list", as = "other" }'
    assert one(subject, value('["A b", "c"]', same), value('["C", "a-b"]', name="other")).verdict == "follows"
    assert one(subject, value('["A", "c"]', same), value('["C", "d"]', name="other")).verdict == "does_not_follow"
    lines = '{ using = "lines", categories = ["burglary"] }'
    assert one(subject, value('["Burglary"]', lines)).verdict == "reproduces"
    assert one(subject, value('["Piracy"]', lines.replace("burglary", "piracy"))).verdict == "cannot_be_checked"


def test_what_is_printed_as_json(town):
    told = one(town, value("1,320", crime(), more='unit = "crimes"'), more='lines = "9"').to_dict()
    assert {name: told[name] for name in ("id", "verdict", "cautions", "printed", "computed", "lines")} == {
        "id": "X1", "verdict": "reproduces", "cautions": [], "printed": "1,320 crimes", "computed": "1,320", "lines": "9",
    }  # fmt: skip
    assert told["working"].startswith("The data give 1,320")
