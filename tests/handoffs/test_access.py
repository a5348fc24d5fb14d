"""The whole of who may do what, as one table that is also printed into docs/privacy.md."""

import threading
from dataclasses import dataclass, replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

import config
from handoffs.access import (
    PERMISSIONS,
    Permission,
    find_handoff,
    find_stay,
    may,
    require,
    visible_stays,
)
from handoffs.database import Database
from handoffs.errors import NotPermitted, NotVisible
from handoffs.handoff import Handoff, withdraw
from handoffs.history import Act, Event
from handoffs.parties import Actor, Role, Staff, actor_of
from handoffs.passing import send
from handoffs.plan_office import PlanOffice, PlanStatus, replace_plan_office
from handoffs.stays.stay import Stay
from rules import HandoffKind, Party
from tests.factories import make_handoff, make_stay, talked
from tests.people import NOW, Cast

PAGE = config.ROOT / "docs" / "privacy.md"
BEGIN = "<!-- access table: written by tests/handoffs/test_access.py -->"
END = "<!-- end of access table -->"

LABELS = {
    Permission.ACCOUNT_OWN: "see to the own account",
    Permission.BACKTEST_RUN: "try a draft on past stays",
    Permission.COLLEAGUES_SHOW: "show the office's other clients",
    Permission.CONCERN_NOTE: "keep a record of suspected abuse that names them",
    Permission.CONTACTS_CONFIRM: "confirm the own line of the list of contacts",
    Permission.EVIDENCE_READ: "read what the own record holds of a fee's evidence",
    Permission.FIGURES_WRITE: "write figures from outside and the region's goals",
    Permission.HANDOFF_CONFIRM: "confirm a receipt",
    Permission.HANDOFF_SEND: "pass a handoff on",
    Permission.HANDOFF_SHEET: "print a sheet",
    Permission.HANDOFF_WAIVE: "waive a handoff",
    Permission.HOURS_EDIT: "write down the own organization's hours",
    Permission.RATES_READ: "read the month's figures",
    Permission.RECORD_CHECK_READ: "read the questions about the own ward's record",
    Permission.REGION_READ: "read the list of contacts and the help",
    Permission.REGION_SET: "let organizations in, correct them, decide the region's policies",
    Permission.ROSTER_KEEP: "hand in the office's client roster",
    Permission.RULES_TRY: "try a rule on an imagined patient",
    Permission.SHADOW_KEEP: "keep a shadow month",
    Permission.SHEET_WRITE: "write a sheet of the own side",
    Permission.STATEMENT_MAKE: "state a contact",
    Permission.STAY_ADMIT: "register an admission",
    Permission.STAY_ASSESS: "tick the assessment",
    Permission.STAY_DISCHARGE: "register a discharge",
    Permission.STAY_EDIT: "change dates and plan office",
    Permission.STAY_READ: "read a stay",
    Permission.STAY_TAKE: "take charge of a client",
    Permission.STEP_STATE: "state the steps towards a certification",
    Permission.SURVEY_ANSWER: "answer the yearly survey",
    Permission.SURVEY_LIST: "list the yearly surveys",
    Permission.SURVEY_OPEN: "open a survey and read what came of it",
}

