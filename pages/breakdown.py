"""What crime or anti-social behaviour is made of: the tree of kinds, line by line."""

from csp_data.ui import breakdown, layout

view = layout.open_page("breakdown")
layout.say_what_is_shown(view)
breakdown.way_through(view)
breakdown.taken_apart(view)
breakdown.every_line(view)
layout.close_page(view)
