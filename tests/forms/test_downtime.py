from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from forms import PdfError, downtime, render
from forms.__main__ import main
from handoffs.shown.downtime import Address, Downtime, DueLine
from tests.forms.paper import opened, pages, text

NOW = datetime(2026, 11, 22, 3, 5, tzinfo=UTC)
DUE = DueLine(
    ward="3階東病棟", name="見本 𠮷子", kana="ミホン ヨシコ", code="M-2026-0042",
    admitted_on=date(2026, 11, 20),
    due=(("入院の連絡", date(2026, 11, 23)), ("退院前カンファレンス", None)),
    whom="居宅介護支援事業所 みほんの丘　見本 恵", telephone="00-0000-0001",
)  # fmt: skip
LISTS = Downtime(
    house="見本中央病院",
    made_at=NOW,
    contacts=(Address("病棟", "3階東病棟", "00-0000-0009"),
              Address("居宅介護支援事業所", "みほんの丘", "00-0000-0001", "00-0000-0002")),
    due=(DUE,),
)  # fmt: skip


def test_the_kit_is_the_lists_and_every_empty_sheet_in_one_file() -> None:
    content = render(downtime.kit_of("mihon", LISTS))
    shown = pages(content)
    first = "".join(shown[0].split())
    for words in (
        "停止時用紙一式", "見本中央病院", "令和8年11月22日(日)12時05分現在", "見本𠮷子",
        "入院の連絡令和8年11月23日まで", "退院前カンファレンス", "みほんの丘",
    ):  # fmt: skip
        assert words in first
    assert "連絡先の一覧" not in first
    assert "00-0000-0002" in shown[1]
    rest = "".join("".join(page.split()) for page in shown[1:])
    for title in ("入院時情報提供書", "退院調整共有情報", "FAX送付状", "返信票", "同意書"):
        assert title in rest
    assert "見本𠮷子" not in rest
    assert all(f"{number} / {len(shown)}頁" in page for number, page in enumerate(shown, 1))


def test_paper_in_stock_has_nobody_on_it(tmp_path: Path) -> None:
    out = tmp_path / "kit.pdf"
    assert main(["downtime-kit", "--out", str(out)]) == 0
    shown = text(out.read_bytes())
    assert "本日の一覧" not in shown
    assert "入院時情報提供書" in shown
    assert "■" not in shown


def test_more_lines_than_can_be_printed_are_refused_with_the_way_out() -> None:
    many = Downtime("見本中央病院", NOW, (), (DUE,) * (downtime.MOST_LINES + 1))
    with pytest.raises(PdfError, match="病棟ごとに"):
        downtime.kit_of("mihon", many)


def test_a_letter_without_a_glyph_is_an_error_before_the_kit_is_printed() -> None:
    odd = Downtime("見本中央病院", NOW, (Address("病棟", "氏名秘😀", ""),), ())
    with pytest.raises(PdfError, match="「連絡先の名前」") as caught:
        render(downtime.kit_of("mihon", odd))
    assert "氏名秘" not in str(caught.value)


def test_the_kit_is_laid_down_whole_for_its_owner_alone_and_says_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "kits"
    kept = downtime.keep(b"%PDF-old", folder, 3)
    assert downtime.keep(b"%PDF-new", folder, 3) == kept
    assert kept.read_bytes() == b"%PDF-new"
    assert kept.name == "downtime-kit-3.pdf"
    assert [one.name for one in folder.iterdir()] == [kept.name]
    assert kept.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_an_empty_kit_opens_with_its_title() -> None:
    about = opened(render(downtime.kit_of(""))).metadata
    assert about is not None
    assert about.title == "停止時用紙一式"
