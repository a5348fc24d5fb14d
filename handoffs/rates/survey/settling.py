"""Whose answers a survey tells, chosen once when it is over and kept with it.

Chosen anew at each reading, one corrected case could move another office to the other side, and
the difference would be what that office answered.
"""

from datetime import date, datetime

from sqlmodel import Session, col, select

from handoffs.rates.survey.compared import tables_of
from handoffs.rates.survey.lines import told_of
from handoffs.rates.survey.survey import Survey
from handoffs.tokyo import day_of


def settle_surveys(session: Session, region: str, now: datetime) -> tuple[date, ...]:
    """Choose for every survey of a region that is over and not settled; the months of these.

    Of a month without lines of offices nobody's answers are told.
    """
    over = session.exec(
        select(Survey)
        .where(
            Survey.region == region,
            col(Survey.told_at).is_(None),
            col(Survey.answers_until) < day_of(now),
        )
        .order_by(col(Survey.month))
        .with_for_update()
    ).all()
    for survey in over:
        tables = tables_of(session, survey)
        told = () if tables.labels is None else told_of(list(tables.rows.values()), tables.labels)
        survey.told, survey.told_at = list(told), now
    return tuple(survey.month for survey in over)
