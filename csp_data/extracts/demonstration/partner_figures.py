"""Single figures that partner agencies report, as the documents print them, with the dates and area each is for.

Printed figures keep their claims' numbers (C1 and so on) in comments. Where the report gives no dates, the note says which
were assumed. Figures that no document prints are made up, and say so: incidents of the fire service, homelessness by
quarter, and reoffending by ward.
"""

import numpy as np
import pandas as pd

from csp_data.extracts.demonstration.background import MEDWAY, District
from csp_data.extracts.demonstration.documents import (
    ASSESSMENT_2020,
    BOARD_2017,
    BOARD_2019,
    MAIDSTONE_2020,
    SCRUTINY_2024,
)
from csp_data.extracts.demonstration.rows import MADE_UP, table_of

KENT_AND_MEDWAY = ("", "Kent and Medway")
_SYNTHETIC = "synthetic demonstration data"

_YEAR_2019 = ("2019-04-01", "2020-03-31")
_PANDEMIC = ("2020-03-22", "2020-10-31")
_PANDEMIC_NOTE = "The end is not printed: taken as October 2020, shortly before the report."
_LOCKDOWN = ("2020-03-23", "2020-07-03")
_QUARTER_2020 = ("2020-07-01", "2020-09-30")
_BEFORE_PANDEMIC_NOTE = "Printed as before the pandemic: taken as 2019/20."
_OCTOBER_2020 = ("2020-10-01", "2020-10-31")
_GRANT_YEAR = ("2024-04-01", "2025-03-31")
_CAMPAIGN = ("2024-09-01", "2024-11-30")
_CAMPAIGN_NOTE = "The dates are not printed: taken as the autumn of 2024."

POLICE = "Kent Police"
PROBATION = "Kent, Surrey and Sussex Community Rehabilitation Company"
COUNCIL = "Medway Council"

_ADULTS = "safeguarding-adults-and-children"
_VULNERABILITY = "reducing-vulnerability"
_REOFFENDING = "reducing-reoffending"
_LISTENING = "listening"


def partner_figures_of(district: District, wards: dict[str, np.ndarray], rng: np.random.Generator) -> pd.DataFrame:
    """Figures of the agencies of a partnership, under the contract ``partner_figures``.

    Parameters
    ----------
    wards : ward set id -> ward code of each LSOA: every ward gets a reoffending figure.
    """
    rows = _medway() if district is MEDWAY else _maidstone()
    rows += _by_quarter(district) + _reoffending(district, wards, rng)
    return table_of("partner_figures", [{"sensitive": "no", **row} for row in rows])


def _figure(
    figure: str,
    label: str,
    theme: str,
    agency: str,
    span: tuple[str, str],
    value: float | None,
    unit: str,
    source: str,
    area: tuple[str, str] = (MEDWAY.code, MEDWAY.name),
    **more,
) -> dict:
    return {
        "figure": figure,
        "label": label,
        "theme": theme,
        "agency": agency,
        "area_code": area[0],
        "area_name": area[1],
        "period_start": span[0],
        "period_end": span[1],
        "value": value,
        "unit": unit,
        "source": source,
        **more,
    }


def _medway() -> list[dict]:
    rows = [*_calls(), *_health(), *_offenders(), *_activity(), *_people_helped(), *_funding()]
    for row in rows:
        if row.get("priority"):
            row["plan"] = "2020-24"
    return [*rows, *_consultation(), *_of_2024()]


