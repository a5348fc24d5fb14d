"""The 3-day and 7-day log of 入退院支援加算: by which day each step, and on which day it was.

What was ticked on the assessment page is the day on which the ward looked for 退院困難な要因; a
conference that the record knows of stands beside the multi-disciplinary one, which only the
hospital can say. Days are those of `rules.fees.hospital_clock`, which cannot tell whether the
admission day is day 1: both days are shown. Read-only, and for the hospital alone.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from handoffs.access import visible_stays
from handoffs.calendars import holidays_known
from handoffs.decision.assessment import Assessment, Occasion
from handoffs.parties import Actor, WardKind
from handoffs.shown.dossier import Dossier, dossiers_of
from handoffs.shown.left_alone import LOOK_BACK
from handoffs.shown.task import Person, person_of
from handoffs.statement import Result
from handoffs.stays.stay import Destination, Stay
from handoffs.support.step import SupportKind, SupportStep, steps_of
from handoffs.tokyo import day_of
from rules.fees import NoFeeTable, hospital_table
from rules.fees.hospital_clock import Step, hospital_steps

FEES = ("1", "2")
"""加算1 and 加算2; which of them a hospital files it says to the authorities, not here."""


@dataclass(frozen=True)
class SupportCell:
    """One step of one stay.

    done_on: the day that the record holds. row_id: the row that said so and can be taken back;
    None where the day comes from another page, named in `seen_by`. beside: days of the record
    that are no proof of the step but stand near it. days_left: until the safe last day.
    """

    kind: SupportKind
    label: str
    until: date | None
    outer: date | None
    why: str
    done_on: date | None
    row_id: int | None
    seen_by: str
    beside: tuple[date, ...]
    days_left: int | None

    @property
    def asks(self) -> bool:
        """Whether the wording leaves open which of two days holds."""
        return self.until != self.outer

    @property
    def in_time(self) -> bool:
        """Whether the day lies within the safe days, or no day is given."""
        return self.done_on is not None and (self.until is None or self.done_on <= self.until)

    def is_over(self, left_on: date | None) -> bool:
        """Whether the person left before its last day, so that nothing runs on."""
        return (
            self.done_on is None
            and left_on is not None
            and (self.until is None or left_on < self.until)
        )


@dataclass(frozen=True)
class SupportLine:
    """One stay with its steps, in the order of the fee's table."""

    person: Person
    ward: str
    admitted_on: date
    left_on: date | None
    cells: tuple[SupportCell, ...]

    def order(self, today: date) -> tuple[int, date, str]:
        """Who has an open step to come stands first, the nearest day first; who has none, last.

        Of whoever left nothing is to come.
        """
        if self.left_on is not None:
            return 2, self.left_on, self.person.kana
        days = [cell.until for cell in self.cells if cell.done_on is None and cell.until]
        coming = [day for day in days if day >= today]
        if coming:
            return 0, min(coming), self.person.kana
        return (1 if days else 2), self.admitted_on, self.person.kana


def support_log(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    fee: str = "1",
    left: bool = False,
    ward_id: int | None = None,
) -> tuple[SupportLine, ...]:
    """The hospital's own stays: those in hospital, or those who left in the last 31 days.

    A death is left out, as the fee leaves it out; so is a stay that
    began before the first table. Nothing for anybody but a hospital.
    """
    if not actor.is_hospital:
        return ()
    query = visible_stays(actor)
    if left:
        query = query.where(
            col(Stay.discharged_on) >= day_of(now) - LOOK_BACK,
            col(Stay.destination) != Destination.DEATH,
        )
    else:
        query = query.where(col(Stay.discharged_on).is_(None))
    if ward_id is not None:
        query = query.where(Stay.ward_id == ward_id)
    dossiers = dossiers_of(session, session.exec(query).all())
    lines = _lines(session, dossiers, fee=fee, today=day_of(now))
    return tuple(sorted(lines, key=lambda line: line.order(day_of(now))))


def support_of(
    session: Session, stay: Stay, *, now: datetime, fee: str = "1"
) -> SupportLine | None:
    """The steps of one stay of the reader's own hospital; None before the first table."""
    lines = _lines(session, dossiers_of(session, [stay]), fee=fee, today=day_of(now))
    return lines[0] if lines else None


def _lines(
    session: Session, dossiers: Sequence[Dossier], *, fee: str, today: date
) -> list[SupportLine]:
    ids = [dossier.stay.id for dossier in dossiers]
    noted, ticked = steps_of(session, ids), _ticked(session, ids)
    lines = []
    for dossier in dossiers:
        stay = dossier.stay
        steps = _steps(dossier, fee)
        if steps is None:
            continue
        conferences = sorted(
            {said.happened_on for said in dossier.statements if said.result is Result.CONFERENCE}
        )
        lines.append(
            SupportLine(
                person=person_of(dossier, today),
                ward=dossier.ward.name,
                admitted_on=stay.admitted_on,
                left_on=stay.discharged_on,
                cells=tuple(
                    _cell(
                        step,
                        noted[stay.id],
                        ticked=ticked.get(stay.id),
                        conferences=tuple(conferences),
                        today=today,
                        left_on=stay.discharged_on,
                    )
                    for step in steps
                ),
            )
        )
    return lines


def _steps(dossier: Dossier, fee: str) -> tuple[Step, ...] | None:
    admitted_on = dossier.stay.admitted_on
    try:
        table = hospital_table(admitted_on)
    except NoFeeTable:
        return None
    return hospital_steps(
        table,
        fee,
        admitted_on,
        holidays_known(admitted_on),
        long_term_care_ward=dossier.ward.kind is WardKind.LONG_TERM,
        at_night=None,
    )


def _cell(
    step: Step,
    noted: Sequence[SupportStep],
    *,
    ticked: date | None,
    conferences: tuple[date, ...],
    today: date,
    left_on: date | None,
) -> SupportCell:
    kind = SupportKind(step.clock.id.removesuffix(f"-{step.clock.fee}"))
    row = next((one for one in noted if one.kind is kind), None)
    by_ticks = kind is SupportKind.FOUND and row is None and ticked is not None
    return SupportCell(
        kind=kind,
        label=step.clock.label,
        until=step.until,
        outer=step.outer,
        why=step.why,
        done_on=row.happened_on if row else ticked if by_ticks else None,
        row_id=row.id if row else None,
        seen_by="判定項目の入力" if by_ticks else "",
        beside=conferences if kind is SupportKind.CONFERENCE and row is None else (),
        days_left=(step.until - today).days if step.until and left_on is None else None,
    )


def _ticked(session: Session, stay_ids: Collection[int]) -> dict[int, date]:
    """On which day somebody first ticked anything on the assessment page of each stay."""
    rows = session.exec(
        select(Assessment).where(
            col(Assessment.stay_id).in_(stay_ids),
            Assessment.occasion == Occasion.ASSESSMENT,
            col(Assessment.judged_by).is_not(None),
        )
    ).all()
    days: defaultdict[int, list[date]] = defaultdict(list)
    for one in rows:
        if _says_something(one):
            days[one.stay_id].append(day_of(one.made_at))
    return {stay_id: min(some) for stay_id, some in days.items()}


def _says_something(made: Assessment) -> bool:
    """Whether a person answered anything: a page saved with every box 未評価 looked for nothing."""
    known = {name for part in ("recorded", "filled") for name in _names(made.outcome.get(part))}
    return any(value != "unknown" for name, value in made.facts.items() if name not in known)


def _names(kept: object) -> Collection[str]:
    return kept if isinstance(kept, list) else ()
