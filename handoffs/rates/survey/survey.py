"""A survey of one month, and what offices answered: rows are added, the newest counts.

An answer corrects the survey alone; what really took place is recorded at the stay itself.
"""

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from handoffs.errors import BadEntry, NotVisible
from handoffs.history import Act, Detail, record
from handoffs.parties import Actor
from handoffs.tokyo import day_of, next_month
from rules.kinds import Labelled

MOST_UNLISTED = 999
_TOO_LATE = (
    "回答の締め切りを過ぎたので、この調査には加えられません。"
    "記録と違うところは、その方の入院の画面で記録できます。"
)


class Question(Labelled):
    """What the form asks of each person."""

    COORDINATION = "coordination", "退院の前に、退院について病院から連絡がありましたか"
    INFORMATION = "information", "入院時の情報を病院へ提供しましたか"
    REFLECTED = "reflected", "病院からの情報を、ケアプランに反映しましたか"


class Word(Labelled):
    """The answers that can be ticked."""

    YES = "yes", "はい"
    NO = "no", "いいえ"
    FAMILY = "family", "家族を通じてだけ"
    LATE = "late", "退院した後にだけ"
    UNKNOWN = "unknown", "分からない"


WORDS = {
    Question.COORDINATION: tuple(Word),
    Question.INFORMATION: (Word.YES, Word.NO, Word.UNKNOWN),
    Question.REFLECTED: (Word.YES, Word.NO, Word.UNKNOWN),
}
"""Which answers a question knows."""


class Survey(SQLModel, table=True):
    """A survey of one region about one month.

    told: once it is over, the offices without a line of their own whose answers are told
    (`settling`), chosen at told_at; None until then.
    """

    __tablename__ = "survey"
    __table_args__ = (sa.UniqueConstraint("region", "month", name="survey_month_once"),)

    id: int = Field(default=None, primary_key=True)
    region: str = Field(max_length=40)
    month: date
    answers_until: date
    opened_at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    told: list[int] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    told_at: datetime | None = None


class SurveyAnswer(SQLModel, table=True):
    """One answer of an office about one stay, where it differs from what was filled in."""

    __tablename__ = "survey_answer"
    __table_args__ = (sa.Index("survey_answer_key", "survey_id", "organization_id", "stay_id"),)

    id: int = Field(default=None, primary_key=True)
    survey_id: int = Field(foreign_key="survey.id")
    organization_id: int = Field(foreign_key="organization.id")
    stay_id: int = Field(foreign_key="stay.id")
    question: Question = Field(sa_type=coded(Question, "survey_question"))
    word: Word = Field(sa_type=coded(Word, "survey_word"))
    recorded_at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id")


class SurveyReturn(SQLModel, table=True):
    """That an office gave its form back, with counts of people whom the record does not know."""

    __tablename__ = "survey_return"
    __table_args__ = (sa.Index("survey_return_key", "survey_id", "organization_id"),)

    id: int = Field(default=None, primary_key=True)
    survey_id: int = Field(foreign_key="survey.id")
    organization_id: int = Field(foreign_key="organization.id")
    unlisted_met: int = Field(default=0)
    unlisted_not_met: int = Field(default=0)
    unlisted_informed: int = Field(default=0)
    unlisted_not_informed: int = Field(default=0)
    returned_at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id")


