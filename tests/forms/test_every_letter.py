"""Whatever is typed into whichever field stands on the paper, letter by letter, in its place."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import cycle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms import FilledSheet, catalogue, check, markup, pdf, render
from forms.answers import Answer
from forms.field import Field, Kind
from forms.font import font_path
from forms.mask import Mask
from tests.forms.hostile import payloads
from tests.forms.paper import text
from tests.forms.places import misplaced

DEFINED = catalogue().names()
OWN = ("admission_information", "pharmacy_slip")
PAPERS = [(name, "") for name in DEFINED if name not in OWN] + [(name, "mihon") for name in OWN]
RARE = "髙橋﨑山𠮷田渡邉渡邉\U000e0101渡邊\U000e0102神\ufa19 ﾐﾎﾝ ｶﾞｷﾞ㌔㎏㎖Ⅳ①々〆ヶ㍿°℃μ"
LONG = {
    "a name of 200 letters": "見" * 200,
    "a long address": "見本県見本郡見本町大字見本字架空9999番地の9999 " * 8,
    "half-width kana": "ﾐﾎﾝ ｶｸｳﾊﾞｯﾁｬﾝ ﾟｰ､｡" * 12,
    "rare letters and units": RARE * 6,
    "one long word": "W" * 300,
    "a Latin name": "Wilhelmina-Anastasia" * 10,
    "many lines": "一行\n" * 40,
}
PROSE = "見本の文章が続きます。髙﨑さんは㎎と㏄で量ります。" * 24
WORDS = st.lists(
    st.sampled_from([*"漢字かなカナabcWi019、。（）「」-/ \n", "𠮷", "邉\U000e0101", "ﾊﾞ", "㎏"]),
    min_size=1, max_size=260,
).map("".join)  # fmt: skip


def filled_with(
    name: str, words: Iterator[str], region: str = "", *, prose: str = ""
) -> FilledSheet:
    """Return a sheet with the next words in every place where somebody can type.

    prose: what stands in every box for long words instead.
    """
    definition = catalogue().sheet(name, region=region)
    answers: dict[str, Answer] = {}

    def row(field: Field) -> dict[str, str]:
        return {one.id: next(words) for one in field.columns if one.kind.is_written}

    for field in definition.fields():
        if field.kind is Kind.ROWS:
            answers[field.id] = (row(field),)
        elif field.kind is Kind.LONG_TEXT and prose:
            answers[field.id] = prose
        elif field.kind.is_written:
            answers[field.id] = next(words)
        elif field.kind.is_chosen:
            last = field.options[-1].id
            answers[field.id] = (last,) if field.kind is Kind.CHOICES else last
        elif field.kind is Kind.CODE:
            answers[field.id] = "M-2026-0042"
        for option in field.options:
            if option.blank:
                answers[f"{field.id}/{option.id}"] = next(words)
    return FilledSheet(definition=definition, answers=answers, mask=Mask.NONE)


def assert_every_letter_is_printed(sheet: FilledSheet, content: bytes | None = None) -> None:
    shown = Counter(text(content or render(sheet)))
    typed: Counter[str] = Counter()
    for field in sheet.definition.fields():
        if sheet.mask is not Mask.NONE and field.personal is not None:
            continue
        typed.update(_typed(sheet, field))
    missing = typed - shown
    assert not missing


def _typed(sheet: FilledSheet, field: Field) -> str:
    words = [str(answer) for key, answer in sheet.answers.items()
             if key.startswith(f"{field.id}/")]  # fmt: skip
    if field.kind.is_written:
        words.append(str(sheet.answers.get(field.id, "")))
    for row in sheet.answers.get(field.id, ()) if field.kind is Kind.ROWS else ():
        assert not isinstance(row, str)
        words += row.values()
    return re.sub(r"\s", "", "".join(words))


@pytest.mark.parametrize("name", DEFINED)
@pytest.mark.parametrize("kind", LONG)
@pytest.mark.long
def test_long_and_rare_words_in_every_field_are_printed_whole(name: str, kind: str) -> None:
    assert_every_letter_is_printed(filled_with(name, cycle([LONG[kind]])))


@pytest.mark.parametrize(("name", "region"), PAPERS)
def test_long_and_rare_words_by_turns_stand_whole_in_their_boxes(name: str, region: str) -> None:
    """Nothing leaves its page or its cell or covers anything, and full boxes go on."""
    sheet = filled_with(name, cycle(LONG.values()), region, prose=PROSE)
    check(sheet)
    press = pdf.press(font_path())
    with pdf.uncomplaining(press):
        document = pdf.laid_out(markup.html(sheet), press)
        content = document.write_pdf()
    assert misplaced(document) == []
    assert_every_letter_is_printed(sheet, content)
    said = text(content)
    boxes = [one for one in sheet.definition.fields() if one.kind is Kind.LONG_TEXT]
    assert said.count("（続きあり→続紙）") >= len(boxes)
    assert "続紙（欄に書ききれなかったつづき）" in said or not boxes
    number = len(document.pages)
    for at in range(1, number + 1):
        assert f"{at}/{number}頁" in said


@given(st.lists(WORDS, min_size=1, max_size=9), st.sampled_from(["reply_slip", "consent"]))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_words_in_every_field_are_printed_whole(words: list[str], name: str) -> None:
    assert_every_letter_is_printed(filled_with(name, cycle(words)))


@pytest.mark.parametrize("name", DEFINED)
def test_each_hostile_value_in_each_field_stays_text(name: str) -> None:
    """Markup is escaped before anything is laid out: every field, every one of the values."""
    hostile = payloads("http://127.0.0.1:9", "file:///nowhere")
    assert len(hostile) >= 40
    for start in range(len(hostile)):
        turned = hostile[start:] + hostile[:start]
        page = markup.html(filled_with(name, cycle(turned)))
        assert not re.search(r"<(?:img|object|embed|iframe|link|script|base|a|style)\b", page)
        assert not re.search(r"<[a-z][^>]*\s(?:src|href|data|background|srcset)=", page)
