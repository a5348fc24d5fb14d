"""A draft tried on a made year: every figure is the planted one."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session

from handoffs.backtest import backtest
from handoffs.backtest import command as backtest_command
from handoffs.database import Database
from handoffs.errors import HandoffError
from handoffs.parties import Organization, Ward
from handoffs.stays.stay import Destination
from rules import Edition, Library, NoEdition, edition_of
from tests.factories import make_stay
from tests.handoffs.made_record import library_of, write_down
from tests.handoffs.made_year import DRAFT, FIRST, LAST, REGION, MadeYear, made_year
from tests.people import Cast


@pytest.fixture(scope="module")
def year() -> MadeYear:
    return made_year(20261122)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Library, Edition]:
    """The library with the edition in force, and the draft that lies elsewhere."""
    folder = tmp_path_factory.mktemp("papers")
    (folder / "draft.yaml").write_text(DRAFT, encoding="utf-8")
    return library_of(folder), edition_of(folder / "draft.yaml")


def tried(
    session: Session, papers: tuple[Library, Edition], hospital_id: int | None = None
) -> dict[str, object]:
    library, draft = papers
    found = backtest(
        lambda: nullcontext(session),
        REGION,
        draft,
        (FIRST, LAST),
        library=library,
        hospital_id=hospital_id,
    )
    return backtest_command.as_json(found)


def test_every_figure_of_a_made_year_is_the_planted_one(
    database: Database, cast: Cast, year: MadeYear, papers: tuple[Library, Edition]
) -> None:
    with database.writing() as session:
        write_down(session, cast, year)
        found = tried(session, papers)
        wards = [cast.ward_id, cast.other_ward_id, cast.foreign_ward_id]
        names = [session.get_one(Ward, ward) for ward in wards]
        of_wards = {
            f"{session.get_one(Organization, ward.hospital_id).name} {ward.name}": place
            for place, ward in enumerate(names)
        }
        offices = (cast.office_id, cast.outsider_office_id)
        of_offices = {
            session.get_one(Organization, office).name: place
            for place, office in enumerate(offices)
        }

    assert 0 < year.inside < len(year.stays)
    assert found["stays"] == year.inside
    assert found["missed"] == dict(year.missed)
    assert min(year.missed.values()) > 20
    assert found["flips"] == {
        "stays": [
            {"code": code, "in_force": was, "draft": would_be, "clauses": list(clauses)}
            for code, (was, would_be, clauses) in sorted(year.flipped.items())
        ],
        "clauses": [
            {"clause": clause, "in_force": was, "draft": would_be, "stays": count}
            for (clause, was, would_be), count in sorted(year.clauses.items())
        ],
    }
    for kind, places in (("ward", of_wards), ("office", of_offices)):
        loads = found[f"{kind}s"]
        assert isinstance(loads, list)
        assert [each["name"] for each in loads] == sorted(places)
        for each in loads:
            place = places[each["name"]]
            older, newer = (year.load(edition, kind, place) for edition in ("in_force", "draft"))
            assert (each["in_force"], each["draft"]) == (older, newer)
            assert each["extra"] == each["draft"]["notices"] - each["in_force"]["notices"]


def test_a_hospital_is_told_of_its_own_stays_alone(
    database: Database, cast: Cast, year: MadeYear, papers: tuple[Library, Edition]
) -> None:
    with database.writing() as session:
        write_down(session, cast, year)
        found = tried(session, papers, cast.other_hospital_id)
    own = {stay.code for stay in year.stays if stay.ward == 2}  # The ward of the other hospital.
    flips = found["flips"]
    assert isinstance(flips, dict)
    assert {each["code"] for each in flips["stays"]} == own & set(year.flipped)


def test_a_hospital_is_found_by_its_name_and_by_its_number(database: Database, cast: Cast) -> None:
    with database.reading() as session:
        hospital = session.get_one(Organization, cast.other_hospital_id)
        for called in (hospital.name, hospital.number):
            assert called is not None
            assert backtest_command.hospital_called(session, "mihon", called) == hospital.id
        with pytest.raises(HandoffError, match=hospital.name):
            backtest_command.hospital_called(session, "mihon", "見本")


def test_months_without_a_stay_give_nothing_to_count(
    database: Database, papers: tuple[Library, Edition]
) -> None:
    library, draft = papers
    month = date(2026, 5, 1)
    found = backtest(database.reading, REGION, draft, (month, month), library=library)
    assert (found.stays, found.flips, found.wards, found.missed.missed) == (0, (), (), 0)
    assert any("0件" in line for line in backtest_command.lines(found))


def test_a_stay_begun_before_any_edition_is_counted_apart(
    database: Database, cast: Cast, papers: tuple[Library, Edition]
) -> None:
    library, draft = papers
    old = date(2023, 5, 10)
    with database.writing() as session:
        make_stay(
            session,
            cast,
            region=REGION,
            admitted_on=old,
            discharged_on=old,
            destination=Destination.HOME,
        )
    found = backtest(database.reading, REGION, draft, (old, old), library=library)
    assert (found.stays, found.without_edition, found.not_judged) == (1, 1, 1)


def test_a_region_without_an_edition_is_refused(
    database: Database, papers: tuple[Library, Edition]
) -> None:
    library, draft = papers
    with pytest.raises(NoEdition, match="地域の版はありません"):
        backtest(database.reading, "nowhere", draft, (FIRST, LAST), library=library)


def test_nothing_that_is_printed_names_a_person(
    database: Database, cast: Cast, year: MadeYear, papers: tuple[Library, Edition]
) -> None:
    library, draft = papers
    with database.writing() as session:
        write_down(session, cast, year)
    found = backtest(database.reading, REGION, draft, (FIRST, LAST), library=library)
    printed = "\n".join(backtest_command.lines(found))
    assert "氏名秘" not in printed
    assert "シメイヒ" not in printed
    assert "help-to-walk: 不要 → 要" in printed


def test_the_year_is_made_without_the_product() -> None:
    source = Path(made_year.__code__.co_filename).read_text(encoding="utf-8")
    imported = [line for line in source.splitlines() if line.startswith(("import ", "from "))]
    assert not [line for line in imported if "rules" in line or "handoffs" in line]
