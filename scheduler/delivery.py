"""Saying outside what is due: reminders into the outbox, and the outbox to the outside.

A thread of its own beside the tick, so that a mail server that answers slowly delays no flag and
no heartbeat. Each message is three commits: claim, send, mark. It keeps a heartbeat of its own.
A failure of one message is that message's; a failure of the database ends one round.

Reads no clock: whoever starts it passes one. Logs counts, channels and codes, never an address.
"""

import json
import logging
import os
import socket
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from exchange.bounce import BounceFolder
from exchange.fax_folder import FaxGateway
from exchange.mail import MailServer, hand_over
from exchange.webhook import Signer
from exchange.webhook import post as post_to
from handoffs.database import Database
from handoffs.fax.despatch import take_report
from handoffs.heartbeat import beat
from handoffs.region.reach import reach_of
from handoffs.region.rest import go_by_decisions
from handoffs.telling.bounce import take_bounce
from handoffs.telling.closure import remind_before_closure
from handoffs.telling.despatch import Answer, Nothing, Parcel, mark, next_parcel
from handoffs.telling.mailbox import Reach
from handoffs.telling.outbox import Channel, Reason
from handoffs.telling.reminding import remind

PROCESS = "delivery"
"""The name of this thread's heartbeat."""

MOST_IN_A_ROUND = 500
"""After so many messages a round ends, so that reminders are looked for again."""

LONGEST_ROUND = timedelta(seconds=60)
"""And after so long, so that a server which answers slowly is not taken for a dead delivery."""

SECONDS_BETWEEN = 15.0
"""How long a round waits for the next."""

SECONDS_TO_END = 5.0
"""How long stopping waits for a sending that is under way; its lease ends by itself."""

_LOG = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Hand = Callable[[Parcel, datetime], Answer]


@dataclass(frozen=True)
class Post:
    """What this process delivers with. `by` names it in a lease; `link` is the page mails name.

    `reach` is what the site can do; what `region` decided is laid over it at each round.
    """

    by: str
    link: str
    reach: Reach
    hands: Mapping[Channel, Hand]
    fax: FaxGateway | None = None
    bounces: BounceFolder | None = None
    region: str = ""


def deliver(database: Database, post: Post, clock: Clock, stop_asked: Callable[[], bool]) -> int:
    """Deliver what is due, one message at a time; how many arrived."""
    said: Counter[str] = Counter()
    began = clock()
    for _ in range(MOST_IN_A_ROUND):
        if stop_asked() or clock() - began > LONGEST_ROUND:
            break
        with database.writing() as session:
            parcel = next_parcel(session, by=post.by, now=clock(), reach=post.reach, link=post.link)
        if parcel is None:
            break
        if isinstance(parcel, Nothing):
            said["not_now"] += 1
            continue
        answer = _send(parcel, post, clock())
        with database.writing() as session:
            mark(session, parcel.message_id, answer, by=post.by, now=clock())
        said[answer.reason.value if answer.reason else "delivered"] += 1
    if said:
        _LOG.info("%s", json.dumps({"at": clock().isoformat(), "job": "deliver", **said}))
    return said["delivered"]


def one_round(database: Database, post: Post, clock: Clock, stop_asked: Callable[[], bool]) -> bool:
    """Look for reminders, deliver what is due, beat the heartbeat; whether all went through.

    A reminder that cannot be judged keeps nothing from being delivered; the heartbeat then stays
    where it is, and so tells of it.
    """
    now = clock()
    try:
        post = _as_decided(database, post)
    except Exception as error:  # noqa: BLE001 - Whatever it is, the next round must come.
        line = {"at": now.isoformat(), "job": "decisions", "error": type(error).__name__}
        _LOG.error("%s", json.dumps(line))
        return False
    went_through = all(
        [
            _went_through("remind", now, lambda: remind(database, now, post.reach)),
            _went_through("remind", now, lambda: remind_before_closure(database, now, post.reach)),
            _went_through("deliver", now, lambda: deliver(database, post, clock, stop_asked)),
            _went_through("fax_reports", now, lambda: take_reports(database, post, now)),
            _went_through("bounces", now, lambda: take_bounces(database, post, now)),
        ]
    )
    return went_through and _went_through("beat", now, lambda: _beat(database, now))


