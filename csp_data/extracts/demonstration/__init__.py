"""The demonstration workspace: Medway and Maidstone with synthetic counts and the figures that their reports print.

Counts of crime and anti-social behaviour (ASB) by month, 2011 LSOA and category, from April 2014 to March 2026, are
invented. Medway's totals reproduce what its Strategic Assessment of 2020 prints, with all that can hold at once:

    A1  33,334 recorded crimes in April 2019 to March 2020            met exactly
    A2  119.67 for each 1,000 of 278,566 residents                    119.67, on 278,556 (see below)
    A3  8th highest number of 57 unitary authorities, 6th before      met, among fictional areas
    A4  5% fewer than the year before                                 35,088 in 2018/19
    A5  12% more in 2018/19 and 36% more in 2017/18                   31,329 in 2017/18 and 23,036 in 2016/17
    A6  violence against the person about 3% lower                    14,144 to 13,720
    A7  crimes against society 14% lower, drug offences among them    6,512 to 5,600
    B1  6,023 ASB incidents in April 2019 to March 2020               met exactly
    B2  21.62 for each 1,000                                          21.62
    B3  5,502 the year before, 521 more                               met exactly
    B5  8,800 8,500 7,500 5,500 6,000 incidents, read off a chart     8,800 8,500 7,500 5,502 6,023
    B6  months of 2019/20, read off a chart                           each rounds to its reading
    B7  types 29 22 17 16 4 7 5 per cent                              each rounds to its figure
    B8  River, Gillingham North, Gillingham South, Strood South,      in that order, 48%; M5's five wards are taken
        Luton and Wayfield hold 48% of ASB                            to be these

These cannot all hold, and what was chosen is:

    A2  ONS published 278,556 residents for mid-2019, not the printed 278,566. The printed rate follows from the
        published figure, which is used: 33,334 on 278,566 would print as 119.66. Either gives B2's 21.62.
    B4  521 more than 5,502 is 9.47%, which prints as 9%, not as the printed 10%. The counts are kept.
    B5  The chart's 5,500 and 6,000 are readings of 5,502 and 6,023. The counts are kept.
    B6  The chart's months sum to 6,060, not 6,023. Each month is within 5 of its reading and they sum to 6,023.

Figures that are not counts by month are held as the reports print them, each with its own area, period and source:

    C1-C3, E1-E4, F1-F7, I6, J1-J9, K1-K3, L1, L2, L4       partner_figures  as printed
    D-1 to D-4  ratio 1.3, 1,459 users, 63.7%, 4.4 deaths   treatment        as printed, the latest of each series
    G1-G4, H1-H6  surveys of 2020, 2023 and 2024            surveys          counts that round to every percentage
    H7, H8  reach of the consultation                       partner_figures  as printed
    I1-I5  grants                                           grants           as printed
    L3  directions of Maidstone's crime                     totals           met by the counts
    M1  risks of 2017 and 2024                              risks            as printed
    M2, M3  plans, priorities, programmes, updates          plans            as printed, updates in few words
    M4  responsible authorities                             background       the list of 2024

What the reports leave open, or what does not follow from their own numbers:

    D   Neither periods nor intervals are printed: both are made up, and so are the earlier years. England is given only
        where the report gives it; other comparators are fictional.
    E1  Shares without counts: nothing can be tested.
    E4, J2, J7 and others  "Over" a number: the number is held, and the note says that it is the least.
    F2, F3  Percentages of fewer offences rest on 16 people and on one; the offences are not printed.
    G   No base is printed. 71 is the fewest people of whom all percentages are possible; the evening adds up to 99%, so
        one person of 71 is without an answer.
    H   "Very safe/fairly safe" is printed together: the split, and who answered neither or nothing, is made up. 50% of
        103 may be 51 or 52 people; 51 is taken.
    H7  0.55% engagement follows from none of the numbers beside it: clicks, shares and likes are 0.68% of impressions.
    I2-I4  The awards of the tactical pot are £653 more than the pot, and those of the business case leave £14,298. The
        £13,645 available is exactly what the whole grant has left, so it is held against neither pot.
    K2, F4, J and others  Where no dates are printed the note says which were taken.
    M1  In 2017 every risk is "Low", without likelihood or impact. Maidstone's report has no register, so its release
        has no such table.
    M2  The plans of 2020-24 and 2024-27 name no lead agency, that of 2024-27 no programmes: those are empty.
    M4  The report of December 2024 lists "Integrated Care Partnership" in paragraph 2.1 and "Integrated Care Board" in
        2.7. The second is taken.

Each partnership also gets its register of the printed claims, ``claims.toml``: those of ``registers`` in this package.

Not reproduced: V1 to V3, whose pictures are not in the text. V4, the crime list, is the crime tree of the catalogue.

Maidstone follows the directions that its report of 30 June 2020 gives for 2019/20 (crime down, public order down, drug
and weapon offences up); its levels are made up, and so are its indicators and surveys. Wards are approximate: whole LSOAs
grouped round places in each ward. About one LSOA in eight is made to lie in two of the newest wards, with invented
shares, so that some figures of wards are estimates, as they are on real boundaries. The table of residents holds ONS's
district figures; those of LSOAs and wards are synthetic and add up to them. Households, people by day, postcodes, other
areas and everything whose source or note says so are made up. No number here is a false statement about a named place
other than the two partnerships.

The same versions of the packages give the same bytes every time.
"""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from csp_data.catalogue.datasets import DATASETS
from csp_data.extracts.claims import FILE as REGISTER_FILE
from csp_data.extracts.claims import write as write_register
from csp_data.extracts.demonstration import places
from csp_data.extracts.demonstration.background import DISTRICTS, MEDWAY, District, events_of
from csp_data.extracts.demonstration.counts import Calibration, counts_of, landscape_of
from csp_data.extracts.demonstration.documents import (
    ASSESSMENT_2020,
    BOARD_2017,
    BOARD_2019,
    MAIDSTONE_2020,
    SCRUTINY_2024,
)
from csp_data.extracts.demonstration.grants import grants_of
from csp_data.extracts.demonstration.partner_figures import partner_figures_of
from csp_data.extracts.demonstration.patterns import MONTHS
from csp_data.extracts.demonstration.peers import peers_of
from csp_data.extracts.demonstration.plans import priorities_of, priority_figures_of, updates_of
from csp_data.extracts.demonstration.postcodes import postcodes_of
from csp_data.extracts.demonstration.residents import others_of, residents_of
from csp_data.extracts.demonstration.risks import risks_of_medway
from csp_data.extracts.demonstration.surveys import survey_of
from csp_data.extracts.demonstration.totals import (
    MAIDSTONE_ASB,
    MAIDSTONE_CRIME,
    MEDWAY_ASB,
    MEDWAY_ASB_MONTHS,
    MEDWAY_ASB_WARDS,
    MEDWAY_CRIME,
)
from csp_data.extracts.demonstration.treatment import treatment_of
from csp_data.extracts.release_log import LOG, append, turn
from csp_data.extracts.releases import MANIFEST, write_release

