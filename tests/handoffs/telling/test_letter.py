"""The words of every message: how many, where to look, whom to call."""

import pytest

from handoffs.telling.letter import Telephone, letter_of
from handoffs.telling.outbox import Purpose

LINK = "https://tsunagi.example.jp/worklist"
HOSPITAL = Telephone("見本中央病院", "000-0000-0001")


# A link without sign-in has words of its own (handoffs/link/mail.py), and a FAX is no letter.
@pytest.mark.parametrize("purpose", sorted(set(Purpose) - {Purpose.LINK, Purpose.FAX}))
def test_every_purpose_has_words_of_one_line_with_the_count(purpose: Purpose) -> None:
    letter = letter_of(purpose, 3, link=LINK, telephone=HOSPITAL)

    assert "3件" in letter.subject
    assert "\n" not in letter.subject
    assert LINK in letter.body
    assert "見本中央病院　000-0000-0001" in letter.body
    assert "期限超過" not in letter.subject + letter.body


def test_what_only_waits_for_a_receipt_says_so() -> None:
    letter = letter_of(Purpose.REMINDER, 1, link=LINK, telephone=HOSPITAL, arrived=True)

    assert letter.subject == "【つなぎ】未確認の連絡が1件あります"


@pytest.mark.parametrize("telephone", [None, Telephone("見本中央病院", "")])
def test_without_a_number_it_says_where_to_find_one(telephone: Telephone | None) -> None:
    body = letter_of(Purpose.DIGEST, 2, link=LINK, telephone=telephone).body

    assert "画面にある相手の電話番号" in body


def test_a_link_that_ends_says_until_when() -> None:
    given = letter_of(Purpose.REMINDER, 1, link=LINK, telephone=None, expires="11月27日17時")
    plain = letter_of(Purpose.REMINDER, 1, link=LINK, telephone=None)

    assert "このリンクは11月27日17時まで使えます。" in given.body
    assert "このリンクは" not in plain.body


def test_before_closed_days_it_says_how_many_discharges_are_planned_for_them() -> None:
    both = letter_of(Purpose.CLOSED_DAYS, 2, link=LINK, telephone=None, discharges=3)
    alone = letter_of(Purpose.CLOSED_DAYS, 0, link=LINK, telephone=None, discharges=1)

    assert "2件あります。お休みの間の退院予定が3件あります" in both.subject
    assert alone.subject == "【つなぎ】お休みの間の退院予定が1件あります"
