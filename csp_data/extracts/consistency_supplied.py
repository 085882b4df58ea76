"""Do the tables that come ready made agree with themselves and with each other?

Plans, priorities, updates, grants, surveys, indicators, partners' figures, other areas, risks, postcodes. Rules as in
``consistency``: a release in, problems out. What would put a wrong number on a page stops publication; what the
partnership may have printed so, and a page can show and say, is a warning.
"""

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import pandas as pd

from csp_data.catalogue.categories import CATEGORIES
from csp_data.catalogue.indicators import indicator_named
from csp_data.catalogue.measures import MEASURES
from csp_data.extracts.consistency import LISTED, Holding, first_row, listed, quoted
from csp_data.extracts.problems import Problem

HALF_A_PENNY = 0.005
HELD_BY = {
    "indicator": ("indicators", "indicator"),
    "survey": ("survey", "question"),
    "partner figure": ("partner_figures", "figure"),
}
"""What a priority is followed by -> table and column where it must be found."""


def _text(values: pd.Series) -> pd.Series:
    """Text, "" where there is none: an empty cell may come back either way."""
    return values.astype("object").where(values.notna(), "").astype("str").str.strip()


def periods(holding: Holding) -> Iterator[Problem]:
    """Every period ends when or after it starts."""
    spans = {
        "indicators": ("period_start", "period_end"),
        "peers": ("period_start", "period_end"),
        "partner_figures": ("period_start", "period_end"),
        "priorities": ("plan_from", "plan_to"),
        "survey": ("collected_from", "collected_to"),
    }
    for name, (start, end) in spans.items():
        for _, table in holding.held(name):
            backwards = pd.to_datetime(table[end]) < pd.to_datetime(table[start])
            if backwards.any():
                row = table[backwards].iloc[0]
                yield Problem(
                    holding.file(name),
                    f"'{end}' is {row[end]:%Y-%m-%d}, before '{start}', {row[start]:%Y-%m-%d}",
                    f"Put the earlier one in '{start}'",
                    row=first_row(backwards),
                )


def plans(holding: Holding) -> Iterator[Problem]:
    """A plan, and a priority within it, say the same of themselves on every row; what they refer to exists."""
    if not holding.has("priorities"):
        return
    table = holding.tables["priorities"]
    file = holding.file("priorities")
    for key, columns in (
        (["plan"], ("plan_label", "plan_from", "plan_to")),
        (["plan", "priority"], ("priority_label", "priority_order", "lead")),
    ):
        for column in columns:
            values = table.assign(**{column: _text(table[column])}).groupby(key)[column].nunique()
            if (values > 1).any():
                which = values[values > 1].index[0]
                named = which if isinstance(which, str) else " of ".join(reversed(which))
                yield Problem(
                    file, f"'{column}' is not the same on every row of {named}", "Write the same on each of its rows"
                )
    known = set(table["priority"])
    continued = [
        (n, i) for n, text in enumerate(_text(table["continues"]), start=1) for i in text.split(";") if i.strip()
    ]
    for row, id in continued:
        if id.strip() not in known:
            yield Problem(
                file,
                f"it goes on with the priority '{id.strip()}', which no plan has",
                f"Use the id of a priority, such as '{table['priority'].iloc[0]}'",
                row=row,
                severity="warning",
            )


def priority_figures(holding: Holding) -> Iterator[Problem]:
    """Each is of a priority that exists, and is a measure, indicator, question or partner figure that exists."""
    if not holding.has("priority_figures"):
        return
    table = holding.tables["priority_figures"]
    file = holding.file("priority_figures")
    yield from _of_a_priority(holding, "priority_figures", needed=True)
    measures = table[table["kind"] == "measure"]
    unknown = ~measures["name"].isin(MEASURES)
    if unknown.any():
        yield Problem(
            file,
            f"'{measures['name'][unknown].iloc[0]}' is not a measure",
            f"Use one of: {', '.join(MEASURES)}",
            row=int(measures.index[unknown][0]) + 1,
        )
    datasets = {id: category.dataset for id, category in CATEGORIES.items()}
    category = _text(measures["category"])
    counted = measures["name"].map({id: measure.dataset for id, measure in MEASURES.items()})
    wrong = ~unknown & (category != "") & (category.map(datasets) != counted)
    if wrong.any():
        row = measures[wrong].iloc[0]
        yield Problem(
            file,
            f"'{row['category']}' is not a line that the measure '{row['name']}' counts",
            "Use a line of its tree, as the page About the data lists them, or leave it empty",
            row=int(measures.index[wrong][0]) + 1,
        )
    for kind, (name, column) in HELD_BY.items():
        of_kind = table[table["kind"] == kind]
        held = set(holding.tables[name][column]) if holding.has(name) else set()
        absent = ~of_kind["name"].isin(held)
        if absent.any():
            yield Problem(
                file,
                f"the release holds no {kind} {quoted(of_kind['name'][absent])}, so nothing is shown for it",
                f"Add it to '{name}', or correct the name",
                row=int(of_kind.index[absent][0]) + 1,
                severity="warning",
            )
    aimless = table["target"].notna() & (table["kind"] == "measure") & (_text(table["target_per"]) == "")
    if aimless.any():
        yield Problem(
            file,
            "a target of a count does not say whether it is for a month or for 12 months, so it cannot be judged",
            "Write 'month' or '12 months' in 'target_per'",
            row=first_row(aimless),
            severity="warning",
        )


