"""People who do not exist, and whose names say so.

Every family name begins with a word such as 見本 or 架空. Some carry the variant
characters that a font or a search stumbles over (髙 﨑 𠮷 邉). Nobody is named twice
with the same birthday. Reads no clock.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from handoffs.stays.patients import Sex

MARKS = ("見本", "試作", "仮名", "例示", "架空", "模擬", "雛形")
"""Each invented name begins with one of these."""

_FAMILIES = (
    ("見本", "ミホン"),
    ("試作", "シサク"),
    ("仮名", "カメイ"),
    ("例示", "レイジ"),
    ("架空", "カクウ"),
    ("模擬", "モギ"),
    ("雛形", "ヒナガタ"),
    ("見本田", "ミホンダ"),
    ("試作川", "シサクガワ"),
    ("例示山", "レイジヤマ"),
    ("見本髙", "ミホンダカ"),
    ("仮名﨑", "カメイザキ"),
    ("架空𠮷", "カクウヨシ"),
    ("模擬邉", "モギベ"),
)
_WOMEN = (
    ("花子", "ハナコ"),
    ("ウメ", "ウメ"),
    ("和子", "カズコ"),
    ("節子", "セツコ"),
    ("キヨ", "キヨ"),
    ("幸子", "サチコ"),
    ("トミ", "トミ"),
    ("文子", "フミコ"),
    ("八重", "ヤエ"),
    ("静江", "シズエ"),
    ("千代", "チヨ"),
    ("ミツ", "ミツ"),
    ("良子", "ヨシコ"),
    ("松枝", "マツエ"),
    ("久美", "クミ"),
    ("あかね", "アカネ"),
)
_MEN = (
    ("太郎", "タロウ"),
    ("一郎", "イチロウ"),
    ("正夫", "マサオ"),
    ("清", "キヨシ"),
    ("茂", "シゲル"),
    ("勇", "イサム"),
    ("三郎", "サブロウ"),
    ("進", "ススム"),
    ("昭二", "ショウジ"),
    ("実", "ミノル"),
    ("健", "ケン"),
    ("武", "タケシ"),
)
_WORKERS = (
    "葵",
    "律",
    "翼",
    "渚",
    "薫",
    "歩",
    "円",
    "望",
    "遥",
    "泉",
    "光",
    "忍",
    "環",
    "楓",
    "岬",
    "旭",
)
_OLD, _MIDDLE, _YOUNG = (68, 97), (45, 64), (24, 39)


@dataclass(frozen=True)
class Person:
    """An invented person, as a hospital would write them down."""

    name: str
    kana: str
    birth_on: date
    sex: Sex
    municipality: str
    address: str
    in_region: bool | None
    key_person: tuple[str, str] | None
    """Name and relation of the key person; None where nobody has asked yet."""

    @property
    def family(self) -> str:
        """The family name."""
        return self.name.split()[0]


HOME_TOWNS = ("見本市", "試作町", "例示村")
OUTSIDE = "圏域外仮市"
"""The municipality beyond the border of the region."""

NEXT_DOOR = "手本市"
"""A municipality of the invented region next door (tehon), which has an edition of its own."""


class People:
    """Draws invented people one after the other, none of them twice."""

    def __init__(self, rng: Random, today: date) -> None:
        """Draw with `rng`; ages are ages on `today`."""
        self._rng = rng
        self._today = today
        self._known: set[tuple[str, date]] = set()

    def draw(self, *, ages: tuple[int, int] = _OLD, in_region: bool | None = True) -> Person:
        """Invent one more person, `ages` being the youngest and the oldest age."""
        rng = self._rng
        while True:
            family, family_kana = rng.choice(_FAMILIES)
            sex = Sex.FEMALE if rng.random() < 0.58 else Sex.MALE  # noqa: PLR2004
            given, given_kana = rng.choice(_WOMEN if sex is Sex.FEMALE else _MEN)
            years = rng.randint(*ages)
            born = self._today - timedelta(days=years * 365 + years // 4 + rng.randrange(1, 330))
            kana = f"{family_kana} {given_kana}"
            if (kana, born) not in self._known:
                break
        self._known.add((kana, born))
        town = OUTSIDE if in_region is False else rng.choice(HOME_TOWNS)
        return Person(
            name=f"{family} {given}",
            kana=kana,
            birth_on=born,
            sex=sex,
            municipality="" if in_region is None else town,
            address="" if in_region is None else f"{town}架空町{rng.randint(1, 9)}-0-0",
            in_region=in_region,
            key_person=self._relative(family),
        )

    def middle_aged(self) -> Person:
        """Invent somebody of 45 to 64."""
        return self.draw(ages=_MIDDLE)

    def young(self) -> Person:
        """Invent somebody below 40."""
        return self.draw(ages=_YOUNG)

    def _relative(self, family: str) -> tuple[str, str] | None:
        rng = self._rng
        if rng.random() < 0.25:  # noqa: PLR2004
            return None
        given, _ = rng.choice(_WOMEN)
        return f"{family} {given}", rng.choice(("長女", "長男の妻", "妻", "妹", "めい"))


def worker(position: int) -> str:
    """The name of the n-th member of staff: 16 given names for each family name."""
    families = len(_FAMILIES)
    given = _WORKERS[(position // families + position) % len(_WORKERS)]
    return f"{_FAMILIES[position % families][0]} {given}"
