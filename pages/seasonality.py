"""Whether the chosen measure has a season, and how this year stands to earlier ones."""

from csp_data.ui import layout, seasonality

view = layout.open_page("seasonality")
layout.say_what_is_shown(view)

chosen = seasonality.choose()
seasonality.whether_seasonal(view, chosen)
seasonality.every_month(view, chosen)
seasonality.season_and_trend(view, chosen)

layout.close_page(view)
