"""Which characters a person's name can be written with, and what to say of the others.

Every script and every shape of a kanji is a name: 旧字, 異体字 with their selectors, 々, Latin
letters, ・ and spaces. Pictures are none, and what cannot be seen or printed elsewhere is refused
before it reaches a sheet: controls, signs that turn the line, 外字 that only one terminal knows.
"""

import unicodedata

from handoffs.stays.patients import fold

_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Cs", "Zl", "Zp"})
_PRIVATE = "Co"
_KEYCAP = "Me"
_PICTURES = (
    range(0x2600, 0x27C0),
    range(0x2B00, 0x2C00),
    range(0x1F000, 0x1FC00),
    range(0xFE0E, 0xFE10),
)
"""Blocks of pictures and signs; ㈱, 〇 and ㍿ lie elsewhere. The last choose a picture's shape."""


def wrong_name(text: str) -> str | None:
    """Say what is wrong with a name or its kana; None if it can be written everywhere."""
    kinds = {unicodedata.category(character) for character in text}
    if _KEYCAP in kinds or any(ord(c) in block for c in text for block in _PICTURES):
        return "絵文字や記号は使えません。文字だけで入力し直してください。"
    if _PRIVATE in kinds:
        return (
            "この端末だけの外字という文字が含まれています。ほかの画面や印刷では読めないので、"
            "近い字かカナで入力してください。"
        )
    if kinds & _UNSEEN or not fold(text):
        return "文字として使えないものが含まれています。いったん消して、入力し直してください。"
    return None
