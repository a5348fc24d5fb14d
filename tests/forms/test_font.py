import json
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from forms import font
from forms.errors import FontError


def test_a_font_that_stands_is_not_made_again() -> None:
    before = font.FONT.stat().st_mtime_ns
    assert font.make_font() == font.MadeFont(font.FONT, was_made=False)
    assert font.FONT.stat().st_mtime_ns == before


def test_the_font_bears_our_name_and_no_reserved_one() -> None:
    with TTFont(font.FONT, lazy=True) as made:
        names = {one.nameID: str(one) for one in made["name"].names}
        assert "fvar" not in made
    assert names[1] == font.FAMILY
    for number in (1, 2, 3, 4, 6):
        assert not {"Source", "Noto"} & set(names[number].replace("-", " ").split())
    assert not {16, 17, 25} & set(names)


def test_the_licence_and_the_makers_travel_with_the_font() -> None:
    with TTFont(font.FONT, lazy=True) as made:
        names = {one.nameID: str(one) for one in made["name"].names}
    assert "Adobe" in names[0]
    assert "SIL Open Font License" in names[13]
    licence = (font.FOLDER / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_a_damaged_or_older_font_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def quick(_: Path, target: Path) -> None:
        made.append(target)
        target.write_bytes(b"font")

    monkeypatch.setattr(font, "_instance", quick)
    assert font.make_font(tmp_path).was_made
    assert not font.make_font(tmp_path).was_made
    (tmp_path / font.FONT.name).write_bytes(b"half")
    assert font.make_font(tmp_path).was_made
    receipt = json.loads((tmp_path / "made.json").read_text(encoding="utf-8"))
    (tmp_path / "made.json").write_text(json.dumps({**receipt, "recipe": 0}), encoding="utf-8")
    assert font.make_font(tmp_path).was_made
    (tmp_path / "OFL.txt").unlink()
    assert font.make_font(tmp_path).was_made
    assert len(made) == 4
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(
        ["OFL.txt", "made.json", font.FONT.name]
    )


def test_without_the_package_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(font, "_PACKAGE", "no_such_package")
    with pytest.raises(FontError, match="pip install"):
        font.make_font(tmp_path)
