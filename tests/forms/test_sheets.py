import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from forms import FilledSheet, MissedCoordinationReport, PdfError, SheetError, markup, render
from forms.answers import Answer, rows_in
from forms.catalogue import catalogue
from forms.field import Field, Kind
from forms.filled import BY_TELEPHONE, WITHHELD
from forms.mask import Mask
from forms.paper import Paper
from forms.samples import AMOUNTS, sample
from forms.sheets import LONGEST_TEXT, MOST_ROWS
from handoffs.rates.figures import Cut, Figure, Measure, Row
from tests.forms.hostile import SECRET, payloads
from tests.forms.paper import NAMES, filled, glyphs, opened, pages, printed, text

GOLDEN = Path(__file__).parent / "golden"
OWN = ("admission_information", "pharmacy_slip")
SAMPLES = [(name, amount, "") for name in NAMES for amount in AMOUNTS]
SAMPLES += [(name, amount, "mihon") for name in OWN for amount in AMOUNTS]
DEFINED = catalogue().names()
PAGES = {"admission_information": 2, "discharge_record": 2, "discharge_coordination": 2}


def full() -> FilledSheet:
    return filled("admission_information")


def with_answers(**answers: Answer) -> FilledSheet:
    return FilledSheet(definition=full().definition, answers=answers)


def stuffed(name: str, words: list[str]) -> FilledSheet:
    """Return a sheet with one of the words in every text field, in turn."""
    taken = iter(words * 100)
    definition = catalogue().sheet(name)

    def answer(field: Field) -> Answer:
        if field.kind is Kind.ROWS:
            return ({column.id: next(taken) for column in field.columns if column.kind.is_written},)
        if field.kind.is_written:
            return next(taken)
        return "M-2026-0042" if field.kind is Kind.CODE else ""

    answers = {field.id: answer(field) for field in definition.fields()}
    for field in definition.fields():
        for option in field.options:
            if option.blank:
                answers[f"{field.id}/{option.id}"] = next(taken)
    return FilledSheet(definition=definition, answers=answers)


@pytest.mark.parametrize(("name", "amount", "region"), SAMPLES)
def test_the_text_of_every_sample_is_the_one_that_was_looked_at(
    name: str, amount: str, region: str, pytestconfig: pytest.Config
) -> None:
    golden = GOLDEN / f"{region + '-' if region else ''}{name}-{amount}.txt"
    extracted = "\f".join(pages(printed(name, amount, region))) + "\n"
    if pytestconfig.getoption("--rewrite-sheets", default=False):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(extracted, encoding="utf-8")
    assert extracted == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "amount", "region"), SAMPLES)
def test_every_sample_has_its_pages_its_title_and_no_missing_glyph(
    name: str, amount: str, region: str
) -> None:
    content = printed(name, amount, region)
    document = opened(content)
    assert len(document.pages) == PAGES.get(name, 1)
    assert document.metadata is not None
    assert document.metadata.title == sample(name, amount, region).title
    assert 0 not in glyphs(content)
    assert len(content) < 200_000


@pytest.mark.parametrize("name", DEFINED)
def test_every_page_says_case_version_and_page_of_pages(name: str) -> None:
    shown = pages(printed(name, "full"))
    for number, page in enumerate(shown, start=1):
        assert "M-2026-0042" in page
        assert "第1版（様式 令和8年11月22日）" in page
        assert f"{number} / {len(shown)}頁" in page


@pytest.mark.parametrize("name", DEFINED)
def test_the_full_sample_fills_every_field_and_nothing_is_missing(name: str) -> None:
    sheet = filled(name)
    assert not [one.id for one in sheet.definition.fields() if one.id not in sheet.answers]
    assert sheet.missing() == ()
    assert filled(name, "empty").missing()