def _calls() -> list[dict]:
    context = f"{ASSESSMENT_2020}, The Crime Picture in Context"
    force = {"area": KENT_AND_MEDWAY, "note": "For the whole of Kent and Medway, not for Medway alone."}
    return [
        # C1
        _figure(
            "calls", "Calls to Kent Police", "calls", POLICE, _YEAR_2019, 344_749, "calls", context,
            before=333_968, before_period="2018/19", **force,
        ),
        # C2
        _figure(
            "calls-101", "Non-emergency 101 calls", "calls", POLICE, _YEAR_2019, 470_314, "calls", context,
            before=455_597, before_period="2018/19", **force,
        ),
        # C3
        _figure("online-reports", "Online reports", "calls", POLICE, _YEAR_2019, 24_268, "reports", context, **force),
        _figure("live-chats", "Live chats", "calls", POLICE, _YEAR_2019, 17_257, "chats", context, **force),
        # E4
        _figure(
            "domestic-abuse-non-crime-calls", "Rise in domestic abuse calls that were not crimes", "calls", POLICE,
            ("2020-05-17", "2020-06-14"), 30, "%", f"{ASSESSMENT_2020}, Reducing Vulnerability", KENT_AND_MEDWAY,
            priority=_VULNERABILITY,
            note="Printed as 'over 30%': it is at least this. The counts and the period compared with are not printed, "
            "nor whether Medway or all of Kent is meant.",
        ),
    ]  # fmt: skip


def _health() -> list[dict]:
    source = f"{ASSESSMENT_2020}, Reducing Vulnerability"
    return [
        # E1
        _figure(
            "mental-health-attendances", "Mental health share of hospital attendances", "health",
            "Medway NHS Foundation Trust", ("2020-04-01", "2020-06-30"), 2.58, "%", source,
            ("", "Medway Foundation Trust"), before=1.48, before_period="January to March 2020",
            priority=_VULNERABILITY,
            note="All attendances fell in the first lockdown, so a share can rise without more people. The counts are "
            "not printed.",
        ),
        # E2
        _figure(
            "suicides-young-people", "Suicides of young people during lockdown", "health",
            "Kent and Medway Clinical Commissioning Group", _LOCKDOWN, 3, "people", source, KENT_AND_MEDWAY,
            sensitive="yes", priority=_VULNERABILITY,
            note="A review found no link between the cases and no significant variation from earlier years. The dates "
            "are those of the first national lockdown.",
        ),
        # E3
        _figure(
            "mental-health-problem", "People with a mental health problem in a year", "health",
            "Kent and Medway Clinical Commissioning Group", ("2020-01-01", "2020-12-31"), 25, "%", source,
            ("K02000001", "United Kingdom"), priority=_VULNERABILITY,
            note="Printed as 'approximately 1 in 4 people in the UK' each year: a general statement, not a count.",
        ),
    ]  # fmt: skip


