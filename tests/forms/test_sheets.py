import re
from dataclasses import fields, replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from forms import AdmissionInformation, Contact, PdfError, SheetError, markup, render
from forms.admission_fields import BLOCKS
from forms.fields import Choice
from forms.samples import AMOUNTS, sample
from forms.sheets import LONGEST_TEXT, MOST_ROWS, SHEETS
from handoffs.contacts import ContactRole
from handoffs.figures import Cut, Figure, Measure, Row
from tests.forms.hostile import payloads
from tests.forms.paper import glyphs, opened, pages, printed, text

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = [(name, amount) for name in SHEETS for amount in AMOUNTS]


def full() -> AdmissionInformation:
    sheet = sample("admission_information", "full")
    assert isinstance(sheet, AdmissionInformation)
    return sheet


def filled(words: list[str]) -> AdmissionInformation:
    """Return a sheet with one of the words in every text field, in turn."""
    taken = iter(words * 100)
    named: dict[str, Any] = {
        one.name: next(taken) for one in fields(AdmissionInformation) if "label" in one.metadata
    }
    answers: dict[str, str | tuple[str, ...]] = {}
    for block in BLOCKS.values():
        for cell in block.cells():
            if isinstance(cell, Choice):
                for option in cell.options:
                    if option.blank:
                        answers[f"{cell.id}/{option.id}"] = next(taken)
            else:
                answers[cell.id] = next(taken)
    contacts = tuple(
        Contact(role=role, name=next(taken), relation=next(taken), telephone=next(taken))
        for role in ContactRole
    )
    return replace(AdmissionInformation(), **named, answers=answers, contacts=contacts)


@pytest.mark.parametrize(("name", "amount"), SAMPLES)
def test_the_text_of_every_sample_is_the_one_that_was_looked_at(
    name: str, amount: str, pytestconfig: pytest.Config
) -> None:
    golden = GOLDEN / f"{name}-{amount}.txt"
    extracted = "\f".join(pages(printed(name, amount))) + "\n"
    if pytestconfig.getoption("--rewrite-sheets", default=False):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(extracted, encoding="utf-8")
    assert extracted == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "amount"), SAMPLES)
def test_every_sample_has_its_pages_its_title_and_no_missing_glyph(name: str, amount: str) -> None:
    document = opened(printed(name, amount))
    assert len(document.pages) == (2 if name == "admission_information" else 1)
    assert document.metadata is not None
    assert document.metadata.title == SHEETS[name].title
    assert 0 not in glyphs(printed(name, amount))
    assert len(printed(name, amount)) < 200_000


def test_every_page_says_case_and_page_of_pages() -> None:
    for number, page in enumerate(pages(printed("admission_information", "full")), start=1):
        assert "M-2026-0042" in page
        assert f"{number} / 2頁" in page


def test_what_is_known_stands_on_the_sheet_with_dates_in_their_era() -> None:
    content = text(printed("admission_information", "full"))
    for known in (
        "見本𠮷子", "ミホンヨシコ", "昭和12年3月4日", "89歳", "■女", "入院日令和8年11月20日",
        "■要介護2", "令和8年4月1日～令和10年3月31日", "■区分変更申請中", "見本﨑子（長女・61歳）",
        "■あり（仙骨部）", "■一部介助", "俳句、庭の手入れ。",
    ):  # fmt: skip
        assert known in content


def test_the_empty_sheet_ticks_nothing_and_has_the_same_boxes_as_the_full_one() -> None:
    empty = text(printed("admission_information", "empty"))
    assert "■" not in empty
    for block in BLOCKS.values():
        for line in block.lines:
            for row in line.rows:
                assert row.label in empty


def test_the_report_says_range_definition_nobody_and_that_it_stays_inside() -> None:
    report = text(printed("missed_coordination_report", "full"))
    for words in (
        "9.6～12.8%",
        "12/125件",
        "確定",
        "要支援15.4～19.2%",
        "保健所の中での利用に限り",
    ):
        assert words in report
    assert "分母:その月に生存退院した方のうち" in report
    assert text(printed("missed_coordination_report", "empty")).count("対象なし") >= 3 + 6
    assert "速報" in text(printed("missed_coordination_report", "half"))


def test_a_region_with_many_hospitals_continues_on_a_second_page() -> None:
    report = sample("missed_coordination_report", "full")
    assert not isinstance(report, AdmissionInformation)
    rows = tuple(Row(f"見本第{number}病院", Figure(1, 9, 1)) for number in range(1, 81))
    first, *others = report.rates.measures
    longer = replace(first, cuts=(*first.cuts, Cut("病院", rows)))
    content = render(replace(report, rates=replace(report.rates, measures=(longer, *others))))
    assert len(opened(content).pages) > 1
    shown = text(content)
    assert all(f"見本第{number}病院" in shown for number in range(1, 81))


def test_hidden_whereabouts_are_on_no_page() -> None:
    content = text(render(replace(full(), whereabouts_hidden=True)))
    for hidden in ("見本町1丁目", "00-0000-0003", "00-0000-0004", "見本﨑子"):
        assert hidden not in content
    assert "記載を控えます" in content


def test_consent_is_stated_only_when_it_is_on_record() -> None:
    sentence = "ご本人・ご家族の同意にもとづき"
    assert f"■{sentence}" in text(printed("admission_information", "full"))
    assert f"■{sentence}" not in text(printed("admission_information", "half"))


