"""Small editions for tests, made from sound.yaml by changing a line of it."""

from __future__ import annotations

from pathlib import Path

from rules import Edition, edition_of

SOUND = Path(__file__).parent / "sound.yaml"


def written(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    """Write sound.yaml with changes to a folder; each must find its line."""
    text = SOUND.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def changed(folder: Path, *changes: tuple[str, str]) -> Edition:
    """Read sound.yaml with changes as an edition, whatever its examples say."""
    return edition_of(written(folder, "changed.yaml", *changes))
