"""Taking a ward list into the record, through the record's own verbs.

A row whose person is not in the record yet is an admission. A row whose person is there with
the same day of admission is matched, so importing a file twice adds nothing; only a planned
discharge that the list knows differently is changed. A person who is absent from the list is
left alone. A row that the record refuses is rejected and leaves no trace; the others stay.
Never commits: whoever calls decides whether all of it stands.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from exchange import ward_columns as words
from exchange.ward_list import RejectedRow, WardList, WardRow
from handoffs.access import Permission, find_stay, require, visible_stays
from handoffs.errors import BadEntry, HandoffError
from handoffs.history import Act, record
from handoffs.parties import PLANNING_KINDS, Actor, Organization, number_looks_wrong
from handoffs.plan_office import PlanStatus
from handoffs.planning import PlanEntry
from handoffs.stays.admission import AdmissionEntry, admit
from handoffs.stays.discharge import PlannedDischargeEntry, plan_discharge
from handoffs.stays.patients import Patient, is_called, known_patient
from handoffs.stays.stay import PlannedCertainty, Stay
from rules import Library, NoEdition
from rules.kinds import Labelled

_COLUMNS = {
    "admitted_on": words.ADMITTED,
    "birth_on": words.BIRTH,
    "hospital_number": words.NUMBER,
    "kana": words.KANA,
    "name": words.NAME,
    "plan_organization_id": words.OFFICE,
    "planned_discharge_on": words.PLANNED,
    "ward_id": words.WARD,
}
"""Which column holds what the record calls so."""

_OTHER_NAME = (
    "同じカナと生年月日の別の氏名の方が登録されています。別の方なら患者番号を入れてください。"
)


class Outcome(Labelled):
    """What became of a row that was taken."""

    NEW = "new", "新規"
    MATCHED = "matched", "登録済み"
    PLAN_CHANGED = "plan_changed", "登録済み(退院予定日を変更)"
    LEFT = "left", "登録済み(退院済み)"


@dataclass(frozen=True)
class Taken:
    """A row that was taken: its line in the file, what became of it, what to look at.

    `stay_id` is the stay that it registered or is about.
    """

    line: int
    outcome: Outcome
    warnings: tuple[str, ...] = ()
    stay_id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, repr=False)
class Account:
    """What an import did, row by row in the order of the file."""

    taken: tuple[Taken, ...]
    rejected: tuple[RejectedRow, ...]
    dropped: int

    def count(self, *outcomes: Outcome) -> int:
        """How many rows came out as one of these."""
        return sum(one.outcome in outcomes for one in self.taken)


def take_in(
    session: Session,
    ward_list: WardList,
    *,
    library: Library,
    by: Actor,
    now: datetime,
    digest: str,
) -> Account:
    """Take in every row that can be taken, and record the act with its counts.

    `digest` is that of the file, so that the history can say which one it was.
    Raises NotPermitted where the person may not register admissions.
    """
    require(by, Permission.STAY_ADMIT)
    require(by, Permission.STAY_EDIT)
    # Two imports of one hospital wait for each other; both would find nobody and add everybody.
    session.exec(
        select(Organization).where(Organization.id == by.organization_id).with_for_update()
    ).one()
    taken: list[Taken] = []
    rejected = list(ward_list.rejected)
    desk = _Desk(session, library, by, now)
    for row in ward_list.rows:
        try:
            with session.begin_nested():
                taken.append(desk.take(row))
        except BadEntry as error:
            reasons = tuple(f"{_COLUMNS.get(f, '登録')}: {m}" for f, m in error.fields.items())
            rejected.append(RejectedRow(row.line, reasons))
        except NoEdition:
            reason = "この日に使える退院調整ルールがありません。日付を確かめてください。"
            rejected.append(RejectedRow(row.line, (f"{words.ADMITTED}: {reason}",)))
        except HandoffError as error:
            rejected.append(RejectedRow(row.line, (f"登録: {error.message}",)))
    rejected.sort(key=lambda one: one.line.number)
    account = Account(tuple(taken), tuple(rejected), ward_list.dropped)
    record(
        session,
        by,
        Act.IMPORT_WARD_LIST,
        now=now,
        detail={
            "file": digest,
            "new": account.count(Outcome.NEW),
            "matched": account.count(Outcome.MATCHED, Outcome.PLAN_CHANGED, Outcome.LEFT),
            "plan_changed": account.count(Outcome.PLAN_CHANGED),
            "rejected": len(rejected),
            "dropped": ward_list.dropped,
            # By these the whole import can be undone.
            "stays": ",".join(str(t.stay_id) for t in taken if t.outcome is Outcome.NEW),
        },
    )
    return account


@dataclass(frozen=True)
class _Desk:
    """Who takes in, where, by which agreement and when."""

    session: Session
    library: Library
    by: Actor
    now: datetime

    def take(self, row: WardRow) -> Taken:
        patient = self._patient(row)
        if patient is not None and patient.birth_on != row.birth_on:
            raise BadEntry(
                {"hospital_number": "生年月日の違う方の番号です。番号を確かめてください。"}
            )
        if patient is not None and not row.number and not is_called(patient, row.name):
            raise BadEntry({"name": _OTHER_NAME})
        stays = [] if patient is None else self._stays(patient)
        stay = _already_there(stays, row)
        if stay is None:
            return self._admit(row)
        warnings: tuple[str, ...] = ()
        if not stay.is_open:
            return Taken(row.line.number, Outcome.LEFT, stay_id=stay.id)
        if stay.ward_id != row.ward_id:
            warnings = (f"{words.WARD}: 登録と違います(変えていません)。画面で確かめてください。",)
        changed = self._plan_discharge(stay, row)
        outcome = Outcome.PLAN_CHANGED if changed else Outcome.MATCHED
        return Taken(row.line.number, outcome, warnings, stay.id)

    def _patient(self, row: WardRow) -> Patient | None:
        """The hospital's record of the person."""
        return known_patient(
            self.session,
            self.by.organization_id,
            hospital_number=row.number,
            kana=row.kana,
            birth_on=row.birth_on,
            name=row.name,
        )

    def _stays(self, patient: Patient) -> list[Stay]:
        query = visible_stays(self.by).where(Stay.patient_id == patient.id)
        return list(self.session.exec(query.order_by(col(Stay.admitted_on))))

    def _plan_discharge(self, stay: Stay, row: WardRow) -> bool:
        known = (stay.planned_discharge_on, stay.planned_certainty)
        if row.plan is None or (row.plan.on, row.plan.certainty) == known:
            return False
        locked = find_stay(self.session, self.by, stay.id)
        entry = PlannedDischargeEntry(
            planned_discharge_on=row.plan.on,
            planned_certainty=row.plan.certainty,
            version=locked.version,
        )
        plan_discharge(self.session, locked, entry, library=self.library, by=self.by, now=self.now)
        return True

    def _admit(self, row: WardRow) -> Taken:
        plan, warnings = self._plan_office(row)
        discharge = row.plan
        entry = AdmissionEntry(
            name=row.name,
            kana=row.kana,
            birth_on=row.birth_on,
            admitted_on=row.admitted_on,
            admitted_time=row.admitted_time,
            ward_id=row.ward_id,
            care_level=row.level,
            application=row.application,
            plan=plan,
            planned_discharge_on=discharge.on if discharge else None,
            planned_certainty=discharge.certainty if discharge else PlannedCertainty.UNDECIDED,
            hospital_number=row.number,
        )
        stay = admit(self.session, entry, library=self.library, by=self.by, now=self.now)
        return Taken(row.line.number, Outcome.NEW, warnings, stay.id)

    def _plan_office(self, row: WardRow) -> tuple[PlanEntry, tuple[str, ...]]:
        """Who plans, and what is odd about the number. A number is a reason to warn, never more."""
        number = row.office_number
        if number is None:
            return PlanEntry(), ()
        if not number:
            return PlanEntry(status=PlanStatus.UNASSIGNED), ()
        warnings = (
            ["検証番号が合いません。番号を確かめてください。"] if number_looks_wrong(number) else []
        )
        found = self.session.exec(
            select(Organization).where(
                Organization.number == number, col(Organization.kind).in_(PLANNING_KINDS)
            )
        ).all()
        plan = PlanEntry()
        if len(found) == 1:
            plan = PlanEntry(status=PlanStatus.ASSIGNED, organization_id=found[0].id)
        else:
            warnings.append("登録のない事業所です。計画作成担当は不明で登録しました。")
        return plan, tuple(f"{words.OFFICE}: {warning}" for warning in warnings)


def _already_there(stays: list[Stay], row: WardRow) -> Stay | None:
    """The stay that a row is about, if it is in the record.

    Raises BadEntry where the row's day of admission contradicts what is there.
    """
    same = [stay for stay in stays if stay.admitted_on == row.admitted_on]
    if same:
        return next((stay for stay in same if stay.is_open), same[-1])
    if any(stay.is_open for stay in stays):
        raise BadEntry(
            {
                "admitted_on": "別の入院日で、入院中として登録されています。"
                "前の入院が終わっているときは、先に画面で退院を登録してください。"
            }
        )
    return None
