"""Surveys: tabulated returns, and answers of single people that are counted and go no further."""

import pytest

from csp_data.catalogue.datasets import DATASETS
from csp_data.extracts.contracts import problems_of
from csp_data.extracts.problems import InputError
from csp_data.extracts.sources.survey_returns import read_survey_return, slug, tabulate_respondents

SHARED = {
    "survey": "panel",
    "survey_label": "Residents' panel",
    "wave": "2024",
    "wave_label": "Autumn 2024",
    "mode": "online",
    "sample": "random",
}
RETURN = (
    "question,question_text,topic,kind,option_label,count,base,printed\n"
    "safe-day,How safe by day?,feeling safe,single,Very safe,42,103,41%\n"
    "safe-day,How safe by day?,feeling safe,single,Unsafe,61,103,\n"
)
QUESTIONS = (
    "column,question,question_text,topic,kind,options,no_answer\n"
    "Q1,safe-day,How safe by day?,feeling safe,single,Safe;Unsafe,Don't know\n"
    "Q2,problems,Which are problems?,problems,multiple,Drugs;Litter;Other,\n"
)
ANSWERS = (
    "Q1,Q2,sex,weight,name\n"
    "Safe,Drugs;Litter,F,2,Ann\n"
    "safe,Drugs,F,1,Bob\n"
    "Unsafe,my neighbour Mr Smith,M,1,Cy\n"
    "Don't know,,M,1,Di\n"
    ",Litter,M,1,Ed\n"
)


def write(tmp_path, name: str, text: str):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def counted(tmp_path, answers=ANSWERS, questions=QUESTIONS, **options):
    return tabulate_respondents(
        write(tmp_path, "answers.csv", answers), write(tmp_path, "questions.csv", questions), SHARED, **options
    )


def options(supplied, question: str) -> list[tuple]:
    table = supplied.table[supplied.table["question"] == question]
    return list(table[["option_label", "option_role", "count", "base"]].itertuples(index=False, name=None))


def fault(call, *arguments, **options) -> str:
    with pytest.raises(InputError) as caught:
        call(*arguments, **options)
    return str(caught.value)


def test_a_return_without_identifiers_gets_them_from_its_labels(tmp_path):
    supplied = read_survey_return(write(tmp_path, "return.csv", RETURN), SHARED)
    table = supplied.table
    assert table["option"].tolist() == ["very-safe", "unsafe"]
    assert table["option_order"].tolist() == [1, 2]
    assert table["option_role"].tolist() == ["answer", "answer"]
    assert table["survey"].tolist() == ["panel", "panel"]
    assert table["row"].tolist() == [2, 3]
    assert problems_of(table.drop(columns="row"), DATASETS["survey"], "survey.parquet") == []


def test_what_the_configuration_says_may_not_be_said_again(tmp_path):
    path = write(
        tmp_path, "return.csv", RETURN.replace("question,", "wave,question,", 1).replace("\nsafe", "\n2024,safe")
    )
    assert "'wave' is a column and in the configuration too" in fault(read_survey_return, path, SHARED)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("printed", "shown", "the column 'shown' is not one of the template 'survey'"),
        (",42,", ",forty,", "row 2: the column 'count' is 'forty', which is not a number"),
        (",topic,", ",note,", "the column 'topic' is missing. Add it: What it is about"),
        ("Unsafe", "Very safe", "row 3: there is another row for survey 'panel', wave '2024'"),
    ],
)
def test_faults_of_a_return(tmp_path, old, new, told):
    assert told in fault(read_survey_return, write(tmp_path, "return.csv", RETURN.replace(old, new)), SHARED)


def test_respondents_are_counted_by_option_over_everybody_asked(tmp_path):
    supplied = counted(tmp_path)
    assert options(supplied, "safe-day") == [
        ("Safe", "answer", 2, 5),
        ("Unsafe", "answer", 1, 5),
        ("Don't know", "no answer", 1, 5),
        ("Not answered", "no answer", 1, 5),
    ]
    assert options(supplied, "problems") == [
        ("Drugs", "answer", 2, 5),
        ("Litter", "answer", 2, 5),
        ("Other", "answer", 1, 5),
        ("Not answered", "no answer", 1, 5),
    ]
    assert problems_of(supplied.table.drop(columns="row"), DATASETS["survey"], "survey.parquet") == []


