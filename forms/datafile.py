"""Read the contents of a sheet from a YAML (or JSON) file, for the command line.

The keys are the field names of the sheet's class, dates are written as on paper, in ISO or
short (R8.11.20), choices by their id. Every mistake is reported with file and line and with
what to write; what the file contains is never quoted, because it may be a person's.
"""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

import yaml

from forms.errors import SheetError
from forms.sheets import SHEETS, AdmissionInformation, MissedCoordinationReport
from handoffs.era import DateError, parse_date

LARGEST_FILE = 1_000_000
"""Bytes. A sheet with every field filled to its limit stays below."""

_TRUTHS = {"true": True, "false": False}


class DataFileError(SheetError):
    """A file that cannot become a sheet: which file, which line, what to write instead."""

    def __init__(self, file: Path, line: int, message: str) -> None:
        """Write file, line and message as editors understand them."""
        super().__init__(f"{file}:{line}: {message}")


class _Wrong(Exception):
    """A node that does not fit, before the file's name is known."""

    def __init__(self, node: yaml.Node, message: str) -> None:
        super().__init__(message)
        self.line = node.start_mark.line + 1


def read_sheet(path: Path, name: str) -> AdmissionInformation | MissedCoordinationReport:
    """Return the sheet that a file describes.

    Raises:
        DataFileError: the file cannot be read, or does not describe such a sheet.
        SheetError: no such sheet.
    """
    if name not in SHEETS:
        raise SheetError(f"そのシートはありません。あるのは {'、'.join(SHEETS)} です。")
    node, line = _composed(_text(path))
    if line:
        raise DataFileError(
            path, line, "YAMLとして読めません。字下げ、「: 」、文字コードを確かめてください。"
        )
    if node is None:
        raise DataFileError(path, 1, "中身がありません。白紙は --sample empty で印刷できます。")
    try:
        return cast("AdmissionInformation | MissedCoordinationReport", _made(node, SHEETS[name]))
    except _Wrong as wrong:
        raise DataFileError(path, wrong.line, str(wrong)) from None
    except RecursionError:
        raise DataFileError(path, 1, "入れ子が深すぎます。") from None


# Below, errors of the libraries are left behind before ours are raised: they quote the file,
# and an error carries the one in whose handling it was raised.


def _composed(text: str) -> tuple[yaml.Node | None, int]:
    """Return the file's contents, and the line of the mistake or 0."""
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader), 0
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return None, mark.line + 1 if mark else 1
    except (yaml.YAMLError, RecursionError):
        return None, 1


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError:
        raise DataFileError(
            path, 1, "ファイルが読めません。名前と場所を確かめてください。"
        ) from None
    if len(content) > LARGEST_FILE:
        raise DataFileError(path, 1, f"ファイルが大きすぎます({LARGEST_FILE:,}バイトまで)。")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    raise DataFileError(
        path, line, "文字コードがUTF-8ではありません。UTF-8で保存し直してください。"
    )


def _made(node: yaml.Node, wanted: Any) -> Any:  # noqa: ANN401  any type a sheet has
    """Return the node as a value of the wanted type."""
    origin = get_origin(wanted)
    if origin in {Union, types.UnionType}:
        return _optional(node, get_args(wanted))
    if origin is tuple:
        return _several(node, get_args(wanted))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(node)
    if is_dataclass(wanted):
        return _object(node, cast("type", wanted))
    text = _scalar(node)
    if wanted is bool:
        if text not in _TRUTHS:
            raise _Wrong(node, "true か false を書いてください。")
        return _TRUTHS[text]
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        if text not in [one.value for one in wanted]:
            raise _Wrong(node, f"次の中から選んでください: {', '.join(wanted)}")
        return wanted(text)
    return _plain(node, text, wanted)


def _plain(node: yaml.Node, text: str, wanted: Any) -> Any:  # noqa: ANN401  any type a sheet has
    if wanted is str:
        return text
    try:
        if wanted is int:
            return int(text)
        if wanted is datetime:
            return _moment(text)
        return parse_date(text)
    except DateError as error:
        message = str(error)
    except ValueError:
        message = (
            "整数を書いてください。"
            if wanted is int
            else "時差のついた日時を書いてください。例: 2026-11-02T09:00:00+09:00"
        )
    raise _Wrong(node, message)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _optional(node: yaml.Node, wanted: tuple[Any, ...]) -> Any:  # noqa: ANN401
    if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null":
        return None
    return _made(node, next(one for one in wanted if one is not type(None)))


def _several(node: yaml.Node, wanted: tuple[Any, ...]) -> tuple[Any, ...]:
    if not isinstance(node, yaml.SequenceNode):
        raise _Wrong(node, "「- 」で始まる並びを書いてください。")
    if wanted[-1] is Ellipsis:
        return tuple(_made(one, wanted[0]) for one in node.value)
    if len(node.value) != len(wanted):
        raise _Wrong(node, f"[ ] の中に{len(wanted)}つ書いてください。")
    return tuple(_made(one, kind) for one, kind in zip(node.value, wanted, strict=True))


def _mapping(node: yaml.Node) -> dict[str, str | tuple[str, ...]]:
    """Return the answers: a word, or a list of words, for each field."""
    return {
        key: tuple(_scalar(one) for one in value.value)
        if isinstance(value, yaml.SequenceNode)
        else _scalar(value)
        for key, value in _pairs(node).items()
    }


def _object(node: yaml.Node, wanted: type) -> Any:  # noqa: ANN401
    hints = get_type_hints(wanted)
    known = {one.name: one for one in fields(wanted)}
    given = _pairs(node)
    for key, value in given.items():
        if key not in known:
            raise _Wrong(value, f"知らない項目名です。使えるのは {', '.join(known)} です。")
    for name, one in known.items():
        if name not in given and one.default is MISSING and one.default_factory is MISSING:
            raise _Wrong(node, f"{name} がありません。")
    values = {key: _made(value, hints[key]) for key, value in given.items()}
    try:
        return wanted(**values)
    except SheetError as error:
        raise _Wrong(given.get("answers", node), str(error)) from None


def _pairs(node: yaml.Node) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise _Wrong(node, "「項目名: 内容」の形で書いてください。")
    pairs: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = _scalar(key)
        if name in pairs:
            raise _Wrong(key, "同じ項目名が二度あります。一つにしてください。")
        pairs[name] = value
    return pairs


def _scalar(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _Wrong(node, "一つの値を書いてください。")
    return str(node.value) if node.tag != "tag:yaml.org,2002:null" else ""
