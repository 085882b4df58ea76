from csp_data.ui import layout

view = layout.open_page("ward_profile")
layout.close_page(view)
