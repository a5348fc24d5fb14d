"""A round of delivery goes by what the region has decided by then, not by its start."""

from datetime import datetime

from handoffs.database import Database
from handoffs.region.policy import Policy, set_policy
from handoffs.telling.despatch import Answer, Parcel
from handoffs.telling.mailbox import Reach
from handoffs.telling.outbox import Channel
from scheduler.delivery import Post, one_round
from tests.handoffs.notices import owe, stay_in_charge, tokyo
from tests.people import REGION, Cast


def test_the_coordinator_is_told_once_decided_and_nobody_once_mail_is_not_used(
    database: Database, cast: Cast
) -> None:
    told: list[str] = []
    moment = tokyo(30, 10)

    def hand(parcel: Parcel, _now: datetime) -> Answer:
        told.append(parcel.address)
        return Answer()

    def decide(policy: Policy, value: str) -> None:
        with database.writing() as session:
            set_policy(session, policy, value, by=cast.health_officer, now=moment)

    post = Post(
        "test", "https://example.invalid", Reach(mail=True), {Channel.MAIL: hand}, region=REGION
    )

    def a_round() -> None:
        assert one_round(database, post, lambda: moment, lambda: False)

    def one_more_is_late() -> None:
        with database.writing() as session:
            owe(session, stay_in_charge(session, cast))

    one_more_is_late()
    a_round()
    assert told == []
    decide(Policy.COORDINATOR, "chousei@example.jp")
    decide(Policy.BEYOND_OFFICE, "yes")
    one_more_is_late()
    a_round()
    assert set(told) == {"chousei@example.jp"}
    told.clear()
    decide(Policy.MAIL_USE, "no")
    one_more_is_late()
    a_round()
    assert told == []
