"""How the chosen measure has moved over time."""

from csp_data.ui import cached, layout, show

view = layout.open_page("trends")
layout.say_what_is_shown(view)

show.show(cached.monthly_line(view.edition, view.question(), view.over_time), "months")
show.left_out(view)
show.show(cached.financial_year_bars(view.edition, view.question(), view.over_time), "years")
show.show(cached.category_bars(view.edition, view.question()), "types")

layout.close_page(view)
