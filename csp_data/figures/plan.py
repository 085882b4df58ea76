"""A plan's figures in words and small pictures, and its grants as bars. Numbers come from ``analysis.plan`` and
``analysis.grants``; nothing is worked out here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Any
from urllib.parse import quote

import pandas as pd

from csp_data.analysis.grants import Reconciliation
from csp_data.analysis.periods import MONTH_NAMES, Span, financial_year, month_label
from csp_data.analysis.plan import Followed, Mixture, Plan, Point, Signal, Target
from csp_data.catalogue.statuses import notice
from csp_data.figures import theme, wording
from csp_data.figures.bars import row_axis, wrapped
from csp_data.figures.chart import Chart, Column

# Values


def value_words(figure: Followed) -> str:
    """The value with its unit: "27,248 recorded crimes", "63.7%", "£111,000", "4.4 per 100,000"; the symbol when none."""
    if figure.status != "available" or figure.value is None:
        return wording.SYMBOLS.get(figure.status, wording.SYMBOLS["missing"])
    return with_unit(figure.value, figure.unit, _value_places(figure))


def with_unit(value: float, unit: str, places: int | None = None) -> str:
    text = wording.number(value, decimals(value) if places is None else places)
    if unit == "%":
        return f"{text}%"
    if unit == "£":
        return f"£{text}"
    return f"{text} {unit}".rstrip()


def decimals(value: float, most: int = 2) -> int:
    """As few decimals as say the value: 63.7 has one, 0.55 two, 1,459 none."""
    return next((n for n in range(most) if abs(value - round(value, n)) < 1e-9 * max(1.0, abs(value))), most)


def _value_places(figure: Followed) -> int | None:
    """Whole percentages for surveys, whose bases allow no more; the value's own decimals else."""
    return 0 if figure.kind == "survey" and figure.unit == "%" else None


def basis_words(figure: Followed) -> str:
    """The interval and what the value is a share of, or why there is no value: "(95% interval 19% to 35%; 27 of 103
    people)"."""
    if figure.status != "available" or figure.value is None:
        return figure.reason
    parts = []
    if figure.kind in ("survey", "indicator") and figure.lower is not None and figure.upper is not None:
        places = _value_places(figure)
        if places is None:
            places = max(decimals(figure.lower, 1), decimals(figure.upper, 1))
        low = wording.number(figure.lower, places)
        high = with_unit(figure.upper, "%" if figure.unit == "%" else "", places)
        parts.append(f"95% interval {low} to {high}")
    if figure.unit == "%" and figure.kind != "indicator":
        parts.append(share_words(figure.numerator, figure.base, figure.kind == "survey"))
    elif figure.base is not None:
        parts.append(f"of {wording.number(figure.base)}")
    return "; ".join(part for part in parts if part)


def share_words(numerator: float | None, base: float | None, people: bool = False) -> str:
    """ "27 of 103 people", "of 103", or that it is not stated."""
    what = " people" if people else ""
    if numerator is not None and base is not None:
        return f"{wording.number(numerator)} of {wording.number(base)}{what}"
    if base is not None:
        return f"of {wording.number(base)}{what}"
    return "what it is a share of is not stated"


# Changes


def change_words(figure: Followed) -> str:
    """What changed and whether it is more than chance; why it is not known where it is not.

    "5.6% lower than April 2024 to March 2025 (95% interval 7.2% to 4.0% lower): more than chance"
    """
    if figure.value is None or figure.status != "available":
        return "No figure to compare"
    if figure.previous is None:
        return _plain(figure.untested) or "No earlier figure to compare with"
    before = with_unit(
        figure.previous, "%" if figure.unit == "%" else "£" if figure.unit == "£" else "", _value_places(figure)
    )
    then = f"the {before} of {figure.previous_period}" if figure.previous_period else f"{before} before"
    size, interval = _size(figure)
    if not figure.verdict:
        return f"{size} than {then}: not tested" if size else f"{then[0].upper()}{then[1:]} before: not tested"
    limits = f"95% interval {interval}" if interval else ""
    if figure.verdict == "similar":
        inside = "; ".join(part for part in (size, limits) if part)
        return f"Similar to {then}" + (f" ({inside})" if inside else "") + ": within chance"
    said = size or wording.capitalised(figure.verdict)
    return f"{said} than {then}" + (f" ({limits})" if limits else "") + ": more than chance"


