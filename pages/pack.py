"""The pack for a meeting: slides, paper, a Word document or a workbook of the figures on the pages."""

from csp_data.ui import layout, pack

view = layout.open_page("pack")
pack.run(view)
layout.close_page(view)
