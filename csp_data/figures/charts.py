"""Every chart of the dashboard, in one place to import from.

Charts take finished tables of ``analysis.results`` and the answer for the whole that gives their labels. Nothing is
worked out in them: they place, colour and word what is in the tables. A value is drawn only where ``value_status`` says
it is available; what is missing or withheld is marked with its symbol and is not in the figure's data.
"""

from csp_data.figures.bars import area_rates, category_bars, financial_year_bars
from csp_data.figures.chart import Chart, Column
from csp_data.figures.coverage import completeness
from csp_data.figures.lines import monthly_line, small_trend

__all__ = [
    "Chart",
    "Column",
    "area_rates",
    "category_bars",
    "completeness",
    "financial_year_bars",
    "monthly_line",
    "small_trend",
]
