"""Meeting mode: one screen at a time in large type, for the strategic executive group around a screen."""

from csp_data.ui import layout, meeting

view = layout.open_bare("meeting")
meeting.run(view)
