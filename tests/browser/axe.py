"""What axe-core finds wrong with a page, by the rules for WCAG 2.2, levels A and AA."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

CAUSED_BY_STREAMLIT: dict[str, str] = {}
"""Rule of axe-core -> why Streamlit breaks it and the app cannot mend it."""


def violations(page: Page) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['target']} {node['html'][:200]}"
        for violation in found
        if violation["id"] not in CAUSED_BY_STREAMLIT
        for node in violation["nodes"]
    ]
