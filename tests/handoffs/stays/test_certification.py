from datetime import date

import pytest

from handoffs.database import Database
from handoffs.stays.certification import (
    Application,
    CareNeedLevel,
    Certification,
    InsuredCategory,
    age_on,
    certification_of,
    insured_category_of,
)
from rules import VOCABULARY
from tests.factories import make_stay
from tests.people import NOW, Cast


@pytest.mark.parametrize(
    ("closed_list", "fact"),
    [
        (CareNeedLevel, "care_level"),
        (Application, "application"),
        (InsuredCategory, "insured_category"),
    ],
)
def test_the_codes_are_those_of_the_facts(
    closed_list: type[CareNeedLevel] | type[Application] | type[InsuredCategory], fact: str
) -> None:
    assert {member.value for member in closed_list} == set(VOCABULARY[fact].values)


@pytest.mark.parametrize(
    ("level", "group"),
    [
        (CareNeedLevel.UNKNOWN, ""),
        (CareNeedLevel.NONE, ""),
        (CareNeedLevel.TARGET, ""),
        (CareNeedLevel.SUPPORT_1, "要支援"),
        (CareNeedLevel.SUPPORT_2, "要支援"),
        *((CareNeedLevel(f"care_{n}"), "要介護") for n in range(1, 6)),
    ],
)
def test_regions_publish_by_two_groups(level: CareNeedLevel, group: str) -> None:
    assert level.group == group


@pytest.mark.parametrize(
    ("born", "on", "category"),
    [
        (date(1961, 11, 20), date(2026, 11, 20), InsuredCategory.FIRST),
        (date(1961, 11, 22), date(2026, 11, 20), InsuredCategory.UNKNOWN),
        (date(1986, 11, 20), date(2026, 11, 20), InsuredCategory.UNKNOWN),
        (date(1986, 11, 22), date(2026, 11, 20), InsuredCategory.UNDER_40),
        (date(1940, 1, 1), date(2026, 11, 20), InsuredCategory.FIRST),
    ],
)
def test_age_alone_says_first_or_under_forty_and_nothing_between(
    born: date, on: date, category: InsuredCategory
) -> None:
    assert insured_category_of(born, on) is category


def test_somebody_born_on_a_leap_day_is_a_year_older_on_the_first_of_march() -> None:
    assert age_on(date(1960, 2, 29), date(2026, 2, 28)) == 65
    assert age_on(date(1960, 2, 29), date(2026, 3, 1)) == 66
    assert age_on(date(2026, 11, 20), date(2026, 11, 20)) == 0


@pytest.mark.parametrize(
    ("until", "application", "group"),
    [
        (None, Application.NONE, "要介護"),
        (date(2026, 11, 30), Application.NONE, "要介護"),
        (date(2026, 11, 29), Application.NONE, ""),
        (date(2026, 11, 29), Application.UNKNOWN, ""),
        (date(2026, 11, 29), Application.RENEWAL, "要介護"),
    ],
)
def test_a_level_counts_on_its_last_day_and_while_its_renewal_is_pending(
    until: date | None, application: Application, group: str
) -> None:
    row = Certification(
        stay_id=1,
        level=CareNeedLevel.CARE_1,
        application=application,
        insured_category=InsuredCategory.FIRST,
        valid_until=until,
        recorded_at=NOW,
    )
    assert row.group_on(date(2026, 11, 30)) == group


def test_the_latest_certification_counts_and_the_earlier_one_stays(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        stay = make_stay(session, cast, level=CareNeedLevel.SUPPORT_2)
        session.add(
            Certification(
                stay_id=stay.id,
                level=CareNeedLevel.CARE_1,
                application=Application.NONE,
                insured_category=InsuredCategory.FIRST,
                recorded_at=NOW,
            )
        )
    with database.reading() as session:
        latest = certification_of(session, stay.id)
        assert latest is not None
        assert latest.level is CareNeedLevel.CARE_1
        assert certification_of(session, 999_999) is None
