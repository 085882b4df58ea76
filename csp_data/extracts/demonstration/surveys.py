"""Surveys of residents: the answers that Medway's reports print, and a wholly made-up consultation of Maidstone.

The reports print percentages, some of them sums ("very or fairly safe"), and not the counts behind them. A count here is
one that rounds to the printed percentage on the printed base. How a sum splits into its options, who gave no answer, and
options that are not printed are made up, and their notes say so. The base of the event of March 2020 is not printed: 71
is the fewest people of whom every printed percentage is possible.
"""

import pandas as pd

from csp_data.extracts.demonstration.background import MEDWAY, District
from csp_data.extracts.demonstration.documents import ASSESSMENT_2020, SCRUTINY_2024
from csp_data.extracts.demonstration.rows import MADE_UP, table_of

CONSULTATION = "csp-consultation"
EVENT = "consultation-event"
EVENT_BASE = 71
PANEL = "residents-panel"

_WORDING_NOTE = "The wording of the question is not printed: this is the demonstration's."
_SPLIT = (
    "Printed as 'very safe/fairly safe' and 'very unsafe/fairly unsafe' together: how each splits is made up, and so is who "
    f"answered neither or nothing. {_WORDING_NOTE}"
)
_COUNT = f"Counts are those that round to the printed percentages. {_WORDING_NOTE}"
_EVENT_NOTE = (
    f"The report prints no base: {EVENT_BASE} is the demonstration's assumption, the fewest people of whom every printed "
    f"percentage is possible. {_WORDING_NOTE}"
)

_SAFETY = (
    ("very-safe", "Very safe"),
    ("fairly-safe", "Fairly safe"),
    ("neither", "Neither safe nor unsafe"),
    ("fairly-unsafe", "Fairly unsafe"),
    ("very-unsafe", "Very unsafe"),
    ("no-answer", "No answer"),
)
_WORDING = {
    "safe-day": "How safe do you feel in Medway during the day?",
    "safe-evening": "How safe do you feel in Medway during the evening?",
    "problems": "Which of these do you think are a problem in Medway?",
    "priorities": "Which of these should be addressed as a priority in Medway?",
    "what-helps": "What would have the most impact on making you feel safer in Medway?",
    "partners-violence": "Do you agree that the community safety partners are dealing with violent crime as best they "
    "can?",
    "causes-violence": "What do you feel are the three main causes of serious violence?",
}
_TOPICS = {
    "safe-day": "feeling safe",
    "safe-evening": "feeling safe",
    "problems": "problems",
    "priorities": "priorities",
    "what-helps": "what would help",
    "partners-violence": "partners",
    "causes-violence": "causes of violence",
}

DRUGS = ("drugs", "People using or dealing drugs")
FLY_TIPPING = ("fly-tipping", "People fly tipping")
DRIVING = ("driving", "People driving carelessly or too fast")
DRUNK = ("drunk", "People being drunk or rowdy in public places")
LITTER = ("litter", "People dropping litter")
SEXUAL_OFFENCES = ("sexual-offences", "Sexual offences")
POLICING = ("policing", "Visible and effective policing")
SPACES = ("spaces", "Well maintained public spaces and infrastructure")
CCTV = ("cctv", "CCTV")

# Question -> option, label, count, percentage as printed (empty: not printed, made up).
_CHOICES_2024 = {
    "problems": (
        (*DRUGS, 82, "80%"),
        (*FLY_TIPPING, 75, "73%"),
        (*DRIVING, 73, "71%"),
        (*DRUNK, 68, "66%"),
        (*LITTER, 62, "60%"),
        ("vehicle-crime", "Vehicles being stolen or broken into", 49, ""),
        ("neighbours", "Noisy or nuisance neighbours", 34, ""),
    ),
    "priorities": (
        (*DRUGS, 72, "70%"),
        (*FLY_TIPPING, 45, "44%"),
        (*DRUNK, 41, "40%"),
        (*DRIVING, 40, "39%"),
        (*SEXUAL_OFFENCES, 37, "36%"),
        (*LITTER, 28, ""),
        ("neighbours", "Noisy or nuisance neighbours", 11, ""),
    ),
    "what-helps": (
        (*POLICING, 81, "79%"),
        (*SPACES, 54, "52%"),
        (*CCTV, 50, "49%"),
        ("lighting", "Better street lighting", 43, ""),
        ("youth-work", "More for young people to do", 38, ""),
    ),
}
_CAUSES_2020 = (
    ("asb", "Anti-social behaviour", 45, "63%"),
    ("domestic-abuse", "Domestic abuse", 31, "44%"),
    ("drugs", "Drug abuse or dealing", 31, "44%"),
    ("gangs", "Gangs and the carrying of knives", 28, ""),
    ("alcohol", "Alcohol", 21, ""),
)