def test_nothing_that_a_person_wrote_is_kept_or_told(tmp_path):
    supplied = counted(tmp_path)
    assert not any("Smith" in str(value) or "Ann" in str(value) for value in supplied.table.to_numpy().ravel())
    told = fault(counted, tmp_path, questions=QUESTIONS.replace(";Other", ""))
    assert "answers.csv, row 4: an answer in the column 'Q2' is not one of its options. Add it to options" in told
    assert "Smith" not in told


def test_a_column_of_weights(tmp_path):
    safe = counted(tmp_path, weight="weight").table.iloc[0]
    # Weights 2, 1, 1, 1, 1: 3 of 6 said safe, and Kish's base is 6² / 8.
    assert (safe["weighted_share"], safe["effective_base"], safe["count"]) == (0.5, 4.5, 2)
    assert safe["weighting"] == "Weights of the return (column weight)"


def test_raking_to_targets_gives_the_population_shares(tmp_path):
    targets = write(tmp_path, "targets.csv", "column,value,share\nsex,F,60\nsex,M,40\n")
    table = counted(tmp_path, targets=targets).table
    # Both women said safe, so 60% of the weight did; weights 1.5, 1.5 and 2/3 three times.
    assert table["weighted_share"][0] == pytest.approx(0.6)
    assert table["effective_base"][0] == pytest.approx(25 / (2 * 1.5**2 + 3 * (2 / 3) ** 2), abs=0.005)
    assert table["weighting"][0] == "Weighted to the shares of sex in the population"


@pytest.mark.parametrize(
    ("targets", "told"),
    [
        ("sex,F,60\nsex,M,30\n", "the shares of 'sex' add up to 90"),
        ("sex,F,60\nsex,M,30\nsex,X,10\n", "nobody among the respondents is 'X'. Put it together"),
        ("sex,F,100\n", "row 4: the column 'sex' holds a value that has no target"),
        ("age,1,100\n", "the column 'age' is not in answers.csv"),
        ("sex,F,most\n", "row 2: the share 'most' is not a number above 0"),
    ],
)
def test_targets_that_cannot_be_used(tmp_path, targets, told):
    path = write(tmp_path, "targets.csv", f"column,value,share\n{targets}")
    assert told in fault(counted, tmp_path, targets=path)


def test_other_faults_of_respondents(tmp_path):
    assert "row 3: a weight is not a number above 0" in fault(
        counted, tmp_path, answers=ANSWERS.replace("F,1,Bob", "F,0,Bob"), weight="weight"
    )
    assert "there is no column 'w' of weights" in fault(counted, tmp_path, weight="w")
    assert "questions.csv, row 4: the column 'Q3' is not in answers.csv" in fault(
        counted, tmp_path, questions=QUESTIONS + "Q3,x,X?,x,single,a;b,\n"
    )
    assert "the column 'kind' is 'several'" in fault(
        counted, tmp_path, questions=QUESTIONS.replace("multiple", "several")
    )


def test_a_label_becomes_an_identifier():
    assert slug("Very/fairly safe (net)") == "very-fairly-safe-net"


def test_a_cap_on_weights_is_kept_and_told(tmp_path):
    targets = write(tmp_path, "targets.csv", "column,value,share\nsex,F,80\nsex,M,20\n")
    table = counted(tmp_path, targets=targets, cap=1.5).table
    # Two women at 1.5 are 60% of five people's weight, where 80% was wanted.
    assert table["weighted_share"][0] == pytest.approx(0.6, abs=0.001)
    assert table["weighting"][0] == (
        "Weighted to the shares of sex in the population; no weight is above 1.5 (2 people are at it), "
        "so shares miss by up to 20.0 points"
    )


def test_a_cap_needs_targets_and_to_be_above_1(tmp_path):
    assert "it has a cap on weights without targets" in fault(counted, tmp_path, weight="weight", cap=3.0)
    targets = write(tmp_path, "targets.csv", "column,value,share\nsex,F,80\nsex,M,20\n")
    assert "a cap on weights must be above 1" in fault(counted, tmp_path, targets=targets, cap=1.0)
