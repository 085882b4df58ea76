"""The partnership: who is responsible, the risks it sees, the grants it gives, and what its agencies report."""

from csp_data.ui import layout, partnership

view = layout.open_page("partnership")
partnership.authorities(view)
partnership.risks(view)
partnership.grants(view)
partnership.consultation(view)
partnership.figures(view)
layout.close_page(view)
