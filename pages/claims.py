"""The register of claims: what the reports print, worked out again on the release that is shown."""

from csp_data.ui import claims, layout

view = layout.open_page("claims")
if layout.for_analysts(view):
    desk = claims.register(view)
    if desk is not None:
        judged, claim = claims.choose(desk)
        if claim:
            claims.working(desk, claim)
            claims.form(view, desk, claim)
            claims.listing(judged)
    claims.add(view)
layout.close_page(view)
