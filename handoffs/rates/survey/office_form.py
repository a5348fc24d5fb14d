"""One office's form: the people whom the asker may know of, filled in, with what was corrected."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from handoffs.access import visible_stays
from handoffs.csv_cell import csv_of
from handoffs.errors import NotVisible
from handoffs.parties import Actor
from handoffs.rates.survey.asked import Asked, asked_of
from handoffs.rates.survey.survey import (
    Question,
    Survey,
    SurveyReturn,
    Word,
    answers_of,
    returns_of,
    survey_of,
)
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from handoffs.wall import Crossing, crossing

HEAD = ("調査の月", "記号", "日", "問い", "記録から", "回答")


@dataclass(frozen=True)
class AskedShown:
    """One line of the form. name and kana are for the office's own screen and never printed."""

    asked: Asked
    code: str
    name: str
    kana: str
    word: Word

    @property
    def field(self) -> str:
        """The name of its input."""
        return f"{self.asked.question.value}-{self.asked.stay_id}"

    @property
    def corrected(self) -> bool:
        """Whether the office ticked something else than the events say."""
        return self.word is not self.asked.filled


@dataclass(frozen=True)
class OfficeForm:
    """The form of one office. elsewhere: how many lines only colleagues may see."""

    survey: Survey
    lines: tuple[AskedShown, ...]
    elsewhere: int
    returned: SurveyReturn | None

    def of(self, question: Question) -> tuple[AskedShown, ...]:
        """The lines of one question, by the day."""
        return tuple(
            sorted(
                (one for one in self.lines if one.asked.question is question),
                key=lambda one: (one.asked.on, one.code),
            )
        )


def office_form(session: Session, actor: Actor, month: date) -> OfficeForm:
    """The form of the actor's office for a month. Raises NotVisible where no survey asks."""
    survey = survey_of(session, actor.region, month)
    if survey is None or not actor.plans_care:
        raise NotVisible
    with crossing(session, Crossing.OWN_WORK):
        asked = asked_of(session, actor.region, month)
    mine = [one for one in asked if one.office_id == actor.organization_id]
    ids = {one.stay_id for one in mine}
    visible = visible_stays(actor).where(col(Stay.id).in_(ids))
    people = {
        stay.id: (stay.code, patient)
        for stay, patient in session.exec(
            select(Stay, Patient)
            .join(Patient, col(Patient.id) == col(Stay.patient_id))
            .where(col(Stay.id).in_(visible.with_only_columns(col(Stay.id))))
        )
    }
    answers = answers_of(session, survey, actor.organization_id)
    lines = tuple(
        AskedShown(
            one,
            people[one.stay_id][0],
            people[one.stay_id][1].name,
            people[one.stay_id][1].kana,
            answers.get((one.stay_id, one.question), one.filled),
        )
        for one in mine
        if one.stay_id in people
    )
    returned = returns_of(session, survey).get(actor.organization_id)
    return OfficeForm(survey, lines, len(mine) - len(lines), returned)


def form_csv(form: OfficeForm) -> bytes:
    """The office's own form for its file: codes and answers, no name."""
    month = f"{form.survey.month:%Y-%m}"
    rows = (
        (month, line.code, line.asked.on, question.label, line.asked.filled.label, line.word.label)
        for question in Question
        for line in form.of(question)
    )
    return csv_of(HEAD, rows)
