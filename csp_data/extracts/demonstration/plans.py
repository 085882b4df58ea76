"""The Community Safety Plans, their priorities and programmes, what each priority is followed by, and agencies' updates.

Plans, priorities, programmes and leads are those that the reports print. Which figures a priority is followed by is the
demonstration's own choice: no report names them. Targets are the demonstration's too, and say so, but for the completion
ratio, of which a report says that above 1 is better than England. The updates are short summaries of what the reports tell,
sorted into the four Ps (Prepare, Protect, Prevent, Pursue) by the demonstration.
"""

from typing import Any

import pandas as pd

from csp_data.extracts.demonstration.background import MEDWAY, District
from csp_data.extracts.demonstration.documents import ASSESSMENT_2020, BOARD_2017, MAIDSTONE_2020, SCRUTINY_2024
from csp_data.extracts.demonstration.rows import table_of

# Plan -> its name, first and last month, day of adoption, source.
_PLANS = {
    "2016-20": (
        "Community Safety Plan 2016 to 2020", "2016-04-01", "2020-03-01", "2016-07-21", f"{BOARD_2017}, section 4",
    ),
    "2020-24": (
        "Community Safety Plan 2020 to 2024", "2020-04-01", "2024-03-01", None,
        f"{ASSESSMENT_2020}, Community Safety Plan 2020 - 2024",
    ),
    "2024-27": (
        "Community Safety Plan 2024 to 2027", "2024-04-01", "2027-03-01", "2024-07-18",
        f"{SCRUTINY_2024}, paragraph 3.2",
    ),
    "2019-22": (
        "Community Safety Plan 2019 to 2022, April 2020 revision", "2019-04-01", "2022-03-01", None,
        f"{MAIDSTONE_2020}, paragraphs 1.5 and 3.2",
    ),
}  # fmt: skip

# Plan -> priority, name, lead, priorities of the plan before that it goes on with, programmes.
_MEDWAY_PRIORITIES: dict[str, tuple[tuple[str, str, str, str, tuple[str, ...]], ...]] = {
    "2016-20": (
        (
            "strengthening-communities",
            "Strengthening communities",
            "Medway Council",
            "",
            (
                "Reducing ASB and envirocrime",
                "Preventing radicalisation",
                "Supporting a safe night-time economy",
            ),
        ),
        (
            "sexual-and-domestic-abuse",
            "Supporting victims and tackling offenders of sexual and domestic abuse",
            "Kent Police",
            "",
            (
                "Tackling domestic abuse",
                "Tackling child sexual exploitation",
                "Tackling human trafficking",
                "Tackling hate crime",
                "Combatting youth gang violence",
            ),
        ),
        (
            "substance-misuse",
            "Tackling the harm caused by substance misuse",
            "Medway Council",
            "",
            ("Preventing and treating drug and alcohol misuse", "Tackling illicit tobacco"),
        ),
        (
            "reducing-reoffending",
            "Reducing re-offending",
            "Kent, Surrey and Sussex Community Rehabilitation Company",
            "",
            (
                "Rehabilitation services that help people to help themselves",
                "Individual and group interventions, domestic abuse perpetrator programmes among them",
                "Intensive multi-agency work with those most at risk of re-offending",
                "Community Payback",
            ),
        ),
        (
            "safeguarding-and-services",
            "Commitment to safeguarding and improving services",
            "Kent Fire and Rescue Service",
            "",
            ("Improvements and innovation", "Communications", "Efficiencies"),
        ),
    ),
    "2020-24": (
        (
            "safeguarding-adults-and-children",
            "Safeguarding adults and children (tackling serious violence and county lines)",
            "",
            "sexual-and-domestic-abuse;safeguarding-and-services",
            (
                "Child sexual exploitation (CSE) and human trafficking",
                "Organised crime groups",
                "Cuckooing",
                "Medway Task Force (MTF)",
                "Kent and Medway Serious Youth Crime Project",
            ),
        ),
        (
            "reducing-vulnerability",
            "Reducing vulnerability",
            "",
            "substance-misuse;strengthening-communities;sexual-and-domestic-abuse",
            (
                "Substance misuse",
                "Homelessness",
                "Contextual safeguarding",
                "Mental health",
                "Radicalisation",
                "Tackling ASB",
                "Domestic abuse",
            ),
        ),
        (
            "reducing-reoffending",
            "Reducing reoffending",
            "",
            "reducing-reoffending",
            (
                "Community Payback",
                "Rehabilitative interventions",
                "Integrated Offender Management (IOM)",
                "Youth offending",
            ),
        ),
        (
            "listening",
            "Listening to our communities and partners",
            "",
            "strengthening-communities",
            (
                "Community engagement events",
                "Young people's voice",
                "Parent and Carers Forum (special educational needs)",
                "Communications",
                "Annual consultation event",
                "Empowering communities",
            ),
        ),
    ),
    "2024-27": (
        (
            "violence-against-women-and-girls",
            "Violence against women and girls",
            "",
            "safeguarding-adults-and-children;reducing-vulnerability",
            (),
        ),
        ("anti-social-behaviour", "Tackle anti-social behaviour", "", "reducing-vulnerability", ()),
        ("drugs-and-alcohol", "Tackle drugs and alcohol", "", "reducing-vulnerability", ()),
        ("reducing-reoffending", "Reduce reoffending", "", "reducing-reoffending", ()),
    ),
}

