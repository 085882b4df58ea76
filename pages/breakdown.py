from csp_data.ui import layout

view = layout.open_page("breakdown")
layout.close_page(view)
