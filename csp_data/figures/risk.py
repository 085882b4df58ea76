"""The risk matrix as a table of words: likelihood down, impact across, the numbers of the risks in its cells."""

from dataclasses import dataclass

import pandas as pd

LIKELIHOOD = {"A": "Very likely", "B": "Likely", "C": "Unlikely", "D": "Rare"}
IMPACT = {"I": "Catastrophic", "II": "Major", "III": "Moderate", "IV": "Minor"}


@dataclass(frozen=True)
class Register:
    """One risk register: its matrix, its list, and what must be said of it.

    ``matrix`` and ``listed`` are tables of words (heading -> cells). ``matrix`` has no rows where no risk has a likelihood
    and an impact, as in registers that only say "Low"; ``sentence`` then says so.
    """

    matrix: dict[str, list[str]]
    listed: dict[str, list[str]]
    sentence: str
    source: str


def register(risks: pd.DataFrame, before: pd.DataFrame | None = None) -> Register:
    """The register of one day.

    Parameters
    ----------
    risks : rows of the dataset ``risks`` of one day of assessment, in their order: a risk's number is its place
    before : the rows of the register before it, or None
    """
    names, ratings = risks["risk"].tolist(), risks["rating"].tolist()
    places = list(zip(risks["likelihood"], risks["impact"], strict=True))
    placed = [bool(likelihood and impact) for likelihood, impact in places]
    listed = {
        "Risk": [f"{n}. {name}" for n, name in enumerate(names, start=1)],
        "Rating": [rating_words(*place, rating) for place, rating in zip(places, ratings, strict=True)],
    }
    if before is not None and len(before):
        rated = zip(before["likelihood"], before["impact"], before["rating"], strict=True)
        earlier = dict(zip(before["risk"].map(_same), [rating_words(*each) for each in rated], strict=True))
        listed["Rating before"] = [earlier.get(_same(name), "not in it") for name in names]
    listed["What could happen"] = [text or "not stated" for text in risks["description"]]
    listed["What is done about it"] = [text or "not stated" for text in risks["action"]]
    without = [f"{n}" for n, at in enumerate(placed, start=1) if not at]
    return Register(
        matrix=matrix(places) if any(placed) else {"Likelihood": []},
        listed=listed,
        sentence=_sentence(len(names), without, sorted(set(ratings))),
        source="; ".join(dict.fromkeys(source for source in risks["source"] if source)) or "not stated",
    )


def matrix(places: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Which risks lie in each cell, by their numbers; "–" in a cell without any."""
    table = {"Likelihood": [f"{code} {words}" for code, words in LIKELIHOOD.items()]}
    for impact, words in IMPACT.items():
        table[f"{impact} {words}"] = [
            ", ".join(str(n) for n, place in enumerate(places, start=1) if place == (likelihood, impact)) or "–"
            for likelihood in LIKELIHOOD
        ]
    return table


def rating_words(likelihood: str, impact: str, rating: str) -> str:
    """ "DII: rare, major", or the rating as printed."""
    if likelihood not in LIKELIHOOD or impact not in IMPACT:
        return rating or "not rated"
    return f"{likelihood}{impact}: {LIKELIHOOD[likelihood].lower()}, {IMPACT[impact].lower()}"


def _sentence(number: int, without: list[str], ratings: list[str]) -> str:
    if not without:
        return ""
    if len(without) == number:
        said = ratings[0] if len(ratings) == 1 else ", ".join(ratings)
        return (
            f"This register gives no likelihood and impact, so it has no matrix: {'all' if len(ratings) == 1 else 'its'} "
            f"{number} risks are rated ‘{said}’. It cannot be compared with a register that has a matrix."
        )
    return f"Without likelihood and impact, so not in the matrix: {', '.join(without)}."


def _same(name: str) -> str:
    """A name without what changes between printings of it."""
    return "".join(letter for letter in name.lower() if letter.isalnum())
