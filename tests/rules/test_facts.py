"""Facts: closed lists, unknown unless told, and the nearest word where one is wrong."""

from __future__ import annotations

import pytest

from rules import UNKNOWN, VOCABULARY, Fact, FactError, Facts, Vocabulary


def test_what_was_not_given_is_unknown() -> None:
    facts = Facts.of({"mobility": "independent", "living": "unknown"}, VOCABULARY)
    assert facts["mobility"] == "independent"
    assert facts["living"] == facts["eating"] == UNKNOWN
    assert facts.given == {"mobility": "independent"}


def test_facts_with_the_same_content_are_the_same_key() -> None:
    one = Facts.of({"mobility": "independent", "living": "unknown"}, VOCABULARY)
    other = Facts.of({"mobility": "independent"}, VOCABULARY)
    assert one == other
    assert len({one, other}) == 1


def test_facts_cannot_be_changed_behind_their_back() -> None:
    ticked = {"mobility": "independent"}
    facts = Facts.of(ticked, VOCABULARY)
    ticked["mobility"] = "full_help"
    assert facts["mobility"] == "independent"
    with pytest.raises(TypeError):
        facts.given["mobility"] = "full_help"  # type: ignore[index]


@pytest.mark.parametrize(
    ("fact", "value", "message"),
    [
        (
            "mobilty",
            "independent",
            "「mobilty」という判定項目はありません。「mobility」ではありませんか。",
        ),
        (
            "mobility",
            "full-help",
            (
                "立ち上がり・歩行(mobility)に「full-help」という値はありません。"
                "「full_help」ではありませんか。"
            ),
        ),
        (
            "portable_toilet",
            "3",
            (
                "ポータブルトイレ(portable_toilet)に「3」という値はありません。"
                "使える語: in_use・not_in_use・unknown。"
            ),
        ),
    ],
)
def test_a_wrong_word_is_answered_with_the_nearest(fact: str, value: str, message: str) -> None:
    with pytest.raises(FactError) as refused:
        Facts.of({fact: value}, VOCABULARY)
    assert refused.value.fact == fact
    assert str(refused.value) == message


def test_a_value_that_is_no_word_is_refused() -> None:
    with pytest.raises(FactError, match="「True」という値はありません"):
        Facts.of({"mobility": True}, VOCABULARY)  # type: ignore[dict-item]


def test_a_long_list_of_words_is_cut() -> None:
    with pytest.raises(FactError, match=r"使える語: care_level・.*など。"):
        Facts.of({"血圧": "高い"}, VOCABULARY)


def test_every_list_ends_with_unknown_and_every_word_has_a_label() -> None:
    for fact in VOCABULARY.values():
        assert list(fact.values)[-1] == UNKNOWN
        assert all(fact.values.values())
        assert fact.label
        assert len(fact.known_values) >= 2


def test_a_page_asks_for_facts_under_five_headings_and_not_for_those_of_the_record() -> None:
    groups = VOCABULARY.groups()
    assert list(groups) == ["介護保険", "暮らし", "からだ", "医療", "入院"]
    assert sum(len(facts) for facts in groups.values()) == len(VOCABULARY)
    derived = {fact.id for fact in VOCABULARY.values() if fact.derived}
    assert derived == {
        "care_level",
        "application",
        "insured_category",
        "care_manager",
        "consent_to_contact",
        "ward_path",
    }


def test_an_edition_adds_its_own_facts_behind_the_common_ones() -> None:
    own = Fact("falls", "転倒", "からだ", {"fell": "ある", "none": "ない"}, source="6頁")
    vocabulary = VOCABULARY.plus((own,))
    assert list(vocabulary)[-1] == "falls"
    assert Facts.of({"falls": "fell"}, vocabulary)["falls"] == "fell"
    with pytest.raises(FactError):
        Facts.of({"falls": "fell"}, Vocabulary(()))
