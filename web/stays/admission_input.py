"""The registration screen's fields, read into an `AdmissionEntry`.

Six must be there; every other may stay open. One selection list holds what the
ward knows of the plan office, one where the person lives, one the consent, so
that the whole fits one screen.
"""

from dataclasses import dataclass
from datetime import date

from handoffs.names import wrong_name
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry
from handoffs.stays.admission import AdmissionEntry
from handoffs.stays.admission_check import wrong_days
from handoffs.stays.certification import Application, CareNeedLevel
from handoffs.stays.consent import ConsentAnswer, ConsentGround
from handoffs.stays.stay import PlannedCertainty
from web.inputs import Posted, Typed

OFFICE = "office-"
"""What stands before the id of an office or centre in a selection list."""

OUTSIDE = "outside"
GIVEN = "given-"
WITHHELD = "withheld"
NO_CONTACT = "no_contact"

PLAN_CHOICES = (
    (PlanStatus.UNKNOWN.value, "分からない（まだ確かめていない）"),
    (PlanStatus.UNASSIGNED.value, "決まっていない"),
    (PlanStatus.ASSIGNED.value, "決まっているが、事業所が分からない・一覧にない"),
    (PlanStatus.PAUSED.value, "契約を休止している（事業所が分からない）"),
)
CONSENT_CHOICES = (
    ("", "まだ確かめていない"),
    *((GIVEN + ground.value, f"同意あり（{ground.label}）") for ground in ConsentGround),
    (WITHHELD, "同意なし"),
    (NO_CONTACT, "本人が事業所への連絡を希望しない"),
)


@dataclass(frozen=True)
class Identity:
    """By what a person is recognized, as far as it could be read; `admitted_on` may be None."""

    name: str
    kana: str
    birth_on: date
    admitted_on: date | None
    hospital_number: str | None
    same_person: bool


def read_admission(posted: Posted, today: date) -> AdmissionEntry:
    """Read the registration screen. Raises BadEntry with a message for each field."""
    name, kana = _read_names(posted)
    birth_on = posted.birth_day("birth_on", ask="生年月日を入力してください。")
    admitted_on = posted.needed_day("admitted_on", ask="入院日を入力してください。")
    admitted_time = posted.clock("admitted_time")
    ward_id = posted.needed_number("ward_id", ask="病棟を選んでください。")
    care_level = posted.word(
        "care_level",
        CareNeedLevel,
        ask="介護認定を選んでください。分からないときは「不明」を選びます。",
    )
    application = posted.word(
        "application",
        Application,
        ask="申請の状況を選び直してください。",
        default=Application.UNKNOWN,
    )
    plan = read_plan(posted)
    planned_on = posted.day("planned_discharge_on")
    certainty = posted.word(
        "planned_certainty",
        PlannedCertainty,
        ask="退院予定を「未定」「およそ」「決定」から選んでください。",
        default=PlannedCertainty.UNDECIDED,
    )
    municipality = posted.text("municipality", longest=40)
    center_id, in_region = _read_center(posted)
    consent, ground = read_consent(posted)
    hospital_number = posted.text("hospital_number", longest=20)
    same = posted.one_of("same_person", ("", "yes"), ask="画面を開き直してください。") == "yes"
    unread = posted.errors.keys()
    wrong = wrong_days(
        birth_on=None if "birth_on" in unread else birth_on,
        admitted_on=None if "admitted_on" in unread else admitted_on,
        planned=planned_on,
        certainty=None if {"planned_discharge_on", "planned_certainty"} & unread else certainty,
        today=today,
    )
    for field, told in wrong.items():
        posted.refuse(field, told)
    posted.finish()
    return AdmissionEntry(
        name=name,
        kana=kana,
        birth_on=birth_on,
        admitted_on=admitted_on,
        admitted_time=admitted_time,
        ward_id=ward_id,
        care_level=care_level,
        application=application,
        plan=plan,
        center_id=center_id,
        planned_discharge_on=planned_on,
        planned_certainty=certainty,
        hospital_number=hospital_number or None,
        same_person=same,
        municipality=municipality,
        in_region=in_region,
        consent=consent,
        consent_ground=ground,
        wants_no_contact=posted.values.get("consent") == NO_CONTACT,
    )


def identity_in(typed: Typed, today: date) -> Identity | None:
    """Who it is, whatever else is wrong with the form; None while a name or the birth is."""
    posted = Posted(typed, today)
    name, kana = _read_names(posted)
    birth_on = posted.birth_day("birth_on", ask="-")
    number = posted.text("hospital_number", longest=20)
    if posted.errors:
        return None
    admitted_on = posted.needed_day("admitted_on", ask="-")
    known = "admitted_on" not in posted.errors
    same = posted.values.get("same_person") == "yes"
    return Identity(name, kana, birth_on, admitted_on if known else None, number or None, same)


def _read_names(posted: Posted) -> tuple[str, str]:
    name = posted.text("name", ask="氏名を入力してください。")
    kana = posted.kana("kana", ask="氏名のカナを入力してください。")
    for field, text in (("name", name), ("kana", kana)):
        told = wrong_name(text) if text else None
        if told:
            posted.refuse(field, told)
    return name, kana


def read_plan(posted: Posted) -> PlanEntry:
    """Read who plans, from one list of states and offices; an office means that it is decided."""
    ask = "計画作成担当を一覧から選び直してください。"
    value = posted.text("plan_organization_id") or PlanStatus.UNKNOWN.value
    name = posted.text("care_manager_name")
    if value.startswith(OFFICE):
        number = value.removeprefix(OFFICE)
        if number.isascii() and number.isdigit() and len(number) < len("1000000000"):
            return PlanEntry(
                status=PlanStatus.ASSIGNED, organization_id=int(number), care_manager_name=name
            )
        posted.refuse("plan_organization_id", ask)
        return PlanEntry()
    status = posted.word("plan_organization_id", PlanStatus, ask=ask, default=PlanStatus.UNKNOWN)
    return PlanEntry(status=status, care_manager_name=name)


def _read_center(posted: Posted) -> tuple[int | None, bool | None]:
    """Read where the person lives: the centre in charge, outside the region, or not known."""
    if posted.values.get("center_id") == OUTSIDE:
        posted.text("center_id")
        return None, False
    center_id = posted.number("center_id")
    return center_id, True if center_id is not None else None


def read_consent(posted: Posted) -> tuple[ConsentAnswer | None, ConsentGround]:
    """Read the person's answer and its ground; no answer where nobody has asked yet."""
    offered = [value for value, _ in CONSENT_CHOICES]
    value = posted.one_of("consent", offered, ask="同意の欄を選び直してください。")
    if value.startswith(GIVEN):
        return ConsentAnswer.GIVEN, ConsentGround(value.removeprefix(GIVEN))
    if value in {WITHHELD, NO_CONTACT}:
        return ConsentAnswer.WITHHELD, ConsentGround.ORAL
    return None, ConsentGround.POSTED
