"""The priorities of each Community Safety Plan, and what each is followed by."""

from csp_data.ui import layout, priorities

view = layout.open_page("priorities")
chosen = priorities.choose(view)
if chosen:
    priorities.about(chosen)
    told = priorities.figures(view, chosen)
    priorities.months(view, told)
    priorities.targets(told)
    priorities.updates(view, chosen)
    priorities.funding(view, chosen)
    priorities.through_plans(view, chosen)
layout.close_page(view)