def survey_of(district: District) -> pd.DataFrame:
    """The surveys of a partnership, counted by option, under the contract ``survey``."""
    return table_of("survey", _medway() if district is MEDWAY else _maidstone())


def _medway() -> list[dict]:
    consultation = {
        "survey": CONSULTATION,
        "survey_label": "Community safety consultation",
        "mode": "online",
        "sample": "self-selected",
    }
    event = {
        "survey": EVENT,
        "survey_label": "Annual consultation event",
        "wave": "2020",
        "wave_label": "March 2020",
        "collected_from": "2020-03-01",
        "collected_to": "2020-03-22",
        "mode": "paper at an event",
        "sample": "self-selected",
        "base": EVENT_BASE,
    }
    waves = {
        "2023": {**consultation, "wave": "2023", "wave_label": "2023", "base": 107},
        "2024": {**consultation, "wave": "2024", "wave_label": "2024", "base": 103},
    }
    source = f"Source: {SCRUTINY_2024}, section 7."
    rows = []
    # very safe, fairly safe, neither, fairly unsafe, very unsafe, no answer; printed: safe and unsafe
    for wave, question, counts, safe, unsafe in (
        ("2023", "safe-day", (23, 52, 14, 12, 5, 1), "70%", "16%"),
        ("2023", "safe-evening", (5, 25, 15, 34, 26, 2), "28%", "56%"),
        ("2024", "safe-day", (21, 50, 11, 14, 6, 1), "69%", "19%"),
        ("2024", "safe-evening", (4, 23, 23, 30, 21, 2), "26%", "50%"),
    ):
        rows += _safety(waves[wave], question, counts, {"safe": safe, "unsafe": unsafe}, f"{_SPLIT} {source}")
    for question, options in _CHOICES_2024.items():
        rows += _choices(waves["2024"], question, options, f"{_COUNT} {source}")
    note = (
        f"{_EVENT_NOTE} Held at Mid Kent College, on a day in March that is not printed. "
        f"Source: {ASSESSMENT_2020}, Listening to Communities and Partners."
    )
    # Day is printed option by option and leaves nobody over; of the evening, "very or fairly" is printed together.
    rows += _safety(
        event,
        "safe-day",
        (29, 37, 5, 0, 0, 0),
        {"very-safe": "41%", "fairly-safe": "52%", "neither": "7%"},
        note,
    )
    rows += _safety(
        event,
        "safe-evening",
        (10, 26, 26, 8, 0, 1),
        {"safe": "51%", "neither": "37%", "fairly-unsafe": "11%"},
        f"{note} How 'very or fairly safe' splits is made up, and so is the one person without an answer: the printed "
        "percentages come to 99%.",
    )
    rows += _agreement(event, (8, 50, 9, 3, 0, 1), note)
    rows += _choices(event, "causes-violence", _CAUSES_2020, note)
    return rows


def _question(question: str, kind: str) -> dict:
    return {
        "question": question,
        "question_text": _WORDING[question],
        "topic": _TOPICS[question],
        "kind": kind,
    }


def _safety(wave: dict, question: str, counts: tuple[int, ...], printed: dict[str, str], note: str) -> list[dict]:
    """The options of a question about feeling safe, and the two sums of them."""
    common = {**wave, **_question(question, "single"), "note": note}
    rows = [
        {
            **common,
            "option": option,
            "option_label": label,
            "option_order": order,
            "option_role": "no answer" if option == "no-answer" else "answer",
            "count": count,
            "printed": printed.get(option, ""),
        }
        for order, ((option, label), count) in enumerate(zip(_SAFETY, counts, strict=True), start=1)
    ]
    for order, (option, label, count) in enumerate(
        (
            ("safe", "Very or fairly safe", counts[0] + counts[1]),
            ("unsafe", "Very or fairly unsafe", counts[3] + counts[4]),
        ),
        start=len(rows) + 1,
    ):
        rows.append(
            {
                **common,
                "option": option,
                "option_label": label,
                "option_order": order,
                "option_role": "net",
                "count": count,
                "printed": printed.get(option, ""),
            }
        )
    return rows


def _agreement(wave: dict, counts: tuple[int, ...], note: str) -> list[dict]:
    options = (
        ("strongly-agree", "Strongly agree", "11%"),
        ("agree", "Agree", "70%"),
        ("neither", "Neither agree nor disagree", ""),
        ("disagree", "Disagree", ""),
        ("strongly-disagree", "Strongly disagree", ""),
        ("no-answer", "No answer", ""),
    )
    common = {
        **wave,
        **_question("partners-violence", "single"),
        "note": f"{note} Only 'strongly agree' and 'agree' are printed: the other answers are made up.",
    }
    rows = [
        {
            **common,
            "option": option,
            "option_label": label,
            "option_order": order,
            "option_role": "no answer" if option == "no-answer" else "answer",
            "count": count,
            "printed": printed,
        }
        for order, ((option, label, printed), count) in enumerate(zip(options, counts, strict=True), start=1)
    ]
    rows.append(
        {
            **common,
            "option": "agree-net",
            "option_label": "Strongly agree or agree",
            "option_order": len(rows) + 1,
            "option_role": "net",
            "count": counts[0] + counts[1],
        }
    )
    return rows


