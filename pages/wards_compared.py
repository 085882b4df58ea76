from csp_data.ui import layout

view = layout.open_page("wards_compared")
layout.close_page(view)
