"""The facts about the stay itself: how long, what for, where, and where to.

Part of the common vocabulary (`rules.vocabulary`). Some are ticked on the ward; others the record
knows by itself, such as the kind of ward and the wards that somebody was in.
"""

from __future__ import annotations

from rules.facts import Fact

HOSPITAL_STAY = "入院"

HOSPITAL_STAY_FACTS = (
    Fact(
        "stay_length",
        "入院の予定",
        HOSPITAL_STAY,
        {
            "short": "検査・手術などの短い入院(おおむね3日)",
            "longer": "それより長い・決まっていない",
        },
    ),
    Fact(
        "support_change",
        "入院前と退院後の支援",
        HOSPITAL_STAY,
        {"unchanged": "変わらない", "changed": "変わる・変わりそう"},
    ),
    Fact(
        "respite",
        "定期的なレスパイト入院",
        HOSPITAL_STAY,
        {"none": "レスパイト入院ではない", "respite_stay": "レスパイト入院である"},
    ),
    # Apart from `respite`: whoever knows that a stay is for respite need not know whether it
    # is the first, and what the record finds is an answer to this alone.
    Fact(
        "respite_before",
        "これまでのレスパイト入院",
        HOSPITAL_STAY,
        {"none": "ない(今回がはじめて)", "some": "ある(二回目以降)"},
    ),
    Fact(
        "destination",
        "退院先の見込み",
        HOSPITAL_STAY,
        {
            "home": "自宅(住宅型有料・サ高住を含む)",
            "facility": "施設",
            "other_hospital": "他の病院",
        },
    ),
    Fact(
        "ward_judgement",
        "病棟の判断(退院支援が必要か)",
        HOSPITAL_STAY,
        {"needed": "必要と判断", "not_needed": "必要ないと判断"},
        judged_by="病棟",
    ),
    Fact(
        "institution_kind",
        "入院先の種別",
        HOSPITAL_STAY,
        {
            "hospital": "病院",
            "clinic_with_beds": "有床診療所",
            "eye_clinic": "眼科の有床診療所",
            "maternity_clinic": "産婦人科の有床診療所",
            "beds_suspended": "休床中の有床診療所",
        },
    ),
    Fact(
        "ward_kind",
        "病棟の種別",
        HOSPITAL_STAY,
        {
            "general": "一般",
            "community_care": "地域包括ケア",
            "community_medical": "地域包括医療",
            "rehabilitation": "回復期リハビリテーション",
            "long_term": "療養",
            "psychiatric": "精神科",
            "dementia": "認知症治療",
            "palliative": "緩和ケア",
            "emergency": "救急",
        },
    ),
    Fact(
        "ward_path",
        "この入院でこれまでにいた病棟",
        HOSPITAL_STAY,
        {
            "one_ward": "一つの病棟だけ",
            "one_kind": "同じ種別のいくつかの病棟だけ",
            "several_kinds": "種別の違ういくつかの病棟",
        },
        derived=True,
    ),
    Fact(
        "home_area",
        "住まいのある地域",
        HOSPITAL_STAY,
        {"in_area": "このルールの地域", "out_of_area": "ほかの地域"},
    ),
    Fact(
        "hospital_area",
        "入院先のある地域",
        HOSPITAL_STAY,
        {"in_area": "このルールの地域", "out_of_area": "ほかの地域"},
    ),
    Fact(
        "towns",
        "入院先と住まいの市町村",
        HOSPITAL_STAY,
        {"same_town": "同じ市町村", "different_towns": "別の市町村"},
    ),
)
