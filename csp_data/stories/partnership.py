"""What the page Partnership tells: who is responsible, the risks, the grants and whether their sums agree, how far a
consultation reached, and the figures of partner agencies."""

from typing import Any

from csp_data.analysis import grants, partner_figures, plan
from csp_data.analysis.subject import Subject
from csp_data.figures import plan as words
from csp_data.figures import risk, wording
from csp_data.figures.chart import Chart
from csp_data.figures.risk import Register

HEALTH_BODY = (
    "The National Health Service body among the responsible authorities has changed: Clinical Commissioning Groups until "
    "June 2022, Integrated Care Boards from July 2022. A board is not the same as an Integrated Care Partnership, the "
    "wider committee that it forms with councils, though reports use both names for the authority."
)
"""Health and Care Act 2022. Medway's report of December 2024 names the partnership in paragraph 2.1 and the board in 2.7."""


def health_body(authorities: tuple[str, ...]) -> str:
    """The note on the health body's name, where the authorities name one; else ""."""
    named = " ".join(authorities).lower()
    return HEALTH_BODY if "integrated care" in named or "clinical commissioning" in named else ""


def leads(subject: Subject) -> dict[str, list[str]]:
    """Which agency leads each priority of each plan, as a table of words; no rows where no plan names a lead."""
    found = [(each, priority) for each in plan.plans(subject) for priority in each.priorities if priority.lead]
    return {
        "Agency": [priority.lead for _, priority in found],
        "Plan": [each.id.replace("-", "\u2011") for each, _ in found],  # a hyphen that no line breaks at
        "Priority it leads": [priority.label for _, priority in found],
    }


# Risks


def registers(subject: Subject) -> dict[str, str]:
    """Day of a register in words -> the day ("2024-12-12"), the latest first."""
    days = sorted(set(subject.supplied("risks")["assessed"]), reverse=True)
    return {wording.date_words(day.date()): f"{day:%Y-%m-%d}" for day in days}


def register(subject: Subject, day: str) -> Register:
    """The register of a day beside the one before it."""
    table = subject.supplied("risks")
    of_day = table["assessed"].dt.strftime("%Y-%m-%d")
    earlier = [other for other in sorted(set(of_day)) if other < day]
    return risk.register(table[of_day == day], table[of_day == earlier[-1]] if earlier else None)


# Grants


def grant_years(subject: Subject) -> list[str]:
    """Years with grants, the latest first."""
    return grants.years(subject)


def has_awards(subject: Subject, year: str) -> bool:
    return not grants.by_priority(subject, year).empty


def awards(subject: Subject, year: str) -> Chart:
    """Awards of a year by priority and pot. Only where ``has_awards``."""
    labels = {(each.id, p.id): p.label for each in plan.plans(subject) for p in each.priorities}
    return words.grants_by_priority(grants.by_priority(subject, year), labels, year, _about(subject, year))


def by_year(subject: Subject) -> Chart:
    """What was granted each year. Only where there are grants."""
    return words.grants_by_year(grants.by_year(subject), _about(subject, ""))


