"""Whether a sheet may be made for a receiver and sent there: consent, wish, reservations.

Asked when a sheet is opened, printed and sent. Where nobody has recorded an answer the sheet may
be written, and its sentence of consent stays an empty box. A refusal is in plain words and says
what to do; it never says what the person's reasons are.
"""

from sqlmodel import Session

from handoffs.errors import NotPermitted
from handoffs.sheets.reservation import ReceiverKind, reserved_of
from handoffs.stays.consent import ConsentAnswer, consent_of
from handoffs.stays.stay import Stay

_ASK = "ご本人・ご家族に確かめ、同意があれば、その記録を直してから、もう一度開いてください。"


def obstacle(session: Session, stay: Stay, receiver: ReceiverKind | None) -> str:
    """Why nothing may go to a receiver, and what to do; empty where it may.

    `receiver` is None for a paper that the house keeps, or gives to the person.
    """
    if receiver is None:
        return ""
    if stay.wants_no_contact:
        return (
            "ご本人が事業所などへの連絡を希望していないため、この様式は作れません。"
            "希望が変わったときは、登録内容の「連絡についての希望」を直してください。"
        )
    consent = consent_of(session, stay.id)
    if consent is not None and consent.answer is ConsentAnswer.WITHHELD:
        return (
            "情報を伝えることに、いまは同意がありません（または取り消されています）。"
            f"この様式は作れず、送れません。{_ASK}"
        )
    if receiver in reserved_of(session, stay.id):
        return (
            f"ご本人は「{receiver.label}」に知らせることを望んでいません。"
            "この様式は作れず、送れません。希望が変わったときは、"
            "「知らせてほしくない相手」の記録を直してから、もう一度開いてください。"
        )
    return ""


def refuse_without_leave(session: Session, stay: Stay, receiver: ReceiverKind | None) -> None:
    """Stop where nothing may go there. Raises NotPermitted."""
    why = obstacle(session, stay, receiver)
    if why:
        raise NotPermitted(why)