def _offenders() -> list[dict]:
    source = f"{ASSESSMENT_2020}, Reducing Reoffending"
    iom = {"priority": _REOFFENDING}
    report = "Integrated Offender Management"
    young = {**iom, "sensitive": "yes"}
    fewer = (
        "Against a comparable period before; neither that period nor the numbers of offences are printed. The base is "
        "the number of people."
    )
    return [
        # F1
        _figure("iom-adults", "Adults managed under IOM", "iom", report, _OCTOBER_2020, 30, "people", source, **iom),
        _figure(
            "iom-adults-community", "Adults under IOM in the community", "iom", report, _OCTOBER_2020, 16, "people",
            source, base=30, **iom,
        ),
        _figure(
            "iom-adults-custody", "Adults under IOM in custody", "iom", report, _OCTOBER_2020, 14, "people", source,
            base=30, **iom,
        ),
        # F2
        _figure(
            "iom-fewer-offences-adults", "Fewer offences by adults while under IOM", "iom", report, _OCTOBER_2020, 79,
            "%", source, base=16, note=fewer, **iom,
        ),
        # F3
        _figure(
            "iom-young-people", "Young people managed under IOM", "iom", report, _OCTOBER_2020, 2, "people", source,
            **young,
        ),
        _figure(
            "iom-young-people-community", "Young people under IOM in the community", "iom", report, _OCTOBER_2020, 1,
            "people", source, base=2, **young,
        ),
        _figure(
            "iom-young-people-custody", "Young people under IOM in custody", "iom", report, _OCTOBER_2020, 1, "people",
            source, base=2, **young,
        ),
        _figure(
            "iom-fewer-offences-young-people", "Fewer offences by young people while under IOM", "iom", report,
            _OCTOBER_2020, 100, "%", source, base=1, note=f"{fewer} A percentage of one person says nothing.", **young,
        ),
        # F4
        _figure(
            "payback-groups", "Community Payback groups a week", "probation", PROBATION, _YEAR_2019, 11,
            "groups a week", source, note=_BEFORE_PANDEMIC_NOTE, **iom,
        ),
        _figure(
            "payback-placements", "Individual Community Payback placements", "probation", PROBATION, _YEAR_2019, 12,
            "placements", source, note=_BEFORE_PANDEMIC_NOTE, **iom,
        ),
        _figure(
            "payback-placement-hours", "Unpaid work hours done in individual placements", "probation", PROBATION,
            _YEAR_2019, 25, "%", source, note=f"{_BEFORE_PANDEMIC_NOTE} An average; the hours are not printed.", **iom,
        ),
        # F5
        _figure(
            "payback-hours", "Community Payback hours against those before lockdown", "probation", PROBATION,
            ("2020-09-01", "2020-09-30"), 75, "%", source, note="As at the end of September 2020.", **iom,
        ),
        # F6
        _figure(
            "release-accommodation", "People given accommodation on release from custody", "probation", PROBATION,
            ("2020-05-11", "2020-08-31"), 15, "people", source, **iom,
        ),
        _figure(
            "release-accommodation-positive", "Positive outcome of accommodation on release", "probation", PROBATION,
            ("2020-05-11", "2020-08-31"), 60, "%", source, numerator=9, base=15,
            note="9 of 15 people are printed; the percentage is worked out.", **iom,
        ),
        # F7
        _figure(
            "sentenced-before", "People sentenced who had offended before", "probation", "Ministry of Justice",
            ("2011-01-01", "2011-12-31"), 90, "%", f"{BOARD_2017}, paragraph 4.18", ("K04000001", "England and Wales"),
            note="Printed as 'some 90%'.",
        ),
        # K3
        _figure(
            "probation-office-days", "Days a week the Chatham office is open", "probation", PROBATION,
            ("2020-09-01", "2020-09-30"), 5, "days a week", source, note="With two evenings for those in work.", **iom,
        ),
    ]  # fmt: skip


