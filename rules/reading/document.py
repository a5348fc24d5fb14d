"""Read a YAML or JSON file word by word, keeping the line of each word.

YAML guesses: `no` becomes false, a key written twice silently loses one, an alias can
make a small file huge. Here nothing is guessed: each of these is refused, with the
line and what to write instead. Nothing is ever constructed from a tag.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

import yaml

from rules.errors import FileError
from rules.wording import nearest

MOST_BYTES = 300_000
MOST_LEVELS = 40
MOST_DIGITS = 4
OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
KINDS = {
    yaml.MappingNode: "「項目: 値」の並び",
    yaml.SequenceNode: "「- 」で始まる並び",
    yaml.ScalarNode: "一つの値",
}


@dataclass(frozen=True)
class Entry:
    """One place in a file: a mapping, a list or a single word, with its line.

    Every reading method raises the file's own kind of FileError where something else
    stands there.
    """

    file: Path
    node: yaml.Node
    error: type[FileError]

    @property
    def line(self) -> int:
        """The line of this place, counted from 1."""
        return int(self.node.start_mark.line) + 1

    @property
    def is_list(self) -> bool:
        """Whether a list stands here."""
        return isinstance(self.node, yaml.SequenceNode)

    def refusal(self, found: str, instead: str) -> FileError:
        """Make the error that points at this place."""
        return self.error(self.file, self.line, found, instead)

    def mapping(
        self, known: Collection[str] | None = None, required: Collection[str] = ()
    ) -> dict[str, Entry]:
        """Read `key: value` lines; refuse keys written twice, unknown or missing ones."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self._wrong_kind(yaml.MappingNode)
        entries: dict[str, Entry] = {}
        for key_node, value_node in self.node.value:
            place = self._at(key_node)
            key = place.word()
            if key in entries:
                raise place.refusal(
                    f"項目「{key}」が二度書かれています({entries[key].line}行目と{place.line}行目)。",
                    "一つにまとめてください。",
                )
            if known is not None and key not in known:
                raise place.refusal(f"「{key}」という項目はありません。", nearest(key, known))
            entries[key] = self._at(value_node)
        for key in required:
            if key not in entries:
                raise self.refusal(
                    f"「{key}」がありません。", f"「{key}: …」を書き足してください。"
                )
        return entries

    def items(self, *, may_be_empty: bool = False) -> list[Entry]:
        """Read a list that starts each line with a dash; an empty one only where it may be."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self._wrong_kind(yaml.SequenceNode)
        if not self.node.value and not may_be_empty:
            raise self.refusal("並びが空です。", "一つ以上書くか、項目ごと消してください。")
        return [self._at(node) for node in self.node.value]

    def words(self) -> list[Entry]:
        """Read one word, or a list of words, as a list."""
        return self.items() if self.is_list else [self]

    def text(self) -> str:
        """Read a sentence or a word of any kind, as it is written."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self._wrong_kind(yaml.ScalarNode)
        value = str(self.node.value).strip()
        if self.node.tag.endswith(":null") or not value:
            raise self.refusal("値が書かれていません。", "値を書くか、項目ごと消してください。")
        return value

    def word(self, known: Collection[str] | None = None) -> str:
        """Read one word; refuse what YAML takes for true or false, and words not known."""
        value = self.text()
        if self.node.tag.endswith(":bool"):
            raise self.refusal(
                f"「{value}」は YAML では「はい・いいえ」と読まれ、言葉になりません。",
                nearest(value, known) if known else "決められた語を書いてください。",
            )
        if known is not None and value not in known:
            raise self.refusal(f"「{value}」という語は使えません。", nearest(value, known))
        return value

    def number(self, lowest: int, highest: int) -> int:
        """Read a whole number within bounds."""
        value = self.text()
        # The length is looked at first: Python refuses to read thousands of digits.
        plain = value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS
        if not plain or not lowest <= int(value) <= highest:
            raise self.refusal(
                f"「{value}」は使えません。", f"{lowest}から{highest}までの整数を書いてください。"
            )
        return int(value)

    def day(self) -> date:
        """Read a day written as 2026-11-20."""
        value = self.text()
        try:
            return day_of(value)
        except ValueError:
            raise self.refusal(
                f"「{value}」は日付として読めません。", "2026-11-20 のように書いてください。"
            ) from None

    def clock(self) -> time:
        """Read a time of day written as 18:10."""
        value = self.text()
        try:
            return time_of(value)
        except ValueError:
            raise self.refusal(
                f"「{value}」は時刻として読めません。", "18:10 のように書いてください。"
            ) from None

    def _at(self, node: yaml.Node) -> Entry:
        """Point at a place within this one."""
        return Entry(self.file, node, self.error)

    def _wrong_kind(self, wanted: type[yaml.Node]) -> FileError:
        """Say what stands here instead of what was wanted."""
        return self.refusal(
            f"ここには{KINDS[wanted]}が要りますが、{KINDS[type(self.node)]}が書かれています。",
            "書き方の例は docs/rules.md にあります。",
        )