def _of_a_priority(holding: Holding, name: str, needed: bool) -> Iterator[Problem]:
    """The plan and priority of each row are those of the table of priorities; they may be left out unless needed."""
    if not holding.has("priorities"):
        return
    known = holding.tables["priorities"][["plan", "priority"]].drop_duplicates()
    table = holding.tables[name]
    plan, priority = _text(table["plan"]), _text(table["priority"])
    unknown = ~plan.isin(known["plan"]) & ((plan != "") | needed)
    if unknown.any():
        yield Problem(
            holding.file(name),
            f"there is no plan {quoted(plan[unknown])}",
            f"Use one of: {', '.join(dict.fromkeys(known['plan']))}",
            row=first_row(unknown),
        )
    pairs = set(known.itertuples(index=False, name=None))
    strange = pd.Series([pair not in pairs for pair in zip(plan, priority, strict=True)], index=table.index)
    strange &= ~unknown & (priority != "") & (plan != "")
    if strange.any():
        under = known.loc[known["plan"] == plan[strange].iloc[0], "priority"]
        yield Problem(
            holding.file(name),
            f"the plan '{plan[strange].iloc[0]}' has no priority {quoted(priority[strange])}",
            f"Use one of: {', '.join(under)}",
            row=first_row(strange),
        )


def updates(holding: Holding) -> Iterator[Problem]:
    """Updates are of a priority, and of a quarter of the year."""
    if not holding.has("updates"):
        return
    yield from _of_a_priority(holding, "updates", needed=True)
    quarter = holding.tables["updates"]["quarter"]
    wrong = ~quarter.dt.month.isin([1, 4, 7, 10])
    if wrong.any():
        yield Problem(
            holding.file("updates"),
            f"'quarter' is {quarter[wrong].iloc[0]:%Y-%m}, which no quarter starts with",
            "Give the first month of the quarter: January, April, July or October",
            row=first_row(wrong),
        )


def grants(holding: Holding) -> Iterator[Problem]:
    """Pots add up to the allocation; awards, and what is left, to the pots. Differences are told, not hidden."""
    if not holding.has("grants"):
        return
    yield from _of_a_priority(holding, "grants", needed=False)
    file = holding.file("grants")
    table = holding.tables["grants"]
    for year, funder in table[["year", "funder"]].drop_duplicates().itertuples(index=False, name=None):
        rows = table[(table["year"] == year) & (table["funder"] == funder)]
        of = {
            kind: rows.loc[rows["kind"] == kind, "amount"].sum() for kind in ("allocation", "pot", "award", "available")
        }
        held = set(rows["kind"])
        where = f"{funder}, {year}"
        if {"allocation", "pot"} <= held and abs(of["allocation"] - of["pot"]) > HALF_A_PENNY:
            yield _difference(file, where, "the pots add up to", of["pot"], "the allocation is", of["allocation"])
        whole = "pot" if "pot" in held else "allocation"
        if whole in held and "award" in held:
            used = of["award"] + of["available"]
            words = "awards and what is left add up to" if "available" in held else "awards add up to"
            exact = "available" in held
            if (exact and abs(used - of[whole]) > HALF_A_PENNY) or used > of[whole] + HALF_A_PENNY:
                yield _difference(file, where, words, used, "the pots add up to" if whole == "pot" else "the allocation is",
                                  of[whole])  # fmt: skip
        pots = set(_text(rows.loc[rows["kind"] == "pot", "pot"]))
        awards = rows[rows["kind"] == "award"]
        strange = ~_text(awards["pot"]).isin(pots) & (_text(awards["pot"]) != "")
        if pots and strange.any():
            yield Problem(
                file,
                f"{where}: an award is from the pot {quoted(awards['pot'][strange])}, which has no row",
                "Add a row of the kind 'pot' for it, or correct its name",
                row=int(awards.index[strange][0]) + 1,
                severity="warning",
            )