def _activity() -> list[dict]:
    safeguarding = f"{ASSESSMENT_2020}, Safeguarding Adults and Children"
    overview = f"{ASSESSMENT_2020}, Overview"
    standards = "Medway Council Trading Standards"
    shop = {"priority": _ADULTS, "note": _PANDEMIC_NOTE}
    orders = {"priority": _VULNERABILITY}
    two_groups = "The two groups of young people in dispute, early in the pandemic; the dates are not printed."
    young = {"priority": _ADULTS, "sensitive": "yes", "note": two_groups}
    team = "Medway Sexual Exploitation Team"
    return [
        # J1
        _figure(
            "prohibition-notices", "Formal prohibition notices issued", "activity", standards, _PANDEMIC, 14,
            "notices", safeguarding, **shop,
        ),
        _figure(
            "premises-closed", "Premises closed voluntarily", "activity", standards, _PANDEMIC, 137, "premises",
            safeguarding, **shop,
        ),
        _figure(
            "premises-visited", "Commercial premises visited", "activity", standards, _PANDEMIC, 6_503, "visits",
            safeguarding, **shop,
        ),
        _figure(
            "take-down-notices", "Internet take-down notices issued", "activity", standards, _PANDEMIC, 9, "notices",
            safeguarding, **shop,
        ),
        # J2
        _figure(
            "complaints-a-day", "Complaints about businesses at the peak", "activity", standards, _PANDEMIC, 45,
            "complaints a day", safeguarding, priority=_ADULTS,
            note="Printed as 'in excess of 45 complaints a day' at the high point, for three officers.",
        ),
        _figure(
            "trading-standards-officers", "Trading Standards officers", "activity", standards, _PANDEMIC, 3,
            "officers", safeguarding, **shop,
        ),
        # J3
        _figure(
            "behaviour-orders", "Criminal Behaviour Orders secured", "activity", "Medway Community Safety Unit",
            _QUARTER_2020, 4, "orders", overview, **orders,
        ),
        _figure(
            "behaviour-orders-pending", "Criminal Behaviour Orders awaiting a hearing", "activity",
            "Medway Community Safety Unit", _QUARTER_2020, 3, "applications", overview, **orders,
        ),
        # J4
        _figure(
            "crime-groups-archived", "Organised crime groups tackled and archived", "activity",
            "Serious and Organised Crime Partnership", _YEAR_2019, 1, "groups", safeguarding, priority=_ADULTS,
            note="Printed as 'in the last financial year'.",
        ),
        # J9
        _figure(
            "young-people-remanded", "Young people of two groups in dispute who were remanded", "activity", POLICE,
            _LOCKDOWN, 1, "people", safeguarding, **young,
        ),
        _figure(
            "young-people-moved", "Young people of two groups in dispute who were moved away", "activity", POLICE,
            _LOCKDOWN, 3, "people", safeguarding, **young,
        ),
        # K3
        _figure(
            "closure-orders", "Closure orders", "activity", "Medway Community Safety Unit", _YEAR_2019, 1, "orders",
            overview, priority=_ADULTS, note="The dates are not printed: taken as 2019/20.",
        ),
        _figure(
            "exploitation-officers-june", "New officers of the exploitation team", "activity", team,
            ("2020-06-01", "2020-06-30"), 2, "officers", safeguarding, priority=_ADULTS,
        ),
        _figure(
            "exploitation-officers-since-july", "More officers of the exploitation team", "activity", team,
            _QUARTER_2020, 3, "officers", safeguarding, priority=_ADULTS,
            note="Printed as 'since July'; one community support officer left. The report names the team MCET.",
        ),
        _figure(
            "detached-youth-work", "Detached youth work after school", "activity", "Medway Council Youth Service",
            _PANDEMIC, 3, "hours a day", f"{ASSESSMENT_2020}, Reducing Vulnerability", priority=_VULNERABILITY,
            note="Printed as 3:30 to 6:30pm daily.",
        ),
    ]  # fmt: skip


def _people_helped() -> list[dict]:
    source = f"{ASSESSMENT_2020}, Reducing Vulnerability"
    thanks = f"{ASSESSMENT_2020}, Thank You"
    helped = {"priority": _VULNERABILITY}
    return [
        # J5
        _figure(
            "moved-on", "People moved from hotels into longer-term housing", "housing", COUNCIL, _PANDEMIC, 51,
            "people", source, note=f"Those housed under 'everyone in'. {_PANDEMIC_NOTE}", **helped,
        ),
        _figure(
            "homelessness-prevented", "Homelessness prevented or relieved", "housing", COUNCIL, _PANDEMIC, 333,
            "cases", source, note=f"Printed as comparable to before COVID-19. {_PANDEMIC_NOTE}", **helped,
        ),
        # J6
        _figure(
            "rough-sleepers-rehoused", "Rough sleepers re-housed", "housing", COUNCIL, ("2018-04-01", "2019-03-31"),
            65, "people", BOARD_2019, note="Printed as 'approximately 65', without dates: taken as 2018/19.",
        ),
        # J7
        _figure(
            "people-helped", "People helped by the Vulnerable People Hub", "activity", COUNCIL, _PANDEMIC, 5_000,
            "people", thanks, note=f"Printed as 'over 5000': it is at least this. {_PANDEMIC_NOTE}", **helped,
        ),
        _figure(
            "meals", "Meals provided", "activity", COUNCIL, _PANDEMIC, 110_000, "meals", thanks,
            note=f"Printed as 'over 110,000': it is at least this. {_PANDEMIC_NOTE}", **helped,
        ),
        # J8
        _figure(
            "schools-reopened", "Schools open again to three year groups", "activity", COUNCIL,
            ("2020-06-01", "2020-06-07"), 70, "%", thanks, note="The number of schools is not printed.",
        ),
    ]  # fmt: skip