@pytest.mark.parametrize("name", DEFINED)
def test_every_label_and_choice_of_the_definition_stands_on_the_paper(name: str) -> None:
    empty = text(printed(name, "empty"))
    for block in catalogue().sheet(name).blocks:
        assert re.sub(r"\s", "", block.title) in empty
        for line in block.lines:
            for row in line.rows:
                if row.if_filled or row.fields[0].kind is Kind.CODE or not line.rows[0].label:
                    continue
                if block.style != "plain":
                    assert re.sub(r"\s", "", row.label) in empty
                for one in (*row.fields, *(c for f in row.fields for c in f.columns)):
                    for option in one.options:
                        assert re.sub(r"\s", "", option.label) in empty


@pytest.mark.parametrize("name", DEFINED)
def test_the_empty_sheet_ticks_nothing(name: str) -> None:
    assert "■" not in text(printed(name, "empty"))


def test_what_is_known_stands_on_the_sheet_with_dates_in_their_era() -> None:
    content = text(printed("admission_information", "full"))
    for known in (
        "見本𠮷子", "ミホンヨシコ", "昭和12年3月4日", "89歳", "■女", "入院日令和8年11月20日",
        "■要介護2", "令和8年4月1日～令和10年3月31日", "■区分変更申請中", "見本﨑子続柄長女61歳",
        "■あり（仙骨部）", "■一部介助", "俳句、庭の手入れ。",
    ):  # fmt: skip
        assert known in content


def test_the_report_says_range_definition_nobody_and_what_it_does_not_show() -> None:
    report = text(printed("missed_coordination_report", "full"))
    for words in (
        "9.6～12.8%",
        "240/2500件",
        "確定",
        "要支援15.4～19.2%",
        "10件未満の件数",
    ):
        assert words in report
    assert "分母:その月に生存退院した方のうち" in report
    assert text(printed("missed_coordination_report", "empty")).count("対象なし") >= 3 + 6
    assert "速報" in text(printed("missed_coordination_report", "half"))


def test_a_region_with_many_hospitals_continues_on_a_second_page() -> None:
    report = sample("missed_coordination_report", "full")
    assert isinstance(report, MissedCoordinationReport)
    rows = tuple(Row(f"見本第{number}病院", Figure(1, 9, 1)) for number in range(1, 81))
    first, *others = report.rates.measures
    longer = replace(first, cuts=(*first.cuts, Cut("病院", rows)))
    content = render(replace(report, rates=replace(report.rates, measures=(longer, *others))))
    assert len(opened(content).pages) > 1
    shown = text(content)
    assert all(f"見本第{number}病院" in shown for number in range(1, 81))


def test_hidden_whereabouts_are_on_no_page() -> None:
    content = text(render(replace(full(), whereabouts_hidden=True)))
    for hidden in (
        "見本町1丁目",
        "00-0000-0003",
        "00-0000-0004",
        "00-0000-0024",
        "見本﨑子",
        "長女（同居",
    ):
        assert hidden not in content
    assert WITHHELD in content


@pytest.mark.parametrize("name", DEFINED)
def test_hidden_whereabouts_are_on_no_sheet_at_all(name: str) -> None:
    hidden = replace(filled(name), whereabouts_hidden=True)
    content = text(render(hidden))
    for field in hidden.definition.fields():
        answer = hidden.answers.get(field.id, "")
        if hidden.withheld(field) and isinstance(answer, str) and len(answer) > 3:
            assert re.sub(r"\s", "", answer) not in content


@pytest.mark.parametrize("mask", [Mask.INITIALS, Mask.CIRCLES])
@pytest.mark.parametrize("name", ["admission_information", "admission_notice", "fax_cover"])
def test_a_masked_sheet_has_neither_name_nor_birth_nor_address(name: str, mask: Mask) -> None:
    content = text(render(replace(filled(name), mask=mask)))
    for covered in ("見本𠮷子", "ミホンヨシコ", "昭和12年", "1丁目", "0000000000", "見本﨑子"):
        assert covered not in content
    assert ("M.Y." if mask is Mask.INITIALS else "●本●子") in content
    assert BY_TELEPHONE in content


