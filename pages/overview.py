"""The data on a page: crime and anti-social behaviour, and every priority of the plan, at a glance."""

from csp_data.ui import layout, overview

view = layout.open_page("overview")
layout.say_what_is_shown(view)
overview.meeting_link()
overview.cards(view)
overview.data_on_a_page(view)
layout.close_page(view)