def day_of(text: str) -> date:
    """Read a day in the one form that files use; ValueError for any other."""
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(text)
    return day


def time_of(text: str) -> time:
    """Read a time of day written as 18:10; ValueError for any other form."""
    clock = time.fromisoformat(text)
    if clock.replace(tzinfo=None).isoformat(timespec="minutes") != text:
        raise ValueError(text)
    return clock


def read(file: Path, error: type[FileError]) -> tuple[Entry, bytes]:
    """Open a file and find its one document, with the bytes as they are on disk.

    Raises `error` where the file is missing, a folder, too long, not UTF-8, empty, not YAML,
    or more than one document.
    """
    content = _content(file, error)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        raise error(
            file, line, "文字コードが UTF-8 ではありません。", "UTF-8 で保存し直してください。"
        ) from None
    node = _document(file, _json_as_yaml(text), error)
    if node is None:
        raise error(file, 0, "何も書かれていません。", "書き方の例は docs/rules.md にあります。")
    return Entry(file, node, error), content


def _content(file: Path, error: type[FileError]) -> bytes:
    """Read the bytes of a file that may not be there."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise error(file, 0, "ファイルがありません。", "名前と場所を確かめてください。") from None
    except IsADirectoryError:
        raise error(
            file, 0, "ファイルではなくフォルダーです。", "中のファイルを指定してください。"
        ) from None
    except (OSError, ValueError):
        raise error(
            file, 0, "ファイルを開けません。", "名前と、読む権限を確かめてください。"
        ) from None
    if len(content) > MOST_BYTES:
        raise error(file, 0, "ファイルが大きすぎます。", "1MB までの文書にしてください。")
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise error(
            file,
            line,
            "文字ではないもの(NUL)が入っています。",
            "UTF-8 の文書として保存し直してください。",
        )
    return content


def _json_as_yaml(text: str) -> str:
    """Let JSON pass that is indented with tabs; a JSON string cannot hold a raw tab."""
    return text.replace("\t", " ") if text.lstrip().startswith("{") else text


def _document(file: Path, text: str, error: type[FileError]) -> yaml.Node | None:
    """Parse the text into nodes without constructing anything."""
    try:
        _refuse_what_swells(file, text, error)
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.composer.ComposerError as wrong:
        raise error(
            file,
            _line_of(wrong),
            "「---」から二つめの文書が始まっています。",
            "文書ごとにファイルを分けてください。",
        ) from None
    except yaml.MarkedYAMLError as wrong:
        raise error(
            file,
            _line_of(wrong),
            "YAML として読めません。",
            "この行か、すぐ上の行の字下げ・コロン・引用符を確かめてください。",
        ) from None
    except yaml.reader.ReaderError as wrong:
        line = text.count("\n", 0, wrong.position) + 1
        raise error(
            file, line, "使えない文字が入っています。", "その文字を消すか、書き直してください。"
        ) from None


def _refuse_what_swells(file: Path, text: str, error: type[FileError]) -> None:
    """Refuse copies and deep nesting before anything is built from them."""
    depth = 0
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        line = token.start_mark.line + 1
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            raise error(
                file,
                line,
                "「&」「*」による写しは使えません。",
                "同じ内容でも、そこに書いてください(引用符で囲めば文字になります)。",
            )
        depth += isinstance(token, OPENING) - isinstance(token, CLOSING)
        if depth > MOST_LEVELS:
            raise error(
                file, line, "入れ子が深すぎます。", "並びや項目の入れ子を減らしてください。"
            )


def _line_of(wrong: yaml.MarkedYAMLError) -> int:
    """Find the line that the parser points at, 0 where it points at none."""
    mark = wrong.problem_mark or wrong.context_mark
    return mark.line + 1 if mark else 0
