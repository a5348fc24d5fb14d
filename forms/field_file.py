"""Read the blocks, lines, rows and fields of a sheet's definition, word by word.

Every refusal is a DefinitionError with file, line and what to write instead.
"""

from collections.abc import Collection, Mapping

import yaml

from forms.field import YES_NO_UNKNOWN, Block, Field, Kind, Line, Option, Personal, Row, Style
from handoffs.sheets.prefill import PREFILLS
from rules.reading.document import Entry

CodeLists = Mapping[str, tuple[Option, ...]]

MOST_MILLIMETRES = 160
MOST_LINES = 40
BLOCK = ("id", "title", "style", "source", "words", "lines", "new_page")
ROW = ("label", "starred", "fields")
FIELD = (
    "id", "label", "kind", "options", "codes", "columns", "width", "lines", "most_lines",
    "least", "unit", "named", "needed", "if_filled", "large", "personal", "not_before", "alone",
    "prefill",
)  # fmt: skip
RESERVED = (
    "whereabouts_hidden", "mask", "revision", "version", "seen", "kept_mine", "kept_before",
    "form_id", "form_token", "act", "main", "errors",
)  # fmt: skip
"""Words with which a file of contents or an entry page says something of the whole sheet."""

NEVER_ON_A_SHEET = "虐待"

OPTION = ("label", "blank", "unit", "hint")


def block_of(
    entry: Entry, codes: CodeLists, sources: Collection[str], also: Collection[str] = ()
) -> Block:
    """Read a block; its source must be one that the file lists."""
    parts = entry.mapping((*BLOCK, *also), ("id", "source"))
    return Block(
        id=parts["id"].word(),
        title=parts["title"].text() if "title" in parts else "",
        style=Style(parts["style"].word(list(Style))) if "style" in parts else Style.TABLE,
        source=parts["source"].word(sources),
        words=tuple(one.text() for one in parts["words"].items()) if "words" in parts else (),
        lines=tuple(line_of(one, codes) for one in parts["lines"].items())
        if "lines" in parts
        else (),
        new_page=flag(parts, "new_page"),
    )


def line_of(entry: Entry, codes: CodeLists) -> Line:
    """Read a row across the page, or a list of two rows side by side."""
    rows = entry.items() if entry.is_list else [entry]
    if len(rows) > 2:  # noqa: PLR2004  The paper has two halves.
        raise entry.refusal("一行に並べられるのは二つまでです。", "行を分けてください。")
    return Line(tuple(_row(one, codes) for one in rows))


def _row(entry: Entry, codes: CodeLists) -> Row:
    """Read a heading with its fields; a single field is its own heading."""
    parts = entry.mapping((*ROW, *(one for one in FIELD if one not in ROW)))
    if "fields" not in parts:
        field = _field(entry, codes, ("starred",))
        return Row(field.label, (field,), flag(parts, "starred"))
    parts = entry.mapping(ROW, ("label", "fields"))
    return Row(
        label=parts["label"].text(),
        fields=tuple(_field(one, codes) for one in parts["fields"].items()),
        starred=flag(parts, "starred"),
    )


def _field(entry: Entry, codes: CodeLists, also: Collection[str] = ()) -> Field:
    parts = entry.mapping((*FIELD, *also), ("id", "label", "kind"))
    kind = Kind(parts["kind"].word(list(Kind)))
    if NEVER_ON_A_SHEET in parts["label"].text():
        raise parts["label"].refusal(
            "虐待の疑いの欄は、様式に置けません。", "欄を消してください。通報は電話で行います。"
        )
    lines = _number(parts, "lines", 1)
    return Field(
        id=_id(parts["id"]),
        label=parts["label"].text(),
        kind=kind,
        options=_offered(entry, parts, kind, codes),
        columns=_columns(entry, parts, kind, codes),
        width=_number(parts, "width", 30),
        lines=lines,
        most_lines=_number(parts, "most_lines", lines + 2),
        least=_number(parts, "least", 1),
        unit=parts["unit"].text() if "unit" in parts else "",
        named=flag(parts, "named"),
        needed=flag(parts, "needed"),
        if_filled=flag(parts, "if_filled"),
        large=flag(parts, "large"),
        personal=Personal(parts["personal"].word(list(Personal))) if "personal" in parts else None,
        not_before=parts["not_before"].word() if "not_before" in parts else "",
        alone=parts["alone"].text() if "alone" in parts else "",
        prefill=parts["prefill"].word(PREFILLS) if "prefill" in parts else "",
    )


