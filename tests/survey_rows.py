"""Rows of the dataset ``survey`` written by hand, few enough to check on paper."""

import pandas as pd

from csp_data.catalogue.partnerships import Partnership

_ROW = {
    "survey": "consultation",
    "survey_label": "Consultation",
    "wave": "2024",
    "wave_label": "2024",
    "collected_from": None,
    "collected_to": None,
    "mode": "online",
    "sample": "self-selected",
    "question": "safe-day",
    "question_text": "How safe do you feel during the day?",
    "topic": "feeling safe",
    "kind": "single",
    "option": "safe",
    "option_label": "Very or fairly safe",
    "option_order": 1,
    "option_role": "answer",
    "count": float("nan"),
    "base": 103,
    "printed": "",
    "weighted_share": float("nan"),
    "effective_base": float("nan"),
    "weighting": "",
    "note": "",
}


def survey_rows(*rows: dict, **shared) -> pd.DataFrame:
    """Rows with what is given in the place of a good row's; ``option_label`` and ``option_order`` follow when left out."""
    made = []
    for place, row in enumerate(rows, start=1):
        option = row.get("option", _ROW["option"])
        follows = {"option_label": option.capitalize(), "option_order": place}
        wave = row.get("wave", shared.get("wave", _ROW["wave"]))
        made.append({**_ROW, **follows, "wave_label": f"Wave of {wave}", **shared, **row})
    return pd.DataFrame(made, columns=list(_ROW)).astype({"base": int, "option_order": int})


class Held:
    """Stands in for a release of Town with one survey."""

    id = "2026-11-22T091000"
    status = "published"

    def __init__(self, table: pd.DataFrame):
        self.table = table
        self.release = self
        self.partnership = Partnership("town", "Town CSP", "Town", ("E07000001",), "kent")

    def extract(self, dataset: str) -> dict:
        return {"sources": [{"publisher": "Town Council"}]}

    def supplied(self, dataset: str) -> pd.DataFrame:
        assert dataset == "survey"
        return self.table