def sums(subject: Subject, year: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each funder of a year with sentences that say whether its sums agree."""
    return tuple((grant.funder, _sums_of(grant)) for grant in grants.reconciled(subject, year))


def _sums_of(grant: grants.Reconciliation) -> tuple[str, ...]:
    if grant.allocation is None:
        first = "The ledger does not give the whole grant."
    else:
        first = f"The grant is {words.pounds(grant.allocation)}."
    rest = words.reconciliation_words(grant)
    return (first, *rest) if rest else (first, "The ledger gives neither pots nor awards of it.")


def pots(subject: Subject, year: str) -> dict[str, list[str]]:
    """The pots of a year as a table of words; no rows where the ledger has none."""
    found = [(grant.funder, pot) for grant in grants.reconciled(subject, year) for pot in grant.pots]
    return {
        "Pot": [pot.name or "No pot named" for _, pot in found],
        "Funder": [funder for funder, _ in found],
        "In the pot": [words.pounds(pot.amount) if pot.amount is not None else "not stated" for _, pot in found],
        "Awarded": [
            f"{words.pounds(pot.awarded)} ({pot.projects} {'project' if pot.projects == 1 else 'projects'})"
            for _, pot in found
        ],
        "Left (minus: more was awarded)": [
            "not known" if pot.unspent is None else _signed(pot.unspent) for _, pot in found
        ],
    }


def _signed(amount: float) -> str:
    return f"−{words.pounds(-amount)}" if amount < 0 else words.pounds(amount)


def projects(subject: Subject, year: str) -> dict[str, list[str]]:
    """Every award and allocation of a year, as the ledger gives them."""
    labels = {(each.id, p.id): p.label for each in plan.plans(subject) for p in each.priorities}
    table = grants.ledger(subject)
    rows = table[(table["year"] == year) & (table["kind"] == "award")]
    return {
        "Project": rows["project"].tolist(),
        "Led by": [lead or "not stated" for lead in rows["lead"]],
        "Priority": [
            labels.get(key, key[1] or "none named") for key in zip(rows["plan"], rows["priority"], strict=True)
        ],
        "Pot": [pot or "none named" for pot in rows["pot"]],
        "Amount": [words.pounds(amount) for amount in rows["amount"]],
        "Source": [source or "not stated" for source in rows["source"]],
    }


def _about(subject: Subject, year: str) -> dict[str, str]:
    table = grants.ledger(subject)
    rows = table[table["year"] == year] if year else table
    # A report is named once, whatever paragraphs the rows come from.
    reports = dict.fromkeys(source.partition(", paragraph")[0] for source in rows["source"] if source)
    release = subject.release
    source = "; ".join(reports) or "the partnership's grant ledger"
    return {
        "area": subject.partnership.short_name,
        "source": f"Source: {source}. Data release of {wording.release_words(release.id)}.",
        "status": release.status,
    }


# Figures of agencies


def themes(subject: Subject, role: str) -> tuple[str, ...]:
    """Themes with figures, in order, by name: without the reach of the consultation, which has a part of its own."""
    table = partner_figures.figures(subject, role)
    held = set(table["theme"])
    known = [partner_figures.THEMES.get(theme, theme) for theme in (*partner_figures.THEMES, *sorted(held))]
    names = {partner_figures.THEMES.get(theme, theme) for theme in held if theme != "consultation"}
    return tuple(name for name in dict.fromkeys(known) if name in names)


def of_theme(subject: Subject, name: str, role: str) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """The figures of a theme as a table of words, and sentences to print under it.

    A figure by ward is left to the pages of wards; of a figure with many periods the latest is shown.
    """
    theme = next((id for id, label in partner_figures.THEMES.items() if label == name), name)
    table = partner_figures.figures(subject, role, theme)
    wards = table["area_code"].astype(str).str.startswith("E05")
    rows = table[~wards]
    latest = rows.drop_duplicates(["figure", "area_name"])
    said = []
    if wards.any():
        labels = wording.joined(list(dict.fromkeys(table.loc[wards, "label"])))
        said.append(f"By ward, so on the page Wards compared and not here: {wording.lowered(labels)}.")
    if len(latest) < len(rows):
        said.append("Of a figure that is reported again and again the latest is shown.")
    notes = list(dict.fromkeys(note for note in latest["note"] if note))
    records = latest.to_dict("records")
    own = subject.partnership.short_name
    columns = {
        "Figure": [_label(row, notes) for row in records],
        "Value": [_value(row) for row in records],
        "Of what": [_base(row) for row in records],
        "Before": [_before(row) for row in records],
        "Period": [plan.days_words(row["period_start"], row["period_end"]) for row in records],
        "Area": [row["area_name"] if row["own_area"] else f"{row['area_name']} (not {own} alone)" for row in records],
        "Agency": [str(row["agency"]) for row in records],
        "Source": [str(row["source"]) for row in records],
    }
    table_, same = _without_repeats(columns)
    symbols = {symbol: wording.SYMBOL_MEANINGS[symbol] for symbol in _symbols_in(table_)}
    if wording.SYMBOLS["withheld"] in symbols:
        symbols[wording.SYMBOLS["withheld"]] = partner_figures.WITHHELD
    said += [f"{symbol} {wording.capitalised(meaning)}" for symbol, meaning in symbols.items()]
    return table_, (*same, *said, *(f"Note {n}: {note}" for n, note in enumerate(notes, start=1)))


def _symbols_in(columns: dict[str, list[str]]) -> list[str]:
    cells = {cell for heading, column in columns.items() if heading != "Figure" for cell in column}
    return [symbol for symbol in wording.SYMBOL_MEANINGS if symbol in cells]


def _without_repeats(columns: dict[str, list[str]]) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """A table without the columns that say the same in every row, and a sentence with what they say."""
    same = {
        heading: cells[0]
        for heading, cells in columns.items()
        if heading not in ("Figure", "Value") and len(cells) > 1 and len(set(cells)) == 1
    }
    kept = {heading: cells for heading, cells in columns.items() if heading not in same}
    nothing = (wording.SYMBOLS["not applicable"], "not stated")
    said = [f"{heading.lower()} {text}" for heading, text in same.items() if text not in nothing]
    return kept, (f"The same for all of them: {'; '.join(said)}.",) if said else ()


def _label(row: dict[str, Any], notes: list[str]) -> str:
    return f"{row['label']} (note {notes.index(row['note']) + 1})" if row["note"] else str(row["label"])


def _value(row: dict[str, Any]) -> str:
    if row["value_status"] != "available":
        return wording.SYMBOLS[row["value_status"]]
    return words.with_unit(row["value"], row["unit"])


def _base(row: dict[str, Any]) -> str:
    """What a percentage is a share of. Every other figure needs none."""
    if row["value_status"] == "withheld":
        return wording.SYMBOLS["withheld"]
    numerator, base = (None if row[name] != row[name] else float(row[name]) for name in ("numerator", "base"))
    if row["unit"] != "%" and base is None:
        return wording.SYMBOLS["not applicable"]
    return "not stated" if base is None else words.share_words(numerator, base)


def _before(row: dict[str, Any]) -> str:
    if row["before"] != row["before"]:
        return "not stated" if row["value_status"] != "withheld" else wording.SYMBOLS["withheld"]
    when = f" ({row['before_period']})" if row["before_period"] else ""
    return f"{words.with_unit(row['before'], row['unit'])}{when}"
