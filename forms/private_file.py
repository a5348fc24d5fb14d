"""Read a YAML (or JSON) file that may hold somebody's data: its places are told, never its words.

Whoever reads such a file raises `Wrong` at the node that does not fit; the message says what to
write instead.
"""

from pathlib import Path

import yaml

from forms.errors import SheetError

LARGEST_FILE = 1_000_000
"""Bytes. A sheet with every field filled to its limit stays below."""


class DataFileError(SheetError):
    """A file that cannot become a sheet: which file, which line, what to write instead."""

    def __init__(self, file: Path, line: int, message: str) -> None:
        """Write file, line and message as editors understand them."""
        super().__init__(f"{file}:{line}: {message}")


class Wrong(Exception):
    """A node that does not fit, before the file's name is known."""

    def __init__(self, node: yaml.Node, message: str) -> None:
        """Keep the line of the node, counted from 1."""
        super().__init__(message)
        self.line = node.start_mark.line + 1


def opened(path: Path) -> yaml.Node:
    """Return the one document of a file.

    Raises:
        DataFileError: the file cannot be read, or is no YAML.
    """
    node, line = _composed(_text(path))
    if line:
        raise DataFileError(
            path, line, "YAMLとして読めません。字下げ、「: 」、文字コードを確かめてください。"
        )
    if node is None:
        raise DataFileError(path, 1, "中身がありません。白紙は --sample empty で印刷できます。")
    return node


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


def pairs(node: yaml.Node) -> dict[str, yaml.Node]:
    """Return the `key: value` lines of a node; raise Wrong where a key stands twice."""
    if not isinstance(node, yaml.MappingNode):
        raise Wrong(node, "「項目名: 内容」の形で書いてください。")
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = scalar(key)
        if name in found:
            raise Wrong(key, "同じ項目名が二度あります。一つにしてください。")
        found[name] = value
    return found


def scalar(node: yaml.Node) -> str:
    """Return the one word or text of a node; raise Wrong for anything else."""
    if not isinstance(node, yaml.ScalarNode):
        raise Wrong(node, "一つの値を書いてください。")
    return str(node.value) if node.tag != "tag:yaml.org,2002:null" else ""
