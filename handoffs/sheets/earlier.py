"""What an office heard before a transfer: its own record of the earlier hospital goes on.

The hearings of an episode count together (転院), so the next record begins with those of the
stays that this one continues.
"""

from sqlmodel import Session

from handoffs.sheets.draft import answers_in, draft_of
from handoffs.sheets.flat import row_key
from handoffs.sheets.prefill import Known
from handoffs.stays.stay import Stay

_FIELD, _WHERE, _EARLIER = "hearings", "before_transfer", "earlier"
_MOST_STAYS = 5


def earlier_hearings(
    session: Session, stay: Stay, organization_id: int, sheet: str
) -> dict[str, Known]:
    """The rows of the office's own records of the stays before, the earliest hospital first."""
    rows: list[dict[str, str]] = []
    before = stay
    for _ in range(_MOST_STAYS):
        found = session.get(Stay, before.continues_id) if before.continues_id else None
        if found is None:
            break
        before = found
        rows = [*_heard(session, before, organization_id, sheet), *rows]
    origin = "転院前の聞き取りの記録"
    return {
        row_key(_FIELD, at, column): Known(words, origin)
        for at, row in enumerate(rows)
        for column, words in {**row, _WHERE: _EARLIER}.items()
    }


def _heard(session: Session, stay: Stay, organization_id: int, sheet: str) -> list[dict[str, str]]:
    answers = answers_in(session, draft_of(session, stay.id, organization_id, sheet))
    rows: dict[int, dict[str, str]] = {}
    for key, answer in answers.items():
        field, at, column = (*key.split(":"), "", "")[:3]
        if field == _FIELD and answer.value:
            rows.setdefault(int(at), {})[column] = answer.value
    return [rows[at] for at in sorted(rows)]
