"""The words of a message: how many, where to look, whom to telephone. Never who it is about.

No name, no code, no day of a stay: a mail is read by whoever stands behind the screen, and its
address may be wrong. Pure.
"""

from dataclasses import dataclass
from datetime import datetime

from handoffs.telling.outbox import Purpose

_MATTERS = {
    Purpose.REMINDER: "確認・連絡をお願いしたい引き継ぎが{count}件あります",
    Purpose.DIGEST: "一日分のまとめ：確認・連絡をお願いしたい引き継ぎが{count}件あります",
    Purpose.CLOSED_DAYS: "お休みの間に期限が来る引き継ぎが{count}件あります",
    Purpose.BEYOND_OFFICE: "両方の機関で話していただきたい引き継ぎが{count}件あります",
}
_ARRIVED = "未確認の連絡が{count}件あります"
_DISCHARGES = "お休みの間の退院予定が{count}件あります"
_ALWAYS = (
    "このメールには、患者さん・利用者さんの情報は入っていません。",
    "このメールには返信できません。",
)


@dataclass(frozen=True)
class Letter:
    """A message in words, without anything of a person."""

    subject: str
    body: str


@dataclass(frozen=True)
class Telephone:
    """Whom to telephone: an organization and its number."""

    organization: str
    number: str


def letter_of(
    purpose: Purpose,
    count: int,
    *,
    link: str,
    telephone: Telephone | None,
    arrived: bool = False,
    discharges: int = 0,
    expires: str = "",
) -> Letter:
    """Put a message in words.

    `discharges`: so many are planned for the closed days ahead. `arrived`: everything in it has
    been sent and waits for this side's receipt. `expires`: until when the link works, where it
    ends at all.
    """
    words = _words(purpose, count, discharges, arrived=arrived)
    subject = f"【つなぎ】{words}"
    lines = [
        f"{words}。",
        "次の画面を開き、サインインして確かめてください。",
        "",
        link,
        *([f"このリンクは{expires}まで使えます。"] if expires else []),
        "",
        _whom_to_call(telephone),
        *_ALWAYS,
    ]
    return Letter(subject, "\n".join(lines) + "\n")


def _words(purpose: Purpose, count: int, discharges: int, *, arrived: bool) -> str:
    """Say what it is about, in one line."""
    if discharges and not count:
        return _DISCHARGES.format(count=discharges)
    matter = _ARRIVED if arrived and purpose is Purpose.REMINDER else _MATTERS[purpose]
    words = matter.format(count=count)
    return f"{words}。{_DISCHARGES.format(count=discharges)}" if discharges else words


def link_letter(link: str, *, until: datetime, telephone: Telephone) -> Letter:
    """The words of a mail that brings a link without sign-in. `until` is in Tokyo's time."""
    words = "未確認の連絡が1件あります"
    lines = [
        f"{words}。",
        "次の画面を開き、電話で決めた合い言葉を入れて確かめてください。サインインはいりません。",
        "",
        link,
        f"このリンクは{until.month}月{until.day}日{until.hour}時{until.minute:02d}分まで使えます。",
        "",
        _whom_to_call(telephone),
        "合い言葉が分からないときは、病院にお電話ください。",
        *_ALWAYS,
    ]
    return Letter(f"【つなぎ】{words}", "\n".join(lines) + "\n")


def _whom_to_call(telephone: Telephone | None) -> str:
    if telephone is None or not telephone.number:
        return "お急ぎのときは、画面にある相手の電話番号にお電話ください。"
    return f"お急ぎのときのお電話　{telephone.organization}　{telephone.number}"