def _as_decided(database: Database, post: Post) -> Post:
    """The same, as the region has decided by now. Raises what the database raises."""
    if not post.region:
        return post
    with database.reading() as session:
        go_by_decisions(session, post.region)
        return replace(post, reach=reach_of(session, post.region, post.reach))


def take_reports(database: Database, post: Post, now: datetime) -> int:
    """Take in what the FAX server says of its jobs; how many reports there were.

    A report is put away after it was taken in: one that is read twice changes nothing.
    """
    count = 0
    for report in post.fax.reports() if post.fax is not None else ():
        with database.writing() as session:
            take_report(session, report.code, report.state, at=report.at, now=now)
        if post.fax is not None:
            post.fax.put_away(report)
        count += 1
    return count


def take_bounces(database: Database, post: Post, now: datetime) -> int:
    """Take in the mails that came back; how many of them were ours. Put away once it is written."""
    count = 0
    for file, bounce in post.bounces.mails() if post.bounces is not None else ():
        ours = False
        if bounce is not None:
            with database.writing() as session:
                ours = take_bounce(session, bounce.digests, now=now)
        if post.bounces is not None:
            post.bounces.put_away(file, ours=ours)
        count += ours
    return count


def _went_through(job: str, now: datetime, work: Callable[[], int]) -> bool:
    """Do one part of a round and say whether it went through. Raises nothing."""
    try:
        done = work()
    except Exception as error:  # noqa: BLE001 - Whatever it is, the next round must come.
        line = {"at": now.isoformat(), "job": job, "error": type(error).__name__}
        _LOG.error("%s", json.dumps(line))
        return False
    if done and job in {"remind", "bounces"}:
        _LOG.info("%s", json.dumps({"at": now.isoformat(), "job": job, "new": done}))
    return True


def _beat(database: Database, now: datetime) -> int:
    with database.writing() as session:
        beat(session, PROCESS, now)
    return 1


def post_of(
    reach: Reach,
    server: MailServer | None,
    signer: Signer | None,
    link: str,
    fax: FaxGateway | None = None,
    bounces: BounceFolder | None = None,
    region: str = "",
) -> Post:
    """Put together what this process delivers with; no way at all where nothing is named."""
    hands: dict[Channel, Hand] = {}
    if server is not None:
        hands[Channel.MAIL] = lambda parcel, now: hand_over(parcel, server, now)
    if signer is not None:
        hands[Channel.WEBHOOK] = lambda parcel, now: post_to(parcel, signer, now)
    if fax is not None:
        hands[Channel.FAX] = lambda parcel, _now: fax.hand_over(parcel)
    # Lives as long as the process: another one on this machine has another number.
    by = f"{socket.gethostname()[:40]}/{os.getpid()}"
    return Post(by, link, reach, hands, fax=fax, bounces=bounces, region=region)


def start(
    database: Database,
    post: Post,
    clock: Clock,
    stop: threading.Event,
    seconds: float = SECONDS_BETWEEN,
) -> threading.Thread | None:
    """Deliver in a thread of its own until `stop` is set; None where nothing is switched on."""
    if not post.hands:
        return None

    def rounds() -> None:
        while not stop.is_set():
            one_round(database, post, clock, stop.is_set)
            stop.wait(seconds)

    thread = threading.Thread(target=rounds, name=PROCESS, daemon=True)
    thread.start()
    return thread


def wait_for(thread: threading.Thread | None) -> None:
    """Let a sending that is under way come to its end, but not for long."""
    if thread is not None:
        thread.join(SECONDS_TO_END)


def _send(parcel: Parcel, post: Post, now: datetime) -> Answer:
    """Hand one message to its channel. Whatever a channel raises is a try that failed."""
    hand = post.hands.get(parcel.channel)
    if hand is None:
        return Answer(Reason.CHANNEL_OFF, final=True)
    try:
        return hand(parcel, now)
    except Exception as error:  # noqa: BLE001 - One message must not stop the others.
        line = {"at": now.isoformat(), "job": "send", "error": type(error).__name__}
        _LOG.error("%s", json.dumps(line))
        return Answer(Reason.UNREACHABLE)
