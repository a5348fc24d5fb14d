"""The ladder of reminders: every step, from what it counts, whom it tells, and why it is there.

Practice knowledge, not law; a region changes it here. The steps beyond the office are off until
the region's council adopts them (config.yaml, `reminders.beyond_office`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handoffs.telling.working_hours import Hours
from rules.kinds import Labelled

STALE = timedelta(days=14)
"""How long after its anchor a step may still be told.

Switching mail on, or a long standstill, must not pour out what is weeks old; it stands on the
lists all the same.
"""


class Anchor(Labelled):
    """What a step counts from."""

    DUE = "due", "期限"
    AT_ONCE = "at_once", "急な退院で必要になったとき"
    SENT = "sent", "送付の記録"
    PROPOSED = "proposed", "会議の候補日"
    DECLINED = "declined", "担当外との返事"
    ACKNOWLEDGED = "acknowledged", "対応中の期限"


class Step(Labelled):
    """The steps, in the order of the ladder."""

    DUE_SOON = "due_soon", "期限の前"
    LAST_DAY = "last_day", "期限の日"
    AT_ONCE = "at_once", "すぐに"
    OVERDUE = "overdue", "期限のあと（担当者へ）"
    OVERDUE_OFFICE = "overdue_office", "期限のあと（機関の当番へ）"
    OVERDUE_LEAD = "overdue_lead", "期限のあと（連携室長・管理者へ）"
    OVERDUE_REGION = "overdue_region", "期限のあと（地域の調整役へ）"
    ARRIVED = "arrived", "届いた連絡の確認"
    ARRIVED_AGAIN = "arrived_again", "届いた連絡の確認（二度目）"
    ARRIVED_OFFICE = "arrived_office", "届いた連絡の確認（機関の当番へ）"
    PROPOSED = "proposed", "会議の候補日が届いた"
    PROPOSED_AGAIN = "proposed_again", "会議の候補日が届いた（二度目）"
    PROPOSED_OFFICE = "proposed_office", "会議の候補日が届いた（機関の当番へ）"
    DECLINED = "declined", "担当外との返事"
    TAKEN_UP_OVER = "taken_up_over", "対応中の期限が来た"
    TAKEN_UP_OFFICE = "taken_up_office", "対応中の期限のあと（機関の当番へ）"
    CLOSED_DAYS = "closed_days", "休みの前"


class Whom(Labelled):
    """Who is told, on the side whose turn it is."""

    PERSON = "person", "担当者"
    OFFICE = "office", "機関の当番"
    LEAD = "lead", "連携室長・管理者"
    REGION = "region", "地域の調整役"


@dataclass(frozen=True)
class Rung:
    """One step: `after` the anchor, or so many `open_days` of the side after it could be told.

    What is late from Saturday on reaches the person on Monday, and the office on Tuesday.
    """

    step: Step
    anchor: Anchor
    whom: Whom
    because: str
    after: timedelta = timedelta(0)
    open_days: int = 0
    by_council: bool = False

    @property
    def earliest(self) -> timedelta:
        """The shortest time after the anchor at which the step can be reached."""
        return self.after + timedelta(days=max(0, self.open_days - 1))

    def reached(self, anchor: datetime, hours: Hours) -> datetime:
        """The moment from which the step holds."""
        moment = anchor + self.after
        if not self.open_days:
            return moment
        return hours.open_days_after(hours.next_open(moment), self.open_days)


LADDER = (
    Rung(
        Step.DUE_SOON,
        Anchor.DUE,
        Whom.PERSON,
        "一覧で「期限間近」になる二日前と同じときに知らせる",
        after=timedelta(days=-2),
    ),
    Rung(
        Step.LAST_DAY,
        Anchor.DUE,
        Whom.PERSON,
        "その日のうちなら、まだ期限に間に合う",
        after=timedelta(days=-1),
    ),
    Rung(
        Step.AT_ONCE,
        Anchor.AT_ONCE,
        Whom.PERSON,
        "急な退院は、知った人がすぐに伝えるほかない",
    ),
    Rung(
        Step.OVERDUE,
        Anchor.DUE,
        Whom.PERSON,
        "期限のあとでも、相手は情報を必要としている",
    ),
    Rung(
        Step.OVERDUE_OFFICE,
        Anchor.DUE,
        Whom.OFFICE,
        "担当者が休みや多忙のとき、同じ機関の人が代われる",
        open_days=1,
    ),
    Rung(
        Step.OVERDUE_LEAD,
        Anchor.DUE,
        Whom.LEAD,
        "機関の中で動かないときに、責任者が相手と話す。協議会が決めた地域だけ",
        open_days=2,
        by_council=True,
    ),
    Rung(
        Step.OVERDUE_REGION,
        Anchor.DUE,
        Whom.REGION,
        "両方の機関で止まっているときに、地域の調整役が間に入る。協議会が決めた地域だけ",
        open_days=4,
        by_council=True,
    ),
    Rung(
        Step.ARRIVED,
        Anchor.SENT,
        Whom.PERSON,
        "送った側の記録だけでは、届いたことにならない",
    ),
    Rung(
        Step.ARRIVED_AGAIN,
        Anchor.SENT,
        Whom.PERSON,
        "翌開庁日に、もう一度だけ担当者に知らせる",
        open_days=1,
    ),
    Rung(
        Step.ARRIVED_OFFICE,
        Anchor.SENT,
        Whom.OFFICE,
        "担当者が見ていないとき、同じ機関の人が受け取れる",
        open_days=2,
    ),
    Rung(
        Step.PROPOSED,
        Anchor.PROPOSED,
        Whom.PERSON,
        "候補日は、選ばれるまで両方の予定をふさぐ",
    ),
    Rung(
        Step.PROPOSED_AGAIN,
        Anchor.PROPOSED,
        Whom.PERSON,
        "翌開庁日に、もう一度だけ選ぶ方に知らせる",
        open_days=1,
    ),
    Rung(
        Step.PROPOSED_OFFICE,
        Anchor.PROPOSED,
        Whom.OFFICE,
        "担当者が見ていないとき、同じ機関の人が選べる",
        open_days=2,
    ),
    Rung(
        Step.DECLINED,
        Anchor.DECLINED,
        Whom.PERSON,
        "担当外と返事があったら、送った側が送り先を変える",
    ),
    Rung(
        Step.TAKEN_UP_OVER,
        Anchor.ACKNOWLEDGED,
        Whom.PERSON,
        "「対応中」は済んだことではないので、期限が来たらもう一度知らせる",
    ),
    Rung(
        Step.TAKEN_UP_OFFICE,
        Anchor.ACKNOWLEDGED,
        Whom.OFFICE,
        "「対応中」のまま動かないとき、同じ機関の人が代われる",
        open_days=1,
    ),
)
