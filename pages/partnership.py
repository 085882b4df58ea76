from csp_data.ui import layout

view = layout.open_page("partnership")
layout.close_page(view)
