"""伏字: a person's name as it may stand on a FAX, by the region's policy.

Initials (M.Y.) are taken from the reading; ●京●郎 covers every other character of surname and
given name. A mask leaves nothing that another page of the same FAX would fill in again.
"""

import re
import unicodedata
from enum import StrEnum

COVER = "●"

_CHARACTER = re.compile("[^\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef]"
                        "[\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef]*")  # fmt: skip
_SPACE = re.compile(r"\s+")
_LETTERS = (
    ("ア", "A"), ("イヰ", "I"), ("ウ", "U"), ("エヱ", "E"), ("オヲ", "O"),
    ("カキクケコヵヶ", "K"), ("ガギグゲゴ", "G"), ("サシスセソ", "S"), ("ザズゼゾヅ", "Z"),
    ("ジヂ", "J"), ("タテトツ", "T"), ("チ", "C"), ("ダデド", "D"), ("ナニヌネノン", "N"),
    ("ハヒヘホ", "H"), ("フ", "F"), ("バビブベボ", "B"), ("パピプペポ", "P"),
    ("マミムメモ", "M"), ("ヤユヨ", "Y"), ("ラリルレロ", "R"), ("ワ", "W"), ("ヴ", "V"),
)  # fmt: skip
_INITIAL = {kana: letter for all_kana, letter in _LETTERS for kana in all_kana}
_SMALL = str.maketrans("ァィゥェォャュョ", "アイウエオヤユヨ")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


class Mask(StrEnum):
    """How a name is covered: not at all, by initials, or by ●."""

    NONE = "none"
    INITIALS = "initials"
    CIRCLES = "circles"


def masked(name: str, kana: str, mask: Mask) -> str:
    """Return the name as it may be printed.

    Initials need the reading; without one that can be read, the name is covered by ●.
    """
    if mask is Mask.NONE or not name.strip():
        return name
    if mask is Mask.INITIALS:
        letters = [_initial(part) for part in _SPACE.split(kana.strip()) if part]
        if letters and all(letters):
            return "".join(f"{letter}." for letter in letters)
    return "　".join(_covered(part) for part in _SPACE.split(name.strip()))


def _initial(part: str) -> str:
    first = unicodedata.normalize("NFKC", part)[0].translate(_HIRAGANA).translate(_SMALL)
    if first.isascii() and first.isalpha():
        return first.upper()
    return _INITIAL.get(first, "")


def _covered(part: str) -> str:
    """Cover the first character and every other one after it."""
    characters = _CHARACTER.findall(part)
    return "".join(COVER if at % 2 == 0 else one for at, one in enumerate(characters))
