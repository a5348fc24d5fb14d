"""Two versions of one sheet side by side, for whoever may see the case."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from forms import FilledSheet
from forms.answers import rows_in
from forms.field import Field, Kind
from forms.kept import from_content
from handoffs.errors import NotVisible
from handoffs.history import Act
from handoffs.sheets.access import OWN
from handoffs.sheets.version import find_version
from handoffs.shown.overview import overview_of
from web.context import actor, desk, note_read, now, reading
from web.sheets.blueprint import pages


@dataclass(frozen=True)
class Beside:
    """One field in both versions."""

    label: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        """Whether the two say something else."""
        return self.left != self.right


@pages.get("/stays/<int:stay_id>/versions/<int:left_id>/<int:right_id>")
def side_by_side(stay_id: int, left_id: int, right_id: int) -> ResponseReturnValue:
    """Show what two versions say, field by field."""
    with reading() as session:
        left = find_version(session, actor(), stay_id, left_id)
        right = find_version(session, actor(), stay_id, right_id)
        stay = overview_of(session, actor(), stay_id, library=desk().library, now=now())
    same = (left.sheet, left.organization_id) == (right.sheet, right.organization_id)
    if not same or not left.content or not right.content:
        raise NotVisible
    if left.sheet not in OWN:
        note_read(Act.STAY_READ, stay_id=stay_id)
    hidden = stay.whereabouts_hidden
    before = from_content(left.content, hidden=hidden)
    after = from_content(right.content, hidden=hidden)
    rows = [
        Beside(
            after.definition.labels[one.id],
            words_of(before, before.definition.by_id.get(one.id)),
            words_of(after, one),
        )
        for one in after.definition.fields()
    ]
    return render_template(
        "sheets/side_by_side.html",
        stay=stay,
        title=after.title,
        left=left,
        right=right,
        rows=[row for row in rows if row.left or row.right],
    )


def words_of(sheet: FilledSheet, asked: Field | None) -> str:
    """What a field says, in words."""
    if asked is None:
        return ""
    withheld = sheet.withheld(asked)
    if withheld:
        return withheld
    if asked.kind is Kind.ROWS:
        rows = rows_in(sheet.answers, asked)
        return " / ".join(" ".join(_cell(asked, key, row[key]) for key in row) for row in rows)
    if asked.kind.is_chosen:
        chosen = sheet.chosen(asked)
        told = ((one, sheet.words(asked, one.id)) for one in asked.options)
        return "、".join(
            f"{one.label}（{words}）" if words else one.label or one.unit
            for one, words in told
            if one.id in chosen or words
        )
    return sheet.told(asked)


def _cell(asked: Field, column: str, words: str) -> str:
    found = next(one for one in asked.columns if one.id == column)
    option = found.option(words)
    return option.label if option else words
