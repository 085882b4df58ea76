"""Licences of the data, and the words each asks to be shown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Licence:
    id: str
    name: str
    url: str
    attribution: str


LICENCES: dict[str, Licence] = {
    licence.id: licence
    for licence in (
        Licence(
            "OGL-3.0",
            "Open Government Licence v3.0",
            "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            "Contains public sector information licensed under the Open Government Licence v3.0.",
        ),
        Licence(
            "synthetic",
            "Made up for demonstration",
            "",
            "Synthetic figures, made by this product to show how it works.",
        ),
        Licence(
            "supplied",
            "Supplied to the partnership under its information sharing agreement",
            "",
            "Supplied by a partner organisation for the work of the partnership.",
        ),
    )
}
