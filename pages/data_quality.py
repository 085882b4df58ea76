"""What is wrong, odd or incomplete in the data, before anybody prints a figure of them."""

from csp_data.ui import data_quality, layout

view = layout.open_page("data_quality")
data_quality.sources(view)
if layout.for_analysts(view):
    data_quality.findings(view)
    data_quality.methods()
layout.close_page(view)
