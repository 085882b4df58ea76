"""How far records gather in few wards: the top wards, the Lorenz curve, mixes of kinds, who stays on top, hot spots."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from csp_data.analysis.concentration import FEW_AREAS
from csp_data.analysis.periods import MONTH_NAMES, Span
from csp_data.analysis.wards import Gathering, Staying
from csp_data.figures import theme, wording
from csp_data.figures.bars import row_axis, wrapped
from csp_data.figures.chart import Chart, Column, drawn, provenance

if TYPE_CHECKING:
    from csp_data.analysis.results import Answer

CHANCE = 1.96
"""How far a single test goes by chance 19 times in 20."""
FEWEST_ROWS = 5
MOST_TIMES = 3.0
"""A chart of quotients reaches at least this far."""
_SPACE = "\u2002"


# The top wards


def top_wards(found: Gathering, answer: "Answer", selected: str | None = None) -> Chart:
    """The wards with most, all that tie for the last place among them, and the other wards together.

    Parameters
    ----------
    found : ``analysis.wards.gathering``
    answer : the partnership's count of the same question
    selected : code of the ward to pick out, or None
    """
    noun, place = wording.noun(answer), answer.area_name
    rows = _by_count(found)
    total, inside = found.top.total, list(found.top.areas)
    top = rows[rows["area"].isin(inside)]
    labels = [wrapped(name) for name in top["area_name"].tolist()]
    values = top["count"].tolist()
    chosen = [code == selected for code in top["area"].tolist()]
    texts = [f"{wording.number(v)} ({wording.percent(100 * v / total)})" for v in values]
    colours = [theme.COMPARISON if this else theme.SERIES for this in chosen]
    numbers = list(range(len(labels)))
    furthest = max(values, default=0) or 1
    margin = {"l": 8, "r": 8, "t": 8, "b": 30}
    height = max(len(labels), 2) * 42 + margin["t"] + margin["b"]
    figure = theme.build_figure(
        [
            {"type": "bar", "orientation": "h", "x": values, "y": numbers, "width": 0.62, "hoverinfo": "skip",
             "marker": {"color": colours}},
            {"type": "scatter", "mode": "text", "x": values, "y": numbers, "text": [_SPACE + text for text in texts],
             "textposition": "middle right", "cliponaxis": False, "hoverinfo": "skip",
             "textfont": {"size": theme.TEXT_SIZE, "color": theme.TEXT}},
        ],
        theme.layout(
            height, margin, yaxis=row_axis(labels),
            xaxis=theme.axis(range=[0, furthest * 2], nticks=4, tickformat=",", showticklabels=False, showgrid=False),
        ),
    )  # fmt: skip
    if not inside:
        title = f"No {noun} placed in wards" if found.value_status == "available" else f"No figures for {noun} by ward"
    else:
        title = f"{_wards(found.top.asked, rows)} had {wording.percent(100 * found.top.share)} of {noun}"
    notes = []
    if found.top.tied:
        tied = [found.names[area] for area in found.top.tied]
        notes.append(
            f"{wording.joined(tied)} tie for place {found.top.asked} and are all shown: the {len(inside)} wards together "
            f"had {wording.percent(100 * found.top.share_with_ties)}."
        )
    if found.reason:
        notes.append(found.reason)
    if inside:
        notes.append(
            f"The other {len(rows) - len(top)} wards had {wording.percent(100 * (1 - found.top.share_with_ties))}. "
            "A share of the number, not of the rate: wards with more residents have more. What no ward takes is left out."
        )
    return Chart(
        kind="top wards",
        title=title,
        subtitle=f"{wording.capitalised(noun)} placed in wards, the {found.top.asked} wards with most, {place}, {answer.period}",
        alt=f"Bar chart of {noun} in the wards with most, {place}, {answer.period}. "
        + (
            ". ".join(f"{label.replace('<br>', ' ')}: {text}" for label, text in zip(labels, texts, strict=True)) + "."
            if inside
            else f"{title}."
        ),
        data=rows,
        columns=(
            Column("area_name", "Ward"),
            Column("count", wording.capitalised(noun), "count"),
            Column("share", "Share of those placed in wards", "percent"),
            Column("running", "This ward and those above it", "percent"),
        ),
        figure=figure,
        height=height,
        notes=tuple(notes),
        **provenance(answer),
    )


def _by_count(found: Gathering) -> pd.DataFrame:
    """The wards from the one with most, with their share and the share so far, in percent."""
    rows = found.curve.iloc[::-1].reset_index(drop=True)
    # Equal counts in the order of their names, whichever way the curve runs.
    rows = rows.sort_values(["count", "area_name"], ascending=[False, True], kind="stable", ignore_index=True)
    share = 100 * rows["count"] / found.top.total if found.top.total else rows["count"] * float("nan")
    return rows.assign(share=share, running=share.cumsum(), value_status=found.value_status)


def _wards(number: int, rows: pd.DataFrame) -> str:
    return f"{number} of {len(rows)} wards"


# The Lorenz curve


def lorenz_curve(found: Gathering, answer: "Answer") -> Chart:
    """The share of all records that the wards with fewest hold, from the ward with fewest to the one with most.

    Parameters
    ----------
    found : ``analysis.wards.gathering``
    answer : the partnership's count of the same question
    """
    noun, place = wording.noun(answer), answer.area_name
    rows = found.curve.assign(
        wards=100 * found.curve["cum_area"], share=100 * found.curve["cum_share"], value_status=found.value_status
    )
    known = found.value_status == "available" and found.top.total > 0
    index = found.adjusted if found.few else found.gini
    share = [0.0, *rows["share"].tolist()] if known else []
    wards = [0.0, *rows["wards"].tolist()] if known else []
    names = ["", *rows["area_name"].tolist()] if known else []
    half = _wards_with_half(found) if known else 0
    ends = {"tickvals": [0, 25, 50, 75, 100], "ticktext": ["0%", "25%", "50%", "75%", "100%"], "range": [0, 100]}
    notes_in = []
    if known:
        notes_in = [
            theme.note("If all wards<br>had alike", x=36, y=38, xanchor="right", yanchor="bottom", align="right",
                       font={"color": theme.QUIET_TEXT}),
            theme.note(f"Gini {wording.number(index, 2)}", x=62, y=22, xanchor="left", yanchor="top", xshift=12,
                       font=theme.STRONG),
        ]  # fmt: skip
    words = {"xref": "paper", "yref": "paper", "font": {"color": theme.QUIET_TEXT}}
    notes_in += [
        theme.note(f"↑ Share of {noun}", **words, x=0, y=1, xanchor="left", yanchor="bottom", yshift=4),
        theme.note("Share of wards, fewest first →", **words, x=1, y=0, xanchor="right", yanchor="top", yshift=-26),
    ]
    height = 400
    figure = theme.build_figure(
        [
            {"type": "scatter", "mode": "lines", "x": [0, 100], "y": [0, 100], "hoverinfo": "skip",
             "line": {"color": theme.EVENT_LINE, "width": 1.5, "dash": "dash"}},
            {"type": "scatter", "mode": "lines+markers", "x": wards, "y": share, "text": names, "cliponaxis": False,
             "line": {"color": theme.SERIES, "width": theme.BOLD_LINE_WIDTH}, "marker": {"color": theme.SERIES, "size": 6},
             "hovertemplate": "%{text}: with the wards before it %{y:.1f}%<extra></extra>"},
        ],
        theme.layout(
            height, {"l": 8, "r": 20, "t": 30, "b": 52}, xaxis=theme.axis(**ends), yaxis=theme.axis(**ends),
            annotations=notes_in,
        ),
    )  # fmt: skip
    title = (
        f"Half of the {noun} were in {half} of {len(rows)} wards"
        if known
        else f"No curve for {noun} by ward: there is nothing to share out"
        if found.value_status == "available"
        else f"No figures for {noun} by ward"
    )
    notes = []
    if known:
        notes.append("Gini index: 0 when all wards have alike, nearly 1 when one ward has all.")
    if known and not math.isnan(found.dispersion.ratio):
        notes.append(found.dispersion.sentence)
    if known and found.few:
        notes.append(
            "There are fewer records than wards, so the index is adjusted to the most even spread that so many records "
            f"allow; without that it would be {wording.number(found.gini, 2)}."
        )
    if found.reason:
        notes.append(found.reason)
    return Chart(
        kind="lorenz curve",
        title=title,
        subtitle=f"{wording.capitalised(noun)}: share held by wards, from fewest to most, {place}, {answer.period}",
        alt=f"Lorenz curve of {noun} over {len(rows)} wards of {place}, {answer.period}. "
        + (f"{title}. Gini index {wording.number(index, 2)}." if known else f"{title}."),
        data=rows,
        columns=(
            Column("area_name", "Ward, fewest first"),
            Column("count", wording.capitalised(noun), "count"),
            Column("wards", "Share of wards so far", "percent"),
            Column("share", f"Share of {noun} so far", "percent"),
        ),
        figure=figure,
        height=height,
        notes=tuple(notes),
        **provenance(answer),
    )


def _wards_with_half(found: Gathering) -> int:
    """The fewest wards that hold at least half."""
    from_most = found.curve["count"].iloc[::-1].cumsum()
    return int((from_most < found.top.total / 2 - 1e-9).sum()) + 1


# Mixes of kinds


def mix(table: pd.DataFrame, answer: "Answer", ward: str) -> Chart:
    """The kinds of crime in a ward against their share in the partnership.

    Parameters
    ----------
    table : ``analysis.wards.mix_of_ward``
    answer : the partnership's count of all kinds
    ward : name of the ward
    """
    noun, place = _plural(answer), answer.area_name
    higher = table.loc[table["verdict"] == "higher", "category_label"].tolist()
    if not (table["value_status"] == "available").any():
        title = f"No figures for the kinds of {noun} in {ward}"
    elif higher:
        title = f"{higher[0]}: a higher share in {ward} than in {place}"
    elif (table["verdict"] == "").all():
        title = f"The kinds of {noun} in {ward}, beside those of {place}"
    else:
        title = f"No kind has a higher share in {ward} than in {place}"
    return _quotients(
        table, answer, "category_label", "Kind", title,
        f"Share of each kind in the {noun} of {ward} against its share in {place}, {answer.period}",
        f"of each kind in {ward}",
    )  # fmt: skip


def kind_by_ward(table: pd.DataFrame, answer: "Answer") -> Chart:
    """The share of one kind in the crime of each ward against that in the partnership.

    Parameters
    ----------
    table : ``analysis.wards.wards_of_kind``
    answer : the partnership's count of the kind
    """
    noun, place, kind = _plural(answer), answer.area_name, answer.category_label
    higher = int((table["verdict"] == "higher").sum())
    if not (table["value_status"] == "available").any():
        title = f"No figures for the share of {wording.lowered(kind)} by ward"
    elif higher:
        title = f"{kind}: a higher share than {place}'s in {higher} of {len(table)} wards"
    else:
        title = f"{kind}: in no ward a higher share than {place}'s"
    return _quotients(
        table, answer, "area_name", "Ward", title,
        f"Share of {wording.lowered(kind)} in the {noun} of each ward against its share in {place}, {answer.period}",
        f"of {wording.lowered(kind)} by ward",
    )  # fmt: skip


def _plural(answer: "Answer") -> str:
    return wording.measure_of(answer).plural


def _quotients(
    table: pd.DataFrame, answer: "Answer", label: str, heading: str, title: str, subtitle: str, of: str
) -> Chart:
    values, lower, upper = drawn(table, "lq"), drawn(table, "lower"), drawn(table, "upper")
    few = table["few_expected"].tolist()
    names = table[label].tolist()
    reach = max([MOST_TIMES, *(1.25 * v for v in values if v is not None)])
    texts = [
        wording.shown(value, status, 2) + ("*" if small else "")
        for value, status, small in zip(values, table["value_status"].tolist(), few, strict=True)
    ]
    figure, height = _rows(
        names, values, lower, upper, texts,
        look=[{"symbol": "circle-open" if small else "circle"} for small in few],
        line=1.0, line_name=f"As in {answer.area_name}", low=0.0, high=reach,
        hover="%{x:.2f} times the share (95% interval %{customdata})", places=2,
    )  # fmt: skip
    notes = ["1 means the same share as in the partnership, 2 twice that share. Bars are 95% intervals."]
    if any(few):
        notes.append("*, hollow: fewer than 5 would be expected, so one more or less moves it far.")
    if any(high is not None and high > reach for high in upper):
        notes.append("Intervals that reach beyond the chart are in the table.")
    notes += dict.fromkeys(reason for reason in table["reason"].tolist() if reason)
    ranges = [
        wording.interval_words(low, high, 2) or (text if text.startswith("[") else wording.SYMBOLS["not applicable"])
        for low, high, text in zip(lower, upper, texts, strict=True)
    ]
    symbols = wording.symbols_explained([text for text in (*texts, *ranges) if text.startswith("[")])
    notes += [f"{symbols}."] if symbols else []
    known = [(value, name) for value, name in zip(values, names, strict=True) if value is not None]
    alt = f"Chart of location quotients {of}, {answer.area_name}, {answer.period}"
    if known:
        alt += f". Highest: {max(known)[1]} ({wording.number(max(known)[0], 2)})"
        alt += f". Lowest: {min(known)[1]} ({wording.number(min(known)[0], 2)})"
    else:
        alt += ". There is no figure"
    rows = table.assign(
        lq_words=[text.rstrip("*") for text in texts],
        range_words=ranges,
        expected_words=[
            wording.number(n, 1) if status == "available" else wording.SYMBOLS.get(status, "[z]")
            for n, status in zip(table["expected"].tolist(), table["value_status"].tolist(), strict=True)
        ],
        few_words=["fewer than 5 expected" if small else "" for small in few],
    )
    rows["few_words"] = rows["few_words"].where(rows["few_words"] != "", "–")
    return Chart(
        kind="quotients",
        title=title,
        subtitle=subtitle,
        alt=f"{alt}.",
        data=rows,
        columns=(
            Column(label, heading),
            Column("numerator", wording.capitalised(_plural(answer)), "count"),
            Column("expected_words", f"At the mix of {answer.area_name}"),
            Column("lq_words", "Times the share"),
            Column("range_words", "95% interval"),
            Column("verdict", f"Against {answer.area_name}"),
            Column("few_words", "Caution"),
        ),
        figure=figure,
        height=height,
        notes=tuple(notes),
        **provenance(answer),
    )


# Who stays on top


def staying_on_top(found: Staying, answer: "Answer") -> Chart:
    """The place of each ward quarter after quarter, for those that were in the top fifth at least once.

    Parameters
    ----------
    found : ``analysis.wards.staying``
    answer : the partnership's count of the same question, for the words
    """
    noun, place = wording.noun(answer), answer.area_name
    quarters = list(found.ranks.columns)
    shown = found.wards[found.wards["ever"]]
    names = [wrapped(name) for name in shown["area_name"].tolist()]
    cells = [
        [None if value != value else int(value) for value in found.ranks.loc[area].tolist()]
        for area in shown["area"].tolist()
    ]
    counted = found.counts.loc[shown["area"]].to_numpy()
    inside = [
        [None if n is None else int(n <= found.top and count > 0) for n, count in zip(row, counts, strict=True)]
        for row, counts in zip(cells, counted.tolist(), strict=True)
    ]
    columns, rows_at = list(range(len(quarters))), list(range(len(names)))
    written = [
        (c, r, str(cells[r][c]) if cells[r][c] is not None else wording.SYMBOLS.get(found.statuses[quarters[c]], ""),
         theme.PAPER if inside[r][c] else theme.TEXT)
        for r in rows_at for c in columns
    ]  # fmt: skip
    span = Span(quarters[0], _last_month(quarters[-1]))
    # Every other one: on a telephone a column is as wide as two letters.
    ticks = [_quarter_tick(quarter, n == 0) if n % 2 == 0 else "" for n, quarter in enumerate(quarters)]
    lines = max((name.count("<br>") + 1 for name in names), default=1)
    margin = {"l": 8, "r": 8, "t": 44, "b": 8}
    height = max(len(names), 1) * max(theme.ROW_HEIGHT + 4, 17 * lines + 8) + margin["t"] + margin["b"]
    figure = theme.build_figure(
        [
            {"type": "heatmap", "z": inside, "x": columns, "y": rows_at, "zmin": 0, "zmax": 1, "showscale": False,
             "colorscale": [[0, theme.GRID], [1, theme.SERIES]], "xgap": 2, "ygap": 2, "hoverinfo": "skip"},
            *(
                {"type": "scatter", "mode": "text", "x": [w[0] for w in written if w[3] == colour],
                 "y": [w[1] for w in written if w[3] == colour], "text": [w[2] for w in written if w[3] == colour],
                 "hoverinfo": "skip", "textfont": {"size": theme.TEXT_SIZE, "color": colour}}
                for colour in (theme.PAPER, theme.TEXT)
            ),
        ],
        theme.layout(
            height, margin, yaxis=row_axis(names),
            xaxis=theme.axis(side="top", tickvals=columns, ticktext=ticks, range=[-0.5, len(quarters) - 0.5],
                             showgrid=False, ticks="", zeroline=False, tickfont={"size": theme.SMALL_TEXT_SIZE}),
        ),
    )  # fmt: skip
    persistent = found.wards.loc[found.wards["persistent"].fillna(False).astype(bool), "area_name"].tolist()
    if found.value_status != "available":
        title = f"No figures for {noun} by ward and quarter"
    elif persistent:
        title = f"{len(persistent)} {'ward' if len(persistent) == 1 else 'wards'} stayed in the top fifth for {noun}"
    elif found.wards["persistent"].isna().any():
        title = f"Too few quarters to say which wards stay on top for {noun}"
    else:
        title = f"No ward stayed in the top fifth for {noun}"
    notes = [
        f"The number is the ward's place by number of {noun} in the quarter (1 = most; wards that tie share a place). "
        f"Dark: in the top fifth, the first {found.top} of {len(found.wards)} wards. A ward stays on top when it is there "
        "in 3 or more of the latest 4 quarters. A column is a quarter; every other one is named, by its first month.",
    ]
    if persistent:
        notes.append(f"Stayed on top: {wording.joined(persistent)}.")
    if found.known < 4 and found.value_status == "available":
        notes.append(f"Only {found.known} of the latest 4 quarters are known.")
    unknown = {status for status in found.statuses.values() if status != "available"}
    symbols = wording.symbols_explained(wording.SYMBOLS.get(status, "[z]") for status in unknown)
    notes += [f"{symbols}."] if symbols else []
    notes += [found.reason] if found.reason else []
    columns_of_words = {
        "stays": [{True: "yes", False: "no"}.get(value, "not known") for value in found.wards["persistent"].tolist()],
        "hits_words": [
            f"{hits} of {found.known}" if found.known else wording.SYMBOLS.get(found.value_status, "[z]")
            for hits in found.wards["hits"].tolist()
        ],
        **{f"{quarter}_status": found.statuses[quarter] for quarter in quarters},
    }
    data = pd.concat(
        [
            found.wards,
            found.ranks.loc[found.wards["area"]].reset_index(drop=True),
            pd.DataFrame(columns_of_words, index=found.wards.index),
        ],
        axis=1,
    )
    return Chart(
        kind="staying on top",
        title=title,
        subtitle=f"Place of wards by number of {noun}, by quarter, {place}, {span.label}",
        alt=f"Table of places of {len(shown)} wards in {len(quarters)} quarters, {place}, {span.label}. "
        + (f"Stayed in the top fifth: {wording.joined(persistent)}." if persistent else f"{title}."),
        data=data,
        columns=(
            Column("area_name", "Ward"),
            Column("stays", "Stayed on top"),
            Column("hits_words", "Quarters in the top fifth, of the latest 4"),
            *(
                Column(quarter, _quarter_words(quarter), "count", status=f"{quarter}_status")
                for quarter in quarters
            ),
        ),
        figure=figure,
        height=height,
        notes=tuple(notes),
        **provenance(answer),
    )  # fmt: skip


def _last_month(quarter: str) -> str:
    year, month = quarter.split("-")
    return f"{year}-{int(month) + 2:02d}"


def _quarter_tick(quarter: str, first: bool) -> str:
    """ "Apr<br>2024" for the first and the first or second of a year, else "Jul"."""
    year, month = quarter.split("-")
    name = MONTH_NAMES[int(month) - 1][:3]
    return f"{name}<br>{year}" if first or month in ("01", "04") else f"{name}<br> "


def _quarter_words(quarter: str) -> str:
    year, month = quarter.split("-")
    first, last = MONTH_NAMES[int(month) - 1][:3], MONTH_NAMES[int(month) + 1][:3]
    return f"{first}–{last} {year}"


# Hot spots


def hot_spots(table: pd.DataFrame, answer: "Answer", tests: int) -> Chart:
    """Wards that stand high or low in rate together with the wards around them.

    Parameters
    ----------
    table : rows of ``analysis.wards.hot_spots`` of one series
    answer : the partnership's rate of the same question
    tests : how many tests the false-discovery control covers
    """
    place, noun = answer.area_name, wording.noun(answer)
    order = table["z"].abs().sort_values(ascending=False, kind="stable").index
    rows = table.loc[order].reset_index(drop=True)
    far = int((rows["z"].abs() >= CHANCE).sum())
    shown = rows[rows["z"].notna()].head(max(far, FEWEST_ROWS)).sort_values("z", ascending=False, ignore_index=True)
    values = drawn(shown, "z")
    words = [
        {"hot": "high", "cold": "low"}.get(signal, "chance")
        for signal in shown["signal"].tolist()
    ]  # fmt: skip
    reach = max([3.0, *(abs(value) * 1.15 for value in values if value is not None)])
    figure, height = _rows(
        shown["area_name"].tolist(), values, [min(v, 0) if v is not None else None for v in values],
        [max(v, 0) if v is not None else None for v in values], words,
        look=[
            {"symbol": "diamond", "size": 15} if signal else {"symbol": "circle", "color": theme.QUIET_TEXT}
            for signal in shown["signal"].tolist()
        ],
        line=0.0, line_name="Average", low=-reach, high=reach,
        hover="%{x:.2f} standard deviations", places=2, band=(-CHANCE, CHANCE),
    )  # fmt: skip
    found = {signal: table.loc[table["signal"] == signal, "area_name"].tolist() for signal in ("hot", "cold")}
    exploratory = bool(table["exploratory"].any())
    if shown.empty:
        title = f"No search for groups of wards: {noun} cannot be tested"
    elif found["hot"]:
        several = f"{len(found['hot'])} wards stand" if len(found["hot"]) > 1 else f"{found['hot'][0]} stands"
        title = f"To explore: {several} high together with neighbours"
    elif found["cold"]:
        several = f"{len(found['cold'])} wards stand" if len(found["cold"]) > 1 else f"{found['cold'][0]} stands"
        title = f"To explore: {several} low together with neighbours"
    else:
        title = "No ward stands out together with its neighbours beyond chance"
    if not exploratory:
        title = title.removeprefix("To explore: ")
    notes = []
    if exploratory:
        notes.append(
            f"An exploration, not a finding: with fewer than {FEW_AREAS} wards this test misses much, and what it shows is "
            "a place to look at."
        )
    notes.append(
        "Each figure (Gi*) is how far the ward and the wards that touch it stand together above or below the average, in "
        "standard deviations. Inside the grey band a single test could land by chance. Diamonds are beyond chance also when "
        f"all {tests} tests of wards and kinds in this period are counted (5% false discoveries); 'chance' is not. "
        f"The {len(shown)} wards furthest from the average are shown, the others are in the table."
    )
    for signal, word in (("hot", "High"), ("cold", "Low")):
        if found[signal]:
            notes.append(f"{word} together with neighbours: {wording.joined(found[signal])}.")
    notes += dict.fromkeys(reason for reason in table["reason"].tolist() if reason)
    data = rows.assign(
        z_words=[
            wording.number(z, 2) if z == z else wording.SYMBOLS.get(status, "[z]")
            for z, status in zip(rows["z"].tolist(), rows["value_status"].tolist(), strict=True)
        ],
        neighbours_words=rows["neighbours"].astype(str),
        signal_words=[
            {"hot": "high with its neighbours", "cold": "low with its neighbours"}.get(
                signal, "alone beyond chance, not when all tests are counted" if alone else "could be chance"
            )
            if status == "available"
            else wording.SYMBOLS.get(status, "[z]")
            for signal, alone, status in zip(
                rows["signal"].tolist(), rows["alone"].tolist(), rows["value_status"].tolist(), strict=True
            )
        ],
    )
    return Chart(
        kind="hot spots",
        title=title,
        subtitle=f"{wording.capitalised(noun)} {answer.unit}, each ward with those around it, {place}, {answer.period}",
        alt=f"Chart of Gi* of {len(shown)} wards for {noun}, {place}, {answer.period}. "
        + (
            f"High with neighbours: {wording.joined(found['hot'])}." if found["hot"] else f"{title}."
        ),
        data=data,
        columns=(
            Column("area_name", "Ward"),
            Column("value", f"{wording.capitalised(noun)} {answer.unit}", "rate"),
            Column("neighbours_words", "Wards around it"),
            Column("z_words", "Gi* (standard deviations)"),
            Column("signal_words", "What the test says"),
        ),
        figure=figure,
        height=height,
        notes=tuple(notes),
        **provenance(answer),
    )  # fmt: skip


def _rows(
    names: Sequence[str],
    values: Sequence[float | None],
    lower: Sequence[float | None],
    upper: Sequence[float | None],
    texts: Sequence[str],
    look: Sequence[Mapping[str, Any]],
    line: float,
    line_name: str,
    low: float,
    high: float,
    hover: str,
    places: int,
    band: tuple[float, float] | None = None,
) -> tuple[theme.Figure, int]:
    """Dots on bars, a row each, with their figures in a column on the right and a named line down the chart."""
    labels = [wrapped(name) for name in names]
    at = list(range(len(labels)))
    bars: dict[str, list[float | None]] = {"x": [], "y": []}
    for first, last, row in zip(lower, upper, at, strict=True):
        if first is None or last is None:
            continue
        bars["x"] += [max(first, low), min(last, high), None]
        bars["y"] += [row, row, None]
    intervals = [
        wording.interval_words(first, last, places) or "not given" for first, last in zip(lower, upper, strict=True)
    ]
    lines = max((label.count("<br>") + 1 for label in labels), default=1)
    margin = {"l": 8, "r": 8, "t": 30, "b": 30}
    height = max(len(labels), 1) * max(theme.ROW_HEIGHT, 17 * lines + 8) + margin["t"] + margin["b"]
    shapes: list[dict[str, Any]] = [
        {"type": "line", "layer": "below", "xref": "x", "x0": line, "x1": line, "yref": "paper", "y0": 0, "y1": 1,
         "line": {"color": theme.TEXT, "width": 1.5, "dash": "dash"}}
    ]  # fmt: skip
    if band:
        shapes.insert(
            0,
            {"type": "rect", "layer": "below", "xref": "x", "x0": band[0], "x1": band[1], "yref": "paper", "y0": 0,
             "y1": 1, "fillcolor": theme.EVENT_SHADE, "line": {"width": 0}},
        )  # fmt: skip
    figure = theme.build_figure(
        [
            {"type": "scatter", "mode": "lines", **bars, "line": {"color": theme.CONTEXT, "width": 6},
             "hoverinfo": "skip"},
            {"type": "scatter", "mode": "markers", "x": list(values), "y": at, "yaxis": "y2", "customdata": intervals,
             "hovertemplate": f"{hover}<extra></extra>",
             "marker": {
                 "symbol": [each.get("symbol", "circle") for each in look],
                 "color": [each.get("color", theme.SERIES) for each in look],
                 "size": [each.get("size", 9) for each in look], "opacity": 1, "line": {"width": 2},
             }},
        ],
        theme.layout(
            height, margin, shapes=shapes,
            xaxis=theme.axis(range=[low, high], nticks=5, zeroline=False),
            yaxis=row_axis(labels),
            yaxis2={**row_axis(texts), "overlaying": "y", "side": "right"},
            annotations=[
                theme.note(line_name, x=line, y=1, yref="paper", yanchor="bottom", yshift=4, font=theme.STRONG)
            ],
        ),
    )  # fmt: skip
    return figure, height