EVERYBODY = {Permission.ACCOUNT_OWN, Permission.CONTACTS_CONFIRM, Permission.REGION_READ}
READS = EVERYBODY | {
    Permission.EVIDENCE_READ,
    Permission.HANDOFF_CONFIRM,
    Permission.HANDOFF_SEND,
    Permission.HANDOFF_SHEET,
    Permission.HANDOFF_WAIVE,
    Permission.HOURS_EDIT,
    Permission.RULES_TRY,
    Permission.SHEET_WRITE,
    Permission.STATEMENT_MAKE,
    Permission.STAY_READ,
}
OF_HOSPITAL = READS | {
    Permission.BACKTEST_RUN,
    Permission.RECORD_CHECK_READ,
    Permission.SHADOW_KEEP,
    Permission.STAY_ADMIT,
    Permission.STAY_ASSESS,
    Permission.STAY_DISCHARGE,
    Permission.STAY_EDIT,
}
OF_PLANNER = READS | {
    Permission.COLLEAGUES_SHOW,
    Permission.CONCERN_NOTE,
    Permission.ROSTER_KEEP,
    Permission.STAY_TAKE,
    Permission.SURVEY_ANSWER,
    Permission.SURVEY_LIST,
}
EXPECTED: dict[Role, set[Permission]] = {
    Role.WARD_NURSE: OF_HOSPITAL,
    Role.DISCHARGE_NURSE: OF_HOSPITAL,
    Role.SOCIAL_WORKER: OF_HOSPITAL | {Permission.CONCERN_NOTE},
    Role.PSYCHIATRIC_SOCIAL_WORKER: OF_HOSPITAL | {Permission.CONCERN_NOTE},
    Role.CARE_MANAGER: OF_PLANNER,
    Role.CENTER_STAFF: OF_PLANNER | {Permission.STEP_STATE},
    Role.HEALTH_OFFICER: EVERYBODY
    | {
        Permission.BACKTEST_RUN,
        Permission.FIGURES_WRITE,
        Permission.RATES_READ,
        Permission.REGION_SET,
        Permission.RULES_TRY,
        Permission.SURVEY_LIST,
        Permission.SURVEY_OPEN,
    },
}


@dataclass(frozen=True)
class Relations:
    """One stay for each relation in which somebody can stand to it, by its words in the table."""

    own: Stay
    taken_by_colleague: Stay
    untaken: Stay
    other_office: Stay
    former_office: Stay
    copied: Stay
    told: Stay
    not_yet_told: Stay
    told_and_withdrawn: Stay
    other_hospital: Stay
    wants_no_contact: Stay

    def items(self) -> list[tuple[str, Stay]]:
        """Names and stays."""
        return list(vars(self).items())


def _referral(session: Session, cast: Cast, stay: Stay) -> Handoff:
    return make_handoff(
        session,
        stay,
        kind=HandoffKind.REFERRAL,
        receiver=Party.COMMUNITY_SUPPORT_CENTER,
        receiver_id=cast.center_id,
    )


def _relations(session: Session, cast: Cast) -> Relations:
    nobody: dict[str, Any] = {"plan": PlanStatus.UNASSIGNED, "center_id": cast.center_id}
    relations = Relations(
        own=make_stay(session, cast, care_manager=cast.care_manager),
        taken_by_colleague=make_stay(session, cast, care_manager=cast.colleague),
        untaken=make_stay(session, cast),
        other_office=make_stay(session, cast, organization_id=cast.outsider_office_id),
        former_office=make_stay(session, cast, care_manager=cast.care_manager),
        copied=make_stay(
            session,
            cast,
            organization_id=cast.outsider_office_id,
            via_center_id=cast.center_id,
        ),
        told=make_stay(session, cast, **nobody),
        not_yet_told=make_stay(session, cast, **nobody),
        told_and_withdrawn=make_stay(session, cast, **nobody),
        other_hospital=make_stay(
            session,
            cast,
            hospital_id=cast.other_hospital_id,
            organization_id=cast.outsider_office_id,
        ),
        wants_no_contact=make_stay(
            session,
            cast,
            care_manager=cast.care_manager,
            via_center_id=cast.center_id,
            wants_no_contact=True,
        ),
    )
    replace_plan_office(
        session,
        PlanOffice(
            stay_id=relations.former_office.id,
            status=PlanStatus.ASSIGNED,
            organization_id=cast.outsider_office_id,
            recorded_at=NOW,
        ),
    )
    for stay in (relations.told, relations.told_and_withdrawn):
        referral = _referral(session, cast, stay)
        send(session, stay, referral, talked(), by=cast.ward_nurse, now=NOW)
        if stay is relations.told_and_withdrawn:
            withdraw(session, referral, by=cast.ward_nurse, now=NOW)
    _referral(session, cast, relations.not_yet_told)
    session.flush()
    return relations