_MAIDSTONE_PRIORITIES: dict[str, tuple[tuple[str, str, str, str, tuple[str, ...]], ...]] = {
    "2019-22": (
        (
            "serious-and-organised-crime",
            "Protecting our communities against serious, violent and organised crime (including modern-day slavery)",
            "",
            "",
            ("Rating of the safety of night-time premises", "Emergency Trauma Packs"),
        ),
        (
            "children-and-young-people",
            "Keeping children and young people safe",
            "",
            "",
            ("Voice of Young Maidstone Safety Survey", "My Place", "District Contextual Safeguarding Meeting"),
        ),
        (
            "domestic-abuse",
            "Reducing the harm caused by domestic abuse (including stalking)",
            "",
            "",
            ("Awareness sessions for GPs and health staff", "Practitioners' conference"),
        ),
        (
            "substance-misuse",
            "Reduce the impact of substance misuse on our community",
            "",
            "",
            ("Licensing inspections", "Change, Grow, Live officer in the Homeless Outreach team"),
        ),
        (
            "mental-health",
            "Safeguard people whose mental health makes them vulnerable to becoming a victim or where it leads to an "
            "impact on the wider community",
            "",
            "",
            ("New terms of reference and referral scheme for the vulnerability group",),
        ),
    ),
}

_DEMONSTRATION = "demonstration"
_RATIO_TARGET = (1.0, "12 months", "higher", f"{ASSESSMENT_2020}: above 1 is better than England's average")

# Priority -> what it is followed by: kind, name, line of the crime tree, and (target, per, direction, source).
_ASB = (
    ("measure", "asb", "asb"),
    ("survey", "safe-evening", ""),
    ("survey", "problems", ""),
    ("measure", "crime", "criminal-damage"),
    ("partner figure", "deliberate-fires", ""),
)
_DRUGS = (
    ("indicator", "completion-ratio", "", _RATIO_TARGET),
    ("indicator", "opiate-crack-users", ""),
    ("indicator", "unmet-need-opiate-crack", ""),
    ("indicator", "in-treatment", ""),
    ("indicator", "drug-misuse-deaths", ""),
    ("indicator", "unmet-need-alcohol", ""),
    ("measure", "crime", "drug-offences"),
)
_REOFFENDING = (
    ("partner figure", "iom-adults", ""),
    ("partner figure", "iom-fewer-offences-adults", ""),
    ("partner figure", "payback-hours", ""),
    ("partner figure", "release-accommodation-positive", ""),
    ("measure", "crime", "robbery"),
    ("measure", "crime", "burglary"),
)
_VIOLENCE = (
    ("measure", "crime", "violence-against-the-person"),
    ("measure", "crime", "sexual-offences"),
    ("survey", "safe-evening", ""),
)
_HOMES = (("partner figure", "homelessness-duties", ""), ("partner figure", "homelessness-prevented", ""))

