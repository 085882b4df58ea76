"""Nothing leaves the machine: neither the browser nor the server turns to any other address.

Every browser test fails as well when a page of its asks another site (see conftest).
"""

from csp_data.ui import layout
from tests.browser.served import choose, open_table
from tests.browser.test_addresses import go_to

OWN = {"127.0.0.1", "localhost", "::1", "0.0.0.0"}


def test_a_visit_to_every_page_stays_on_this_machine(visit, overheard):
    page = visit("?partnership=Medway")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, "Measure", "ASB incidents", shows="Showing ASB incidents")
    opened = open_table(page)
    with page.expect_download() as download:
        opened.get_by_role("button", name="Picture (PNG)").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    # Meeting mode has no list of pages to go on from, and the public is not offered the pages for analysts.
    for name, each in layout.PAGES.items():
        if name == "meeting" or not each.listed_for_public:
            continue
        go_to(page, each.title)
    assert asked
    assert [url for url in asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))] == []
    assert set(overheard.read_text().split()) <= OWN


def test_the_server_tells_browsers_to_ask_nobody_else(visit, address):
    page = visit()
    headers = page.request.get(address).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
