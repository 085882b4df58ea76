"""What state a release is in, and what must stand on every page, picture, download and printout because of it."""

STATUSES: dict[str, str] = {
    "published": "",
    "candidate": "Candidate release: being checked, not for publication",
    "withdrawn": "Withdrawn release: do not use",
    "demonstration": "Demonstration data: synthetic, calibrated to published totals; ward boundaries approximate",
}
"""Status of a release -> its notice; nothing for one that is published."""
GOOD = ("published", "demonstration")
"""Statuses of releases that everybody may see."""


def notice(status: str) -> str:
    """The notice of a status. A status that nobody declared is told too, so that it is never taken for published."""
    return STATUSES.get(status, f"Release of unknown status '{status}': do not use")