_MEDWAY_FIGURES: dict[str, dict[str, tuple[tuple, ...]]] = {
    "2016-20": {
        "strengthening-communities": _ASB,
        "sexual-and-domestic-abuse": _VIOLENCE,
        "substance-misuse": _DRUGS,
        "reducing-reoffending": (*_REOFFENDING, ("partner figure", "sentenced-before", "")),
        "safeguarding-and-services": (("survey", "safe-day", ""), ("partner figure", "calls", "")),
    },
    "2020-24": {
        "safeguarding-adults-and-children": (
            *_VIOLENCE,
            ("measure", "crime", "possession-of-weapons"),
            ("survey", "partners-violence", ""),
            ("partner figure", "crime-groups-archived", ""),
        ),
        "reducing-vulnerability": (
            *_ASB,
            *_DRUGS,
            *_HOMES,
            ("partner figure", "mental-health-attendances", ""),
            ("partner figure", "domestic-abuse-non-crime-calls", ""),
            ("partner figure", "suicides-young-people", ""),
        ),
        "reducing-reoffending": (*_REOFFENDING, ("partner figure", "iom-young-people", "")),
        "listening": (
            ("survey", "safe-day", ""),
            ("survey", "safe-evening", ""),
            ("survey", "causes-violence", ""),
            ("survey", "partners-violence", ""),
        ),
    },
    "2024-27": {
        "violence-against-women-and-girls": (
            ("measure", "crime", "violence-against-the-person", (950.0, "month", "lower", _DEMONSTRATION)),
            *_VIOLENCE[1:],
            ("partner figure", "ladies-night-fewest", ""),
            ("partner figure", "ladies-night-most", ""),
        ),
        "anti-social-behaviour": (
            ("measure", "asb", "asb", (450.0, "month", "lower", _DEMONSTRATION)),
            *_ASB[1:],
        ),
        "drugs-and-alcohol": _DRUGS,
        "reducing-reoffending": (
            *_REOFFENDING[:4],
            ("measure", "crime", "robbery", (30.0, "month", "lower", _DEMONSTRATION)),
            ("measure", "crime", "burglary", (60.0, "month", "lower", _DEMONSTRATION)),
            ("partner figure", "perpetrator-sessions", ""),
        ),
    },
}

_MAIDSTONE_FIGURES: dict[str, dict[str, tuple[tuple, ...]]] = {
    "2019-22": {
        "serious-and-organised-crime": (
            (
                "measure",
                "crime",
                "violence-against-the-person",
                (500.0, "month", "lower", _DEMONSTRATION),
            ),
            ("measure", "crime", "possession-of-weapons"),
            ("partner figure", "trauma-packs", ""),
        ),
        "children-and-young-people": (
            ("measure", "asb", "asb"),
            ("partner figure", "hackathon-teams", ""),
        ),
        "domestic-abuse": (
            ("measure", "crime", "sexual-offences"),
            ("partner figure", "abuse-awareness-staff", ""),
        ),
        "substance-misuse": (
            ("measure", "crime", "drug-offences"),
            *(row[:3] for row in _DRUGS[:-1]),
            ("partner figure", "licensing-inspections", ""),
        ),
        "mental-health": (
            ("partner figure", "mental-health-cases", ""),
            ("partner figure", "homelessness-duties", ""),
            ("survey", "safe-day", ""),
        ),
    },
}

_ADULTS = "safeguarding-adults-and-children"
_VULNERABILITY = "reducing-vulnerability"
_LISTENING = "listening"
_CSU = "Medway Community Safety Unit"
_MTF = "Medway Task Force"
_KSS = "Kent, Surrey and Sussex Community Rehabilitation Company"
_SAFEGUARDING = f"{ASSESSMENT_2020}, Safeguarding Adults and Children"
_REDUCING = f"{ASSESSMENT_2020}, Reducing Vulnerability"
_OFFENDING = f"{ASSESSMENT_2020}, Reducing Reoffending"
_HEARD = f"{ASSESSMENT_2020}, Listening to Communities and Partners"
_OVERVIEW = f"{ASSESSMENT_2020}, Overview"