def _funding() -> list[dict]:
    return [
        # I6
        _figure(
            "safer-streets", "Safer Streets Fund", "funding", "Kent Police and Crime Commissioner",
            ("2020-04-01", "2021-03-31"), 111_000, "£", f"{ASSESSMENT_2020}, Overview", ("", "areas of Gillingham"),
            priority=_VULNERABILITY,
            note="Given to the commissioner by the Home Office; the year is not printed: taken as 2020/21.",
        ),
        _figure(
            "families-against-youth-crime", "Supporting Families Against Youth Crime fund", "funding",
            "Kent County Council", ("2019-04-01", "2021-03-31"), 1_362_645, "£",
            f"{ASSESSMENT_2020}, Safeguarding Adults and Children", ("", "North Kent and Medway"), priority=_ADULTS,
            note="Over two years and for several areas: Medway's part is not printed. The years are assumed.",
        ),
    ]  # fmt: skip


def _consultation() -> list[dict]:
    source = f"{SCRUTINY_2024}, section 7"
    media = {"theme": "consultation", "agency": "Medway Community Safety Partnership", "note": _CAMPAIGN_NOTE}
    rows = []
    for figure, label, value, unit, note in (
        # H7
        ("posts", "Social media posts", 20, "posts", ""),
        ("clicks", "Clicks on social media posts", 97, "clicks", ""),
        ("shares", "Shares of social media posts", 4, "shares", ""),
        ("likes", "Likes of social media posts", 7, "likes", ""),
        ("reach", "People reached by social media posts", 12_800, "people", ""),
        ("impressions", "Times social media posts were shown", 15_800, "impressions", ""),
        (
            "engagement",
            "Engagement rate of social media posts",
            0.55,
            "%",
            " How the rate was worked out is not printed: clicks, shares and likes are 0.68% of the impressions.",
        ),
        # H8
        ("newsletter-subscribers", "Subscribers of the digital newsletter", 14_678, "people", ""),
        ("newsletter-open-rate", "Open rate of the digital newsletter", 45, "%", ""),
        ("newsletter-clicks", "Clicks on the article of the newsletter", 39, "clicks", ""),
    ):
        row = _figure(figure, label, media["theme"], media["agency"], _CAMPAIGN, value, unit, source)
        rows.append({**row, "note": media["note"] + note})
    rows[-2]["base"] = 14_678
    return rows


