"""The facts that every edition may use, with the labels that people read.

Most come from the criteria that regions publish; the order within a group is the
order in which a ward asks. An edition that needs another fact declares it itself.
A level range is the levels listed, an age limit is the insured category: there
is no number here to compare.
"""

from __future__ import annotations

from rules.facts import Fact, Vocabulary
from rules.hospital_stay_facts import HOSPITAL_STAY_FACTS

CARE_INSURANCE = "介護保険"
LIVING = "暮らし"
BODY = "からだ"
MEDICAL = "医療"

HELP = {
    "independent": "自立",
    "supervised": "見守り・声かけ",
    "partial_help": "一部介助",
    "full_help": "全介助",
}
HOUSEHOLD_HELP = {
    "independent": "自立",
    "partial_help": "一部できない",
    "full_help": "できない",
}
# The sixteen diseases for which people of 40 to 64 may use care insurance.
SPECIFIED_DISEASES = {
    "terminal_cancer": "がん(末期)",
    "rheumatoid_arthritis": "関節リウマチ",
    "als": "筋萎縮性側索硬化症",
    "spinal_ligament_ossification": "後縦靱帯骨化症",
    "osteoporosis_with_fracture": "骨折を伴う骨粗鬆症",
    "early_dementia": "初老期における認知症",
    "parkinson_related": "進行性核上性麻痺・大脳皮質基底核変性症・パーキンソン病",
    "spinocerebellar_degeneration": "脊髄小脳変性症",
    "spinal_canal_stenosis": "脊柱管狭窄症",
    "progeria": "早老症",
    "multiple_system_atrophy": "多系統萎縮症",
    "diabetic_complication": "糖尿病性神経障害・腎症・網膜症",
    "cerebrovascular": "脳血管疾患",
    "arteriosclerosis_obliterans": "閉塞性動脈硬化症",
    "copd": "慢性閉塞性肺疾患",
    "severe_osteoarthritis": "両側の膝・股関節の著しい変形を伴う変形性関節症",
}

# New need is today's answer beside that of before; one tick could not tell which is unknown.
PROCEDURES = {
    "bladder_catheter": "膀胱留置カテーテル",
    "tube_feeding": "経管栄養",
    "suction": "吸引",
}
IN_USE = {"none": "なし", "in_use": "あり"}

VOCABULARY = Vocabulary(
    (
        Fact(
            "care_level",
            "要介護度",
            CARE_INSURANCE,
            {
                "none": "認定なし",
                "target": "事業対象者",
                "support_1": "要支援1",
                "support_2": "要支援2",
                "care_1": "要介護1",
                "care_2": "要介護2",
                "care_3": "要介護3",
                "care_4": "要介護4",
                "care_5": "要介護5",
            },
            derived=True,
        ),
        Fact(
            "application",
            "認定の申請",
            CARE_INSURANCE,
            {
                "none": "申請していない",
                "new": "新規申請中",
                "renewal": "更新申請中",
                "change": "区分変更申請中",
            },
            derived=True,
        ),
        Fact(
            "insured_category",
            "被保険者の区分",
            CARE_INSURANCE,
            {
                "first": "第1号(65歳以上)",
                "second": "第2号(40〜64歳)",
                "deemed_second": "みなし2号(40〜64歳・生活保護)",
                "under_40": "40歳未満",
            },
            derived=True,
        ),
        Fact(
            "care_manager",
            "ケアマネジャー(計画作成担当)",
            CARE_INSURANCE,
            {
                "assigned": "決まっている",
                "unassigned": "決まっていない",
                "paused": "長期の入院などで契約を休んでいる",
            },
            derived=True,
        ),
        Fact(
            "consent_to_contact",
            "関係機関へ連絡することへの同意",
            CARE_INSURANCE,
            {"given": "同意あり", "withheld": "同意なし"},
            derived=True,
        ),
        Fact(
            "consent_kind",
            "同意のとり方",
            CARE_INSURANCE,
            {"comprehensive": "契約のときの包括的な同意", "this_case": "この入院についての同意"},
        ),
        Fact(
            "plan_office",
            "計画を作るところ",
            CARE_INSURANCE,
            {
                "care_support_office": "居宅介護支援事業所",
                "community_support_center": "地域包括支援センター",
                "small_multifunctional": "小規模多機能・看護小規模多機能",
                "facility": "施設の計画担当",
                "self_plan": "本人(セルフプラン)",
            },
        ),
        Fact(
            "care_manager_known",
            "ケアマネジャーが分かった時期",
            CARE_INSURANCE,
            {
                "at_admission": "入院のとき",
                "during_stay": "入院のあいだ",
                "at_discharge": "退院のとき",
            },
        ),
        Fact(
            "care_service_before",
            "入院前の介護保険サービス",
            CARE_INSURANCE,
            {"used": "使っていた", "not_used": "使っていなかった"},
        ),
        Fact(
            "care_service_wish",
            "退院後の介護保険サービスの希望",
            CARE_INSURANCE,
            {"wanted": "新しく使いたい", "not_wanted": "希望していない"},
        ),
        Fact(
            "residence",
            "入院前の住まい",
            LIVING,
            {"home": "自宅(住宅型有料・サ高住を含む)", "facility": "施設", "hospital": "他の病院"},
        ),
        Fact(
            "living",
            "世帯",
            LIVING,
            {
                "alone": "独居",
                "nearly_alone": "独居に近い(日中独居・同居の家族も要介護など)",
                "with_family": "家族と同居",
                "facility": "施設",
            },
        ),
        Fact("housework", "調理・掃除などの家事", LIVING, HOUSEHOLD_HELP),
        Fact("medication", "服薬の管理", LIVING, HOUSEHOLD_HELP),
        Fact("mobility", "立ち上がり・歩行", BODY, HELP),
        Fact("eating", "食事", BODY, HELP),
        Fact("toileting", "排泄", BODY, HELP),
        Fact(
            "portable_toilet",
            "ポータブルトイレ",
            BODY,
            {"in_use": "使っている", "not_in_use": "使っていない"},
        ),
        Fact("bathing", "入浴", BODY, HELP),
        Fact(
            "dementia",
            "認知症",
            BODY,
            {
                "none": "なし",
                "without_trouble": "あるが、暮らしに支障となる症状はない",
                "with_trouble": "あり、暮らしに支障となる症状がある",
            },
        ),
        Fact(
            "cancer",
            "がん",
            MEDICAL,
            {"none": "なし", "not_terminal": "あり(末期ではない)", "terminal": "末期"},
        ),
        Fact(
            "medical_procedure",
            "医療処置(膀胱留置カテーテル・経管栄養・吸引など)",
            MEDICAL,
            {"none": "なし", "as_before": "入院前と同じ", "new": "新しく必要になった"},
        ),
        *(
            Fact(f"{procedure}_{moment}", f"{label}({when})", MEDICAL, IN_USE)
            for procedure, label in PROCEDURES.items()
            for moment, when in (("before", "入院前"), ("now", "いま"))
        ),
        Fact(
            "specified_disease",
            "特定疾病",
            MEDICAL,
            {**SPECIFIED_DISEASES, "none": "いずれもない"},
        ),
        *HOSPITAL_STAY_FACTS,
    )
)