# Priority, first month of the quarter, P, agency, words, source.
_MEDWAY_UPDATES = (
    (
        _ADULTS, "2020-04-01", "prepare", "Serious and Organised Crime Partnership",
        "Meetings went on online, with all partners, so that disruption and investigation could continue.", _OVERVIEW,
    ),
    (
        _ADULTS, "2020-04-01", "protect", "Medway Council Trading Standards",
        "Visited 6,503 premises from 22 March 2020, advised businesses on trading safely and issued 14 prohibition "
        "notices.", _SAFEGUARDING,
    ),
    (
        _ADULTS, "2020-04-01", "prevent", _MTF,
        "Kept in touch with key schools and pointed young people to Fearless, where concerns can be reported without a "
        "name; assemblies at one secondary school were cancelled.", _SAFEGUARDING,
    ),
    (
        _ADULTS, "2020-04-01", "pursue", "Kent Police",
        "With the Violence Reduction Unit and social services, broke up a dispute of two emerging groups of young "
        "people.", _SAFEGUARDING,
    ),
    (
        _ADULTS, "2020-07-01", "prepare", "Medway Council Youth Service",
        "Won a joint bid with the task force and The Rowans to the Youth Endowment COVID-19 Fund.", _OVERVIEW,
    ),
    (
        _ADULTS, "2020-07-01", "protect", "Kent Police",
        "Community policing checked homes at risk of cuckooing; the Community Safety Unit obtained a closure order on one "
        "property.", _OVERVIEW,
    ),
    (
        _ADULTS, "2020-07-01", "prevent", "Medway Sexual Exploitation Team",
        "Three more officers joined since July; the Serious Youth Violence Project now works from the team's office.",
        _SAFEGUARDING,
    ),
    (
        _ADULTS, "2020-07-01", "pursue", "Kent Police",
        "Carried out warrants against county lines with the Community Safety Unit and the task force.", _OVERVIEW,
    ),
    (
        _VULNERABILITY, "2020-01-01", "prepare", "Medway Domestic Abuse Service",
        "More funding made the domestic violence adviser in the hospital full time from January 2020.", _OVERVIEW,
    ),
    (
        _VULNERABILITY, "2020-04-01", "protect", "Medway Council",
        "Everyone known to sleep rough was offered accommodation at once; 51 people have since moved into longer-term "
        "housing.", _REDUCING,
    ),
    (
        _VULNERABILITY, "2020-04-01", "prevent", "Substance misuse services",
        "Treatment for drugs and alcohol went on by telephone and online.", _REDUCING,
    ),
    (
        _VULNERABILITY, "2020-04-01", "prepare", _MTF,
        "Set up a Vulnerability Panel, which brings agencies together about adults with complex needs.", _REDUCING,
    ),
    (
        _VULNERABILITY, "2020-07-01", "prepare", "Kent and Medway Prevent",
        "The Prevent group across the council's directorates first met in September 2020; one Channel panel now serves "
        "Kent and Medway.", _REDUCING,
    ),
    (
        _VULNERABILITY, "2020-07-01", "protect", "Medway Council",
        "Prevented or relieved 333 cases of homelessness, as many as before COVID-19.", _REDUCING,
    ),
    (
        _VULNERABILITY, "2020-07-01", "prevent", _CSU,
        "Assessed places at risk of anti-social behaviour and crime, and helped the bid to the Safer Streets Fund.",
        _REDUCING,
    ),
    (
        _VULNERABILITY, "2020-07-01", "pursue", _CSU,
        "Secured four Criminal Behaviour Orders; three more await a hearing.", _OVERVIEW,
    ),
    (
        "reducing-reoffending", "2020-01-01", "prevent", "Medway Youth Offending Team",
        "Began intensive work with the task force in March 2020 with an agreed group of young people.", _OVERVIEW,
    ),
    (
        "reducing-reoffending", "2020-04-01", "protect", _KSS,
        "The Chatham office saw only those who posed the highest risk; others were supervised by telephone and doorstep "
        "visits.", _OFFENDING,
    ),
    (
        "reducing-reoffending", "2020-04-01", "prevent", _KSS,
        "From May, 15 people leaving custody were given accommodation; 9 had a positive outcome.", _OFFENDING,
    ),
    (
        "reducing-reoffending", "2020-07-01", "prepare", _KSS,
        "Prepared with the National Probation Service to hand services over when contracts end in June 2021.", _OFFENDING,
    ),
    (
        "reducing-reoffending", "2020-07-01", "prevent", _KSS,
        "Community Payback worked 75% of its hours before lockdown by the end of September.", _OFFENDING,
    ),
    (
        "reducing-reoffending", "2020-10-01", "pursue", "Integrated Offender Management",
        "Manages 30 adults, 16 of them in the community, with reviews held remotely.", _OFFENDING,
    ),
    (
        _LISTENING, "2020-01-01", "prepare", "Kent Fire and Rescue Service",
        "Held 'Embracing Difference' on 26 February 2020 about the concerns of different communities.", _OVERVIEW,
    ),
    (
        _LISTENING, "2020-01-01", "prepare", "Medway Council",
        "The consultation event at Mid Kent College in March asked people how safe they feel.", _HEARD,
    ),
    (
        _LISTENING, "2020-04-01", "prevent", "Medway Council and Kent Police",
        "Held engagement events on Twitter: officers answered the public for an hour.", _HEARD,
    ),
    (
        _LISTENING, "2020-07-01", "prepare", "Medway Council",
        "Asked residents about Public Space Protection Orders; the answers supported renewing them.", _HEARD,
    ),
    (
        _LISTENING, "2020-07-01", "protect", _MTF,
        "Gave every household of the Safer Streets area in Gillingham a leaflet and began visiting residents.", _HEARD,
    ),
)  # fmt: skip

