"""Read a sheet's definition from YAML, or refuse it with file, line and what to write instead.

As strict as the reader of editions: every key is known, none stands twice, every choice names
its options or a code list, every block its source, and what is listed as unverified exists.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from forms.definition import Addition, Definition, Source, Unverified
from forms.errors import DefinitionError
from forms.field import Block, Kind, Option
from forms.field_file import BLOCK, CodeLists, block_of, flag, line_of, options_of
from rules.reading.document import Entry, read

HEAD = ("sheet", "version", "title", "sender", "receiver", "sources", "unverified", "blocks")
WRITERS = ("hospital", "plan_office", "either")
PLACES = ("hospital", "plan_office", "services", "doctor", "municipality")
ADDITION = ("adds_to", "version", "sources", "unverified", "blocks", "lines")


def codes_of(file: Path) -> tuple[str, tuple[Option, ...]]:
    """Read a code list: its word and its options. Raises DefinitionError."""
    top, _ = read(file, DefinitionError)
    entries = top.mapping(("codes", "label", "source", "options"), ("codes", "label", "options"))
    name = entries["codes"].word()
    if name != file.stem:
        raise entries["codes"].refusal(
            f"「{name}」はファイルの名前と違います。", f"「codes: {file.stem}」と書いてください。"
        )
    return name, options_of(entries["options"])


def definition_of(file: Path, codes: CodeLists) -> Definition:
    """Read one version of a sheet, named by its first day. Raises DefinitionError."""
    top, _ = read(file, DefinitionError)
    entries = top.mapping((*HEAD, "slip", "masked", "written_by", "goes_to"), HEAD)
    _same(entries["sheet"], file.parent.name)
    _same(entries["version"], file.stem)
    sources = _sources(entries["sources"])
    known = {one.id for one in sources}
    blocks = tuple(block_of(one, codes, known) for one in entries["blocks"].items())
    _refuse_repeats(entries["blocks"], blocks)
    if sum(one.kind is Kind.CODE for block in blocks for one in block.fields()) != 1:
        raise entries["blocks"].refusal(
            "管理番号の欄(kind: code)が一つではありません。", "様式に一つだけ置いてください。"
        )
    return Definition(
        sheet=entries["sheet"].word(),
        version=entries["version"].day(),
        title=entries["title"].text(),
        sender=entries["sender"].text(),
        receiver=entries["receiver"].text(),
        sources=sources,
        unverified=_unverified(entries["unverified"], blocks),
        blocks=blocks,
        slip=flag(entries, "slip"),
        masked=flag(entries, "masked"),
        written_by=entries["written_by"].word(WRITERS) if "written_by" in entries else "either",
        goes_to=entries["goes_to"].word(PLACES) if "goes_to" in entries else "",
    )


def addition_of(file: Path, codes: CodeLists, national: Definition) -> Addition:
    """Read what a region adds to a sheet. Raises DefinitionError."""
    top, _ = read(file, DefinitionError)
    entries = top.mapping(ADDITION, ("adds_to", "version", "sources"))
    _same(entries["adds_to"], file.parent.name)
    _same(entries["version"], file.stem)
    sources = _sources(entries["sources"])
    known = {one.id for one in sources}
    places = [one.id for one in national.blocks]
    blocks: list[tuple[str, Block]] = []
    for one in entries["blocks"].items() if "blocks" in entries else ():
        after = one.mapping((*BLOCK, "after"), ("after",))["after"].word(places)
        blocks.append((after, block_of(one, codes, known, ("after",))))
    lines: list[tuple[str, Block]] = []
    for one in entries["lines"].items() if "lines" in entries else ():
        parts = one.mapping(("at_end_of", "source", "lines"), ("at_end_of", "source", "lines"))
        parts["source"].word(known)
        more = tuple(line_of(each, codes) for each in parts["lines"].items())
        lines.append((parts["at_end_of"].word(places), Block(id="", lines=more)))
    if not blocks and not lines:
        raise top.refusal(
            "足すものがありません。", "「blocks:」か「lines:」に足すものを書いてください。"
        )
    added = tuple(one for _, one in (*blocks, *lines))
    whole = (*national.blocks, *added)
    _refuse_repeats(entries.get("blocks", top), whole)
    unverified = Unverified()
    if "unverified" in entries:
        unverified = _unverified(entries["unverified"], added)
    return Addition(
        region=file.parent.parent.name,
        version=entries["version"].day(),
        blocks=tuple(blocks),
        lines=tuple(lines),
        sources=sources,
        unverified=unverified,
    )


def adds_to_a_sheet(file: Path) -> bool:
    """Whether a region's file adds to a national sheet instead of being one of its own."""
    top, _ = read(file, DefinitionError)
    return "adds_to" in top.mapping()


def _same(entry: Entry, wanted: str) -> None:
    if entry.word() != wanted:
        raise entry.refusal(
            f"「{entry.word()}」は、ファイルかフォルダーの名前と違います。",
            f"「{wanted}」と書くか、名前を変えてください。",
        )


def _sources(entry: Entry) -> tuple[Source, ...]:
    found = []
    for id_, one in entry.mapping().items():
        parts = one.mapping(("title", "where"), ("title",))
        where = parts["where"].text() if "where" in parts else ""
        found.append(Source(id_, parts["title"].text(), where))
    return tuple(found)


def _unverified(entry: Entry, blocks: Sequence[Block]) -> Unverified:
    parts = entry.mapping(("why", "blocks", "fields"), ("why",))
    ids = [one.id for block in blocks for one in block.fields()]
    return Unverified(
        why=parts["why"].text(),
        blocks=_words(parts, "blocks", [one.id for one in blocks]),
        fields=_words(parts, "fields", ids),
    )


def _words(parts: Mapping[str, Entry], key: str, known: Collection[str]) -> tuple[str, ...]:
    return tuple(one.word(known) for one in parts[key].items()) if key in parts else ()


def _refuse_repeats(entry: Entry, blocks: Sequence[Block]) -> None:
    fields = [one for block in blocks for one in block.fields()]
    for ids in ([one.id for one in blocks if one.id], [one.id for one in fields]):
        for id_ in ids:
            if ids.count(id_) > 1:
                raise entry.refusal(
                    f"「{id_}」という id が二度使われています。", "別の id にしてください。"
                )
    for one in fields:
        if one.not_before and one.not_before not in ids:
            raise entry.refusal(
                f"not_before の「{one.not_before}」という欄はありません。",
                "欄の id を書いてください。",
            )
