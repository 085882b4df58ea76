"""What the Overview tells of all priorities together: what changed, and for when and where each figure is."""

import re
from collections.abc import Sequence

from csp_data.analysis.plan import Followed
from csp_data.figures import wording
from csp_data.stories.priorities import KIND_WORDS, Told

MOST_NAMED = 6
"""Figures named in a sentence; more are counted."""


MOST_FIGURES = 5
"""Figures of a priority on the page, so that all priorities fit on the one sheet of A3 of the pack."""


def main_figures(told: Told, most: int = MOST_FIGURES) -> Told:
    """The main figures of a priority, in their order: those of police records, which have a signal, and then the others
    as they are ranked, those that changed by more than chance first; each once (a survey question in its latest survey)."""
    keys = [(figure.kind, figure.name, figure.category) for figure in told.figures]
    first = [place for place, key in enumerate(keys) if key not in keys[:place]]
    ranked = sorted(first, key=lambda place: (_rank(told.figures[place]), place))
    kept = sorted(ranked[:most])
    return Told(tuple(told.rows[place] for place in kept), tuple(told.figures[place] for place in kept))


def _rank(figure: Followed) -> int:
    return 0 if figure.kind == "measure" else 1 if figure.verdict in ("higher", "lower") else 2


def changed(told: Sequence[Told]) -> tuple[str, ...]:
    """What changed by more than chance, a sentence for each direction; that nothing did, or that none can be tested."""
    return _changes(told)[0]


def changes(told: Sequence[Told]) -> tuple[str, ...]:
    """As ``changed``, and how many figures did not change or cannot be tested."""
    said, rest = _changes(told)
    return (*said, rest) if rest else said


def _changes(told: Sequence[Told]) -> tuple[tuple[str, ...], str]:
    """What changed over all priorities, by the test of each figure; a figure under several priorities counts once."""
    figures = _once(told)
    higher, lower, similar = (
        [figure for figure in figures if figure.verdict == word] for word in ("higher", "lower", "similar")
    )
    without = [figure for figure in figures if figure.status != "available"]
    untested = len(figures) - len(higher) - len(lower) - len(similar) - len(without)
    said = []
    for direction, found in (("higher", higher), ("lower", lower)):
        if found:
            said.append(f"**{direction.capitalize()} than before by more than chance:** {_names(found)}.")
    if not higher and not lower and similar:
        said.append("**Nothing changed by more than chance** among the figures that can be tested.")
    if figures and not higher and not lower and not similar:
        none = "None of the figures" if len(figures) > 1 else "The one figure"
        how = "can" if len(figures) > 1 else "cannot"
        said.append(f"**{none} {how} be tested for change** against an earlier one of its own.")
    counts = [
        f"{len(similar)} {'is' if len(similar) == 1 else 'are'} similar to before" if similar else "",
        f"{untested} {'has' if untested == 1 else 'have'} no test of change" if untested else "",
        f"{len(without)} {'is' if len(without) == 1 else 'are'} missing or withheld" if without else "",
    ]
    alone = untested == len(figures)  # said already
    rest = wording.joined([count for count in counts if count]) if any(counts) and not alone else ""
    return tuple(said), f"Of {len(figures)} {'figure' if len(figures) == 1 else 'figures'}, {rest}." if rest else ""


def signals(told: Sequence[Told]) -> str:
    """Which figures the control charts mark in their latest month; "" when there are no control charts."""
    charted = [f for f in _once(told) if f.signal and f.signal.kind == "control chart" and f.signal.direction]
    if not charted:
        return ""
    found = []
    for direction, mark in (("high", "▲ higher than usual"), ("low", "▼ lower than usual")):
        marked = [figure for figure in charted if figure.signal and figure.signal.direction == direction]
        if marked:
            found.append(f"{mark}: {_names(marked)}")
    months = wording.joined(list(dict.fromkeys(f.signal.period for f in charted if f.signal)))
    number = f"{len(charted)} {'figure is' if len(charted) == 1 else 'figures are'} charted"
    if not found:
        return f"**Signals:** in {months} none is outside its usual ups and downs; {number}."
    return f"**Signals:** in {months} {'; '.join(found)}; {number}."


def _names(figures: Sequence[Followed]) -> str:
    names = [wording.lowered(figure.label) for figure in figures]
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    return wording.joined(names)


def _once(told: Sequence[Told]) -> list[Followed]:
    figures = [figure for one in told for figure in one.figures]
    return list({(f.kind, f.name, f.category, f.period, f.area): f for f in figures}.values())


def dates(told: Sequence[Told]) -> dict[str, list[str]]:
    """For when and where the figures of the page are, the latest first, as a table of words."""
    found: dict[tuple[str, str, str, str], list[Followed]] = {}
    for figure in _once(told):
        if figure.period:
            found.setdefault((_when(figure), figure.period, figure.area, figure.kind), []).append(figure)
    rows = sorted(found.items(), key=lambda item: item[0][0], reverse=True)
    return {
        "Data for": [period for (_, period, _, _), _ in rows],
        "Area": [area for (_, _, area, _), _ in rows],
        "Kind": [KIND_WORDS[kind] for (_, _, _, kind), _ in rows],
        "Figures": [wording.joined([wording.lowered(f.label) for f in figures]) for _, figures in rows],
        "Source": ["; ".join(dict.fromkeys(figure.source for figure in figures)) for _, figures in rows],
    }


def _when(figure: Followed) -> str:
    """What to order a figure by: its last day, else the year that its period names."""
    return figure.end or max(re.findall(r"\d{4}", figure.period), default="")