RELEASE = "2026-04-30T090000"
BUILT_AT = "2026-04-30T09:00:00Z"

_SEED = 20_260_430
_REGISTERS = Path(__file__).with_name("registers")

_TOTALS = {
    "medway": (MEDWAY_CRIME.by_category(), MEDWAY_ASB.by_category()),
    "maidstone": (MAIDSTONE_CRIME.by_category(), MAIDSTONE_ASB.by_category()),
}


def write_demonstration(out: Path) -> list[str]:
    """Write the demonstration workspace into a folder, taking the place of one that is there. Returns the release ids.

    Raises
    ------
    InputError
        When the package that carries the LSOA shapes is not installed.
    """
    shapes = places.shapes_file()
    described = _shapes_source(shapes)
    written = []
    for district in DISTRICTS:
        tables = demonstration_tables(district, places.lsoas_of(district.name, shapes))
        written.append(_replace_release(Path(out), district, tables, _manifest(tables, described)))
        register = (_REGISTERS / f"{district.partnership.id}.toml").read_text(encoding="utf-8")
        write_register(Path(out) / district.partnership.id / REGISTER_FILE, register)
    return written


def demonstration_tables(district: District, lsoas: gpd.GeoDataFrame) -> dict[str, pd.DataFrame]:
    """Every table of one partnership, by name of dataset, each under its contract and in a fixed order of rows.

    ``lsoas`` as ``places.lsoas_of`` gives them.
    """
    # One stream a table: a change to one leaves the others as they are.
    land_rng, people_rng, crime_rng, asb_rng, others_rng, partners_rng, peers_rng, borders_rng = (
        np.random.default_rng([_SEED, int(district.code[1:]), stream]) for stream in range(8)
    )
    wards = {vintage: places.wards_for(lsoas, sketches) for vintage, sketches in district.wards.items()}
    newest = district.partnership.vintages[-1].id
    borders = {newest: places.straddling(lsoas, wards[newest], borders_rng)}
    land = landscape_of(district.code, lsoas, land_rng)
    crime_totals, asb_totals = _TOTALS[district.partnership.id]
    calibration = Calibration(MEDWAY_ASB_MONTHS, wards["2003"], MEDWAY_ASB_WARDS) if district is MEDWAY else None
    counts = {
        "crime": counts_of(crime_totals, land, crime_rng),
        "asb": counts_of(asb_totals, land, asb_rng, calibration),
    }
    residents = residents_of(district.code, land.lsoas, wards, borders, people_rng)
    others = others_of(district.code, residents, wards, borders, land.lsoas, land.town, others_rng)
    tables = {
        **counts,
        "population": pd.concat([residents, others], ignore_index=True),
        "areas": _areas(district, lsoas, wards),
        "small_areas": _small_areas(district, lsoas),
        "ward_lookup": _ward_lookup(lsoas, wards, borders),
        "events": events_of(district),
        "indicators": treatment_of(district),
        "survey": survey_of(district),
        "partner_figures": partner_figures_of(district, wards, partners_rng),
        "peers": peers_of(district, counts, peers_rng),
        "priorities": priorities_of(district),
        "priority_figures": priority_figures_of(district),
        "updates": updates_of(district),
        "grants": grants_of(district),
        "postcodes": postcodes_of(district, wards),
    }
    if district is MEDWAY:
        tables["risks"] = risks_of_medway()
    return tables