HOSPITALS_OWN = {
    "own",
    "taken_by_colleague",
    "untaken",
    "other_office",
    "former_office",
    "copied",
    "told",
    "not_yet_told",
    "told_and_withdrawn",
    "wants_no_contact",
}
SEES: list[tuple[str, str, set[str]]] = [
    ("ward_nurse", "ward nurse of the hospital", HOSPITALS_OWN),
    ("discharge_nurse", "discharge nurse of the hospital", HOSPITALS_OWN),
    ("social_worker", "social worker of the hospital", HOSPITALS_OWN),
    (
        "psychiatric_social_worker",
        "psychiatric social worker of the hospital",
        HOSPITALS_OWN,
    ),
    ("other_nurse", "nurse of another hospital", {"other_hospital"}),
    ("care_manager", "the person's care manager", {"own", "untaken"}),
    (
        "care_manager+",
        "the same, with the switch to the whole office",
        {"own", "untaken", "taken_by_colleague"},
    ),
    ("colleague", "colleague in the same office", {"taken_by_colleague", "untaken"}),
    ("multifunctional", "care manager of an uninvolved 小規模多機能", set()),
    (
        "outsider",
        "care manager of the other office",
        {"other_office", "former_office", "copied", "other_hospital"},
    ),
    ("center_staff", "staff of the centre (包括)", {"copied", "told"}),
    ("center_staff+", "the same, with the switch to the whole office", {"copied", "told"}),
    ("other_center_staff", "staff of another centre", set()),
    ("other_center_staff+", "the same, with the switch to the whole office", set()),
    ("health_officer", "officer of the health centre", set()),
    ("health_officer+", "the same, however the switch stands", set()),
]
COLUMNS = {
    "own": "own client",
    "taken_by_colleague": "taken by a colleague",
    "untaken": "of the office, taken by nobody",
    "other_office": "of another office",
    "former_office": "of an earlier month's office",
    "copied": "copy to the centre (委託)",
    "told": "centre told by referral",
    "not_yet_told": "centre not told yet",
    "told_and_withdrawn": "referral withdrawn",
    "other_hospital": "in another hospital",
    "wants_no_contact": "wants no contact",
}


def _asker(cast: Cast, name: str) -> Actor:
    actor = cast.people[name.removesuffix("+")]
    return replace(actor, with_colleagues=name.endswith("+"))


