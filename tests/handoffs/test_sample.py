"""The sample region: what is in it, how its figures run, and that it is always the same."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from sqlmodel import col, func, select

from handoffs import sample
from handoffs.accounts import password_fits
from handoffs.accounts.account import Account
from handoffs.database import Database, open_database
from handoffs.handoff import Handoff, State, state
from handoffs.history import Event
from handoffs.missed import flag_overdue
from handoffs.overdue_flag import OverdueFlag
from handoffs.parties import (
    Delegation,
    Organization,
    OrganizationKind,
    Role,
    Staff,
    Ward,
    number_looks_wrong,
)
from handoffs.plan_office import PlanOffice
from handoffs.rates import of_month
from handoffs.rates.figures import Figure
from handoffs.sample.houses import REGION, found_houses
from handoffs.sample.people import MARKS, People
from handoffs.sample.scenes import scenes_of
from handoffs.sample.sign_ins import KEEPERS
from handoffs.sample.steps import Desk
from handoffs.sample.timeline import live_through
from handoffs.schema import METADATA, MIGRATIONS
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of, first_of_month, months_before
from rules import HandoffKind, Library

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
OTHER_MOMENTS = [
    datetime(2026, 12, 31, 15, 0, tzinfo=UTC),  # New Year in Tokyo, to the minute.
    datetime(2027, 1, 1, 2, 0, tzinfo=UTC),
    datetime(2027, 4, 2, 6, 0, tzinfo=UTC),  # The second day of the next edition.
    datetime(2028, 3, 1, 0, 30, tzinfo=UTC),  # The day after a leap day.
]


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load()


@pytest.fixture(scope="module")
def loaded(
    migrated_file: Path,
    library: Library,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Database]:
    """The whole region, loaded once for all tests of this file; they only read."""
    database = _empty(migrated_file, tmp_path_factory.mktemp("sample"))
    started = time.perf_counter()
    sample.load(database, library, now=NOW)
    # Reported, never asserted: a test that fails on a busy machine says nothing of the code.
    terminal = request.config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None:
        terminal.write_line(f"sample region loaded in {time.perf_counter() - started:.1f} s")
    yield database
    database.close()


def _empty(migrated_file: Path, folder: Path) -> Database:
    shutil.copyfile(migrated_file, folder / "tsunagi.db")
    return open_database(f"sqlite:///{folder / 'tsunagi.db'}")


def _load_part(database: Database, library: Library, now: datetime, every: int) -> None:
    """Live through one course in `every`, and through all that end the plan: the open ones."""
    with database.writing() as session:
        houses = found_houses(session, password_hash="no password", today=day_of(now))
        courses = sample.plan(houses, now=now)
        people = People(Random(1), day_of(now))
        scenes = len(scenes_of(houses, people, Random(1), now=now))
        part = [*courses[:-scenes:every], *courses[-scenes:]]
        live_through(Desk(session, library), part, codes=Random(1), now=now)


def _figures(database: Database, measure: int, now: datetime) -> list[tuple[Figure, ...]]:
    """A measure of the six months, oldest first: the whole, 要介護, 要支援."""
    with database.reading() as session:
        found = []
        for month in months_before(first_of_month(day_of(now)), 7)[:6]:
            rates = of_month(
                session, REGION, month, region_name="見本医療圏", hospital_names=True, now=now
            )
            whole = rates.measures[measure]
            found.append((whole.total, *(row.figure for row in whole.cuts[0].rows)))
        return found


def _share(figures: Sequence[Figure]) -> float:
    return sum(f.counted for f in figures) / sum(f.of for f in figures)


def test_the_region_has_the_organizations_that_were_promised(loaded: Database) -> None:
    with loaded.reading() as session:
        kinds = Counter(session.exec(select(Organization.kind)).all())
        wards = session.exec(select(Ward)).all()
        delegations = session.exec(select(Delegation)).all()
    assert kinds == {
        OrganizationKind.HOSPITAL: 3,
        OrganizationKind.CARE_SUPPORT_OFFICE: 20,
        OrganizationKind.SMALL_MULTIFUNCTIONAL: 1,
        OrganizationKind.COMMUNITY_SUPPORT_CENTER: 3,
        OrganizationKind.HEALTH_CENTER: 1,
    }
    assert len({ward.kind for ward in wards}) == 9
    assert len({delegation.center_id for delegation in delegations}) == 1
    assert len(delegations) == 4


def test_numbers_are_right_by_their_check_digit_and_can_belong_to_nobody(loaded: Database) -> None:
    with loaded.reading() as session:
        organizations = session.exec(select(Organization)).all()
        telephones = {o.telephone for o in organizations} | {o.fax for o in organizations}
        telephones |= set(session.exec(select(Ward.telephone)))
    numbers = [o.number for o in organizations if o.number is not None]
    assert len(numbers) == 27
    assert not [number for number in numbers if number_looks_wrong(number)]
    assert {number[:2] for number in numbers} == {"99"}
    assert {telephone[:9] for telephone in telephones} == {"000-0000-"}


def test_everybody_is_plainly_invented(loaded: Database) -> None:
    with loaded.reading() as session:
        names = set(session.exec(select(Patient.name))) | set(session.exec(select(Staff.name)))
        names |= {n for n in session.exec(select(PlanOffice.care_manager_name)) if n}
    assert not [name for name in names if not name.startswith(MARKS)]
    for variant in "髙﨑𠮷邉":
        assert [name for name in names if variant in name]


def test_each_role_signs_in_with_the_printed_name_and_password(loaded: Database) -> None:
    with loaded.reading() as session:
        staff = {s.sign_in_name: s for s in session.exec(select(Staff))}
        hashes = set(session.exec(select(Staff.password_hash)))
    assert [sign_in.role for sign_in in sample.SIGN_INS] == list(Role)
    assert [staff[sign_in.name].role for sign_in in sample.SIGN_INS] == list(Role)
    assert len(sample.PASSWORD) >= 13
    assert len(hashes) == 1
    assert password_fits(hashes.pop(), sample.PASSWORD)


def test_every_account_is_marked_as_the_sample_and_has_the_printed_app(loaded: Database) -> None:
    with loaded.reading() as session:
        everybody = session.exec(select(func.count()).select_from(Staff)).one()
        accounts = session.exec(select(Account)).all()
        keepers = [
            session.get_one(Staff, one.staff_id).sign_in_name
            for one in accounts
            if one.keeps_accounts
        ]
    assert len(accounts) == everybody
    assert all(one.sample for one in accounts)
    assert {one.totp_secret for one in accounts} == {sample.TOTP_SECRET}
    assert sorted(keepers) == sorted(KEEPERS)


def test_a_sample_of_before_gets_the_same_accounts_when_the_tables_are_renewed() -> None:
    revision = (MIGRATIONS / "versions" / "0020_accounts.py").read_text(encoding="utf-8")
    assert f'"{sample.TOTP_SECRET}"' in revision
    assert str(KEEPERS) in revision


def test_six_months_of_finished_stays_and_the_open_ones_are_there(loaded: Database) -> None:
    with loaded.reading() as session:
        left = session.exec(select(Stay).where(col(Stay.discharged_on).is_not(None))).all()
        still = session.exec(
            select(func.count()).select_from(Stay).where(col(Stay.discharged_on).is_(None))
        ).one()
    months = Counter(first_of_month(s.discharged_on) for s in left if s.discharged_on is not None)
    past = months_before(date(2026, 11, 1), 7)[:6]
    assert all(85 <= months[month] <= 130 for month in past)
    assert 40 <= still <= 70


def test_the_missed_rate_falls_from_a_third_to_an_eighth(loaded: Database) -> None:
    whole = [figures[0] for figures in _figures(loaded, 0, NOW)]
    lows = [_share([figure]) for figure in whole]
    assert lows == sorted(lows, reverse=True)
    assert 0.28 <= lows[0] <= 0.34
    assert 0.09 <= lows[-1] <= 0.15
    assert all(figure.unknown for figure in whole)


def test_support_levels_fare_worse_and_care_levels_are_four_fifths(loaded: Database) -> None:
    for _, care, support in _figures(loaded, 0, NOW):
        assert _share([support]) > _share([care])
        assert 0.74 <= care.of / (care.of + support.of) <= 0.84
    months = _figures(loaded, 2, NOW)
    assert all(_share([support]) < _share([care]) for _, care, support in months)


def test_the_information_rate_rises_to_three_quarters(loaded: Database) -> None:
    whole = [_share([figures[0]]) for figures in _figures(loaded, 2, NOW)]
    assert 0.44 <= whole[0] <= 0.56
    assert 0.69 <= whole[-1] <= 0.81


def test_every_flag_became_true_at_its_due_moment_and_a_sweep_finds_nothing_new(
    loaded: Database,
) -> None:
    with loaded.reading() as session:
        pairs = session.exec(
            select(OverdueFlag, Event).join(
                Event,
                sa.and_(
                    col(Event.handoff_id) == col(OverdueFlag.handoff_id),
                    col(Event.at) == col(OverdueFlag.due_at),
                ),
            )
        ).all()
        flags = session.exec(select(func.count()).select_from(OverdueFlag)).one()
    assert len(pairs) == flags > 100
    assert all(flag.noticed_at - flag.due_at <= timedelta(minutes=1) for flag, _ in pairs)
    assert flag_overdue(loaded.writing, NOW) == 0


def test_the_history_was_written_down_in_the_order_of_time(loaded: Database) -> None:
    with loaded.reading() as session:
        moments = session.exec(select(Event.recorded_at).order_by(col(Event.id))).all()
    assert moments == sorted(moments)
    assert moments[-1] <= NOW


def test_the_open_stays_show_every_state_that_a_page_can_show(loaded: Database) -> None:
    with loaded.reading() as session:
        rows = session.exec(
            select(Handoff, Stay)
            .join(Stay, col(Stay.id) == col(Handoff.stay_id))
            .where(col(Stay.discharged_on).is_(None))
        ).all()
    assert {state(handoff, NOW) for handoff, _ in rows} == set(State)
    assert any(handoff.is_done_late and handoff.confirmed_at for handoff, _ in rows)
    assert any(handoff.kind is HandoffKind.WARD_MOVE_NOTICE for handoff, _ in rows)
    assert any(stay.planned_discharge_on == date(2026, 11, 23) for _, stay in rows)


def test_loading_again_adds_nothing(loaded: Database, library: Library) -> None:
    before = _counts(loaded)
    assert sample.is_loaded(loaded)
    sample.load(loaded, library, now=NOW + timedelta(days=3))
    assert _counts(loaded) == before


def test_a_load_that_fails_leaves_nothing_behind(migrated_file: Path, tmp_path: Path) -> None:
    database = _empty(migrated_file, tmp_path)
    with pytest.raises(Exception, match="mihon"):
        sample.load(database, Library(()), now=NOW)
    assert not sample.is_loaded(database)
    assert set(_counts(database).values()) == {0}
    database.close()


def test_the_same_moment_gives_the_same_rows(
    migrated_file: Path, library: Library, tmp_path: Path
) -> None:
    contents = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        database = _empty(migrated_file, tmp_path / name)
        _load_part(database, library, NOW, every=40)
        with database.reading() as session:
            contents.append(
                {
                    table.name: session.execute(
                        sa.select(table).order_by(*table.primary_key.columns)
                    ).all()
                    for table in METADATA.sorted_tables
                }
            )
        database.close()
    assert contents[0] == contents[1]


@pytest.mark.parametrize("now", OTHER_MOMENTS, ids=str)
def test_the_region_can_be_loaded_at_any_moment(
    migrated_file: Path, library: Library, tmp_path: Path, now: datetime
) -> None:
    database = _empty(migrated_file, tmp_path)
    _load_part(database, library, now, every=20)
    with database.reading() as session:
        stays = session.exec(select(Stay)).all()
        last = session.exec(select(func.max(Event.recorded_at))).one()
    assert len(stays) > 50
    assert last <= now
    assert any(stay.admitted_on == day_of(now) for stay in stays)
    assert {stay.destination is None for stay in stays} == {True, False}
    database.close()


def _counts(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {
            table.name: session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in METADATA.sorted_tables
        }