def short_change_words(figure: Followed) -> str:
    """As ``change_words``, for a table that says above it what police records are compared with: "5.6% lower (7.2% to
    4.0% lower), more than chance"."""
    if figure.value is None or figure.status != "available" or figure.previous is None:
        return "–"
    size, interval = _size(figure)
    limits = f" ({interval})" if interval else ""
    than = "" if figure.kind == "measure" or not figure.previous_period else f" than in {figure.previous_period}"
    if not figure.verdict:
        return f"{size}{than}, not tested" if size else f"The same as in {figure.previous_period}"
    if figure.verdict == "similar":
        return f"Similar: {wording.lowered(size) or 'no change'}{than}{limits}, within chance"
    return f"{size or wording.capitalised(figure.verdict)}{than}{limits}, more than chance"


def _size(figure: Followed) -> tuple[str, str]:
    """The change and its interval in words, each with its direction."""
    if figure.kind == "survey" or figure.unit == "%":
        return _points(figure.change), _interval(figure, _points)
    if figure.kind in ("measure", "partner figure") and figure.change_lower is not None:
        change = wording.percent_change_words(figure.change) if figure.change is not None else ""
        return wording.capitalised(change), wording.change_interval_words(figure.change_lower, figure.change_upper)
    difference = (figure.value or 0) - (figure.previous or 0)
    if difference == 0:
        return "", ""
    places = max(decimals(figure.value or 0), decimals(figure.previous or 0))
    more = "more" if places == 0 and figure.kind != "indicator" else "higher"
    fewer = "fewer" if places == 0 and figure.kind != "indicator" else "lower"
    return f"{with_unit(abs(difference), '', places)} {more if difference > 0 else fewer}", ""


def _points(change: float | None) -> str:
    if change is None:
        return ""
    size = wording.number(abs(change), 1)
    if size == "0.0":
        return "No change"
    unit = "point" if size == "1.0" else "points"
    return f"{size} percentage {unit} {'higher' if change > 0 else 'lower'}"


def _interval(figure: Followed, _words: Any) -> str:
    low, high = figure.change_lower, figure.change_upper
    if low is None or high is None:
        return ""
    sides = ["lower" if limit < 0 else "higher" for limit in (low, high)]
    first, last = wording.number(abs(low), 1), wording.number(abs(high), 1)
    return f"{first} to {last} {sides[0]}" if sides[0] == sides[1] else f"{first} {sides[0]} to {last} {sides[1]}"


def _plain(text: str) -> str:
    return text.strip().rstrip(".")


# Signals and targets: a letter, a shape and words; never a colour alone


@dataclass(frozen=True)
class Mark:
    """A sign with a letter and a shape, a few words for a table, and a sentence."""

    letter: str
    shape: str
    words: str
    sentence: str

    @property
    def text(self) -> str:
        """ "H ▲ higher than usual"."""
        return " ".join(part for part in (self.letter, self.shape, self.words) if part)


_SIGNALS: Mapping[str, tuple[str, str, str]] = {
    "high": ("H", "▲", "higher than usual"),
    "low": ("L", "▼", "lower than usual"),
    "none": ("U", "●", "usual ups and downs"),
}
_TRENDS: Mapping[str, tuple[str, str, str]] = {
    "high": ("R", "▲", "rising over five years"),
    "low": ("F", "▼", "falling over five years"),
    "none": ("N", "●", "no clear trend over five years"),
}
_ASSURANCE: Mapping[str, tuple[str, str, str]] = {
    "consistent_pass": ("P", "✓", "likely to hit"),
    "consistent_fail": ("F", "✗", "likely to miss"),
    "inconsistent": ("?", "◆", "may hit or miss"),
}
NO_MARK = Mark("", "–", "no signal", "")

