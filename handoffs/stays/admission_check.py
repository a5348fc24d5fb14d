"""What is wrong with an admission before anything is saved, said for every field at once.

Days and names can be judged while other fields are still unreadable; who it is can be judged as
soon as name, kana and birth date are there. `admit` asks the same again, and so does a page that
wants to say everything in one answer.
"""

from datetime import date

from sqlmodel import Session

from handoffs.errors import BadEntry
from handoffs.stays.namesakes import earlier_record
from handoffs.stays.patients import Patient
from handoffs.stays.stay import PlannedCertainty, Stay, overlapping, wrong_planned_day

_OLDEST = 120
IN_HOSPITAL = (
    "同じカナと生年月日の方が、すでに入院中として登録されています。"
    "病棟の一覧で確かめてください。別の方のときは患者番号を入力してください。"
)


def wrong_days(
    *,
    birth_on: date | None,
    admitted_on: date | None,
    planned: date | None,
    certainty: PlannedCertainty | None,
    today: date,
) -> dict[str, str]:
    """Say by field which days cannot be; None stands for one that could not be read."""
    wrong: dict[str, str] = {}
    if birth_on is not None and birth_on > today:
        wrong["birth_on"] = "生年月日が今日より後です。元号と年を確かめてください。"
    elif birth_on is not None and today.year - birth_on.year > _OLDEST:
        wrong["birth_on"] = "120歳を超えています。元号と年を確かめてください。"
    elif birth_on is not None and admitted_on is not None and birth_on > admitted_on:
        wrong["birth_on"] = "生年月日が入院日より後です。どちらかを直してください。"
    if admitted_on is not None and admitted_on > today:
        wrong["admitted_on"] = "入院日が今日より後です。入院した日に登録してください。"
    if certainty is not None:
        told = wrong_planned_day(planned, certainty, admitted_on or date.min, today)
        if told:
            wrong["planned_discharge_on"] = told
    return wrong


def recognized(
    session: Session,
    hospital_id: int,
    *,
    hospital_number: str | None,
    name: str,
    kana: str,
    birth_on: date,
    admitted_on: date | None,
    same_person: bool,
) -> Patient | None:
    """Find the hospital's record of the person who comes in; None for somebody new.

    Raises BadEntry where only the ward can say who it is, where the person is in hospital
    already, and where an earlier stay covers the day of admission. Coming back on the day of
    the discharge is no overlap. Without a day of admission only open stays are asked for.
    """
    patient = earlier_record(
        session,
        hospital_id,
        hospital_number=hospital_number,
        kana=kana,
        birth_on=birth_on,
        name=name,
        same_person=same_person,
    )
    if patient is None:
        return None
    if patient.birth_on != birth_on:
        raise BadEntry(
            {
                "hospital_number": "この患者番号は、生年月日の違う方で登録されています。"
                "番号を確かめてください。"
            }
        )
    there = overlapping(session, patient.id, admitted_on or date.max, None)
    if there is not None:
        raise BadEntry(_overlap(there))
    return patient


def _overlap(there: Stay) -> dict[str, str]:
    if there.discharged_on is None:
        return {"name": IN_HOSPITAL}
    return {
        "admitted_on": f"この方の前の入院（管理番号 {there.code}、{_day(there.admitted_on)}から"
        f"{_day(there.discharged_on)}まで）と重なります。入院日を確かめてください。"
        "転院や転棟のときは、前の入院の退院日も確かめてください。"
    }


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
