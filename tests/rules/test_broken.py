"""One deliberately broken edition per mistake, and the words that its author will read.

broken/ holds sound.yaml with one mistake in each file. The table is what a rule
author sees: the line, what was found there, what to write instead.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import EditionError, check_examples, edition_of

HERE = Path(__file__).parent
BROKEN = HERE / "broken"
WORDS = {
    "an-alias": (
        17,
        "「&」「*」による写しは使えません。",
        "同じ内容でも、そこに書いてください(引用符で囲めば文字になります)。",
    ),
    "at-least-more-than-there-are": (
        16,
        "「3」は使えません。",
        "1から2までの整数を書いてください。",
    ),
    "broken-indentation": (
        16,
        "YAML として読めません。",
        "この行か、すぐ上の行の字下げ・コロン・引用符を確かめてください。",
    ),
    "calendar-that-is-not-looked-at": (
        32,
        "休みを見ない期限に whose は要りません。",
        "この行を消すか、if_closed を直してください。",
    ),
    "condition-as-a-word": (
        16,
        "ここには「項目: 値」の並びが要りますが、一つの値が書かれています。",
        "書き方の例は docs/rules.md にあります。",
    ),
    "control-character": (
        13,
        "使えない文字が入っています。",
        "その文字を消すか、書き直してください。",
    ),
    "criteria-as-a-mapping": (
        10,
        "ここには「- 」で始まる並びが要りますが、「項目: 値」の並びが書かれています。",
        "書き方の例は docs/rules.md にあります。",
    ),
    "criterion-without-an-example": (
        14,
        "「help-to-walk」に当てはまる例がありません。",
        "この条文に当てはまる人の例を、examples に一つ書き足してください。",
    ),
    "date-in-another-form": (
        3,
        "「2024/4/1」は日付として読めません。",
        "2026-11-20 のように書いてください。",
    ),
    "date-that-does-not-exist": (
        3,
        "「2024-04-31」は日付として読めません。",
        "2026-11-20 のように書いてください。",
    ),
    "day-zero-of-counting-from-one": (
        32,
        "「0」は使えません。",
        "1から366までの整数を書いてください。",
    ),
    "deadline-before-the-admission": (
        32,
        "「admission」という語は使えません。",
        "使える語: planned_discharge・discharge。",
    ),
    "empty-condition": (
        16,
        "条件が空です。",
        "「判定項目: 値」を一つ以上書いてください。",
    ),
    "empty-list": (
        16,
        "並びが空です。",
        "一つ以上書くか、項目ごと消してください。",
    ),
    "empty": (
        0,
        "何も書かれていません。",
        "書き方の例は docs/rules.md にあります。",
    ),
    "ends-before-it-begins": (
        4,
        "終わりの日(ends)が施行日(in_force)より前です。",
        "どちらかの日付を直してください。",
    ),
    "event-with-a-number": (
        32,
        "出来事(event)による期限に「latest」は書けません。",
        "日数の定めがあるなら event を消し、なければこの項目を消してください。",
    ),
    "every-value-of-a-fact": (
        16,
        "mobility のすべての値が並んでいて、条件になりません。",
        "この行を消すか、当てはまらない値を除いてください。",
    ),
    "example-before-the-edition": (
        39,
        "入院日(2024-03-31)が、この版の施行日(2024-04-01)より前です。",
        "施行日より後の日にしてください。",
    ),
    "example-due-of-a-handoff-that-does-not-come": (
        48,
        (
            "例「短い入院で支援が変わらなければ不要」が成り立ちません。期限を書かれた引継ぎ a"
            "dmission-information が、出てきません。"
        ),
        "規則か例の、紙と違うほうを直してください。",
    ),
    "example-due-without-admission": (
        37,
        "期限(due)を確かめる例に、入院日がありません。",
        "「admitted: 2026-11-20」のように書いてください。",
    ),
    "example-leaves-before-it-comes": (
        37,
        "例の日付が合いません。",
        "退院日(2026-11-19)が入院日(2026-11-20)より前です。どちらかの日付を直してください。",
    ),
    "example-names-no-criterion": (
        47,
        "「help-to-wark」という語は使えません。",
        "「help-to-walk」ではありませんか。",
    ),
    "example-that-fails": (
        51,
        (
            "例「分からなければ保留」が成り立ちません。判定は「不要」と書かれていますが、「判"
            "定保留」になりました(まだ分からない項目: care_manager)。"
        ),
        "規則か例の、紙と違うほうを直してください。",
    ),
    "example-with-a-handoff-that-does-not-come": (
        45,
        (
            "例「歩行に介助が要れば要」が成り立ちません。必要な引継ぎ(handoffs)は admission-i"
            "nformation と書かれていますが、なし になりました。"
        ),
        "規則か例の、紙と違うほうを直してください。",
    ),
    "example-with-another-criterion": (
        45,
        (
            "例「歩行に介助が要れば要」が成り立ちません。当てはまる基準(because)は help-to-wa"
            "lk、care-manager-assigned と書かれていますが、help-to-walk になりました。"
        ),
        "規則か例の、紙と違うほうを直してください。",
    ),
    "example-with-another-day": (
        37,
        (
            "例「ケアマネジャーが決まっていれば要」が成り立ちません。admission-information の"
            "期限は 2026-11-27 と書かれていますが、2026-11-26 になりました。"
        ),
        "規則か例の、紙と違うほうを直してください。",
    ),
    "example-with-another-missing-fact": (
        51,
        (
            "例「分からなければ保留」が成り立ちません。まだ分からない項目(missing)は care_man"
            "ager、living と書かれていますが、care_manager になりました。"
        ),
        "規則か例の、紙と違うほうを直してください。",
    ),
    "exclusion-without-an-example": (
        20,
        "「short-stay」に当てはまる例がありません。",
        "この条文に当てはまる人の例を、examples に一つ書き足してください。",
    ),
    "fact-written-twice": (
        16,
        "項目「mobility」が二度書かれています(16行目と16行目)。",
        "一つにまとめてください。",
    ),
    "id-in-capitals": (
        14,
        "「Help_To_Walk」は id に使えません。",
        "英小文字で始め、英小文字・数字・- で書いてください。",
    ),
    "id-used-twice": (
        14,
        "id「care-manager-assigned」は二度使われています。",
        "版の中で重ならない id にしてください。",
    ),
    "key-written-twice": (
        5,
        "項目「title」が二度書かれています(4行目と5行目)。",
        "一つにまとめてください。",
    ),
    "list-not-mapping": (
        1,
        "ここには「項目: 値」の並びが要りますが、「- 」で始まる並びが書かれています。",
        "書き方の例は docs/rules.md にあります。",
    ),
    "nested-to-breaking": (
        1,
        "入れ子が深すぎます。",
        "並びや項目の入れ子を減らしてください。",
    ),
    "nested-too-deep": (
        16,
        "条件の入れ子が4段を超えています。",
        "条件を分けて書いてください。",
    ),
    "no-anchor": (
        32,
        "いつから数えるかが決まりません。",
        "after(その日から)か before(その日の前)の、どちらか一つを書いてください。",
    ),
    "no-as-a-key": (
        52,
        "「no」は YAML では「はい・いいえ」と読まれ、言葉になりません。",
        "決められた語を書いてください。",
    ),
    "no-calendar-named": (
        32,
        "誰の休みで数えるか「whose」がありません。",
        "病院なら hospital、事業所なら office、官公署なら public と書いてください。",
    ),
    "no-counting-convention": (
        32,
        "期限の数え方「anchor_day」がありません。",
        "起算日を1日目と数えるなら day_1、数えないなら not_counted と書いてください。",
    ),
    "no-example-of-undetermined": (
        0,
        "判定が「判定保留」(undetermined)になる例がありません。",
        "examples に一つ書き足してください。",
    ),
    "no-number-of-days": (
        32,
        "日数がありません。",
        (
            "「latest: 7」(目安だけなら preferred)を書くか、日数の定めがなければ「event: 紙の"
            "言葉」だけにしてください。"
        ),
    ),
    "no-source-of-a-criterion": (
        14,
        "「source」がありません。",
        "「source: …」を書き足してください。",
    ),
    "no-source-of-a-deadline": (
        27,
        "「source」がありません。",
        "「source: …」を書き足してください。",
    ),
    "no-source-of-the-edition": (
        1,
        "「source」がありません。",
        "「source: …」を書き足してください。",
    ),
    "no-unit": (
        32,
        "期限の数え方「unit」がありません。",
        "暦日なら calendar_days、営業日なら open_days と書いてください。",
    ),
    "no-value": (
        16,
        "値が書かれていません。",
        "値を書くか、項目ごと消してください。",
    ),
    "no-word-on-closed-days": (
        32,
        "期限日が休みのときの扱い「if_closed」がありません。",
        "動かさないなら stay、動かすなら next_open_day か previous_open_day と書いてください。",
    ),
    "not-utf-8": (
        2,
        "文字コードが UTF-8 ではありません。",
        "UTF-8 で保存し直してください。",
    ),
    "nul": (
        13,
        "文字ではないもの(NUL)が入っています。",
        "UTF-8 の文書として保存し直してください。",
    ),
    "number-in-words": (
        32,
        "「一週間」は使えません。",
        "1から366までの整数を書いてください。",
    ),
    "number-too-long": (
        32,
        "「70000」は使えません。",
        "1から366までの整数を書いてください。",
    ),
    "on-as-an-id": (
        20,
        "「on」は YAML では「はい・いいえ」と読まれ、言葉になりません。",
        "決められた語を書いてください。",
    ),
    "open-days-with-if-closed": (
        32,
        "営業日で数える期限に if_closed は要りません。",
        "この行を消してください。",
    ),
    "own-fact-that-exists": (
        10,
        "判定項目「mobility」はもうあります。",
        "別の id にするか、今あるものを使ってください。",
    ),
    "own-fact-with-one-value": (
        10,
        "値が一つしかありません。",
        "当てはまらないときの値も書いてください。",
    ),
    "own-fact-with-unknown": (
        10,
        "「unknown」は書かなくても加わります。",
        "この行を消してください。",
    ),
    "partial-without-unverified": (
        5,
        "status: partial ですが、確かめられていないことが書かれていません。",
        "「unverified:」に、読めていないことを一つずつ書いてください。",
    ),
    "party-to-itself": (
        30,
        "渡す側(sender)と受け取る側(receiver)が同じです。",
        "どちらかを直してください。",
    ),
    "source-without-an-address": (
        7,
        "「手引き 3頁」は出典のアドレスになりません。",
        "https:// から始まる形で書いてください。",
    ),
    "text-as-a-list": (
        15,
        "ここには一つの値が要りますが、「- 」で始まる並びが書かれています。",
        "書き方の例は docs/rules.md にあります。",
    ),
    "too-many-combinations": (
        17,
        "条件の組み合わせが多すぎます(70通り)。",
        "64通りまでになるよう、any_of や at_least を分けてください。",
    ),
    "two-anchors": (
        32,
        "いつから数えるかが決まりません。",
        "after(その日から)か before(その日の前)の、どちらか一つを書いてください。",
    ),
    "two-documents": (
        54,
        "「---」から二つめの文書が始まっています。",
        "文書ごとにファイルを分けてください。",
    ),
    "unknown-as-a-condition": (
        16,
        "「unknown」(不明・未評価)は条件に書けません。",
        "不明なら判定は自動で保留になります。当てはまる値だけを書いてください。",
    ),
    "unknown-fact": (
        16,
        "「mobilty」という項目はありません。",
        "「mobility」ではありませんか。",
    ),
    "unknown-key": (
        17,
        "「sauce」という項目はありません。",
        "「source」ではありませんか。",
    ),
    "unknown-kind": (
        28,
        "「admision_information」という語は使えません。",
        "「admission_information」ではありませんか。",
    ),
    "unknown-party": (
        30,
        "「hospitals」という語は使えません。",
        "「hospital」ではありませんか。",
    ),
    "unknown-top-level-key": (
        19,
        "「exclusion」という項目はありません。",
        "「exclusions」ではありませんか。",
    ),
    "unknown-value": (
        16,
        "「ful_help」という語は使えません。",
        "「full_help」ではありませんか。",
    ),
    "unverified-when-about-due": (
        38,
        "when は about が scope か criteria か exclusions のときだけ書けます。",
        "この行を消してください。",
    ),
    "unverified-without-partial": (
        1,
        "確かめられていないこと(unverified)がありますが、status がありません。",
        "「status: partial」を書き足してください。",
    ),
    "value-written-twice": (
        16,
        "「partial_help」が二度書かれています。",
        "一つにまとめてください。",
    ),
    "wish-after-limit": (
        32,
        "目安(preferred)が期限(latest)より遅くなっています。",
        "目安は期限より早い日にしてください。",
    ),
    "yes-where-a-word-belongs": (
        38,
        "「yes」は YAML では「はい・いいえ」と読まれ、言葉になりません。",
        "使える語: assigned・unassigned・paused・unknown。",
    ),
    "score-without-points": (
        21,
        "「points」がありません。",
        "「points: …」を書き足してください。",
    ),
    "score-that-cannot-be-reached": (
        19,
        "「4」は使えません。",
        "1から3までの整数を書いてください。",
    ),
    "score-with-the-same-part-twice": (
        22,
        "同じ条件に二度点がついています。",
        "点を合わせて一つにまとめてください。",
    ),
    "tier-without-a-criterion": (
        11,
        "区分「care」に当たる基準がありません。",
        "基準のどれかに「tier: care」と書くか、この区分を消してください。",
    ),
    "tier-that-is-not-there": (
        21,
        "「caer」という語は使えません。",
        "「care」ではありませんか。",
    ),
    "tier-written-twice": (
        12,
        "id「care」は二度使われています。",
        "版の中で重ならない id にしてください。",
    ),
    "tier-where-there-are-none": (
        18,
        "「care」を決める項目「tiers」が、版に書かれていません。",
        "「tiers:」を書き足すか、この行を消してください。",
    ),
    "first-stage-with-enter": (
        11,
        "はじめの段階に enter は要りません。",
        "この行を消してください。",
    ),
    "stage-that-is-not-there": (
        35,
        "「fnd」という語は使えません。",
        "「find」ではありませんか。",
    ),
    "receiver-and-routes": (
        28,
        "受け取る側が決まりません。",
        (
            "receiver(一つに決まるとき)か routes(人によって変わるとき)の、どちらか一つを書い"
            "てください。"
        ),
    ),
    "neither-receiver-nor-routes": (
        28,
        "受け取る側が決まりません。",
        (
            "receiver(一つに決まるとき)か routes(人によって変わるとき)の、どちらか一つを書い"
            "てください。"
        ),
    ),
    "route-in-the-middle-for-everybody": (
        32,
        "最後の行だけは when を書かず、「それ以外の人」とします。",
        "途中の行には when を書き、最後の行からは消してください。",
    ),
    "last-route-with-a-condition": (
        33,
        "最後の行だけは when を書かず、「それ以外の人」とします。",
        "途中の行には when を書き、最後の行からは消してください。",
    ),
    "due-table-ends-with-a-condition": (
        34,
        "期限の表の最後の行は「それ以外の場合」で、条件も言葉も書けません。",
        "条件のない行を最後に足すか、この行から条件・text・source を消してください。",
    ),
    "due-table-with-the-general-row-first": (
        35,
        "期限の表の最後の行は「それ以外の場合」で、条件も言葉も書けません。",
        "条件のない行を最後に足すか、この行から条件・text・source を消してください。",
    ),
    "due-table-with-a-day-in-words": (
        34,
        "「三日」は使えません。",
        "1から366までの整数を書いてください。",
    ),
    "due-table-that-ends-before-it-begins": (
        34,
        "終わりの日(admitted_until)が始まりの日(admitted_from)より前です。",
        "どちらかの日付を直してください。",
    ),
    "due-table-with-an-unknown-word": (
        34,
        "「days_left_under」という項目はありません。",
        "「days_left_below」ではありませんか。",
    ),
    "after-hours-without-a-calendar": (
        33,
        "営業時間の後の扱い(after_hours)には、入院日と、誰の営業時間かが要ります。",
        "「after: admission」と「whose: office」を書くか、この行を消してください。",
    ),
    "after-hours-with-another-word": (
        33,
        "「tomorrow」という語は使えません。",
        "使える語: next_day。",
    ),
    "early-before-a-discharge": (
        33,
        "before の期限に early は要りません(入院日から渡せます)。",
        "この行を消してください。",
    ),
    "strength-misspelt": (
        10,
        "「standart」という語は使えません。",
        "「standard」ではありませんか。",
    ),
    "also-to-the-receiver": (
        32,
        "「municipality」は受け取る側(receiver)に書かれています。",
        "also_to からは消してください。",
    ),
    "also-to-somebody-unknown": (
        32,
        "「family_docter」という語は使えません。",
        "「family_doctor」ではありませんか。",
    ),
    "follows-what-comes-later": (
        32,
        "先に済ませる引継ぎ「admission-information」が、これより上に書かれていません。",
        "上に引継ぎがありません。先に済ませるものを上に書いてください。",
    ),
    "fallback-without-words": (
        32,
        "「text」がありません。",
        "「text: …」を書き足してください。",
    ),
    "sheet-that-is-not-there": (
        35,
        "「sheet-2」という語は使えません。",
        "「sheet-1」ではありませんか。",
    ),
    "substitution-misspelt": (
        11,
        "「alowed」という語は使えません。",
        "「allowed」ではありませんか。",
    ),
    "channel-written-twice": (
        12,
        "「fax」が二度書かれています。",
        "一つにまとめてください。",
    ),
    "channel-that-has-no-rule": (
        35,
        "「fax」の決まりが、版の channels にありません。",
        "使える語: mail。",
    ),
    "channel-shows-a-name": (
        11,
        "「name」という語は使えません。",
        "「age」ではありませんか。",
    ),
    "main-contact-without-a-source": (
        11,
        "「source」がありません。",
        "「source: …」を書き足してください。",
    ),
    "main-contact-role-twice": (
        11,
        "「ward_nurse」が二度書かれています。",
        "一つにまとめてください。",
    ),
    "consult-without-a-condition": (
        11,
        "「when」がありません。",
        "「when: …」を書き足してください。",
    ),
    "yields-to-a-region-in-capitals": (
        11,
        "「Machi」は id に使えません。",
        "英小文字で始め、英小文字・数字・_ で書いてください。",
    ),
    "formerly-as-a-word": (
        10,
        "ここには「- 」で始まる並びが要りますが、一つの値が書かれています。",
        "書き方の例は docs/rules.md にあります。",
    ),
    "judged-by-nobody": (
        15,
        "値が書かれていません。",
        "値を書くか、項目ごと消してください。",
    ),
    "no-handoffs-in-a-whole-edition": (
        27,
        "並びが空です。",
        "一つ以上書くか、項目ごと消してください。",
    ),
    "example-with-another-tier": (
        52,
        (
            "例「歩行に介助が要れば要」が成り立ちません。区分(tier)は support と書かれていま"
            "すが、care になりました。"
        ),
        "規則か例の、紙と違うほうを直してください。",
    ),
    "unread-in-a-whole-edition": (
        32,
        "「unread」(読めていない)は、一部だけを読めた版にしか書けません。",
        "紙のとおりの語を書くか、「status: partial」と unverified を書いてください。",
    ),
    "substitution-unread-in-a-whole-edition": (
        10,
        "「unread」(読めていない)は、一部だけを読めた版にしか書けません。",
        "紙のとおりの語を書くか、「status: partial」と unverified を書いてください。",
    ),
    "unread-and-a-calendar": (
        32,
        "休みを見ない期限に whose は要りません。",
        "この行を消すか、if_closed を直してください。",
    ),
    "no-criteria-in-a-whole-edition": (
        9,
        "並びが空です。",
        "一つ以上書くか、項目ごと消してください。",
    ),
    "no-criteria-and-nothing-unverified": (
        12,
        "基準が一つもありません。",
        "読めていないなら、unverified に「about: criteria」で、そのことを書いてください。",
    ),
    "example-time-in-words": (
        41,
        "「夕方」は時刻として読めません。",
        "18:10 のように書いてください。",
    ),
}


def test_the_edition_that_the_broken_ones_were_made_from_is_sound() -> None:
    assert check_examples(edition_of(HERE / "sound.yaml")) == 4


def test_every_broken_file_has_its_words() -> None:
    assert {file.stem for file in BROKEN.glob("*.yaml")} == set(WORDS)


@pytest.mark.parametrize("mistake", WORDS)
def test_the_author_reads_where_what_and_what_instead(mistake: str) -> None:
    line, found, instead = WORDS[mistake]
    file = BROKEN / f"{mistake}.yaml"
    with pytest.raises(EditionError) as refused:
        check_examples(edition_of(file))
    assert (refused.value.file, refused.value.line) == (file, line)
    assert (refused.value.found, refused.value.instead) == (found, instead)
    place = f"{file}:{line}" if line else f"{file}"
    assert str(refused.value) == f"{place}: {found} {instead}"
