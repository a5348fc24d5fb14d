"""Looking a sheet over before it goes, and writing down that it went."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from forms import NOTICE
from forms.kept import as_content
from handoffs.errors import BadEntry, NotPermitted, Overtaken
from handoffs.history import Act
from handoffs.sheets.access import OWN
from handoffs.sheets.attachment import attachment_of
from handoffs.sheets.reservation import ReceiverKind
from handoffs.sheets.sharing import obstacle
from handoffs.sheets.version import LONGEST_WORDS, Paper, Sending, freeze
from handoffs.shown.overview import overview_of
from handoffs.statement import Means, Result, StatementEntry
from handoffs.stays.stay import Stay
from handoffs.tokyo import day_of
from web.auth import kept_draft
from web.context import acting, actor, desk, note_read, now, reading, taken_in
from web.handoffs.statement_input import BEFORE
from web.inputs import Posted, typed_day
from web.sheets.blueprint import pages
from web.sheets.composing import Composed
from web.sheets.handing_over import digest_now, hand_over, handoff_for
from web.sheets.prints import attachment_id
from web.sheets.routes import KIND_OF, receiver_name, to_write

MEANS = (
    (Means.FAX.value, "FAXで送った"),
    (Means.IN_PERSON.value, "手渡した"),
    (Means.NETWORK.value, "MCSなどの連携ネットワークで送った"),
    (Means.MAIL.value, "メールで送った"),
    (Means.POST.value, "郵送した"),
)


@pages.get("/stays/<int:stay_id>/sheets/<sheet>/check")
def check(stay_id: int, sheet: str) -> ResponseReturnValue:
    """Show what is missing and what is new, print it, and ask how it went."""
    draft = {name: texts[0] for name, texts in (kept_draft() or {}).items()}
    note_read(Act.STAY_READ, stay_id=_seen(stay_id, sheet))
    return _screen(stay_id, sheet, {"happened_on": typed_day(day_of(now()))} | draft, {})


@pages.post("/stays/<int:stay_id>/sheets/<sheet>/check")
def sent(stay_id: int, sheet: str) -> ResponseReturnValue:
    """Freeze the sheet as it was shown, and send its handoff with it."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    try:
        with acting() as session:
            stay, sheet_now = to_write(session, stay_id, sheet)
            sending, digest, with_plans = _read(posted, stay, sheet_now)
            _refuse_unseen(sheet_now, digest)
            plans = attachment_id(session, stay_id, sheet_now.definition) if with_plans else None
            _freeze(session, stay, sheet_now, sending, plans)
            done = "kept" if sheet in OWN else "sent"
            location = url_for("sheets.of_stay", stay_id=stay_id, done=done)
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(stay_id, sheet, posted.values, bad.fields), 422
    except Overtaken as overtaken:
        return _screen(stay_id, sheet, posted.values, {"main": overtaken.message}), 409
    return redirect(location, code=303)


def _refuse_unseen(sheet: Composed, digest: str) -> None:
    """Let nobody send what the page did not show. Raises Overtaken."""
    if digest != digest_now(sheet):
        raise Overtaken


def _seen(stay_id: int, sheet: str) -> int:
    with reading() as session:
        stay, _ = to_write(session, stay_id, sheet)
        return stay.id


def _freeze(
    session: Session, stay: Stay, sheet: Composed, sending: Sending, plans: int | None
) -> None:
    kind = KIND_OF.get(sheet.definition.sheet)
    if kind is None:
        if sheet.dropped:
            raise NotPermitted(" ".join(sheet.dropped.values()))
        paper = Paper(as_content(sheet.sheet), sheet.sheet.new)
        freeze(session, stay, sheet.definition.sheet, paper, sending, by=actor(), now=now())
        return
    entry = StatementEntry(
        means=sending.means,
        result=Result.SENT,
        happened_on=sending.happened_on,
        counterpart=sending.counterpart,
        content=sending.words,
    )
    handoff = handoff_for(session, stay, kind)
    hand_over(session, stay, handoff, entry, sheet, words=sending.words, attachment_id=plans)


def _read(posted: Posted, stay: Stay, sheet: Composed) -> tuple[Sending, str, bool]:
    """Read how it went. Raises BadEntry."""
    own = sheet.definition.sheet in OWN
    digest = posted.text("digest", longest=64)
    words = posted.text("words", longest=LONGEST_WORDS)
    means = Means.NONE
    on, receiver, counterpart, plans = day_of(now()), "", "", False
    if not own:
        offered = [word for word, _ in MEANS]
        means = Means(posted.one_of("means", offered, ask="どのように渡したかを選んでください。",
                                    default=Means.NONE.value))  # fmt: skip
        on = posted.needed_day("happened_on", ask="渡した日を入力してください。")
        receiver = posted.text("receiver", longest=100)
        counterpart = posted.text("counterpart")
        plans = posted.one_of("with_plans", ("", "yes"), ask="画面を開き直してください。") == "yes"
        sure = posted.one_of(BEFORE, ("", "yes"), ask="画面を開き直してください。") == "yes"
        if on < stay.admitted_on and not sure and "happened_on" not in posted.errors:
            posted.refuse(
                BEFORE,
                "入院日より前の日付です。入院前に渡した場合はこの欄にチェックを付け、"
                "そうでなければ日付を直してください。",
            )
        if on > day_of(now()):
            posted.refuse("happened_on", "日付が今日より後です。渡した日を入力してください。")
    posted.finish()
    return Sending(means, on, receiver, counterpart, words), digest, plans


def _screen(stay_id: int, sheet: str, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with reading() as session:
        stay, found = to_write(session, stay_id, sheet)
        overview = overview_of(session, actor(), stay_id, library=desk().library, now=now())
        receiver = receiver_name(session, stay, found.definition)
        plans = attachment_of(session, stay, actor().organization_id)
        goes_along = attachment_id(session, stay_id, found.definition) is not None
        hospital_told = obstacle(session, stay, ReceiverKind.HOSPITAL) == ""
    return render_template(
        "sheets/check.html",
        stay=overview,
        sheet=found,
        digest=digest_now(found),
        values=values,
        errors=errors,
        means=MEANS,
        before=BEFORE,
        receiver=receiver,
        plans=plans if goes_along and hospital_told else None,
        own=sheet in OWN,
        sends=sheet in KIND_OF,
        saved=request.args.get("done") == "saved",
        person=actor().staff_id,
        notice=NOTICE if found.definition.unverified_fields() else "",
    )
