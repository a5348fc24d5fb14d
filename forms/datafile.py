"""Read the contents of a sheet from a YAML (or JSON) file, for the command line.

The keys are the ids of the sheet's fields, dates are written as on paper, in ISO or short
(R8.11.20), choices by their id. Every mistake is reported with file and line and with what to
write; what the file contains is never quoted, because it may be a person's.
"""

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

import yaml

from forms.answers_file import filled_from
from forms.catalogue import catalogue
from forms.private_file import DataFileError, Wrong, opened, pairs, scalar
from forms.sheets import MissedCoordinationReport, Sheet
from handoffs.era import DateError, parse_date

_TRUTHS = {"true": True, "false": False}


def read_sheet(path: Path, name: str, region: str = "") -> Sheet:
    """Return the sheet that a file describes, as a region has it.

    Raises:
        DataFileError: the file cannot be read, or does not describe such a sheet.
        SheetError: no such sheet.
    """
    definition = None
    if name != MissedCoordinationReport.name:
        definition = catalogue().sheet(name, region=region)
    node = opened(path)
    try:
        if definition is not None:
            return filled_from(node, definition)
        return cast("MissedCoordinationReport", _made(node, MissedCoordinationReport))
    except Wrong as wrong:
        raise DataFileError(path, wrong.line, str(wrong)) from None
    except RecursionError:
        raise DataFileError(path, 1, "入れ子が深すぎます。") from None


def _made(node: yaml.Node, wanted: Any) -> Any:  # noqa: ANN401  any type a sheet has
    """Return the node as a value of the wanted type."""
    origin = get_origin(wanted)
    if origin in {Union, types.UnionType}:
        return _optional(node, get_args(wanted))
    if origin is tuple:
        return _several(node, get_args(wanted))
    if is_dataclass(wanted):
        return _object(node, cast("type", wanted))
    text = scalar(node)
    if wanted is bool:
        if text not in _TRUTHS:
            raise Wrong(node, "true か false を書いてください。")
        return _TRUTHS[text]
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        if text not in [one.value for one in wanted]:
            raise Wrong(node, f"次の中から選んでください: {', '.join(wanted)}")
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
    raise Wrong(node, message)


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
        raise Wrong(node, "「- 」で始まる並びを書いてください。")
    if wanted[-1] is Ellipsis:
        return tuple(_made(one, wanted[0]) for one in node.value)
    if len(node.value) != len(wanted):
        raise Wrong(node, f"[ ] の中に{len(wanted)}つ書いてください。")
    return tuple(_made(one, kind) for one, kind in zip(node.value, wanted, strict=True))


def _object(node: yaml.Node, wanted: type) -> Any:  # noqa: ANN401
    hints = get_type_hints(wanted)
    known = {one.name: one for one in fields(wanted)}
    given = pairs(node)
    for key, value in given.items():
        if key not in known:
            raise Wrong(value, f"知らない項目名です。使えるのは {', '.join(known)} です。")
    for name, one in known.items():
        if name not in given and one.default is MISSING and one.default_factory is MISSING:
            raise Wrong(node, f"{name} がありません。")
    values = {key: _made(value, hints[key]) for key, value in given.items()}
    return wanted(**values)
