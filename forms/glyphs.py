"""Tell whether our font can print a text exactly as it was typed.

A box (tofu), a letter of another font or a plain 邉 in place of the variant that stands in the
family register would each be a wrong name on an official sheet. So every text is checked
before anything is laid out. Errors name the field and never what it contains.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from forms.errors import PdfError
from forms.font import font_path

# Line ends and tabs lay text out; they need no glyph.
_LAYOUT = frozenset("\n\r\t")

# Unicode's variation selectors: a glyph variant of the character before them.
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))

# か and a combining ゛, as macOS files carry them. Only these are joined: NFC on the whole text
# would also turn 神 (U+FA19) into 神 (U+795E), which is another name.
_SPLIT_KANA = re.compile("[\u3041-\u30ff][\u3099\u309a]")


@dataclass(frozen=True)
class Coverage:
    """The characters, and the variant pairs, that a font has a glyph for."""

    characters: frozenset[int]
    variants: frozenset[tuple[int, int]]


def printable(text: str) -> str:
    """Return the text as it is laid out: か + ゛ joined to が, nothing else changed."""
    return _SPLIT_KANA.sub(lambda pair: unicodedata.normalize("NFC", pair.group()), text)


def is_selector(code: int) -> bool:
    """Whether a character selects a variant of the one before it."""
    return any(code in selectors for selectors in _SELECTORS)


def check_texts(texts: Iterable[tuple[str, str]]) -> None:
    """Refuse texts that the font cannot set exactly.

    Args:
        texts: pairs of the field's name on the paper and its contents.

    Raises:
        PdfError: names the field, and says what to do.
        FontError: the font has not been made.
    """
    coverage = _coverage(font_path())
    for label, text in texts:
        _check(label, printable(text), coverage)


def _check(label: str, text: str, coverage: Coverage) -> None:
    previous = 0
    for number, character in enumerate(text, start=1):
        code = ord(character)
        if is_selector(code):
            if (previous, code) not in coverage.variants:
                raise PdfError(
                    f"「{label}」の{number}文字目の異体字(IVS)は、このフォントでは印刷できません。"
                    "異体字の指定を外すか、空欄で印刷して手書きしてください。"
                )
        elif unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            if character not in _LAYOUT:
                raise PdfError(
                    f"「{label}」の{number}文字目に、目に見えない制御文字があります。"
                    "その欄を打ち直してください。"
                )
        elif code not in coverage.characters:
            raise PdfError(
                f"「{label}」の{number}文字目は、このフォントにない文字です。"
                "かなか別の字に直すか、空欄で印刷して手書きしてください。"
            )
        previous = code


@cache
def _coverage(path: Path) -> Coverage:
    """Read what the font has glyphs for; about 0.1 seconds, once a process."""
    with TTFont(path, lazy=True) as font:
        characters = frozenset(font.getBestCmap())
        variants = frozenset(
            (base, selector)
            for table in font["cmap"].tables
            if table.format == 14  # noqa: PLR2004  OpenType's number for variation sequences
            for selector, pairs in table.uvsDict.items()
            for base, _ in pairs
        )
    return Coverage(characters, variants)
