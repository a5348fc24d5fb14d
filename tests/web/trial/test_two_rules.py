"""Hospital in one region, home in another: what the page of a stay and its why say of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from handoffs.database import Database
from rules import Library
from tests.factories import admit_someone
from tests.people import NOW, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]


@pytest.fixture
def far(database: Database, library: Library, cast: Cast) -> int:
    """A stay of somebody who lives in the region next door."""
    with database.writing() as session:
        return admit_someone(session, library, cast, municipality="手本市", in_region=False).id


def test_the_page_of_a_stay_shows_both_rules_and_the_lines_for_the_telephone(
    enter: Enter, far: int
) -> None:
    page = enter("ward_nurse").open(f"/stays/{far}")
    assert "二つの地域のルール" in page.text
    assert "病院の地域" in page.text
    assert "手本医療圏" in page.text
    assert "電話で確かめること" in page.text
    assert "早いほうの11月22日まででよろしいでしょうか。" in page.text


def test_no_line_proposes_a_day_that_is_over(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay = admit_someone(
            session,
            library,
            cast,
            municipality="手本市",
            admitted_on=NOW.date() - timedelta(days=8),
        ).id
    page = enter("ward_nurse").open(f"/stays/{stay}")
    assert "早いほうの11月14日はもう過ぎた日です。これからすぐに行うことで" in page.text
    assert "早いほうの11月14日まで" not in page.text


def test_the_reasons_are_shown_for_both_rules(enter: Enter, far: int) -> None:
    page = enter("ward_nurse").open(f"/stays/{far}/why")
    words = " ".join(page.text.split())
    assert "病院の地域のルールによる理由 要" in words
    assert "住まいの地域のルールによる理由 要" in words
    assert "手本医療圏 入退院の連絡ルール" in words


def test_a_stay_of_one_region_says_nothing_of_two(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        near = admit_someone(session, library, cast).id
    for path in (f"/stays/{near}", f"/stays/{near}/why"):
        text = enter("ward_nurse").open(path).text
        assert "二つの地域のルール" not in text
        assert "住まいの地域" not in text


def test_where_the_whereabouts_are_hidden_only_the_hospital_reads_why_one_rule_spoke(
    enter: Enter, far: int
) -> None:
    page = enter("ward_nurse").open(f"/stays/{far}/particulars")
    form = page.form(f"/stays/{far}/particulars")
    form.fill(whereabouts_hidden="yes").submit()
    page = enter("ward_nurse").open(f"/stays/{far}")
    assert "所在を秘匿しているため、住まいの地域のルールは当てはめていません。" in page.text
    page = enter("care_manager").open(f"/stays/{far}")
    assert "手本" not in page.text
    assert "所在を秘匿" not in page.text