# The report of December 2024 tells of projects, without quarters: they stand in the quarter of the report.
_MEDWAY_UPDATES_2024 = (
    (
        "violence-against-women-and-girls", "protect", "Medway Council Housing",
        "Ladies Night brings services to 20 to 30 women a session who do not otherwise use them, four times a year.",
        "9.17",
    ),
    (
        "violence-against-women-and-girls", "protect", "Medway Domestic Abuse Forum",
        "The One Stop Shop gives victims of domestic abuse access to several agencies at once.", "9.7",
    ),
    (
        "anti-social-behaviour", "prepare", "Safer Medway Partnership",
        "The CCTV control system, 15 years old and often out of order, is being replaced.", "9.6",
    ),
    (
        "anti-social-behaviour", "protect", "Medway Council",
        "Cameras that can be moved quickly are bought to deter crime and help to convict.", "9.9",
    ),
    (
        "anti-social-behaviour", "prevent", "Child Friendly Medway",
        "Weekly drop-in football, after young people broke into Strood Sports Centre to play.", "9.16",
    ),
    (
        "anti-social-behaviour", "prevent", "Kent Fire and Rescue Service",
        "Aspire works with people aged 11 to 17 who enter derelict buildings.", "9.19",
    ),
    (
        "reducing-reoffending", "prevent", "CDAP",
        "A programme of 27 sessions for men who acknowledge that they have abused their partners.", "9.8",
    ),
)  # fmt: skip

