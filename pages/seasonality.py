from csp_data.ui import layout

view = layout.open_page("seasonality")
layout.close_page(view)
