"""Which releases and editions there are; for analysts the desk where a candidate is compared and published."""

from csp_data.ui import layout, releases

view = layout.open_page("releases")
releases.lists(view)
releases.desk(view)
releases.editions(view)
releases.log(view)
layout.close_page(view)
