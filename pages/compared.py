from csp_data.ui import layout

view = layout.open_page("compared")
layout.close_page(view)