class Unlisted(BaseModel):
    """How many people an office knows of who are not in the record."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unlisted_met: int = 0
    unlisted_not_met: int = 0
    unlisted_informed: int = 0
    unlisted_not_informed: int = 0


def open_survey(
    session: Session, month: date, answers_until: date, *, by: Actor, now: datetime
) -> Survey:
    """Begin the survey of a month that is over; the one that stands gets the new last day.

    Raises BadEntry for a month that still runs, for a last day that is past, and where the survey
    is over: its result is shown, and one more answer would be told by the difference.
    """
    today, month = day_of(now), month.replace(day=1)
    if next_month(month) > today:
        raise BadEntry({"month": "終わった月を選んでください。"})
    if answers_until < today:
        raise BadEntry({"answers_until": "回答の締め切りは、今日より後の日にしてください。"})
    survey = survey_of(session, by.region, month)
    if survey is not None and survey.answers_until < today:
        until = "この調査は締め切りを過ぎ、結果が出ています。延ばせるのは締め切りの日までです。"
        raise BadEntry({"answers_until": until})
    if survey is None:
        survey = Survey(
            region=by.region, month=month, answers_until=answers_until, opened_at=now,
            staff_id=by.staff_id,
        )  # fmt: skip
    survey.answers_until = answers_until
    session.add(survey)
    session.flush()
    detail: Detail = {"survey": survey.id, "month": month, "until": answers_until}
    record(session, by, Act.SURVEY_OPEN, now=now, detail=detail)
    return survey


def surveys_of(session: Session, region: str) -> list[Survey]:
    """Every survey of a region, the newest month first."""
    query = select(Survey).where(Survey.region == region).order_by(col(Survey.month).desc())
    return list(session.exec(query))


def survey_of(session: Session, region: str, month: date) -> Survey | None:
    """The survey of a month, if there is one."""
    return session.exec(
        select(Survey).where(Survey.region == region, Survey.month == month)
    ).one_or_none()


def answer(
    session: Session,
    survey: Survey,
    words: Mapping[tuple[int, Question], tuple[Word, Word]],
    unlisted: Unlisted,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Take an office's form in: what it ticked, by stay and question, and the counts beside.

    words: for each stay that the office was shown, what was filled in and what it ticked. Only
    what differs from what stands is written. Raises NotVisible for a form of nobody's office,
    BadEntry for a survey that is over and for counts out of range.
    """
    if not by.plans_care or survey.region != by.region:
        raise NotVisible
    if day_of(now) > survey.answers_until:
        raise BadEntry({"main": _TOO_LATE})
    wrong = {
        name: f"0 から {MOST_UNLISTED} までの数で入力してください。"
        for name, count in unlisted.model_dump().items()
        if not 0 <= count <= MOST_UNLISTED
    }
    if wrong:
        raise BadEntry(wrong)
    known = answers_of(session, survey, by.organization_id)
    for (stay_id, question), (filled, ticked) in words.items():
        if ticked is known.get((stay_id, question), filled):
            continue
        session.add(
            SurveyAnswer(
                survey_id=survey.id, organization_id=by.organization_id, stay_id=stay_id,
                question=question, word=ticked, recorded_at=now, staff_id=by.staff_id,
            )
        )  # fmt: skip
        detail: Detail = {"survey": survey.id, "question": question.value, "word": ticked.value}
        record(session, by, Act.SURVEY_ANSWER, now=now, stay_id=stay_id, detail=detail)
    session.add(
        SurveyReturn(
            survey_id=survey.id, organization_id=by.organization_id, returned_at=now,
            staff_id=by.staff_id, **unlisted.model_dump(),
        )
    )  # fmt: skip
    record(session, by, Act.SURVEY_RETURN, now=now, detail={"survey": survey.id})


Answers = dict[tuple[int, Question], Word]


def answers_of(session: Session, survey: Survey, organization_id: int) -> Answers:
    """What an office ticked otherwise than it was filled in, the newest word of each."""
    rows = session.exec(
        select(SurveyAnswer)
        .where(
            SurveyAnswer.survey_id == survey.id,
            SurveyAnswer.organization_id == organization_id,
        )
        .order_by(col(SurveyAnswer.id))
    )
    return {(row.stay_id, row.question): row.word for row in rows}


def returns_of(session: Session, survey: Survey) -> dict[int, SurveyReturn]:
    """The newest return of each office."""
    rows = session.exec(
        select(SurveyReturn)
        .where(SurveyReturn.survey_id == survey.id)
        .order_by(col(SurveyReturn.id))
    )
    return {row.organization_id: row for row in rows}
