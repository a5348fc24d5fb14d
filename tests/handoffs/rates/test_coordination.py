from collections.abc import Sequence
from datetime import date, time
from typing import Any

import pytest

from handoffs.rates.coordination import Contact, contact_about_discharge
from handoffs.statement import Means, Result, Side, Statement, Topic
from handoffs.stays.stay import Destination, Stay
from tests.people import NOW, REGION

LEFT = date(2026, 11, 25)
H, O = Side.HOSPITAL, Side.PLAN_OFFICE  # noqa: E741 - two letters keep the table readable.
Said = tuple[Side, Result]

# What the hospital says, what the office says, and what follows from both.
SILENT: tuple[Result, ...] = ()
TALKED = (Result.TALKED,)
TRIED = (Result.ABSENT, Result.MESSAGE)
SENT = (Result.SENT,)
FAMILY = (Result.THROUGH_FAMILY,)
NOT_CONTACTED = (Result.NOT_CONTACTED,)
NOTHING_HEARD = (Result.NOTHING_HEARD,)

TABLE: list[tuple[tuple[Result, ...], tuple[Result, ...], Contact]] = [
    (TALKED, TALKED, Contact.AGREED),
    (TALKED, SILENT, Contact.HOSPITAL_ONLY),
    (TALKED, TRIED, Contact.HOSPITAL_ONLY),
    (TALKED, FAMILY, Contact.HOSPITAL_ONLY),
    (TALKED, SENT, Contact.HOSPITAL_ONLY),
    (TALKED, NOTHING_HEARD, Contact.CONTRADICTED),
    (TALKED, NOT_CONTACTED, Contact.CONTRADICTED),
    (SILENT, TALKED, Contact.OFFICE_ONLY),
    (TRIED, TALKED, Contact.OFFICE_ONLY),
    # Sent by one and received by the other is the same contact told twice.
    (SENT, TALKED, Contact.AGREED),
    (SENT, (Result.RECEIVED,), Contact.AGREED),
    (FAMILY, TALKED, Contact.OFFICE_ONLY),
    (NOT_CONTACTED, TALKED, Contact.CONTRADICTED),
    (SILENT, SILENT, Contact.UNKNOWN),
    (SENT, SILENT, Contact.UNKNOWN),
    (TRIED, SILENT, Contact.NONE),
    (TRIED, NOTHING_HEARD, Contact.NONE),
    (SILENT, TRIED, Contact.NONE),
    (SILENT, NOTHING_HEARD, Contact.NONE),
    (SENT, NOTHING_HEARD, Contact.NONE),
    (NOT_CONTACTED, SILENT, Contact.NONE),
    (NOT_CONTACTED, NOTHING_HEARD, Contact.NONE),
    (FAMILY, SILENT, Contact.THROUGH_FAMILY),
    (SILENT, FAMILY, Contact.THROUGH_FAMILY),
    (NOT_CONTACTED, FAMILY, Contact.THROUGH_FAMILY),
    (FAMILY, NOTHING_HEARD, Contact.THROUGH_FAMILY),
    (TRIED, FAMILY, Contact.THROUGH_FAMILY),
    # Reached on the 18th and 連絡していない on the 20th means the 20th.
    ((Result.TALKED, Result.NOT_CONTACTED), SILENT, Contact.HOSPITAL_ONLY),
    ((Result.NOT_CONTACTED, Result.TALKED), TALKED, Contact.AGREED),
    # Only an office that says 連絡はなかった takes back what it said before, and may say otherwise.
    (TALKED, (Result.TALKED, Result.NOTHING_HEARD), Contact.CONTRADICTED),
    (TALKED, (Result.NOTHING_HEARD, Result.TALKED), Contact.AGREED),
    (SILENT, (Result.TALKED, Result.NOTHING_HEARD), Contact.NONE),
]


def _stay(**columns: Any) -> Stay:  # noqa: ANN401 - columns of a row.
    given: dict[str, Any] = {
        "id": 1,
        "code": "TTTTTT",
        "patient_id": 1,
        "hospital_id": 1,
        "region": REGION,
        "ward_id": 1,
        "admitted_on": date(2026, 11, 20),
        "discharged_on": LEFT,
        "discharged_time": None,
        "destination": Destination.HOME,
        "registered_at": NOW,
    }
    return Stay(**(given | columns))


