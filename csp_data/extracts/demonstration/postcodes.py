"""Made-up postcodes, one an LSOA, so that the search by postcode can be tried. No real postcode begins with ZZ."""

import numpy as np
import pandas as pd

from csp_data.extracts.demonstration.background import MEDWAY, District
from csp_data.extracts.demonstration.rows import table_of

_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
"""Letters that the second half of a postcode may hold."""


def postcodes_of(district: District, wards: dict[str, np.ndarray]) -> pd.DataFrame:
    """The ward of each made-up postcode in each ward set, under the contract ``postcodes``: "ZZ1 0AA" is the first of
    Medway, "ZZ2 0AA" the first of Maidstone.

    Parameters
    ----------
    wards : ward set id -> ward code of each LSOA.
    """
    area = "ZZ1" if district is MEDWAY else "ZZ2"
    size = len(_LETTERS)
    rows = [
        {
            "postcode": f"{area} {place // size**2}{_LETTERS[place // size % size]}{_LETTERS[place % size]}",
            "vintage": vintage,
            "ward_code": code,
        }
        for vintage, codes in wards.items()
        for place, code in enumerate(codes)
    ]
    return table_of("postcodes", rows)
