from csp_data.ui import layout

view = layout.open_page("treatment")
layout.close_page(view)
