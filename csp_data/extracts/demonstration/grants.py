"""The grants that the partnerships' reports print, pot by pot and project by project.

Medway 2024/25: the two pots add up to the grant and a third goes to the tactical pot, as printed. The awards of the
tactical pot add up to £36,140, which is £653 more than the pot; those of the business case to £56,675, which leaves
£14,298. The printed £13,645 still available is what the whole grant has left, and so it is held against no pot.
"""

import pandas as pd

from csp_data.extracts.demonstration.background import MEDWAY, District
from csp_data.extracts.demonstration.documents import BOARD_2017, MAIDSTONE_2020, SCRUTINY_2024
from csp_data.extracts.demonstration.rows import table_of

COMMISSIONER = "Kent Police and Crime Commissioner"
VIOLENCE_REDUCTION_UNIT = "Kent Violence Reduction Unit"
BUSINESS_CASE = "Business case"
TACTICAL = "Tactical pot"

_OURS = "The report ties no award to a priority: this tie is the demonstration's."
_NO_PRIORITY = "The report ties no award to a priority, and none of the plan's four is plainly meant."

_ASB = "anti-social-behaviour"
_VAWG = "violence-against-women-and-girls"
_REOFFENDING = "reducing-reoffending"

# pot, project, lead, priority, pounds, paragraph of the report
_AWARDS = (
    (BUSINESS_CASE, "Tenant services ASB initiatives", "Medway Council HRA Tenant Services", _ASB, 3_950, "9.5"),
    (BUSINESS_CASE, "CCTV control system upgrade", "Safer Medway Partnership", _ASB, 4_125, "9.6"),
    (BUSINESS_CASE, "One Stop Shop for victims of domestic abuse", "Medway Domestic Abuse Forum", _VAWG, 5_000, "9.7"),
    (BUSINESS_CASE, "Community Domestic Abuse Programme for perpetrators", "CDAP", _REOFFENDING, 10_600, "9.8"),
    (BUSINESS_CASE, "Rapid deployment CCTV", "Medway Council via Kyndi Ltd", _ASB, 13_000, "9.9"),
    (BUSINESS_CASE, "Brief intervention counselling", "Medway Council Youth Service", "", 20_000, "9.10"),
    (TACTICAL, "'Small Steps' training on the extreme right wing", "Kent and Medway Prevent Team", "", 1_590, "9.12"),
    (TACTICAL, "Gaming bus", "Kent and Medway Prevent Team", "", 2_400, "9.13"),
    (TACTICAL, "Exploitation conference", "Medway Youth Service", "", 6_000, "9.14"),
    (TACTICAL, "Hateful extremism training event", "Kent and Medway Prevent Team", "", 3_500, "9.15"),
    (TACTICAL, "Drop-in football", "Child Friendly Medway", _ASB, 14_000, "9.16"),
    (TACTICAL, "Ladies Night", "Medway Council Housing", _VAWG, 3_180, "9.17"),
    (TACTICAL, "Op Cover against motorcycle thefts", "Medway Community Safety Unit", "", 3_470, "9.18"),
    (TACTICAL, "Aspire programme", "Kent Fire and Rescue Service", _ASB, 2_000, "9.19"),
)


def grants_of(district: District) -> pd.DataFrame:
    """The grants of a partnership, under the contract ``grants``. Amounts in pounds, as printed."""
    return table_of("grants", _medway() if district is MEDWAY else _maidstone())


def _medway() -> list[dict]:
    year = {"year": "2024/25", "funder": COMMISSIONER}
    rows = [
        {
            "year": before,
            "funder": COMMISSIONER,
            "kind": "allocation",
            "plan": plan,
            "amount": 96_782,
            "source": f"{BOARD_2017}, paragraph 7.1",
        }
        for before, plan in (("2015/16", ""), ("2016/17", "2016-20"))
    ]
    rows += [
        {**year, "kind": "allocation", "amount": 106_460, "source": f"{SCRUTINY_2024}, paragraph 9.1"},
        {**year, "kind": "pot", "pot": BUSINESS_CASE, "amount": 70_973, "source": f"{SCRUTINY_2024}, paragraph 9.3"},
        {
            **year,
            "kind": "pot",
            "pot": TACTICAL,
            "amount": 35_487,
            "note": "A third of the whole grant, set aside for needs that arise in the year.",
            "source": f"{SCRUTINY_2024}, paragraph 9.3",
        },
    ]
    rows += [
        {
            **year,
            "kind": "award",
            "pot": pot,
            "project": project,
            "lead": lead,
            "plan": "2024-27",
            "priority": priority,
            "amount": amount,
            "note": _OURS if priority else _NO_PRIORITY,
            "source": f"{SCRUTINY_2024}, paragraph {paragraph}",
        }
        for pot, project, lead, priority, amount, paragraph in _AWARDS
    ]
    rows.append(
        {
            **year,
            "kind": "available",
            "amount": 13_645,
            "note": "Until March 2025. It is what the whole grant has left after the awards printed: the business case "
            "has £14,298 left and the awards of the tactical pot come to £653 more than the pot.",
            "source": f"{SCRUTINY_2024}, paragraph 9.3",
        }
    )
    return rows


def _maidstone() -> list[dict]:
    return [
        {
            "year": "2019/20",
            "funder": VIOLENCE_REDUCTION_UNIT,
            "kind": "allocation",
            "plan": "2019-22",
            "priority": "children-and-young-people",
            "amount": 5_000,
            "note": "Prize of the first VRU Hackathon, won against 25 other teams, for the pilot 'My Place'.",
            "source": f"{MAIDSTONE_2020}, paragraph 1.5",
        },
        {
            "year": "2020/21",
            "funder": COMMISSIONER,
            "kind": "allocation",
            "plan": "2019-22",
            "amount": 40_000,
            "note": "Printed as '£40k', due to be received; it includes a tactical pot of an amount not printed.",
            "source": f"{MAIDSTONE_2020}, financial implications",
        },
    ]