def _said(
    said: Sequence[Said],
    *,
    on: date = date(2026, 11, 22),
    at: time | None = None,
    topic: Topic = Topic.DISCHARGE,
) -> list[Statement]:
    return [
        Statement(
            id=number,
            stay_id=1,
            side=side,
            topic=topic,
            means=Means.TELEPHONE,
            result=result,
            happened_on=on,
            happened_time=at,
            organization_id=1,
            recorded_at=NOW,
        )
        for number, (side, result) in enumerate(said, start=1)
    ]


def _both(hospital: tuple[Result, ...], office: tuple[Result, ...]) -> list[Said]:
    return [(H, result) for result in hospital] + [(O, result) for result in office]


@pytest.mark.parametrize(("hospital", "office", "contact"), TABLE)
def test_what_both_sides_say_makes_one_answer(
    hospital: tuple[Result, ...], office: tuple[Result, ...], contact: Contact
) -> None:
    said = _said(_both(hospital, office))
    assert contact_about_discharge(_stay(), said) is contact


def test_every_answer_counts_or_is_missed_or_widens_the_range() -> None:
    took_place = {c for c in Contact if c.took_place}
    unknown = {c for c in Contact if c.is_unknown}
    assert took_place == {Contact.AGREED, Contact.HOSPITAL_ONLY, Contact.OFFICE_ONLY}
    assert unknown == {Contact.CONTRADICTED, Contact.UNKNOWN}
    assert set(Contact) - took_place - unknown == {Contact.NONE, Contact.THROUGH_FAMILY}


@pytest.mark.parametrize("result", [Result.MET, Result.CONFERENCE, Result.RECEIVED])
def test_a_visit_a_conference_or_a_confirmed_receipt_is_a_contact(result: Result) -> None:
    contact = contact_about_discharge(_stay(), _said([(H, result)]))
    assert contact is Contact.HOSPITAL_ONLY


@pytest.mark.parametrize("topic", [t for t in Topic if t is not Topic.DISCHARGE])
def test_no_other_topic_is_about_the_discharge(topic: Topic) -> None:
    said = _said(_both(TALKED, TALKED), topic=topic)
    assert contact_about_discharge(_stay(), said) is Contact.UNKNOWN


@pytest.mark.parametrize(
    ("on", "at", "left_at", "counts"),
    [
        (date(2026, 11, 24), time(23, 59), time(0, 0), True),
        (LEFT, None, None, True),
        (LEFT, time(15), None, True),
        (LEFT, None, time(10), True),
        (LEFT, time(9, 59), time(10), True),
        (LEFT, time(10), time(10), True),
        (LEFT, time(10, 1), time(10), False),
        (date(2026, 11, 26), None, None, False),
        (date(2026, 11, 26), time(0), time(23, 59), False),
    ],
)
def test_a_contact_counts_when_it_took_place_before_the_person_left(
    on: date,
    at: time | None,
    left_at: time | None,
    counts: bool,  # noqa: FBT001 - a cell of a table.
) -> None:
    said = _said(_both(TALKED, TALKED), on=on, at=at)
    expected = Contact.AGREED if counts else Contact.UNKNOWN
    assert contact_about_discharge(_stay(discharged_time=left_at), said) is expected


def test_while_somebody_is_still_in_hospital_every_contact_counts() -> None:
    still = _stay(discharged_on=None, destination=None)
    assert contact_about_discharge(still, _said(_both(TALKED, SILENT))) is Contact.HOSPITAL_ONLY


def test_news_through_the_family_after_leaving_is_too_late() -> None:
    said = _said([(O, Result.THROUGH_FAMILY)], on=date(2026, 11, 26))
    assert contact_about_discharge(_stay(), said) is Contact.UNKNOWN


@pytest.mark.parametrize("denial", [Result.NOTHING_HEARD, Result.NOT_CONTACTED])
def test_a_denial_is_said_of_the_whole_stay_and_may_be_said_after_it(denial: Result) -> None:
    after = date(2026, 11, 28)
    spoken = _said([(H, Result.TALKED)])
    denied = _said([(O, Result.TALKED), (O, denial)], on=after)[1:]
    assert contact_about_discharge(_stay(), [*spoken, *denied]) is Contact.CONTRADICTED
    assert contact_about_discharge(_stay(), denied) is Contact.NONE


def test_nobody_is_still_there_the_day_after_leaving() -> None:
    assert not _stay(discharged_on=None).left_before(LEFT, None)
    assert _stay().left_before(date(2026, 11, 26), None)