def _choices(wave: dict, question: str, options: tuple[tuple, ...], note: str) -> list[dict]:
    """The options of a question with several answers each; the note names those that no report prints."""
    made_up = [f"'{label}'" for _, label, _, printed in options if not printed]
    if 0 < len(made_up) < len(options):
        note = f"{note} Not printed, and made up: {', '.join(made_up)}."
    return [
        {
            **wave,
            **_question(question, "multiple"),
            "option": option,
            "option_label": label,
            "option_order": order,
            "option_role": "answer",
            "count": count,
            "printed": printed,
            "note": note,
        }
        for order, (option, label, count, printed) in enumerate(options, start=1)
    ]


def _maidstone() -> list[dict]:
    """Two waves of a consultation that was never held, a weighted panel, and an event that too few came to."""
    common = {
        "survey": CONSULTATION,
        "survey_label": "Community safety consultation",
        "mode": "online",
        "sample": "self-selected",
    }
    waves = {
        "2023": {**common, "wave": "2023", "wave_label": "2023", "base": 186},
        "2024": {**common, "wave": "2024", "wave_label": "2024", "base": 214},
    }
    rows = []
    for wave, question, counts in (
        ("2023", "safe-day", (62, 88, 17, 14, 4, 1)),
        ("2023", "safe-evening", (18, 57, 39, 48, 22, 2)),
        ("2024", "safe-day", (80, 99, 18, 12, 4, 1)),
        ("2024", "safe-evening", (29, 84, 41, 40, 17, 3)),
    ):
        rows += _safety(waves[wave], question, counts, {}, MADE_UP)
    made_up = {
        ("2023", "problems"): (104, 121, 133, 76, 98),
        ("2024", "problems"): (96, 143, 151, 71, 117),
        ("2024", "priorities"): (121, 88, 93, 64, 41),
    }
    names = (DRUGS, FLY_TIPPING, DRIVING, DRUNK, LITTER)
    for (wave, question), counts in made_up.items():
        options = tuple((*name, count, "") for name, count in zip(names, counts, strict=True))
        rows += _choices(waves[wave], question, options, MADE_UP)
    helps = tuple((*name, count, "") for name, count in zip((POLICING, SPACES, CCTV), (158, 101, 87), strict=True))
    rows += _choices(waves["2024"], "what-helps", helps, MADE_UP)
    event = {
        **common,
        "survey": EVENT,
        "survey_label": "Annual consultation event",
        "wave": "2020",
        "wave_label": "March 2020",
        "collected_from": "2020-03-01",
        "collected_to": "2020-03-22",
        "mode": "paper at an event",
        "base": 24,
    }
    rows += _safety(event, "safe-day", (9, 11, 2, 2, 0, 0), {}, f"{MADE_UP} Too few answered for a result.")
    panel = {
        "survey": PANEL,
        "survey_label": "Residents' panel",
        "wave": "2022",
        "wave_label": "October 2022",
        "collected_from": "2022-10-03",
        "collected_to": "2022-10-28",
        "mode": "telephone",
        "sample": "quota",
        "base": 412,
    }
    for question, counts in (("safe-day", (171, 182, 31, 20, 5, 3)), ("safe-evening", (74, 161, 68, 72, 32, 5))):
        rows += _weighted(_safety(panel, question, counts, {}, MADE_UP))
    for row in rows:
        row["question_text"] = row["question_text"].replace("Medway", "Maidstone")
    return rows


_WEIGHTS = {
    "very-safe": 0.94,
    "fairly-safe": 1.0,
    "neither": 1.03,
    "fairly-unsafe": 1.07,
    "very-unsafe": 1.1,
    "no-answer": 1.0,
}
"""Mean weight of those who gave an answer: made up, as if younger people, who feel less safe, had been too few."""

_DESIGN_EFFECT = 1.31


def _weighted(rows: list[dict]) -> list[dict]:
    """A question about feeling safe with weighted shares: those of the options add up to 1, those of the sums to their
    parts."""
    weight = {row["option"]: row["count"] * _WEIGHTS[row["option"]] for row in rows if row["option_role"] != "net"}
    total = sum(weight.values())
    share = {option: value / total for option, value in weight.items()}
    share |= {side: share[f"very-{side}"] + share[f"fairly-{side}"] for side in ("safe", "unsafe")}
    return [
        {
            **row,
            "weighted_share": share[row["option"]],
            "effective_base": round(row["base"] / _DESIGN_EFFECT, 1),
            "weighting": "By age and sex, to the residents of the census; the weights are made up.",
        }
        for row in rows
    ]
