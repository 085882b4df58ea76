"""The risk registers that Medway's reports print. Maidstone's report prints none, so Maidstone has no such table."""

import pandas as pd

from csp_data.extracts.demonstration.documents import BOARD_2017, SCRUTINY_2024
from csp_data.extracts.demonstration.rows import table_of

_BUY_IN = (
    "Decreased agency 'buy in'",
    "Changes in leadership, staffing or resources could reduce the involvement of key agencies.",
    "Ensure that agencies are aware of the impact of disengagement upon their own service delivery or performance. "
    "Ensure that strategic members of the CSP are made aware of any situation as it arises.",
)
_OBJECTIVES = (
    "A wide range of CSP objectives",
    "The CSP may be spread too thin and not have the resources to deal with all aspects, so there may be gaps in service.",
    "Prioritisation based on the strategic assessment.",
)
_LEGISLATION = (
    "Legislation",
    "Government guidance could change focus for the CSP.",
    "The CSP to ensure that it effectively horizon scans to be aware of impending legislative changes.",
)
_COMMISSIONER = (
    "Police and Crime Commissioner (PCC) plans",
    "Changes in the PCC's Police and Crime Plan.",
    "Continued engagement with the PCC.",
)
_GRANT = (
    "The Police Grant Settlement is reduced or ceases",
    "The PCC provides funding from the Home Office for the Crime Reduction Grant to CSPs in Kent and Medway.",
    "The five responsible authorities would have to consider funding community safety projects themselves, or there is "
    "no funding.",
)


def risks_of_medway() -> pd.DataFrame:
    """Both risk tables that are printed, under the contract ``risks``.

    In 2017 every risk is "Low", without likelihood and impact; in 2024 the rating is their two codes.
    """
    rows = [
        {
            "assessed": "2017-02-02",
            "risk": risk,
            "description": description,
            "action": action,
            "rating": "Low",
            "source": f"{BOARD_2017}, section 5",
        }
        for risk, description, action in (_BUY_IN, _OBJECTIVES, _LEGISLATION, _COMMISSIONER)
    ]
    rows += [
        {
            "assessed": "2024-12-12",
            "risk": risk,
            "description": description,
            "action": action,
            "likelihood": rating[0],
            "impact": rating[1:],
            "rating": rating,
            "source": f"{SCRUTINY_2024}, section 6",
        }
        for (risk, description, action), rating in (
            (_BUY_IN, "DII"),
            (_OBJECTIVES, "DII"),
            (_LEGISLATION, "CIII"),
            (_COMMISSIONER, "CIII"),
            (_GRANT, "CII"),
        )
    ]
    return table_of("risks", rows)
