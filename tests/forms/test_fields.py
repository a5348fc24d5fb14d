import pytest

from forms.admission_fields import BLOCKS, READ, UNVERIFIED
from forms.errors import SheetError
from forms.fields import Choice, check_answers, texts


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"abuse": "yes"}, "abuse という欄はありません"),
        ({"mobility": "氏名秘"}, "independent, supervised, partial_help, full_help"),
        ({"mobility": ("independent", "full_help")}, "一つだけ"),
        ({"interests": ("俳句",)}, "文字を書いて"),
        ({"mobility/independent": "氏名秘"}, "書き込む欄がありません"),
        ({"interests/other": "氏名秘"}, "書き込む欄がありません"),
        ({"pressure_ulcer/present": ("仙骨部",)}, "文字を書いて"),
    ],
)
def test_an_answer_without_a_place_is_refused(
    answers: dict[str, str | tuple[str, ...]], words: str
) -> None:
    with pytest.raises(SheetError, match=words):
        check_answers(answers, BLOCKS)


def test_every_option_of_every_choice_is_accepted() -> None:
    for block in BLOCKS.values():
        for cell in block.cells():
            for option in cell.options if isinstance(cell, Choice) else ():
                check_answers({cell.id: option.id}, BLOCKS)


def test_ids_are_unique_on_the_sheet_and_among_the_options() -> None:
    cells = [cell for block in BLOCKS.values() for cell in block.cells()]
    assert len({cell.id for cell in cells}) == len(cells)
    for cell in cells:
        if isinstance(cell, Choice):
            assert len({option.id for option in cell.options}) == len(cell.options)


def test_every_field_is_read_in_the_source_or_listed_as_unverified() -> None:
    cells = {cell.id for block in BLOCKS.values() for cell in block.cells()}
    assert cells >= READ
    assert cells == READ | (set(UNVERIFIED) & cells)
    assert not READ & set(UNVERIFIED)


def test_suspected_abuse_is_asked_on_no_sheet() -> None:
    for block in BLOCKS.values():
        for cell in block.cells():
            assert "虐待" not in cell.label


def test_every_free_text_is_listed_with_its_label() -> None:
    answers = {"interests": "俳句", "pressure_ulcer": "present", "pressure_ulcer/present": "仙骨部"}
    assert {pair for pair in texts(answers, BLOCKS) if pair[1]} == {
        ("本人の趣味・興味・関心領域等", "俳句"),
        ("褥瘡の有無(あり)", "仙骨部"),
    }
