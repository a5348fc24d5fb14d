"""A decision that was made for a stay: facts, edition and outcome, never edited.

The one place where the record meets the rules. The edition of the day of
admission governs the whole stay; when a date or a fact changes, the same
edition is asked again and a new row is added.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.database import coded
from handoffs.decision.circumstances import Circumstances, circumstances_of
from handoffs.decision.standpoint import Answer, Standpoint, answered, standpoint, words_asked
from handoffs.duties import follow
from handoffs.errors import Overtaken
from handoffs.handoff import Handoff, handoffs_of
from handoffs.history import Act, record
from handoffs.moved import causes, moments_as_json
from handoffs.parties import Actor
from handoffs.receivers import receivers_of
from handoffs.stays.leave import rest
from handoffs.stays.respite import Earlier, is_respite
from handoffs.stays.stay import Destination, Stay, is_registered
from handoffs.tokyo import day_of
from rules import Coordination, Decision, Library, Vocabulary
from rules.kinds import Labelled


class Occasion(Labelled):
    """Why a decision was made."""

    ADMISSION = "admission", "入院の登録"
    ASSESSMENT = "assessment", "判定項目の入力"
    CHANGE = "change", "記録の変更"


class Assessment(SQLModel, table=True):
    """One decision. `facts` are the coded facts as given, `outcome` is what the rules said.

    Beside it `outcome` keeps the moments that were counted from, as `filled` the facts that
    nobody ticked and earlier stays answered, and as `recorded` those that the record knew by
    itself then.

    `judged_by` and `made_at` are the who and when of every human judgement among
    the facts.
    """

    __tablename__ = "assessment"

    id: int = Field(default=None, primary_key=True)
    stay_id: int = Field(foreign_key="stay.id", index=True)
    occasion: Occasion = Field(sa_type=coded(Occasion, "assessment_occasion"))
    region: str = Field(max_length=40)
    edition_in_force: str = Field(max_length=10)
    edition_digest: str = Field(max_length=64)
    facts: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    coordination: Coordination = Field(sa_type=coded(Coordination, "coordination"))
    excluded: bool = Field(default=False)
    outcome: dict[str, object] = Field(default_factory=dict, sa_type=sa.JSON)
    made_at: datetime
    judged_by: int | None = Field(default=None, foreign_key="staff.id")


_first = aliased(Assessment)
_IS_FIRST = (_first.stay_id == Assessment.stay_id, _first.coordination == Coordination.REQUIRED)
_REQUIRED_AT = (
    select(_first.made_at).where(*_IS_FIRST).order_by(col(_first.id)).limit(1).scalar_subquery()
)
_LATEST = (
    select(Assessment, _REQUIRED_AT)
    .where(col(Assessment.stay_id) == sa.bindparam("stay_id"))
    .order_by(col(Assessment.id).desc())
    .limit(1)
)
# Built once, because every verb asks it: building a question costs as much as asking it.


@dataclass(frozen=True)
class Before:
    """What had been decided about a stay: the latest decision, and when it first was 要."""

    last: Assessment | None = None
    required_at: datetime | None = None


def decided_before(session: Session, stay_id: int) -> Before:
    """What was decided about a stay until now."""
    found = session.exec(_LATEST, params={"stay_id": stay_id}).first()
    return Before() if found is None else Before(*found)


def assessment_of(session: Session, stay_id: int) -> Assessment | None:
    """The latest decision of a stay."""
    return decided_before(session, stay_id).last


def filled_facts(made: Assessment) -> frozenset[str]:
    """The facts of a decision that nobody ticked and earlier stays answered."""
    kept = made.outcome.get("filled")
    return frozenset(kept) if isinstance(kept, list) else frozenset()


def earlier_answers(session: Session, stay: Stay) -> Earlier:
    """The last answers of the person's earlier stays in this hospital, the latest stay first."""
    newest = aliased(Assessment)
    last = select(sa.func.max(newest.id)).where(newest.stay_id == Stay.id).scalar_subquery()
    came, id_ = col(Stay.admitted_on), col(Stay.id)
    same_day = sa.and_(came == stay.admitted_on, id_ < stay.id)
    return session.exec(
        select(came, col(Assessment.facts))
        .join(Assessment, col(Assessment.stay_id) == id_)
        .where(is_registered(), Stay.patient_id == stay.patient_id, col(Assessment.id) == last)
        .where(sa.or_(came < stay.admitted_on, same_day))
        .order_by(came.desc(), id_.desc())
    ).all()