def _difference(file: str, where: str, one: str, first: float, other: str, second: float) -> Problem:
    more = "more" if first > second else "less"
    return Problem(
        file,
        f"{where}: {one} £{first:,.2f} and {other} £{second:,.2f}, a difference of £{abs(first - second):,.2f} {more}",
        "Correct the amounts, or say in 'note' why they differ: the page shows the difference",
        severity="warning",
    )


def survey(holding: Holding) -> Iterator[Problem]:
    """No more people than were asked; parts of a whole within it; percentages as printed match the counts."""
    if not holding.has("survey"):
        return
    table = holding.tables["survey"]
    file = holding.file("survey")

    def named(row: pd.Series) -> str:
        return f"'{row['option_label']}' of '{row['question']}' ({row['survey_label']}, {row['wave_label']})"

    over = table["count"] > table["base"]
    if over.any():
        row = table[over].iloc[0]
        yield Problem(
            file,
            f"{row['count']:g} people chose {named(row)}, and {row['base']:,} were asked",
            "Correct the count or the base",
            row=first_row(over),
        )
    for column, most, what in (("weighted_share", 1.0, "1"), ("effective_base", table["base"], "the base")):
        over = table[column] > most
        if over.any():
            yield Problem(
                file,
                f"'{column}' is {table[column][over].iloc[0]:g}, more than {what}",
                "Give shares from 0 to 1, and an effective base of at most the base",
                row=first_row(over),
            )
    key = ["survey", "wave", "question"]
    kinds = table.groupby(key)["kind"].nunique()
    if (kinds > 1).any():
        yield Problem(
            file, f"the question '{kinds[kinds > 1].index[0][2]}' is both single and multiple", "Give it one kind"
        )
    parts = table[(table["kind"] == "single") & (table["option_role"] != "net")]
    sums = parts.groupby(key).agg(count=("count", "sum"), base=("base", "max"))
    for (_, wave, question), row in sums[sums["count"] > sums["base"]].head(LISTED).iterrows():
        yield Problem(
            file,
            f"the answers to '{question}' ({wave}) add up to {row['count']:g} people, and {row['base']:g} were asked",
            "Correct the counts, mark sums of answers as 'net', or the question as 'multiple'",
        )
    printed = _text(table["printed"])
    wrong = pd.Series(
        [
            not _matches(text, count, base)
            for text, count, base in zip(printed, table["count"], table["base"], strict=True)
        ],
        index=table.index,
    )
    if wrong.any():
        row = table[wrong].iloc[0]
        yield Problem(
            file,
            f"{named(row)} is printed as {row['printed']}, and {row['count']:g} of {row['base']:,} is "
            f"{100 * row['count'] / row['base']:.1f}%",
            "Correct whichever is wrong; the page shows the share of the count",
            row=first_row(wrong),
            severity="warning",
        )
    silent = table["count"].isna() & (printed == "") & table["weighted_share"].isna()
    if silent.any():
        row = table[silent].iloc[0]
        yield Problem(
            file,
            f"{named(row)} has no count, no printed percentage and no weighted share",
            "Give one of them, or leave the row out",
            row=first_row(silent),
            severity="warning",
        )


def _matches(printed: str, count: float, base: float) -> bool:
    """Whether a printed percentage is the share rounded to as many decimals as it shows. True where it cannot be told."""
    text = printed.removesuffix("%").strip()
    if not text or pd.isna(count) or not base:
        return True
    try:
        said = Decimal(text)
    except InvalidOperation:
        return True
    share = Decimal(str(count)) * 100 / Decimal(str(base))
    # Half a step either way: publishers round halves up or to even.
    step = Decimal(1).scaleb(-len(text.partition(".")[2]))
    return abs(share - said) <= step / 2 or share.quantize(step, ROUND_HALF_UP) == said


def indicators(holding: Holding) -> Iterator[Problem]:
    """Values lie within their own interval, and a value that is not there says why."""
    if not holding.has("indicators"):
        return
    table = holding.tables["indicators"]
    file = holding.file("indicators")
    disorder = (table["lower"] > table["value"]) | (table["value"] > table["upper"])
    if disorder.any():
        row = table[disorder].iloc[0]
        yield Problem(
            file,
            f"'{row['label']}' of {row['area_name']} for {row['period']} is {row['value']:g}, which is not between its "
            f"limits {row['lower']:g} and {row['upper']:g}",
            "Correct the three from the publisher's table",
            row=first_row(disorder),
        )
    unsaid = table["value"].isna() == (table["value_status"] == "available")
    if unsaid.any():
        row = table[unsaid].iloc[0]
        yield Problem(
            file,
            f"'{row['label']}' of {row['area_name']} for {row['period']} is '{row['value_status']}' and has "
            f"{'no' if pd.isna(row['value']) else 'a'} value",
            "Write 'available' with a value; 'withheld' or 'missing' without one",
            row=first_row(unsaid),
        )
    unknown = [id for id in table["indicator"].unique() if not _known(id)]
    if unknown:
        yield Problem(
            file,
            f"indicators without an entry in the catalogue: {quoted(unknown)}",
            "Add an entry to catalogue/indicators.py: until then no definition is shown and nothing is judged",
            row=first_row(table["indicator"] == unknown[0]),
            severity="warning",
        )


