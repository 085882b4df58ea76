from csp_data.ui import layout

view = layout.open_page("priorities")
layout.close_page(view)
