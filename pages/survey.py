from csp_data.ui import layout

view = layout.open_page("survey")
layout.close_page(view)
