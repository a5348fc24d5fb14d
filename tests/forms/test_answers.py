import pytest

from forms import FilledSheet, SheetError
from forms.answers import Answer, texts_of
from forms.catalogue import catalogue
from forms.field import Kind

SHEETS = [("", name) for name in catalogue().names()] + [("mihon", "pharmacy_slip")]


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
        ({"age": "氏名秘"}, "半角の数"),
        ({"age": "８９"}, "半角の数"),
        ({"birth_on": "昭和12年"}, "2026-11-20 のように"),
        ({"birth_on": "1800-01-01"}, "2026-11-20 のように"),
        ({"case_code": "m 1"}, "半角の英大文字"),
        ({"other_contacts": "氏名秘"}, "行を並べて"),
        ({"other_contacts": ({"nick": "氏名秘"},)}, "nick という列はありません"),
    ],
)
def test_an_answer_without_a_place_is_refused_and_not_quoted(
    answers: dict[str, Answer], words: str
) -> None:
    with pytest.raises(SheetError, match=words) as caught:
        FilledSheet(definition=catalogue().sheet("admission_information"), answers=answers)
    assert "氏名秘" not in str(caught.value)


@pytest.mark.parametrize(("region", "name"), SHEETS)
def test_every_option_of_every_choice_is_accepted(region: str, name: str) -> None:
    definition = catalogue().sheet(name, region=region)
    for field in definition.fields():
        for option in field.options:
            sheet = FilledSheet(definition=definition, answers={field.id: option.id})
            assert sheet.chosen(field) == (option.id,)


def test_several_ticks_stand_in_the_order_of_the_paper_and_nothing_stays_out() -> None:
    definition = catalogue().sheet("admission_information")
    sheet = FilledSheet(
        definition=definition, answers={"pension": ("employees", "national"), "office": ""}
    )
    assert dict(sheet.answers) == {"pension": ("national", "employees")}


def test_every_free_text_is_listed_with_its_label() -> None:
    answers: dict[str, Answer] = {
        "interests": "俳句",
        "pressure_ulcer/present": "仙骨部",
        "other_contacts": ({"name": "見本"},),
    }
    listed = texts_of(answers, catalogue().sheet("admission_information"))
    assert {pair for pair in listed if pair[1]} == {
        ("本人の趣味・興味・関心領域等", "俳句"),
        ("褥瘡の有無(あり)", "仙骨部"),
        ("そのほかの連絡先の氏名", "見本"),
    }


@pytest.mark.parametrize(("region", "name"), SHEETS)
def test_no_sheet_asks_a_word_of_the_file_format(region: str, name: str) -> None:
    ids = [one.id for one in catalogue().sheet(name, region=region).fields()]
    assert not {"whereabouts_hidden", "mask", "revision"} & set(ids)
    assert all(one.kind is not Kind.ROWS or one.columns for one in
               catalogue().sheet(name, region=region).fields())  # fmt: skip


def test_what_is_typed_is_in_no_representation_of_a_sheet() -> None:
    sheet = FilledSheet(
        definition=catalogue().sheet("admission_information"), answers={"office": "氏名秘"}
    )
    assert "氏名秘" not in repr(sheet)