def _known(id: str) -> bool:
    try:
        indicator_named(id)
    except KeyError:
        return False
    return True


def partner_figures(holding: Holding) -> Iterator[Problem]:
    """A figure keeps its unit; a percentage is that of its count and base."""
    if not holding.has("partner_figures"):
        return
    yield from _of_a_priority(holding, "partner_figures", needed=False)
    table = holding.tables["partner_figures"]
    file = holding.file("partner_figures")
    units = table.groupby("figure")["unit"].unique()
    for figure, held in units[units.str.len() > 1].head(LISTED).items():
        yield Problem(
            file,
            f"the figure '{figure}' has more than one unit: {listed(list(held))}",
            "Give figures of different units identifiers of their own",
        )
    share = 100 * table["numerator"] / table["base"].where(table["base"] > 0)
    off = (table["unit"] == "%") & ((share - table["value"]).abs() > 0.5 + 1e-9)
    if off.any():
        row = table[off].iloc[0]
        yield Problem(
            file,
            f"'{row['label']}' is {row['value']:g}%, and {row['numerator']:g} of {row['base']:g} is {share[off].iloc[0]:.1f}%",
            "Correct whichever is wrong, or say in 'note' why they differ",
            row=first_row(off),
            severity="warning",
        )


def peers(holding: Holding) -> Iterator[Problem]:
    """Negative counts are told, and the partnership is in the group it is compared with."""
    if not holding.has("peers"):
        return
    table = holding.tables["peers"]
    file = holding.file("peers")
    negative = table["count"] < 0
    if negative.any():
        row = table[negative].iloc[0]
        yield Problem(
            file,
            f"{row['area_name']} has {row['count']:g} of '{row['category']}' ({int(negative.sum())} such counts)",
            "The police cancelled more records than they made: such a count has no rate",
            row=first_row(negative),
            severity="warning",
        )
    partnership = holding.release.partnership
    own = {partnership.csp_code, *partnership.districts} - {""}
    for group, rows in table.groupby("group", sort=False):
        if not rows["area_code"].isin(own).any():
            yield Problem(
                file,
                f"{partnership.short_name} is not among the areas of '{group}', so it cannot be compared with them",
                f"Add its own row, under {' or '.join(sorted(own))}",
                severity="warning",
            )


def risks(holding: Holding) -> Iterator[Problem]:
    """A rating made of a letter and a numeral is its likelihood and impact."""
    if not holding.has("risks"):
        return
    table = holding.tables["risks"]
    likelihood, impact = _text(table["likelihood"]), _text(table["impact"])
    rating = _text(table["rating"]).str.replace(" ", "")
    wrong = rating.str.fullmatch("[A-D](?:I{1,3}|IV)") & (
        ((likelihood != "") & (likelihood != rating.str[0])) | ((impact != "") & (impact != rating.str[1:]))
    )
    if wrong.any():
        row = table[wrong].iloc[0]
        yield Problem(
            holding.file("risks"),
            f"'{row['risk']}' is rated {row['rating']}, and has the likelihood {row['likelihood'] or 'not given'} and the "
            f"impact {row['impact'] or 'not given'}",
            "Give the rating as its likelihood and impact together, such as DII",
            row=first_row(wrong),
        )


def postcodes(holding: Holding) -> Iterator[Problem]:
    """Every postcode leads to a ward that is drawn."""
    if not holding.has("postcodes", "areas"):
        return
    table = holding.tables["postcodes"]
    for vintage in table["vintage"].unique():
        drawn = set(holding.wards(vintage)["area_code"])
        unknown = (table["vintage"] == vintage) & ~table["ward_code"].isin(drawn)
        if unknown.any():
            yield Problem(
                holding.file("postcodes"),
                f"{quoted(table.loc[unknown, 'ward_code'])} has no outline among the wards of '{vintage}'",
                "Make the table again from the postcode file",
                row=first_row(unknown),
            )


RULES: tuple[Callable[[Holding], Iterator[Problem]], ...] = (
    periods,
    plans,
    priority_figures,
    updates,
    grants,
    survey,
    indicators,
    partner_figures,
    peers,
    risks,
    postcodes,
)