_MAIDSTONE_UPDATES = (
    (
        "serious-and-organised-crime", "2019-10-01", "prepare", "Safer Maidstone Partnership",
        "Exploring with the Violence Reduction Unit how to prevent more violence in the night-time economy.", "1.8",
    ),
    (
        "serious-and-organised-crime", "2020-01-01", "protect", "Maidstone BID",
        "Provided 8 Emergency Trauma Packs; 2 large and over 30 small packs follow by the end of March.", "1.5",
    ),
    (
        "serious-and-organised-crime", "2020-01-01", "prevent", "Safer Maidstone Partnership",
        "Licensed premises now rate their own risks red, amber or green and provide for safety.", "1.5",
    ),
    (
        "children-and-young-people", "2020-01-01", "prepare", "Safer Maidstone Partnership",
        "The Voice of Young Maidstone survey is ready, to run from April to June 2020.", "1.5",
    ),
    (
        "children-and-young-people", "2020-01-01", "prevent", "Safer Maidstone Partnership",
        "A team won £5,000 for 'My Place', which supports young people moved to Maidstone with links to gangs.", "1.5",
    ),
    (
        "domestic-abuse", "2020-01-01", "prepare", "Safer Maidstone Partnership",
        "A practitioners' conference and a session for members are planned for March.", "1.5",
    ),
    (
        "domestic-abuse", "2020-01-01", "protect", "Safer Maidstone Partnership",
        "Two sessions for over 60 GPs and health staff on the signs of domestic abuse.", "1.5",
    ),
    (
        "substance-misuse", "2020-01-01", "prevent", "Maidstone Borough Council",
        "A Change, Grow, Live officer joined the Homeless Outreach team.", "1.5",
    ),
    (
        "substance-misuse", "2020-01-01", "pursue", "Kent Police",
        "Over 1,000 proactive licensing inspections since April 2019, with warnings, penalties and 2 reviews.", "1.5",
    ),
    (
        "mental-health", "2020-01-01", "prepare", "Safer Maidstone Partnership",
        "New terms of reference and a new referral scheme are ready for April 2020.", "1.5",
    ),
)  # fmt: skip


def priorities_of(district: District) -> pd.DataFrame:
    """The priorities and programmes of each plan, under the contract ``priorities``.

    A priority without printed programmes has one row with none.
    """
    plans = _MEDWAY_PRIORITIES if district is MEDWAY else _MAIDSTONE_PRIORITIES
    rows = []
    for plan, priorities in plans.items():
        name, first, last, adopted, source = _PLANS[plan]
        for order, (priority, label, lead, continues, programmes) in enumerate(priorities, start=1):
            rows += [
                {
                    "plan": plan,
                    "plan_label": name,
                    "plan_from": first,
                    "plan_to": last,
                    "adopted": adopted,
                    "priority": priority,
                    "priority_label": label,
                    "priority_order": order,
                    "lead": lead,
                    "programme": programme,
                    "programme_order": place if programme else 0,
                    "continues": continues,
                    "source": source,
                }
                for place, programme in enumerate(programmes or ("",), start=1)
            ]
    return table_of("priorities", rows)


def priority_figures_of(district: District) -> pd.DataFrame:
    """What each priority is followed by, under the contract ``priority_figures``."""
    plans = _MEDWAY_FIGURES if district is MEDWAY else _MAIDSTONE_FIGURES
    rows = []
    for plan, priorities in plans.items():
        for priority, figures in priorities.items():
            for order, (kind, name, category, *aims) in enumerate(figures, start=1):
                target, per, direction, source = aims[0] if aims else (None, "", "", "")
                rows.append(
                    {
                        "plan": plan,
                        "priority": priority,
                        "order": order,
                        "kind": kind,
                        "name": name,
                        "category": category,
                        "target": target,
                        "target_per": per,
                        "target_direction": direction,
                        "target_source": source,
                    }
                )
    return table_of("priority_figures", rows)


def updates_of(district: District) -> pd.DataFrame:
    """What agencies did, a summary for each P of a quarter, under the contract ``updates``."""
    if district is MEDWAY:
        told = [("2020-24", *update) for update in _MEDWAY_UPDATES]
        told += [
            ("2024-27", priority, "2024-10-01", p, agency, text, f"{SCRUTINY_2024}, paragraph {paragraph}")
            for priority, p, agency, text, paragraph in _MEDWAY_UPDATES_2024
        ]
    else:
        told = [
            ("2019-22", priority, quarter, p, agency, text, f"{MAIDSTONE_2020}, paragraph {paragraph}")
            for priority, quarter, p, agency, text, paragraph in _MAIDSTONE_UPDATES
        ]
    names = ("plan", "priority", "quarter", "p", "agency", "text", "source")
    rows: list[dict[str, Any]] = [dict(zip(names, update, strict=True)) for update in told]
    orders: dict[tuple[str, ...], int] = {}
    for row in rows:
        place = tuple(row[name] for name in ("plan", "priority", "quarter", "p"))
        row["order"] = orders[place] = orders.get(place, 0) + 1
    return table_of("updates", rows)