KEY = (
    "Signals: H ▲ the latest month is higher than usual, L ▼ lower than usual, U ● within the usual ups and downs, by a "
    "control chart of up to 36 months. R ▲ rising, F ▼ falling, N ● no clear trend: the publisher's test over five "
    "yearly figures. – no signal can be given. No colours: more is not always worse."
)
ASSURANCE_KEY = (
    "Targets: P ✓ likely to hit, F ✗ likely to miss, ? ◆ may hit or miss, by whether the target lies within the limits "
    "of the usual ups and downs, as long as nothing else changes. M ✓ met, N ✗ not met by the latest figure, where there "
    "is no series of months to judge by."
)


def signal_mark(figure: Followed) -> Mark:
    """What the control chart, or the publisher's recent trend, says of the latest figure."""
    signal = figure.signal
    if signal is None:
        return Mark("", "–", "no signal", "")
    if not signal.direction:
        return Mark("", "–", "no signal", signal.reason)
    letter, shape, words = (_SIGNALS if signal.kind == "control chart" else _TRENDS)[signal.direction]
    return Mark(letter, shape, words + _judged(signal), _signal_sentence(signal))


def _judged(signal: Signal) -> str:
    return {"special_cause_improvement": ", getting better", "special_cause_concern": ", getting worse"}.get(
        signal.type, ""
    )


def _signal_sentence(signal: Signal) -> str:
    if signal.kind == "recent trend":
        return f"Recent trend of the {signal.over}: {signal.words} (tested at 99.8%)."
    return f"{signal.period}: {signal.words}, judged by {signal.over}."


def assurance_mark(figure: Followed) -> Mark:
    """Whether the target is likely to be met, and by which limits."""
    if figure.target is None:
        return Mark("", "", "no target", "")
    if not figure.assurance or figure.signal is None or figure.signal.lower is None or figure.signal.upper is None:
        return _met_now(figure, figure.target)
    letter, shape, words = _ASSURANCE[figure.assurance]
    unit = "month" if figure.signal.every == 1 else "quarter"
    low = wording.number(max(figure.signal.lower, 0))
    sentence = (
        f"The usual ups and downs run from {low} to {wording.number(figure.signal.upper)} a {unit} "
        f"({figure.signal.over}); the target is {target_words(figure.target, figure.signal.every, figure.unit)}."
    )
    return Mark(letter, shape, words, sentence)


def _met_now(figure: Followed, target: Target) -> Mark:
    """Where a figure has no process limits: only whether the latest one meets the target."""
    reason = (
        figure.signal.reason if figure.signal else ""
    ) or "Without a series of months nothing can be said of the next."
    if figure.value is None or target.direction == "neutral":
        return Mark("", "–", "cannot be said", figure.reason or reason)
    # A count of police records is that of a period: the target of so many months is held against it.
    dated = figure.kind == "measure" and figure.start and figure.end
    length = Span(figure.start[:7], figure.end[:7]).length if dated else None
    value = target.per_point(length) if length else target.value
    met = figure.value <= value if target.direction == "decrease" else figure.value >= value
    aim = with_unit(value, "%" if figure.unit == "%" else "", None if length is None else decimals(value, 1))
    side = {"decrease": "at most", "increase": "at least"}[target.direction]
    months = f" in {length} {'month' if length == 1 else 'months'}" if length else ""
    sentence = f"The target is {side} {aim}{months}; the latest figure is {value_words(figure)}. {reason}"
    return (
        Mark("M", "✓", "met by the latest figure", sentence)
        if met
        else Mark("N", "✗", "not met by the latest figure", sentence)
    )


def target_words(target: Target, every: int | None, unit: str) -> str:
    """ "at most 500 ASB incidents a month", with the even share of a target for 12 months.

    Parameters
    ----------
    every : months a point of the figure's control chart; None for a figure without one.
    """
    side = {"decrease": "at most ", "increase": "at least "}.get(target.direction, "")
    text = f"{side}{with_unit(target.value, unit)}"
    if every is None:
        return text
    if target.per:
        text += f" in {target.per}" if target.per[0].isdigit() else f" a {target.per}"
    if (target.per, every) not in (("month", 1), ("quarter", 3)):
        share = target.per_point(every)
        text += f", taken as {wording.number(share, decimals(share, 1))} a {'month' if every == 1 else 'quarter'}"
    return text


