"""Handing a sheet over: one act that sends the handoff, keeps the sheet and opens the wishes."""

from dataclasses import replace
from datetime import date

from sqlmodel import Session

from forms import FilledSheet
from forms.kept import as_content
from handoffs.by_hand import ROUTES, ByHandEntry, open_by_hand
from handoffs.errors import NotPermitted
from handoffs.handed_over import digest_of, keep_sheet
from handoffs.handoff import Handoff, handoffs_of
from handoffs.passing import send
from handoffs.sheets.sharing import refuse_without_leave
from handoffs.sheets.version import Paper, Sending, freeze
from handoffs.sheets.wishes import open_wishes
from handoffs.statement import Statement, StatementEntry
from handoffs.stays.stay import Stay
from rules import HandoffKind, Party
from web.context import actor, now
from web.sheets.composing import Composed
from web.sheets.routes import receiver_kind, receiver_name

PROVIDED = "provided_on"
_REASON = "様式を送るために開きました。"


def digest_now(sheet: Composed) -> str:
    """What a page shows goes along with it, so that nobody sends what they have not seen."""
    return digest_of(as_content(sheet.sheet))


def hand_over(
    session: Session,
    stay: Stay,
    handoff: Handoff,
    entry: StatementEntry,
    sheet: Composed,
    *,
    words: str = "",
    attachment_id: int | None = None,
    version: int | None = None,
) -> Statement:
    """Send a handoff with its sheet, frozen as the next version.

    Raises NotPermitted where consent, wish or a reservation forbids it, and as `send`.
    """
    refuse_without_leave(session, stay, receiver_kind(session, stay, sheet.definition))
    if sheet.dropped:
        raise NotPermitted(" ".join(sheet.dropped.values()))
    content = as_content(provided(sheet, entry.happened_on))
    entry = entry.model_copy(update={"sheet_digest": digest_of(content)})
    said = send(session, stay, handoff, entry, by=actor(), now=now(), version=version)
    name = sheet.definition.sheet
    kept = keep_sheet(session, handoff, said, sheet=name, content=content, by=actor(), now=now())
    sending = Sending(
        means=entry.means,
        happened_on=entry.happened_on,
        receiver=receiver_name(session, stay, sheet.definition),
        counterpart=entry.counterpart,
        words=words,
    )
    paper = Paper(content, sheet.sheet.new, attachment_id, kept)
    freeze(session, stay, name, paper, sending, by=actor(), now=now())
    if handoff.kind is HandoffKind.ADMISSION_INFORMATION:
        open_wishes(session, stay, sheet.told, by=actor(), now=now())
    return said


def provided(sheet: Composed, on: date) -> FilledSheet:
    """The sheet with the day on which it is given, unless somebody wrote another."""
    asked = sheet.definition.by_id.get(PROVIDED)
    if asked is None or PROVIDED in sheet.rows:
        return sheet.sheet
    answers = {**sheet.sheet.answers, PROVIDED: on.isoformat()}
    return replace(sheet.sheet, answers=answers)


def handoff_for(session: Session, stay: Stay, kind: HandoffKind) -> Handoff:
    """The handoff of a kind that stands and is most in need; opened by hand where there is none.

    Raises BadEntry or NotPermitted where none can be opened.
    """
    standing = [
        one
        for one in handoffs_of(session, stay.id)
        if one.kind is kind and one.withdrawn_at is None and one.waived_at is None
    ]
    if standing:
        return min(standing, key=lambda one: (one.sent_at is not None, one.id))
    receiver = next(iter(ROUTES[kind][1]), Party.CARE_MANAGER)
    entry = ByHandEntry(kind=kind, receiver=receiver, reason=_REASON)
    return open_by_hand(session, stay, entry, by=actor(), now=now())