def _areas(district: District, lsoas: gpd.GeoDataFrame, wards: dict[str, np.ndarray]) -> gpd.GeoDataFrame:
    """Outlines of the wards of each set, the LSOAs and the district, under the contract ``areas``."""
    rows = [(district.code, district.name, "district", "", places.outline(lsoas.geometry))]
    rows += [(a.code, a.name, "lsoa2011", "", places.outline(gpd.GeoSeries([a.geometry]))) for a in lsoas.itertuples()]
    for vintage, sketches in district.wards.items():
        rows += [
            (sketch.code, sketch.name, "ward", vintage, places.outline(lsoas.geometry[wards[vintage] == sketch.code]))
            for sketch in sketches
        ]
    frame = gpd.GeoDataFrame(
        rows, columns=["area_code", "name", "area_type", "vintage", "geometry"], geometry="geometry", crs="EPSG:4326"
    )
    frame["district"] = district.code
    return frame.sort_values(["area_type", "vintage", "area_code"], ignore_index=True)


def _small_areas(district: District, lsoas: gpd.GeoDataFrame) -> pd.DataFrame:
    """The LSOAs, and the district for records placed no more closely, under the contract ``small_areas``."""
    codes = [*lsoas["code"], district.code]
    return pd.DataFrame(
        {
            "small_area": codes,
            "area_code": codes,
            "area_type": ["lsoa2011"] * len(lsoas) + ["district"],
            "area_name": [*lsoas["name"], district.name],
            "district": district.code,
        }
    )


def _ward_lookup(
    lsoas: gpd.GeoDataFrame, wards: dict[str, np.ndarray], borders: dict[str, places.Border]
) -> pd.DataFrame:
    """The ward of each set that an LSOA is in, or the two that share it, under the contract ``ward_lookup``."""
    tables = []
    for vintage, ward in wards.items():
        table = pd.DataFrame(
            {"small_area": lsoas["code"], "vintage": vintage, "ward_code": ward, "share": 1.0, "method": "nested"}
        )
        border = borders.get(vintage, {})
        shared = table.loc[list(border)].assign(method="population_share")
        elsewhere = np.array([share for _, share in border.values()], dtype=float)
        table.loc[list(border)] = shared.assign(share=np.round(1 - elsewhere, 2))
        tables += [table, shared.assign(ward_code=[code for code, _ in border.values()], share=elsewhere)]
    return pd.concat(tables, ignore_index=True).sort_values(["vintage", "small_area", "ward_code"], ignore_index=True)


def _shapes_source(path: Path) -> dict[str, Any]:
    """The file of LSOA shapes, as the manifest describes a source."""
    content = path.read_bytes()
    return {
        "name": "Lower layer Super Output Areas, December 2011, super-generalised boundaries",
        "publisher": "Office for National Statistics",
        "licence": "OGL-3.0",
        "file": f"{places.SHAPES_PACKAGE} {places.SHAPES_VERSION}: {places.SHAPES_FILE}",
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "url": f"https://pypi.org/project/{places.SHAPES_PACKAGE}/{places.SHAPES_VERSION}/",
        "published": "2024-08-01",
    }


_SYNTHETIC = {"publisher": "synthetic demonstration data", "licence": "synthetic", "published": BUILT_AT[:10]}