def outside_plan(plan: Plan, month: str) -> str:
    """What to say where the months chosen end outside a plan; "" where they do not."""
    if plan.start <= month <= plan.end:
        return ""
    return (
        f"The plan runs from {plan.span.label}; the months shown end in {month_label(month)}. The figures are the same under "
        "every plan, so they can be followed beyond it."
    )


def england_words(figure: Followed) -> str:
    """How an indicator stood to England: "better than England (1)"."""
    if figure.compared is None:
        return ""
    value = with_unit(figure.compared, "%" if figure.unit == "%" else "")
    if not figure.compared_verdict:
        return f"England {value}"
    joined = {"similar": "similar to"}.get(figure.compared_verdict, f"{figure.compared_verdict} than")
    return f"{joined} England ({value})"


# Dates and areas


def short_period(period: str) -> str:
    """A period with short names of months: "Apr 2025 to Mar 2026"."""
    for name in MONTH_NAMES:
        period = period.replace(name, name[:3])
    return period


def data_to(figure: Followed) -> str:
    """The last month the figure covers, short: "Mar 2026"; its own period where no date is given."""
    return wording.short_month(figure.end[:7]) if figure.end else figure.period or "[x]"


def mixture_words(mixture: Mixture, own: str) -> str:
    """The warning where figures are for other periods or areas than each other; "" where they are not."""
    if not mixture.mixed:
        return ""
    said = []
    if len(mixture.periods) > 1:
        named = [f"{period} ({count})" for period, count in mixture.periods]
        shown = named if len(named) <= 5 else [*named[:4], f"{len(named) - 4} other periods"]
        said.append(f"periods: {wording.joined(shown)}")
    if mixture.elsewhere:
        said.append(f"areas: some figures are for {wording.joined(list(mixture.elsewhere))}, not for {own} alone")
    return f"The figures below mix {'; and '.join(said)}. Do not add them up or compare them with each other."


# Small trend


def spark(points: Sequence[Point], width: int = 112, height: int = 30) -> str:
    """A small line as an HTML picture, from 0, with a dot on the latest figure and gaps where there is none; "" where
    there are fewer than two figures."""
    known = [(n, point.value) for n, point in enumerate(points) if point.value is not None]
    if len(known) < 2:
        return ""
    highest = max(value for _, value in known) or 1.0
    step = (width - 8) / max(len(points) - 1, 1)
    places = {n: (4 + n * step, height - 4 - (height - 8) * value / highest) for n, value in known}
    lines = []
    for run in _unbroken([n for n, _ in known]):
        if len(run) > 1:
            path = " ".join(f"{places[n][0]:.1f},{places[n][1]:.1f}" for n in run)
            lines.append(f'<polyline points="{path}" fill="none" stroke="{theme.SERIES}" stroke-width="1.5"/>')
        else:
            lines.append(
                f'<circle cx="{places[run[0]][0]:.1f}" cy="{places[run[0]][1]:.1f}" r="1.5" fill="{theme.SERIES}"/>'
            )
    x, y = places[known[-1][0]]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<line x1="4" x2="{width - 4}" y1="{height - 4}" y2="{height - 4}" stroke="{theme.CONTEXT}" stroke-width="1"/>'
        f'{"".join(lines)}<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{theme.SERIES}"/></svg>'
    )
    # As a picture: Streamlit takes SVG written into a page out of it.
    address = f"data:image/svg+xml,{quote(svg, safe='')}"
    return f'<img src="{address}" width="{width}" height="{height}" alt="{escape(spark_words(points))}">'


