"""How the chosen measure has moved over time, and whether that is more than chance."""

from csp_data.ui import layout, trends

view = layout.open_page("trends")
layout.say_what_is_shown(view)

trends.months(view)
trends.like_with_like(view)
trends.control_chart(view)
trends.years(view)
trends.types(view)

layout.close_page(view)