@pytest.mark.parametrize("number", range(len(payloads("", ""))))
def test_markup_in_any_field_stays_text(number: int) -> None:
    words = payloads("http://127.0.0.1:9", "file:///nowhere")
    shown = filled(words[number:] + words[:number])

    class Tags(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.seen: set[str] = set()
            self.words = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.seen.add(tag)
            assert not {"src", "href", "background", "srcset", "data"} & {name for name, _ in attrs}

        def handle_data(self, data: str) -> None:
            self.words += data

    page = Tags()
    page.feed(markup.html(shown))
    assert page.seen <= {
        "html", "head", "meta", "title", "body", "header", "section", "h1", "h2", "p", "br",
        "table", "colgroup", "col", "tr", "th", "td", "div", "span",
    }  # fmt: skip
    for _, typed in shown.texts():
        assert typed in page.words


@pytest.mark.parametrize("start", [0, 25])
def test_markup_in_every_field_is_printed_letter_by_letter(start: int) -> None:
    words = payloads("http://127.0.0.1:9", "file:///nowhere")[start : start + 25]
    content = render(filled(words))
    shown = text(content)
    assert not opened(content).attachments
    for typed in words:
        assert re.sub(r"\s", "", typed) in shown


def test_long_texts_continue_and_nothing_is_clipped() -> None:
    name, address = "見本" * 100, "見本町" * 66
    prose = "".join(f"〔{number:03}〕見本の文章が続きます。" for number in range(124))[:2000]
    answers = {
        cell.id: prose
        for block in BLOCKS.values()
        for cell in block.cells()
        if not isinstance(cell, Choice) and hasattr(cell, "lines")
    }
    content = render(
        replace(full(), patient_name=name, patient_kana=name, address=address, answers=answers)
    )
    shown = text(content)
    assert name in shown
    assert address in shown
    assert len(opened(content).pages) > 2
    for number in range(1, 123):
        assert shown.count(f"〔{number:03}〕") == len(answers)


def test_no_text_leaves_the_page() -> None:
    answers = {**full().answers, "pressure_ulcer/present": "長" * 200, "meals": "8" * 200}
    long = replace(full(), patient_name="見" * 200, office="W" * 300, answers=answers)
    for page in opened(render(long)).pages:
        places: list[tuple[float, float]] = []

        def place(
            words: str, to_page: list[float], to_line: list[float], _font: object, _size: float,
            places: list[tuple[float, float]] = places,
        ) -> None:  # fmt: skip
            if words.strip():
                places.append((
                    to_line[4] * to_page[0] + to_page[4], to_line[5] * to_page[3] + to_page[5],
                ))  # fmt: skip

        page.extract_text(visitor_text=place)
        assert places
        assert all(31 <= x <= 564 for x, _ in places)
        assert all(8 <= y <= 817 for _, y in places)


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (AdmissionInformation(patient_name="氏名秘😀"), "「患者氏名」の4文字目"),
        (AdmissionInformation(address="氏名秘\x00"), "「住所」"),
        (
            AdmissionInformation(contacts=(Contact(role=ContactRole.KEY_PERSON, name="氏名秘😀"),)),
            "「連絡先の氏名」",
        ),
        (
            AdmissionInformation(answers={"interests": "氏名秘😀"}),
            "「本人の趣味・興味・関心領域等」",
        ),
        (AdmissionInformation(office="氏名秘" * LONGEST_TEXT), "「事業所名」が長すぎます"),
        (
            AdmissionInformation(contacts=(Contact(role=ContactRole.NOBODY),) * (MOST_ROWS + 1)),
            "行が多すぎます",
        ),
    ],
)
def test_what_cannot_be_printed_is_an_error_that_names_the_field(
    sheet: AdmissionInformation, words: str
) -> None:
    with pytest.raises(PdfError, match=re.escape(words)):
        render(sheet)


def test_a_validity_that_ends_before_it_begins_is_no_sheet() -> None:
    with pytest.raises(SheetError, match="有効期間"):
        AdmissionInformation(valid_from=date(2026, 4, 1), valid_until=date(2026, 3, 31))


def test_answers_cannot_be_changed_once_they_are_on_a_sheet() -> None:
    given: dict[str, str | tuple[str, ...]] = {"mobility": "independent"}
    sheet = AdmissionInformation(answers=given)
    given["mobility"] = "full_help"
    assert sheet.answers["mobility"] == "independent"
    with pytest.raises(TypeError):
        sheet.answers["mobility"] = "full_help"  # type: ignore[index]


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert render(full()) == printed("admission_information", "full")


def test_split_kana_are_printed_joined() -> None:
    assert "ガ" in text(render(AdmissionInformation(patient_kana="カ\u3099")))


def test_a_measure_without_anybody_prints_no_rate() -> None:
    report = sample("missed_coordination_report", "empty")
    assert not isinstance(report, AdmissionInformation)
    nobody = Measure("referral", "新規相談につないだ率", ("数え方",), Figure(0, 0), (), ())
    page = markup.html(replace(report, rates=replace(report.rates, measures=(nobody,), trend=())))
    assert "対象なし" in page
    assert "%" not in page.split("</header>")[1].split("<svg")[0]
