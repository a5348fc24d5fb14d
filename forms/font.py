"""Make and find the one font that sheets are set in, Tsunagi Sans JP.

The outlines come from the variable Noto Sans JP of the package justmytype-intl-cjk, under the
SIL Open Font License. `make_font` freezes them at weight 400 once, at set-up: WeasyPrint lays
out a static TrueType font about four times as fast as a variable one. The licence travels with
the file, and the font bears our own name, as docs/decisions/0014-font.md explains.

Nothing here is committed and nothing is fetched: without the package, FontError says so.
"""

import gc
import hashlib
import importlib.util
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from forms.errors import FontError

FAMILY = "Tsunagi Sans JP"
WEIGHT = 400
FOLDER = Path(__file__).parent / "fonts" / "built"
FONT = FOLDER / "TsunagiSansJP-Regular.ttf"
HOW_TO_MAKE = (
    "シートの文字(フォント)がまだ作られていません。python -m forms font を実行してください。"
)

_PACKAGE = "justmytype_intl_cjk"
_SOURCE = Path("fonts") / "ofl" / "notosansjp" / "NotoSansJP[wght].ttf"
_LICENCE = "OFL.txt"
_RECEIPT = "made.json"

# Raise this when the recipe below changes, so that fonts made by an older one are made again.
_RECIPE = 1

# Name records: 0 copyright, 7 trademark, 8-14 makers and licence stay as Adobe and Google wrote
# them; these are the ones in which a font calls itself something.
_OUR_NAMES = {
    1: FAMILY,
    2: "Regular",
    3: f"{FAMILY}; {WEIGHT}; recipe {_RECIPE}",
    4: f"{FAMILY} Regular",
    6: "TsunagiSansJP-Regular",
}
_DROPPED_NAMES = (16, 17, 25)


@dataclass(frozen=True)
class MadeFont:
    """Where the font stands, and whether it had to be made."""

    path: Path
    was_made: bool


def font_path() -> Path:
    """Return the font's file.

    Raises:
        FontError: it has not been made yet.
    """
    if not FONT.is_file():
        raise FontError(HOW_TO_MAKE)
    return FONT


def make_font(folder: Path = FOLDER) -> MadeFont:
    """Make the font and lay its licence beside it, unless the same font already stands there.

    Takes about 20 seconds and 600 MB the first time, a fraction of a second afterwards.

    Raises:
        FontError: the package that brings the outlines is not installed, or is incomplete.
    """
    source = _source()
    target = folder / FONT.name
    recipe = {"recipe": _RECIPE, "source": _digest(source), "weight": WEIGHT}
    if _stands(folder, recipe):
        return MadeFont(target, was_made=False)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{FONT.name}.{os.getpid()}"
    _instance(source, unfinished)
    shutil.copyfile(source.with_name(_LICENCE), folder / _LICENCE)
    # A reader sees the old font or the new one, never half a file.
    unfinished.replace(target)
    receipt = {**recipe, "font": _digest(target)}
    (folder / _RECEIPT).write_text(json.dumps(receipt, indent=1) + "\n", encoding="utf-8")
    return MadeFont(target, was_made=True)


def _source() -> Path:
    """Return the variable font inside the installed package, without importing the package."""
    found = importlib.util.find_spec(_PACKAGE)
    roots = found.submodule_search_locations if found is not None else None
    for root in roots or ():
        source = Path(root) / _SOURCE
        if source.is_file() and source.with_name(_LICENCE).is_file():
            return source
    raise FontError(
        "フォントの元になるパッケージ justmytype-intl-cjk がありません。"
        "pip install -r requirements.txt を実行してください。"
    )


def _stands(folder: Path, recipe: dict[str, object]) -> bool:
    """Tell whether the folder holds the whole font that this recipe makes."""
    try:
        receipt = json.loads((folder / _RECEIPT).read_text(encoding="utf-8"))
        made = _digest(folder / FONT.name)
    except (OSError, ValueError):
        return False
    return bool(receipt == {**recipe, "font": made}) and (folder / _LICENCE).is_file()


def _instance(source: Path, target: Path) -> None:
    """Freeze the variable font at one weight and give it our name."""
    # Millions of small objects, none of them garbage: collecting costs a sixth of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        font = TTFont(source, lazy=True, recalcBBoxes=False, recalcTimestamp=False)
        instancer.instantiateVariableFont(font, {"wght": WEIGHT}, inplace=True, optimize=False)
        _rename(font)
        font.save(target)
    finally:
        if collecting:
            gc.enable()


def _rename(font: TTFont) -> None:
    names = font["name"]
    for number in (*_OUR_NAMES, *_DROPPED_NAMES):
        names.removeNames(nameID=number)
    for number, text in _OUR_NAMES.items():
        names.setName(text, number, 3, 1, 0x409)
    # The variable font calls itself Thin, its default.
    font["OS/2"].usWeightClass = WEIGHT


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