def _of_2024() -> list[dict]:
    """K1 to K3: what the projects of the grant of 2024/25 tell of themselves."""

    def of(paragraph: str) -> str:
        return f"{SCRUTINY_2024}, paragraph {paragraph}"

    vawg = {"plan": "2024-27", "priority": "violence-against-women-and-girls"}
    return [
        # K1
        _figure(
            "extremism-event-attendees", "Attendees of the hateful extremism event", "activity",
            "Kent and Medway Prevent Team", ("2024-01-01", "2024-12-31"), 302, "people", of("9.15"), KENT_AND_MEDWAY,
            note="Online and in person, 2024.",
        ),
        _figure(
            "conference-delegates", "Delegates the exploitation conference aims at", "activity",
            "Medway Council Youth Service", _GRANT_YEAR, 150, "people", of("9.14"),
            note="A target, not a result.",
        ),
        _figure(
            "ladies-night-fewest", "Women at a Ladies Night, fewest", "activity", "Medway Council Housing",
            _GRANT_YEAR, 20, "women a session", of("9.17"), note="'Typically 20-30 women', four times a year.", **vawg,
        ),
        _figure(
            "ladies-night-most", "Women at a Ladies Night, most", "activity", "Medway Council Housing", _GRANT_YEAR,
            30, "women a session", of("9.17"), note="'Typically 20-30 women', four times a year.", **vawg,
        ),
        # K2
        _figure(
            "motorcycle-thefts", "Motorcycles stolen before Op Cover", "activity", "Medway Community Safety Unit",
            ("2024-04-01", "2024-06-30"), 37, "thefts", of("9.18"),
            note="In three months that are not printed: taken as April to June 2024. Not from garages or sheds.",
        ),
        # K3
        _figure(
            "cctv-age", "Age of the CCTV control system", "activity", "Safer Medway Partnership", _GRANT_YEAR, 15,
            "years", of("9.6"),
        ),
        _figure(
            "perpetrator-sessions", "Sessions of the domestic abuse perpetrator programme", "activity", "CDAP",
            _GRANT_YEAR, 27, "sessions", of("9.8"), plan="2024-27", priority=_REOFFENDING,
        ),
        _figure(
            "aspire-youngest", "Youngest age of the Aspire programme", "activity", "Kent Fire and Rescue Service",
            _GRANT_YEAR, 11, "years", of("9.19"),
        ),
        _figure(
            "aspire-oldest", "Oldest age of the Aspire programme", "activity", "Kent Fire and Rescue Service",
            _GRANT_YEAR, 17, "years", of("9.19"),
        ),
    ]  # fmt: skip


def _maidstone() -> list[dict]:
    source = f"{MAIDSTONE_2020}, paragraph 1.5"
    year = {"span": _YEAR_2019, "plan": "2019-22", "note": "In the first year of the plan: taken as 2019/20."}
    area = ("E07000110", "Maidstone")

    def of(figure, label, theme, agency, value, unit, priority, source=source, area=area, note="") -> dict:
        row = _figure(figure, label, theme, agency, year["span"], value, unit, source, area, priority=priority)
        return {**row, "plan": year["plan"], "note": note or year["note"]}

    serious, young = "serious-and-organised-crime", "children-and-young-people"
    abuse, substances, mental = "domestic-abuse", "substance-misuse", "mental-health"
    return [
        # L1
        of("trauma-packs", "Emergency Trauma Packs provided", "activity", "Maidstone BID", 8, "packs", serious),
        of(
            "trauma-packs-large", "More large trauma packs to come", "activity", "Safer Maidstone Partnership", 2,
            "packs", serious, note="To be given out by the end of March 2020.",
        ),
        of(
            "trauma-packs-small", "Small trauma packs to come", "activity", "Safer Maidstone Partnership", 30, "packs",
            serious, note="Printed as 'over 30', to be given out by the end of March 2020.",
        ),
        of("hackathon-teams", "Other teams beaten in the VRU Hackathon", "activity", "Kent Violence Reduction Unit", 25,
           "teams", young),
        of("hackathon-prize", "Prize of the VRU Hackathon", "funding", "Kent Violence Reduction Unit", 5_000, "£", young),
        of(
            "abuse-awareness-staff", "GPs and health staff at domestic abuse awareness sessions", "health",
            "Safer Maidstone Partnership", 60, "people", abuse, note="Printed as 'over 60', at two sessions.",
        ),
        of("abuse-awareness-sessions", "Domestic abuse awareness sessions", "health", "Safer Maidstone Partnership", 2,
           "sessions", abuse),
        of(
            "licensing-inspections", "Proactive licensing inspections", "activity", POLICE, 1_000, "inspections",
            substances, note="Printed as 'over 1000' since April 2019.",
        ),
        of("licence-reviews", "Licence reviews for breaches", "activity", POLICE, 2, "reviews", substances),
        # L2
        of(
            "mental-health-cases", "Vulnerability group cases with a mental health factor", "health",
            "Safer Maidstone Partnership", 63, "%", mental,
            note="Of cases brought to the CSVG in the last year, diagnosed or not; the number of cases is not printed.",
        ),
        # L4
        of(
            "violence-reduction-units", "Areas with a Violence Reduction Unit", "activity", "Home Office", 18, "areas",
            serious, f"{MAIDSTONE_2020}, paragraph 1.8", ("", "National"), "Kent is one of them.",
        ),
    ]  # fmt: skip


