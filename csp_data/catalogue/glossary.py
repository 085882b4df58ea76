"""Words of the field, explained for a reader who has not met them."""

GLOSSARY: dict[str, str] = {
    "Anti-social behaviour (ASB)": "Behaviour that causes, or is likely to cause, harassment, alarm or distress to people "
    "outside one's own household. It is recorded as incidents, apart from crime.",
    "Best fit": "An official way of putting each small area whole into one ward. Where a small area lies in several wards, the "
    "others lose it altogether.",
    "Community Safety Partnership (CSP)": "The council, police, fire and rescue, probation and health bodies of an area, "
    "who by law work together to reduce crime and disorder.",
    "Confidence interval": "The range that would hold the underlying figure 95 times in 100 if only chance were at work. "
    "It covers chance variation of independent events and nothing else: not under-reporting, not changes of recording.",
    "Control chart": "A line of months with the limits of its usual ups and downs (the XmR chart of NHS England's Making "
    "Data Count). A point beyond them, or a long run to one side, is more than those: a signal to ask why.",
    "Estimated from where people live": "Where a small area lies in more than one ward, its records are divided between the "
    "wards by where its residents live. The lowest and highest a ward's count can be are those with none and with all of them.",
    "Exact and Byar intervals": "Two published ways to work out the interval of a count or rate. The exact one is used "
    "for fewer than 10 events and Byar's from 10.",
    "Financial year": "April to March, written 2024/25.",
    "Funnel plot": "Rates against the number of residents, with the limits within which chance alone would keep 95% "
    "and 99.8% of areas. It covers independent events only; crime varies more than that between areas.",
    "LSOA": "Lower layer Super Output Area: a small area of about 1,500 people drawn for the census.",
    "Mid-year estimate": "The Office for National Statistics' estimate of how many people live in an area on 30 June.",
    "Rate per 1,000": "The count for every 1,000 residents, so that areas of different size can be compared. Town centres "
    "look high because many people there live elsewhere.",
    "Recent trend": "Whether a published yearly figure rose or fell over its five latest years by more than chance, by the "
    "method of the public health profiles (Fingertips).",
    "Recorded crime": "Crimes that the police have recorded. Many crimes are never reported to the police.",
    "Rolling 12 months": "The total of a month and the 11 before it. It takes out the season.",
    "Season": "Ups and downs that come back each year. Shown only where a test says that they are more than chance.",
    "Similar": "The difference could well be chance: its 95% interval includes no change.",
    "Small area": "The smallest area known for a count: an LSOA, or the part of one that lies in one ward.",
    "Ward": "An area that elects councillors. Wards are redrawn from time to time: figures on different ward sets are "
    "not about the same places even where the names are the same.",
}