def test_a_cover_covers_the_name_even_where_nobody_asked_for_a_mask() -> None:
    for name in ("fax_cover", "reply_slip"):
        assert "●本●子" in text(printed(name, "full"))
        assert "見本𠮷子" not in text(printed(name, "full"))


def test_consent_is_stated_only_when_it_is_on_record() -> None:
    sentence = "ご本人・ご家族の同意にもとづき"
    assert f"■{sentence}" in text(printed("admission_information", "full"))
    assert f"■{sentence}" not in text(printed("admission_information", "half"))


def test_suspected_abuse_is_asked_on_no_sheet() -> None:
    for region in ("", *catalogue().regions):
        for name in catalogue().names(region):
            definition = catalogue().sheet(name, region=region)
            words = [one.label for one in definition.fields()]
            words += [option.label for one in definition.fields() for option in one.options]
            words += [sentence for block in definition.blocks for sentence in block.words]
            assert not [one for one in words if "虐待" in one]


@pytest.mark.parametrize("name", DEFINED)
@pytest.mark.parametrize("start", range(0, len(payloads("", "")), 10))
def test_markup_in_any_field_stays_text(name: str, start: int) -> None:
    words = payloads("http://127.0.0.1:9", "file:///nowhere")
    shown = stuffed(name, words[start:] + words[:start])

    class Tags(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.seen: set[str] = set()

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.seen.add(tag)
            assert not {"src", "href", "background", "srcset", "data"} & {name for name, _ in attrs}

    page = Tags()
    page.feed(markup.html(shown))
    assert page.seen <= {
        "html", "head", "meta", "title", "body", "header", "section", "article", "h1", "h2", "h3",
        "p", "br", "table", "colgroup", "col", "tr", "th", "td", "div", "span",
        "svg", "rect", "path", "wbr",
    }  # fmt: skip


@pytest.mark.parametrize("name", DEFINED)
def test_markup_in_every_field_is_printed_letter_by_letter(
    name: str, canary: ThreadingHTTPServer, secret: Path
) -> None:
    words = payloads(f"http://127.0.0.1:{canary.server_port}", secret.as_uri())
    shown = replace(stuffed(name, words), mask=Mask.NONE)
    content = render(shown)
    said = text(content).replace("（続きあり→続紙）", "")
    assert not opened(content).attachments
    assert SECRET not in said
    assert not canary.hits  # type: ignore[attr-defined]
    paper = Paper(shown)
    assert paper.pieces
    for cut in paper.pieces.values():
        assert re.sub(r"\s", "", cut.words) in said
        assert re.sub(r"\s", "", cut.rest) in said
    # A cell that breaks its line is read with its neighbour in between: its letters are counted.
    cells = [
        words
        for field in shown.definition.fields()
        for row in rows_in(shown.answers, field)
        for words in row.values()
    ]
    assert not Counter(re.sub(r"\s", "", "".join(cells))) - Counter(said)


@pytest.mark.parametrize("name", DEFINED)
@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.long
def test_every_hostile_value_in_every_field_is_printed_letter_by_letter_and_nothing_else(
    name: str, half: int, canary: ThreadingHTTPServer, secret: Path
) -> None:
    """One rendering holds half of the values in every place where somebody can type."""
    words = payloads(f"http://127.0.0.1:{canary.server_port}", secret.as_uri())
    shown = replace(stuffed(name, ["\n".join(words[half::2])]), mask=Mask.NONE)
    content = render(shown)
    said = text(content).replace("（続きあり→続紙）", "")
    assert not opened(content).attachments
    assert SECRET not in said
    assert not canary.hits  # type: ignore[attr-defined]
    # A cell that breaks its line, or its page, is read with its neighbour or the foot in between:
    # letters are counted.
    typed: Counter[str] = Counter()
    for cut in Paper(shown).pieces.values():
        typed.update(re.sub(r"\s", "", cut.words + cut.rest))
    for field in shown.definition.fields():
        for row in rows_in(shown.answers, field):
            typed.update(re.sub(r"\s", "", "".join(row.values())))
    assert typed["<"] >= len(words) // 2
    assert not typed - Counter(said)


def test_long_texts_continue_on_a_page_of_their_own_and_nothing_is_clipped() -> None:
    name, address = "見本" * 100, "見本町" * 66
    prose = "".join(f"〔{number:03}〕見本の文章が続きます。" for number in range(124))[:2000]
    written = {one.id: prose for one in full().definition.fields() if one.kind is Kind.LONG_TEXT}
    known = {"patient_name": name, "patient_kana": name, "address": address}
    sheet = replace(full(), answers={**full().answers, **known, **written})
    content = render(sheet)
    shown = text(content)
    assert name in shown
    assert address in shown
    assert shown.count("（続きあり→続紙）") == len(written)
    assert shown.count("（つづき）") == len(written)
    assert "続紙（欄に書ききれなかったつづき）" in shown
    for number in range(1, 123):
        assert shown.count(f"〔{number:03}〕") == len(written)
    assert all("M-2026-0042" in page for page in pages(content))


def test_a_short_text_of_any_length_loses_nothing_either() -> None:
    words = "".join(f"{number:04}" for number in range(400))
    content = render(replace(full(), answers={**full().answers, "office": words}))
    shown = text(content)
    first = shown.split("（続きあり→続紙）")[0].rsplit("事業所名", 1)[1]
    rest = shown.split("事業所名（つづき）")[1]
    assert first + rest[: len(words) - len(first)] == words


def test_no_text_leaves_the_page() -> None:
    answers = {**full().answers, "pressure_ulcer/present": "長" * 200, "udf": "8" * 200}
    answers |= {"patient_name": "見" * 200, "office": "W" * 300}
    long = replace(full(), answers=answers)
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
    ("answers", "words"),
    [
        ({"patient_name": "氏名秘😀"}, "「患者氏名」の4文字目"),
        ({"address": "氏名秘\x00"}, "「住所」"),
        ({"other_contacts": ({"name": "氏名秘😀"},)}, "「そのほかの連絡先の氏名」"),
        ({"interests": "氏名秘😀"}, "「本人の趣味・興味・関心領域等」"),
        ({"pressure_ulcer/present": "氏名秘😀"}, "「褥瘡の有無(あり)」"),
        ({"office": "氏名秘" * LONGEST_TEXT}, "「事業所名」が長すぎます"),
        ({"other_contacts": ({"name": "見本"},) * (MOST_ROWS + 1)}, "行が多すぎます"),
    ],
)
def test_what_cannot_be_printed_is_an_error_that_names_the_field(
    answers: dict[str, Answer], words: str
) -> None:
    with pytest.raises(PdfError, match=re.escape(words)) as caught:
        render(with_answers(**answers))
    assert "氏名秘" not in str(caught.value)