def test_everybody_sees_the_stays_of_the_table_and_no_other(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    with database.writing() as session:
        relations = _relations(session, cast)
    ids = {stay.id: name for name, stay in relations.items()}
    assert set(ids.values()) == set(COLUMNS)
    for name, _, expected in SEES:
        with database.reading() as session:
            seen = session.exec(visible_stays(_asker(cast, name))).all()
            assert {ids[stay.id] for stay in seen} == expected, name
            assert len(seen) == len(expected), name


def test_what_one_may_not_see_looks_like_what_does_not_exist(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        relations = _relations(session, cast)
        handoffs = {name: make_handoff(session, stay).id for name, stay in relations.items()}
    for name, _, expected in SEES:
        actor = _asker(cast, name)
        for relation, stay in relations.items():
            with database.writing() as session:
                if relation in expected:
                    assert find_stay(session, actor, stay.id).id == stay.id
                    found, handoff = find_handoff(session, actor, handoffs[relation])
                    assert (found.id, handoff.id) == (stay.id, handoffs[relation])
                else:
                    with pytest.raises(NotVisible) as hidden:
                        find_stay(session, actor, stay.id)
                    with pytest.raises(NotVisible) as missing:
                        find_stay(session, actor, 999_999)
                    assert str(hidden.value) == str(missing.value)
                    with pytest.raises(NotVisible):
                        find_handoff(session, actor, handoffs[relation])
                    with pytest.raises(NotVisible):
                        find_handoff(session, actor, 999_999)


def test_every_role_may_do_what_the_table_says_and_nothing_else(cast: Cast) -> None:
    assert set(EXPECTED) == set(Role) == set(PERMISSIONS)
    for actor in cast.people.values():
        for permission in Permission:
            allowed = permission in EXPECTED[actor.role]
            assert may(actor, permission) is allowed
            if allowed:
                require(actor, permission)
            else:
                with pytest.raises(NotPermitted, match="職種"):
                    require(actor, permission)


def test_permissions_are_listed_alphabetically_as_subject_and_action() -> None:
    assert [p.value for p in Permission] == sorted(p.value for p in Permission)
    assert all(p.value.count(":") == 1 for p in Permission)


def test_somebody_who_changed_their_work_sees_the_next_time_what_the_new_work_sees(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, care_manager=cast.care_manager)
        session.get_one(Staff, cast.care_manager.staff_id).organization_id = cast.outsider_office_id
    with database.reading() as session:
        moved = actor_of(session, cast.care_manager.person_id)
        assert moved is not None
        with pytest.raises(NotVisible):
            find_stay(session, moved, stay.id)


def test_reading_locks_nobody_out_and_acting_locks_one_stay(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    with database.writing() as session:
        stay = make_stay(session, cast)
    asked: list[str] = []

    def look(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", look)
    with database.reading() as session:
        find_stay(session, cast.ward_nurse, stay.id)
    reading = len([s for s in asked if "FOR UPDATE" in s])
    with database.writing() as session:
        find_stay(session, cast.ward_nurse, stay.id)
    sa.event.remove(database.engine, "before_cursor_execute", look)
    acting = len([s for s in asked if "FOR UPDATE" in s])
    on_postgresql = database.engine.dialect.name == "postgresql"
    assert (reading, acting) == (0, 1 if on_postgresql else 0)


def test_two_who_act_on_one_handoff_at_once_act_one_after_the_other(
    either: tuple[Database, Cast],
) -> None:
    database, cast = either
    with database.writing() as session:
        handoff_id = make_handoff(session, make_stay(session, cast)).id
    start = threading.Barrier(4)

    def pass_on(by: Actor) -> None:
        start.wait()
        with database.writing() as session:
            stay, handoff = find_handoff(session, by, handoff_id)
            send(session, stay, handoff, talked(), by=by, now=NOW)

    names = ["ward_nurse", "discharge_nurse", "social_worker", "psychiatric_social_worker"]
    threads = [threading.Thread(target=pass_on, args=(cast.people[name],)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        handoff = session.get_one(Handoff, handoff_id)
        assert handoff.version == 5
        first = session.exec(
            select(Event).where(Event.act == Act.HANDOFF_SEND).order_by(Event.id)  # type: ignore[arg-type]
        ).first()
        assert first is not None
        assert handoff.sent_by == first.staff_id


def _table(head: list[str], rows: list[tuple[str, list[bool]]]) -> list[str]:
    lines = ["| | " + " | ".join(head) + " |", "|---" * (len(head) + 1) + "|"]
    for label, cells in rows:
        lines.append(f"| {label} | " + " | ".join("○" if cell else "×" for cell in cells) + " |")
    return lines


def printed_table() -> str:
    """Both tables as they stand in docs/privacy.md between the two marks."""
    acts = [
        (LABELS[permission], [permission in PERMISSIONS[role] for role in Role])
        for permission in Permission
    ]
    stays = [(label, [name in expected for name in COLUMNS]) for _, label, expected in SEES]
    return "\n".join(
        [
            BEGIN,
            "",
            "What each kind of work allows:",
            "",
            *_table([role.label for role in Role], acts),
            "",
            "With whose stays, seen from the person who asks:",
            "",
            *_table(list(COLUMNS.values()), stays),
            "",
            END,
        ]
    )


def test_the_page_on_personal_data_shows_exactly_this_table() -> None:
    """A page that lags behind is rewritten, and the test fails once so that somebody looks."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    shown, _, after = rest.partition(END)
    if BEGIN + shown + END != printed_table():
        PAGE.write_text(before + printed_table() + after, encoding="utf-8")
    assert BEGIN + shown + END == printed_table(), "docs/privacy.md was rewritten: look at it"