def _id(entry: Entry) -> str:
    id_ = entry.word()
    if not (id_.isascii() and id_.isidentifier() and id_.islower()) or id_ in RESERVED:
        raise entry.refusal(
            f"「{id_}」は id に使えません。",
            "英小文字・数字・_ で、英字から書いてください(mask などの決まった語は使えません)。",
        )
    return id_


def _offered(
    entry: Entry, parts: Mapping[str, Entry], kind: Kind, codes: CodeLists
) -> tuple[Option, ...]:
    given = [key for key in ("options", "codes") if key in parts]
    if kind is Kind.YES_NO_UNKNOWN and not given:
        return YES_NO_UNKNOWN
    if not kind.is_chosen:
        if given:
            raise parts[given[0]].refusal(
                "この欄は選択ではありません。", "kind を choice か choices にしてください。"
            )
        return ()
    if len(given) != 1:
        raise entry.refusal(
            "選択肢がないか、二通りに書かれています。",
            "「options:」か「codes:」のどちらか一つを書いてください。",
        )
    return codes[parts["codes"].word(codes)] if "codes" in parts else options_of(parts["options"])


def _columns(
    entry: Entry, parts: Mapping[str, Entry], kind: Kind, codes: CodeLists
) -> tuple[Field, ...]:
    if kind is not Kind.ROWS:
        return ()
    if "columns" not in parts:
        raise entry.refusal("表の列がありません。", "「columns:」に列を書いてください。")
    columns = tuple(_field(one, codes) for one in parts["columns"].items())
    for one, place in zip(columns, parts["columns"].items(), strict=True):
        if one.kind is Kind.ROWS:
            raise place.refusal("表の中に表は置けません。", "別の欄にしてください。")
    return columns


def options_of(entry: Entry) -> tuple[Option, ...]:
    """Read `id: label` lines; an option with room for words is a mapping."""
    found = []
    for id_, one in entry.mapping().items():
        if not (id_.isascii() and id_.isidentifier()):
            raise one.refusal(f"「{id_}」は id に使えません。", "英字・数字・_ で書いてください。")
        found.append(_option(id_, one))
    if not found:
        raise entry.refusal("選択肢が空です。", "「id: 表示」を一つ以上書いてください。")
    return tuple(found)


def _option(id_: str, entry: Entry) -> Option:
    if isinstance(entry.node, yaml.ScalarNode):
        return Option(id_, entry.text())
    parts = entry.mapping(OPTION)
    return Option(
        id_,
        parts["label"].text() if "label" in parts else "",
        blank=_number(parts, "blank", 0),
        unit=parts["unit"].text() if "unit" in parts else "",
        hint=parts["hint"].text() if "hint" in parts else "",
    )


def _number(parts: Mapping[str, Entry], key: str, otherwise: int) -> int:
    highest = MOST_MILLIMETRES if key in {"width", "blank"} else MOST_LINES
    return parts[key].number(1, highest) if key in parts else otherwise


def flag(parts: Mapping[str, Entry], key: str) -> bool:
    """Read true or false; what is not written is false."""
    if key not in parts:
        return False
    written = parts[key].text()
    if written not in {"true", "false"}:
        raise parts[key].refusal(f"「{written}」は使えません。", "true か false を書いてください。")
    return written == "true"
