"""Tables in, tables out: nothing here draws or knows of a page, so all of it works in a notebook.

Figures of a release, with disclosure applied, come from ``results`` (``answer``, ``table``). The methods by themselves,
for any lists, arrays or series:

- rates, proportions, ratios: ``rates`` (``rate``, ``proportion``, ``standardised_ratio``, ``standardised_rate``)
- change of counts or rates: ``change`` (``percentage_change``, ``p_value``, ``lognormal_interval``)
- months and years: ``periods`` (``monthly``, ``financial_year``, ``rolling_12``)
- periods with the same a year before: ``comparisons`` (``comparisons``)
- better, similar or worse; ranks; funnels: ``benchmark`` (``verdicts``, ``against``, ``against_others``, ``rank``, ``funnel``)
- recent trend over five points: ``trend_marker`` (``recent_trend``)
- control charts: ``control_charts`` (``xmr``, ``assurance``)
- seasons: ``seasonality`` (``seasonal_index``, ``qs``, ``kruskal_wallis``, ``friedman``, ``season``, ``stl``, ``per_day``)
- concentration: ``concentration`` (``top_share``, ``lorenz``, ``gini``, ``adjusted_gini``, ``location_quotient``,
  ``persistence``)
- surveys: ``survey`` (``shares``, ``change``, ``weighted_change``)
- weights of respondents: ``csp_data.extracts.weighting`` (``rake``, ``effective_base``)
- printed percentages: ``forensics`` (``grim``, ``possible_counts``, ``point_change``, ``sums_to_100``, ``nested``)
- disclosure: ``disclosure_audit`` (``published``, ``interval_audit``, ``revealed``)
- new boundaries: ``boundaries`` (``best_fit``, ``apportion``, ``transfer``, ``areal_shares``, ``errors``)
"""
