"""Turn a file's lines into a filled sheet: the keys are the ids of its definition's fields.

Beside the answers a file may say `whereabouts_hidden: true` (所在秘匿), `mask: initials` or
`mask: circles`, and `revision: 2`.
"""

import yaml

from forms.answers import Answer, RowAnswer
from forms.definition import Definition
from forms.errors import SheetError
from forms.field import Field, Kind
from forms.filled import FilledSheet
from forms.mask import Mask
from forms.private_file import Wrong, pairs, scalar
from handoffs.era import DateError, parse_date

_MOST_SHOWN = 12
_HIDDEN, _MASK, _REVISION = "whereabouts_hidden", "mask", "revision"


def filled_from(node: yaml.Node, definition: Definition) -> FilledSheet:
    """Return the sheet that a document describes. Raises Wrong at the place that does not fit."""
    answers: dict[str, Answer] = {}
    hidden, mask, revision = False, Mask.NONE, 1
    for key, value in pairs(node).items():
        name, _, option = key.partition("/")
        field = definition.by_id.get(name)
        if key == _HIDDEN:
            hidden = _one_of(value, ("true", "false")) == "true"
        elif key == _MASK:
            mask = Mask(_one_of(value, tuple(Mask)))
        elif key == _REVISION:
            revision = _revision(value)
        elif field is None:
            raise Wrong(value, _unknown(definition))
        else:
            answer = scalar(value) if option else _answer(value, field)
            _check_alone(value, definition, key, answer)
            answers[key] = answer
    try:
        return FilledSheet(
            definition=definition,
            answers=answers,
            whereabouts_hidden=hidden,
            mask=mask,
            revision=revision,
        )
    except SheetError as error:
        raise Wrong(node, str(error)) from None


def _answer(node: yaml.Node, field: Field) -> Answer:
    if field.kind is Kind.ROWS:
        if not isinstance(node, yaml.SequenceNode):
            raise Wrong(node, "「- 」で始まる並びを書いてください。")
        return tuple(_row(one, field) for one in node.value)
    if isinstance(node, yaml.SequenceNode) and field.kind.is_chosen:
        return tuple(scalar(one) for one in node.value)
    return _word(node, field)


def _row(node: yaml.Node, field: Field) -> RowAnswer:
    columns = {one.id: one for one in field.columns}
    row: dict[str, str] = {}
    for key, value in pairs(node).items():
        if key not in columns:
            offered = ", ".join(columns)
            raise Wrong(value, f"知らない項目名です。使えるのは {offered} です。")
        row[key] = _word(value, columns[key])
    return row


def _word(node: yaml.Node, field: Field) -> str:
    words = scalar(node)
    if field.kind is not Kind.DATE or not words:
        return words
    try:
        return parse_date(words).isoformat()
    except DateError as error:
        message = str(error)
    raise Wrong(node, message)


def _check_alone(node: yaml.Node, definition: Definition, key: str, answer: Answer) -> None:
    """Check one answer by itself, so that its own line is told."""
    try:
        FilledSheet(definition=definition, answers={key: answer})
    except SheetError as error:
        message = str(error)
    else:
        return
    raise Wrong(node, message)


def _one_of(node: yaml.Node, offered: tuple[str, ...]) -> str:
    word = scalar(node)
    if word not in offered:
        raise Wrong(node, f"次の中から選んでください: {', '.join(offered)}")
    return word


def _revision(node: yaml.Node) -> int:
    word = scalar(node)
    if not (word.isascii() and word.isdigit() and len(word) <= 3 and int(word)):  # noqa: PLR2004
        raise Wrong(node, "1から999までの整数を書いてください。")
    return int(word)


def _unknown(definition: Definition) -> str:
    ids = list(definition.by_id)
    more = f" など{len(ids)}個" if len(ids) > _MOST_SHOWN else ""
    return (
        f"知らない項目名です。使えるのは {', '.join(ids[:_MOST_SHOWN])}{more}です。"
        "すべては python -m forms fields で見られます。"
    )