def assess(
    session: Session,
    stay: Stay,
    ticked: Mapping[str, str],
    *,
    library: Library,
    by: Actor | None,
    now: datetime,
    version: int | None = None,
) -> Decision:
    """Decide about a stay, keep the decision, and bring its handoffs in line.

    `ticked` are the answers of the assessment page; what the record itself knows
    (`recorded_facts`) is added and wins. What only earlier stays say (`respite`) is
    added where nobody ticked it. `version` is that of the stay as the screen showed it;
    Overtaken is raised if it changed since. Raises FactError for a word that the edition
    does not know and NoEdition where no agreement was in force on the day of admission.
    """
    if version is not None and version != stay.version:
        raise Overtaken
    stay.version += 1
    act = _Act(session, library, Occasion.ASSESSMENT, by, now)
    session.flush()  # Once, so that none of the questions below has to look for changes.
    with session.no_autoflush:
        before = decided_before(session, stay.id)
        return act.decide_again(stay, ticked, before, circumstances_of(session, stay))


def assess_admission(
    session: Session,
    stay: Stay,
    known: Circumstances,
    *,
    library: Library,
    by: Actor,
    now: datetime,
) -> Decision:
    """Decide for the first time, from what the admission says: nobody has ticked anything yet.

    `known` is all that the record holds of the stay, written or not. Raises NoEdition.
    """
    return _Act(session, library, Occasion.ADMISSION, by, now).decide(stay, {}, known)


def reassess(
    session: Session,
    stay: Stay,
    *,
    library: Library,
    by: Actor | None,
    now: datetime,
    instead: Mapping[str, str] | None = None,
) -> Decision:
    """Ask the same edition again after something in the record changed.

    A tick that a corrected edition no longer knows is left behind; what earlier stays had filled
    in is asked of them anew. `instead` are facts that hold instead of those of the last decision.
    """
    act = _Act(session, library, Occasion.CHANGE, by, now)
    session.flush()
    with session.no_autoflush:
        before = decided_before(session, stay.id)
        known = circumstances_of(session, stay)
        ticked = _ticked_in(before.last, words_asked(stay, known, library)) if before.last else {}
        return act.decide_again(stay, ticked | dict(instead or {}), before, known)


def _ticked_in(last: Assessment, known: Vocabulary) -> dict[str, str]:
    """The facts of a decision without those that nobody ticked or nobody knows any more."""
    filled = filled_facts(last)
    ticked = {fact: value for fact, value in last.facts.items() if fact not in filled}
    return {f: v for f, v in ticked.items() if f in known and v in known[f].values}


@dataclass(frozen=True)
class _Act:
    """One occasion on which a stay is decided about."""

    session: Session
    library: Library
    occasion: Occasion
    by: Actor | None
    now: datetime

    def decide_again(
        self, stay: Stay, ticked: Mapping[str, str], before: Before, known: Circumstances
    ) -> Decision:
        """Decide from what the record says now."""
        session = self.session
        return self.decide(
            stay,
            ticked,
            known,
            before=before,
            earlier=earlier_answers(session, stay) if is_respite(ticked) else (),
            handoffs=handoffs_of(session, stay.id),
        )

    def decide(
        self,
        stay: Stay,
        ticked: Mapping[str, str],
        known: Circumstances,
        *,
        before: Before = Before(),
        earlier: Earlier = (),
        handoffs: Sequence[Handoff] = (),
    ) -> Decision:
        """Decide, keep the decision beside the last one, and let the handoffs follow."""
        session, by, now = self.session, self.by, self.now
        here = standpoint(
            stay,
            ticked,
            known,
            earlier=earlier,
            required_at=before.required_at,
            library=self.library,
            now=now,
        )
        answer = answered(stay, here, known, on=day_of(now))
        decision = answer.decision
        session.add(_row(stay, here, answer, occasion=self.occasion, by=by, now=now))
        record(
            session,
            by,
            Act.STAY_ASSESS,
            now=now,
            stay_id=stay.id,
            detail={
                "occasion": self.occasion.value,
                "coordination": decision.coordination.value,
                "edition": here.edition.digest,
            },
        )
        stopped = stay.wants_no_contact or stay.destination is Destination.DEATH
        follow(
            session,
            stay,
            () if stopped else decision.handoffs,
            handoffs,
            receivers=receivers_of(stay, known.plan),
            because=causes(before.last, here.facts, here.moments, here.edition.digest),
            by=by,
            now=now,
        )
        if known.leave is not None and stay.is_open:
            rest(session, stay, known.leave, by=by, now=now)
        return decision


def _row(
    stay: Stay,
    here: Standpoint,
    answer: Answer,
    *,
    occasion: Occasion,
    by: Actor | None,
    now: datetime,
) -> Assessment:
    decision = answer.decision
    return Assessment(
        stay_id=stay.id,
        occasion=occasion,
        region=here.edition.region,
        edition_in_force=str(here.edition.in_force),
        edition_digest=here.edition.digest,
        facts=dict(here.facts.given),
        coordination=decision.coordination,
        excluded=bool(decision.excluded_by) and decision.coordination is Coordination.NOT_REQUIRED,
        outcome=decision.as_json()
        | {"moments": moments_as_json(here.moments)}
        | ({"filled": list(here.filled)} if here.filled else {})
        | {"recorded": list(here.recorded)}
        | dict(answer.beside),
        made_at=now,
        judged_by=by.staff_id if by else None,
    )