def test_a_validity_that_ends_before_it_begins_is_no_sheet() -> None:
    with pytest.raises(SheetError, match="有効期間"):
        with_answers(valid_from="2026-04-01", valid_until="2026-03-31")


def test_answers_cannot_be_changed_once_they_are_on_a_sheet() -> None:
    given: dict[str, Answer] = {"mobility": "independent"}
    sheet = FilledSheet(definition=full().definition, answers=given)
    given["mobility"] = "full_help"
    assert sheet.answers["mobility"] == "independent"
    with pytest.raises(TypeError):
        sheet.answers["mobility"] = "full_help"  # type: ignore[index]


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert render(full()) == printed("admission_information", "full")


def test_split_kana_are_printed_joined() -> None:
    assert "ガ" in text(render(with_answers(patient_kana="カ\u3099")))


def test_a_measure_without_anybody_prints_no_rate() -> None:
    report = sample("missed_coordination_report", "empty")
    assert isinstance(report, MissedCoordinationReport)
    nobody = Measure("referral", "新規相談につないだ率", ("数え方",), Figure(0, 0), (), ())
    page = markup.html(replace(report, rates=replace(report.rates, measures=(nobody,), trend=())))
    assert "対象なし" in page
    assert "%" not in page.split("</header>")[1].split("<svg")[0]
