"""How people are protected in what is shown: the rules a dataset may have, each with its source."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DisclosureRule:
    """A rule. Counts from ``withheld_from`` to ``withheld_to`` are withheld (none where both are 0), others are rounded to
    the nearest ``rounded_to`` of the exact count; totals likewise, from their own exact count."""

    id: str
    description: str
    source: str
    withheld_from: int = 0
    withheld_to: int = 0
    rounded_to: int = 1


RULES: dict[str, DisclosureRule] = {
    rule.id: rule
    for rule in (
        DisclosureRule(
            "open",
            "Shown as they are: the publisher has already made them safe, and they are open data.",
            "data.police.uk: locations are moved to the nearest of a fixed list of points",
        ),
        DisclosureRule(
            "rounded",
            "The public sees none as none, 1 to 7 as withheld, and 8 and over to the nearest 5 from the exact count; and "
            "only over periods and for areas in which no count of 1 to 7 can be worked out. Partners and analysts see all.",
            "NHS Digital, disclosure control for Hospital Episode Statistics, September 2018",
            withheld_from=1,
            withheld_to=7,
            rounded_to=5,
        ),
        DisclosureRule(
            "sensitive",
            "Homicide, stalking, sexual offences, domestic abuse, hate crime, exploitation and crimes against people under 18, "
            "from a rounded extract: the public sees them for the whole partnership over 12 months, and not otherwise.",
            "The partnership's own policy, stricter than the rule for rounded counts",
        ),
        DisclosureRule(
            "marked",
            "A row marked sensitive is withheld from the public when a count in it is 1 to 7, or could be worked out from it.",
            "NHS Digital, disclosure control for Hospital Episode Statistics, September 2018",
            withheld_from=1,
            withheld_to=7,
        ),
        DisclosureRule(
            "published",
            "Shown as published: small values were withheld or rounded by the publisher, and nothing finer is held.",
            "NDTMS restricted-data notice: values under five are not shown; Fingertips, as published",
        ),
        DisclosureRule(
            "base",
            "Percentages on fewer than 30 answers are withheld and those on 30 to 99 flagged.",
            "The partnership's own policy, after the base rules of the British Crime Survey (Home Office, 2007/08)",
        ),
    )
}

WITHHELD_UP_TO = RULES["rounded"].withheld_to
ROUNDED_TO = RULES["rounded"].rounded_to
