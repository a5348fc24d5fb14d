"""The figures of a region: what is counted, how it is split, frozen and published.

`of_month` counts one month for its health centre; `published` takes out what is too small
before anything leaves; `month_close` freezes. The definitions are files in `measures`.
"""

from handoffs.rates.cuts import hospital_labels
from handoffs.rates.figures import Cut, Figure, Measure, MonthlyRates, Row
from handoffs.rates.month import closing_day, of_month

__all__ = [
    "Cut",
    "Figure",
    "Measure",
    "MonthlyRates",
    "Row",
    "closing_day",
    "hospital_labels",
    "of_month",
]