_FIRES = {
    "medway": (58, 66, 41, 39, 44, 70, 43, 36, 41, 68, 45, 40, 52, 79, 44, 37, 46, 61, 40, 35, 43, 58, 37, 34),
    "maidstone": (31, 35, 22, 20, 26, 38, 23, 19, 22, 36, 24, 21, 29, 44, 23, 18, 24, 33, 20, 19, 22, 30, 19, 17),
}
_HOMELESS = {
    "medway": (151, 162, 158, 166, 171, 169, 174, 181, 186, 179, 188, 192, 197, 190, 201, 206, 211, 204, 209, 215, 218),
    "maidstone": (88, 91, 90, 95, 97, 94, 99, 101, 104, 100, 106, 108, 111, 107, 112, 115, 119, 114, 118, 121, 123),
}


_PEOPLE_AN_LSOA = {"medway": 6.5, "maidstone": 9.0}
"""People who could offend again, of whom about three in ten do: few enough that some wards have 1 to 7 who did."""


def _by_quarter(district: District) -> list[dict]:
    """Two made-up series, so that a figure of an agency can be followed over time; one quarter was not returned."""
    own = district.partnership.id
    area = (district.code, district.name)
    council = COUNCIL if district is MEDWAY else "Maidstone Borough Council"
    rows = []
    for figure, label, theme, agency, unit, first, values in (
        ("deliberate-fires", "Deliberate fires", "fire", "Kent Fire and Rescue Service", "fires", "2020Q2", _FIRES[own]),
        (
            "homelessness-duties", "Homelessness prevented or relieved, by quarter", "housing", council, "households",
            "2021Q1", _HOMELESS[own],
        ),
    ):  # fmt: skip
        quarters = pd.period_range(first, periods=len(values), freq="Q")
        for number, (quarter, value) in enumerate(zip(quarters, values, strict=True)):
            span = (f"{quarter.start_time:%Y-%m-%d}", f"{quarter.end_time:%Y-%m-%d}")
            missing = theme == "housing" and number == 7
            note = f"{MADE_UP} The quarter was not returned." if missing else MADE_UP
            rows.append(
                _figure(
                    figure, label, theme, agency, span, None if missing else value, unit, _SYNTHETIC, area, note=note
                )
            )
    return rows


def _reoffending(district: District, wards: dict[str, np.ndarray], rng: np.random.Generator) -> list[dict]:
    """People who offended again within a year, by ward: made up, and small enough in places to be withheld."""
    rows = []
    old, new = (vintage.id for vintage in district.partnership.vintages)
    for vintage, span in ((old, ("2019-04-01", "2020-03-31")), (new, ("2024-04-01", "2025-03-31"))):
        for sketch in district.wards[vintage]:
            lsoas = int((wards[vintage] == sketch.code).sum())
            people = int(rng.poisson(lsoas * _PEOPLE_AN_LSOA[district.partnership.id])) + 3
            again = int(rng.binomial(people, 0.29))
            rows.append(
                _figure(
                    "reoffending",
                    "People who offended again within 12 months",
                    "probation",
                    "The Probation Service",
                    span,
                    round(100 * again / people, 1),
                    "%",
                    _SYNTHETIC,
                    (sketch.code, sketch.name),
                    numerator=again,
                    base=people,
                    sensitive="yes",
                    note=f"{MADE_UP} Of people sentenced or released in the year who live in the ward.",
                )
            )
    return rows
