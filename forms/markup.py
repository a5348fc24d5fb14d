"""Turn a sheet into the HTML that is laid out, with Jinja2.

Autoescape is on for every template: a name such as <img src=…> is printed, letter by letter.
A template is given one sheet and holds no logic but `if` and `for`.
"""

from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from forms import chart
from forms.downtime import DowntimeKit
from forms.filled import FilledSheet
from forms.font import FAMILY
from forms.glyphs import printable
from forms.hearings import CAUTION
from forms.paper import Paper
from forms.sheets import Sheet
from handoffs import era
from handoffs.rates.figures import MonthlyRates
from handoffs.stays.certification import Application, CareNeedLevel
from handoffs.stays.contacts import ContactRole
from handoffs.stays.patients import Sex
from handoffs.tokyo import TOKYO, day_of

_FOLDER = Path(__file__).parent / "templates"


def html(sheet: Sheet) -> str:
    """Return the whole HTML page of a sheet."""
    if isinstance(sheet, FilledSheet):
        return together(sheet)
    template = _TEMPLATES.get_template(f"{sheet.name}.html")
    inside = [Paper(one) for one in sheet.sheets] if isinstance(sheet, DowntimeKit) else []
    return printable(
        template.render(sheet=sheet, papers=inside, title=sheet.title, kind=sheet.name)
    )


def together(*sheets: FilledSheet) -> str:
    """Return one HTML page of several sheets, as they leave the house in one FAX."""
    return papers(*(Paper(sheet) for sheet in sheets))


def papers(*papers: Paper) -> str:
    """Return one HTML page of papers that are made already."""
    template = _TEMPLATES.get_template("sheet.html")
    title = papers[0].sheet.title
    return printable(template.render(papers=papers, title=title, kind="defined"))


def _moment(moment: datetime) -> str:
    """Return 令和8年11月22日(日)9時05分."""
    there = moment.astimezone(TOKYO)
    return f"{era.on_paper(there.date(), weekday=True)}{there.hour}時{there.minute:02}分"


def _chart(rates: MonthlyRates) -> Markup:
    # Safe: chart.py escapes the few texts that it is given.
    return Markup(chart.six_months(rates.trend, family=FAMILY))  # noqa: S704  # nosec B704


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        on_paper=era.on_paper,
        tokyo_day=day_of,
        tokyo_moment=_moment,
        month_on_paper=era.month_on_paper,
        percent=chart.percent,
        range=chart.percent_range,
    )
    environment.globals.update(
        levels=[level for level in CareNeedLevel if level is not CareNeedLevel.UNKNOWN],
        applications=[one for one in Application if one is not Application.UNKNOWN],
        sexes=[Sex.MALE, Sex.FEMALE],
        roles=ContactRole,
        chart=_chart,
        fee_caution=CAUTION,
    )
    return environment


_TEMPLATES = _environment()
