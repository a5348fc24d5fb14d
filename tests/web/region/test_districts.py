"""圏域表: typed by the region, answered where an office is looked for."""

from collections.abc import Callable

from sqlmodel import select

from handoffs.database import Database
from handoffs.history import Act, Event
from handoffs.parties import Organization
from handoffs.region.districts import in_charge_of
from tests.people import REGION, Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]
TABLE = """見本市,さくら町,1800000016
見本市,さくら町西\t見本東地域包括支援センター
見本市，，1800000016
"""


def test_the_region_types_the_table_and_an_address_finds_the_centre_in_charge(
    enter: Enter, database: Database, cast: Cast
) -> None:
    with database.reading() as session:
        named = session.get_one(Organization, cast.center_id)
        other = session.get_one(Organization, cast.other_center_id).name
    table = TABLE.replace("1800000016", named.number or "").replace(
        "見本東地域包括支援センター", other
    )
    officer = enter("health_officer")
    form = officer.open("/area/districts").form("/area/districts")
    long = f"見本市,{'さ' * 61},{named.name}"
    wrong = form.fill(lines=f"見本市,さくら町\n見本市,ゆめ町,ない包括\n{long}").submit(422)
    assert "1行目は" in wrong.text
    assert "2行目のセンター" in wrong.text
    assert "3行目は、市町村を40文字、町名を60文字まで" in wrong.text
    page = wrong.form("/area/districts").fill(lines=table).submit()
    assert "圏域表を変えました" in page.text
    officer.open("/area/districts").form("/area/districts").submit()  # The same changes nothing.
    with database.reading() as session:
        for words, found in (
            ("見本市さくら町2-3", [named.name]),
            ("見本市　さくら町西", [other]),
            ("見本市ゆめ町", [named.name]),
            ("見本市", [named.name, other, named.name]),
            ("となり市さくら町", []),
        ):
            answer = in_charge_of(session, REGION, words)
            assert [one.center.name for one in answer] == found, words
        acts = session.exec(select(Event).where(Event.act == Act.REGION_DISTRICTS)).all()
        assert [event.detail for event in acts] == [{"lines": 3}]
    opened = enter("ward_nurse").open("/stays/new").form("/stays/new").press("事業所をさがす")
    page = opened.form("/stays/new").fill(office_words="見本市さくら町西1").press("さがす")
    assert "見本市さくら町西の圏域" in page.text
    assert f"office-{cast.other_center_id}" in [
        node.get("value") for node in page.tree.all("input")
    ]


def test_a_municipality_with_one_centre_needs_no_table(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        center = session.get_one(Organization, cast.center_id)
        center.municipality = "見本市"
        session.flush()
        (found,) = in_charge_of(session, REGION, "見本市さくら町")
        assert found.center.id == cast.center_id
        session.get_one(Organization, cast.other_center_id).municipality = "見本市"
        session.flush()
        assert in_charge_of(session, REGION, "見本市さくら町") == ()
