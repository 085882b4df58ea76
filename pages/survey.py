"""What people answered when they were asked about safety, problems and priorities."""

from csp_data.ui import layout, survey

view = layout.open_page("survey")
wave = survey.choose_wave(view)
if wave:
    survey.show_wave(view, wave)
layout.close_page(view)