def _manifest(tables: dict[str, pd.DataFrame], shapes: dict[str, Any]) -> dict[str, Any]:
    """What release.json says of the demonstration."""
    grouping = {
        **_SYNTHETIC,
        "name": "Wards grouped from whole LSOAs, approximate; shares of the LSOAs at their edges made up",
    }
    months = [f"{month:%Y-%m}" for month in MONTHS]
    extracts: dict[str, dict[str, Any]] = {
        "areas": {"disclosure": "open", "sources": [shapes, grouping]},
        "small_areas": {"disclosure": "open", "sources": [shapes]},
        "ward_lookup": {"disclosure": "open", "sources": [grouping]},
        "events": {
            "disclosure": "open",
            "sources": [
                {
                    **_SYNTHETIC,
                    "name": "Public record of lockdowns and of changes to recording and wards",
                    "licence": "OGL-3.0",
                }
            ],
        },
        "population": {
            "disclosure": "open",
            "sources": [
                {
                    "name": "Mid-year population estimates and Census 2021, district totals",
                    "publisher": "Office for National Statistics",
                    "licence": "OGL-3.0",
                },
                {
                    **_SYNTHETIC,
                    "name": "Residents of LSOAs and wards, adding up to the district totals; households and "
                    "workday population",
                },
            ],
        },
        "postcodes": {
            "disclosure": "open",
            "sources": [
                {
                    **_SYNTHETIC,
                    "name": f"Made-up postcodes, one a small area, such as {tables['postcodes']['postcode'].iloc[0]}: no "
                    "real postcode is held",
                }
            ],
        },
        **_supplied(tables),
    }
    for name, words in (("crime", "crimes"), ("asb", "incidents")):
        counts = tables[name].groupby(tables[name]["small_area"].str.startswith("E01"))["count"].sum()
        extracts[name] = {
            "disclosure": "open",
            "months": months,
            "scheme": "synthetic",
            "placed": {
                "coordinates": 0,
                "lsoa": int(counts[True]),
                "ward": 0,
                "district": int(counts[False]),
                "not_located": 0,
                "outside": 0,
                "read": int(counts.sum()),
            },
            "sources": [
                {
                    **_SYNTHETIC,
                    "name": f"Synthetic {words}, calibrated to totals printed by the partnership",
                    "rows": len(tables[name]),
                }
            ],
        }
    return {
        "release": RELEASE,
        "status": "demonstration",
        "built_at": BUILT_AT,
        "built_by": "python -m csp_data demo",
        "extracts": extracts,
    }


_PRINTED_BY = {
    ASSESSMENT_2020: "Medway Community Safety Partnership",
    SCRUTINY_2024: "Medway Council",
    BOARD_2017: "Medway Council",
    BOARD_2019: "Medway Council",
    MAIDSTONE_2020: "Maidstone Borough Council",
}
_SUPPLIED = (
    "indicators",
    "survey",
    "partner_figures",
    "peers",
    "priorities",
    "priority_figures",
    "updates",
    "grants",
    "risks",
)


def _supplied(tables: dict[str, pd.DataFrame]) -> dict[str, dict[str, Any]]:
    """The tables that hold printed figures beside made-up ones: each names the reports that its rows do."""
    extracts = {}
    for name in _SUPPLIED:
        if name not in tables:
            continue
        told = " ".join(tables[name].select_dtypes("object").fillna("").agg(" ".join, axis=1))
        sources = [
            {"name": report, "publisher": publisher, "licence": "supplied"}
            for report, publisher in _PRINTED_BY.items()
            if report in told
        ]
        made_up = {**_SYNTHETIC, "name": "Figures that no report prints"}
        needs = name in ("indicators", "survey", "partner_figures", "peers", "priority_figures")
        rule = "marked" if name == "partner_figures" else DATASETS[name].rules[0]
        extracts[name] = {"disclosure": rule, "sources": [*sources, *([made_up] if needs else [])]}
    return extracts


def _replace_release(out: Path, district: District, tables: dict[str, pd.DataFrame], manifest: dict[str, Any]) -> str:
    """Write a release in place of one of the same id, which is put back if writing fails."""
    place = out / district.partnership.id / "releases" / RELEASE
    aside = place.with_name(f".replaced-{RELEASE}")
    if place.exists():
        place.rename(aside)
    try:
        written = write_release(out, district.partnership, tables, manifest)
    except BaseException:
        if aside.exists() and not place.exists():
            aside.rename(place)
        raise
    shutil.rmtree(aside, ignore_errors=True)
    home = out / district.partnership.id
    if (home / LOG).exists():  # It names what the release's description must be.
        made = hashlib.sha256((place / MANIFEST).read_bytes()).hexdigest()
        with turn(home, manifest["built_by"]):
            append(home, "build", written, manifest["built_by"], "The demonstration was made again", manifest=made)
    return written