def _unbroken(places: list[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for place in places:
        if found and found[-1][-1] == place - 1:
            found[-1].append(place)
        else:
            found.append([place])
    return found


def spark_words(points: Sequence[Point]) -> str:
    """The small line in words: "April 2023 to March 2026: highest 2,755 (April 2023), lowest 2,011 (February 2026),
    latest 2,105 (March 2026)"."""
    known = [(point.value, point.label) for point in points if point.value is not None]
    if not known:
        return "No figures over time"
    high, low = max(known, key=lambda one: one[0]), min(known, key=lambda one: one[0])

    def said(one: tuple[float, str]) -> str:
        return f"{wording.number(one[0], decimals(one[0], 1))} ({one[1]})"

    return (
        f"{points[0].label} to {points[-1].label}: highest {said(high)}, lowest {said(low)}, latest {said(known[-1])}"
    )


# Grants


def pounds(amount: float) -> str:
    return f"£{wording.number(amount, 0 if float(amount).is_integer() else 2)}"


def reconciliation_words(grant: Reconciliation) -> tuple[str, ...]:
    """Whether the sums of a grant agree, a sentence each."""
    said = []
    if grant.allocation is not None and grant.pots_total is not None:
        said.append(
            _agreement(
                f"The pots add up to {pounds(grant.pots_total)}", grant.pots_total - grant.allocation,
                f"the grant of {pounds(grant.allocation)}",
            )
        )  # fmt: skip
    for pot in grant.pots:
        if not pot.projects:
            continue
        number, come = ("1 award", "comes") if pot.projects == 1 else (f"{pot.projects} awards", "come")
        awards = f"{number} from the pot ‘{pot.name}’ {come} to {pounds(pot.awarded)}"
        if pot.amount is None:
            said.append(f"{awards}; the size of the pot is not given.")
        elif pot.unspent == 0:
            said.append(f"{awards}, the whole pot.")
        else:
            left = pot.unspent or 0
            rest = f"{pounds(left)} is not awarded" if left > 0 else f"{pounds(-left)} more than it holds"
            said.append(f"{awards} of {pounds(pot.amount)}: {rest}.")
    if grant.unspent is not None and grant.projects and grant.allocation is not None:
        spent = f"{pounds(grant.awarded)} of {pounds(grant.allocation)}"
        text = f"All awards together come to {spent}, which leaves {pounds(grant.unspent)}"
        if grant.available is None:
            said.append(f"{text}.")
        else:
            difference = grant.available - grant.unspent
            said.append(
                f"{text}: the same as the ledger says is available."
                if difference == 0
                else f"{text}; the ledger says {pounds(grant.available)} is available, {pounds(abs(difference))} "
                f"{'more' if difference > 0 else 'less'}."
            )
    return tuple(said)


def _agreement(what: str, difference: float, whole: str) -> str:
    if difference == 0:
        return f"{what}, the same as {whole}."
    return f"{what}, {pounds(abs(difference))} {'more' if difference > 0 else 'less'} than {whole}."


_LABEL_LETTERS = 42
"""Letters of a line above a bar: a telephone's width."""
_BAR_TEXT = "\u2002"


def grants_by_priority(
    table: pd.DataFrame, labels: Mapping[tuple[str, str], str], year: str, about: Mapping[str, str]
) -> Chart:
    """A bar a priority, in parts by pot, the largest first.

    Parameters
    ----------
    table : of ``analysis.grants.by_priority``, with at least one row
    labels : (plan, priority) -> name
    about : ``area``, ``source``, ``status`` of the release
    """
    keys = list(dict.fromkeys(zip(table["plan"], table["priority"], strict=True)))
    names = [labels.get(key, key[1] or "No priority named") for key in keys]
    pots = list(dict.fromkeys(table["pot"]))
    amounts = {
        (plan, p, pot): a
        for plan, p, pot, a in zip(table["plan"], table["priority"], table["pot"], table["amount"], strict=True)
    }
    totals = [sum(amounts.get((*key, pot), 0.0) for pot in pots) for key in keys]
    projects = [int(table.loc[(table["plan"] == a) & (table["priority"] == b), "projects"].sum()) for a, b in keys]
    rows = list(range(len(keys)))
    texts = [
        f"{pounds(total)}\u00a0({n}\u00a0{'project' if n == 1 else 'projects'})"  # on one line
        for total, n in zip(totals, projects, strict=True)
    ]
    looks = (
        {"color": theme.SERIES},
        {"color": theme.INCOMPLETE, "pattern": _pattern("/", theme.PAPER, theme.INCOMPLETE)},
        {"color": theme.CONTEXT, "pattern": _pattern(".", theme.TEXT, theme.CONTEXT)},
    )
    # Names stand above their bars, so that they are whole on a telephone.
    above = [wrap(f"{name}: {text}", _LABEL_LETTERS) for name, text in zip(names, texts, strict=True)]
    lines = max(len(each) for each in above)
    data: list[dict[str, Any]] = [
        {
            "type": "bar", "orientation": "h", "x": [amounts.get((*key, pot), 0.0) for key in keys], "y": rows, "width": 0.4,
            "name": pot or "No pot named", "marker": looks[n % len(looks)],
            "hovertemplate": "£%{x:,.0f}<extra>" + escape(pot) + "</extra>",
        }
        for n, pot in enumerate(pots)
    ]  # fmt: skip
    row = 36 + 17 * lines
    margin = {"l": 8, "r": 8, "t": 26 + 17 * (lines - 1) + 8, "b": 30}
    height = len(rows) * row + margin["t"] + margin["b"]
    figure = theme.build_figure(
        data,
        theme.layout(
            height, margin, barmode="stack", showlegend=len(pots) > 1,
            xaxis=theme.axis(range=[0, max(totals) * 1.05 or 1], nticks=4, tickformat=",", tickprefix="£"),
            yaxis={**row_axis([""] * len(rows)), "showticklabels": False},
            legend={"orientation": "h", "traceorder": "normal", "x": 0, "xanchor": "left", "xref": "container", "y": 1,
                    "yanchor": "top", "yref": "container", "itemclick": False, "itemdoubleclick": False},
            annotations=[
                theme.note("<br>".join(escape(line) for line in label), x=0, y=n, xanchor="left", yanchor="bottom",
                           align="left", yshift=round(0.2 * row) + 2, font={"size": theme.TEXT_SIZE, "color": theme.TEXT})
                for n, label in zip(rows, above, strict=True)
            ],
        ),
    )  # fmt: skip
    named = [(total, name) for total, name, key in zip(totals, names, keys, strict=True) if key[1]]
    whole = sum(totals)
    listed = "; ".join(f"{name} {text}" for name, text in zip(names, texts, strict=True)).replace("\u00a0", " ")
    return Chart(
        kind="grants by priority",
        title=f"Awards were highest for {max(named)[1]}" if named and len(named) > 1 else f"Awards of {year}",
        subtitle=f"Awards by priority and pot, £, {about['area']}, {year}; {pounds(whole)} in {sum(projects)} projects",
        source=about["source"],
        notice=notice(about["status"]),
        alt=f"Bar chart of awards in pounds by priority in {about['area']}, {year}. {listed}.",
        data=table.assign(
            label=[labels.get(key, key[1] or "No priority named") for key in zip(table["plan"], table["priority"], strict=True)],
            value_status="available",
        ),
        columns=(
            Column("label", "Priority"), Column("pot", "Pot"), Column("amount", "Awarded (£)", "count"),
            Column("projects", "Projects", "count"),
        ),
        figure=figure,
        height=height,
    )  # fmt: skip


def _pattern(shape: str, line: str, ground: str) -> dict[str, Any]:
    return {"shape": shape, "fgcolor": line, "bgcolor": ground, "size": 8}


def grants_by_year(table: pd.DataFrame, about: Mapping[str, str]) -> Chart:
    """A bar a year and funder, the oldest first.

    Parameters
    ----------
    table : of ``analysis.grants.by_year``, with at least one row
    about : ``area``, ``source``, ``status`` of the release
    """
    years, funders, amounts = table["year"].tolist(), table["funder"].tolist(), table["amount"].tolist()
    several = len(set(funders)) > 1
    labels = [wrapped(f"{year}, {funder}" if several else year) for year, funder in zip(years, funders, strict=True)]
    rows = list(range(len(labels)))
    margin = {"l": 8, "r": 8, "t": 8, "b": 30}
    height = len(rows) * max(theme.ROW_HEIGHT, 17 * max(label.count("<br>") + 1 for label in labels) + 10) + 38
    figure = theme.build_figure(
        [
            {"type": "bar", "orientation": "h", "x": amounts, "y": rows, "width": 0.66, "marker": {"color": theme.SERIES},
             "hoverinfo": "skip"},
            {"type": "scatter", "mode": "text", "x": amounts, "y": rows, "hoverinfo": "skip", "cliponaxis": False,
             "text": [f"{_BAR_TEXT}{pounds(amount)}" for amount in amounts], "textposition": "middle right",
             "textfont": {"size": theme.TEXT_SIZE, "color": theme.TEXT}},
        ],
        theme.layout(height, margin, yaxis=row_axis(labels),
                     xaxis=theme.axis(range=[0, max(amounts) * 1.7 or 1], nticks=4, tickformat=",", tickprefix="£")),
    )  # fmt: skip
    gaps = _years_between(years)
    others = sorted(set(table["basis"]) - {"allocation"})
    listed = "; ".join(
        f"{y}{f', {f_}' if several else ''} {pounds(a)}"
        for y, f, f_, a in zip(years, years, funders, amounts, strict=True)
    )
    return Chart(
        kind="grants by year",
        title=_title_of_grants(table),
        subtitle=f"Grants by financial year, £, {about['area']}, {years[0]} to {years[-1]}"
        if years[0] != years[-1]
        else f"Grants, £, {about['area']}, {years[0]}",
        source=about["source"],
        notice=notice(about["status"]),
        alt=f"Bar chart of grants in pounds by financial year in {about['area']}. {listed}.",
        data=table.assign(value_status="available"),
        columns=(
            Column("year", "Financial year"), Column("funder", "Funder"), Column("amount", "Amount (£)", "count"),
            Column("basis", "What the amount is"),
        ),
        figure=figure,
        height=height,
        notes=(
            *([f"The ledger holds nothing for {gaps}: that is not known to be nought."] if gaps else []),
            *([f"Where no allocation is given: {wording.joined(others)}."] if others else []),
            "In the pounds of each year: not adjusted for prices.",
        ),
    )  # fmt: skip


def _title_of_grants(table: pd.DataFrame) -> str:
    """How the latest grant stood to the one before of the same funder: sums, so no test."""
    latest = table.iloc[-1]
    same = table[table["funder"] == latest["funder"]]
    if len(same) < 2:
        return f"The grant of {latest['year']} was {pounds(latest['amount'])}"
    before = same.iloc[-2]
    difference = latest["amount"] - before["amount"]
    if difference == 0:
        return f"The grant of {latest['year']} was the same as that of {before['year']}"
    size = f"{pounds(abs(difference))} {'higher' if difference > 0 else 'lower'}"
    return f"The grant of {latest['year']} was {size} than in {before['year']}"


def _years_between(years: Iterable[str]) -> str:
    """The financial years between the first and last that are not there: "2017/18 to 2023/24"; "" when none."""
    held = sorted(set(years))
    try:
        first, last = int(held[0][:4]), int(held[-1][:4])
        every = [f"{year}/{(year + 1) % 100:02d}" for year in range(first, last + 1)]
        [financial_year(year) for year in held]
    except ValueError:
        return ""
    missing = [int(year[:4]) for year in every if year not in held]
    spans: list[list[int]] = []
    for year in missing:
        if spans and spans[-1][-1] == year - 1:
            spans[-1].append(year)
        else:
            spans.append([year])

    def named(year: int) -> str:
        return f"{year}/{(year + 1) % 100:02d}"

    words = [named(s[0]) if len(s) == 1 else f"{named(s[0])} to {named(s[-1])}" for s in spans]
    return wording.joined(words) if words else ""


def quarter_words(quarter: str) -> str:
    """A quarter by its first month: "January to March 2026"."""
    number = int(quarter[:4]) * 12 + int(quarter[5:]) + 1
    end = f"{number // 12}-{number % 12 + 1:02d}"
    first, last = month_label(quarter), month_label(end)
    return f"{first.split()[0]} to {last}" if first.split()[1] == last.split()[1] else Span(quarter, end).label
