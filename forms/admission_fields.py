"""The body of the 入院時情報提供書, as data, in the order and grouping of the national example.

Source: the example form of the Ministry of Health, Labour and Welfare for the fee
入院時情報連携加算. It is an example, not a mandatory form, and regions use their own.

虐待の疑い, which the example asks for, is left out on purpose: it is told by telephone and
stands on no print (docs/decisions/0007-sheets.md).
"""

from forms.fields import Block, Choice, Line, Option, Prose, Row, Text

SOURCE = "厚生労働省「入院時情報提供書」様式例"

# The rows that were read on page 36 of the ministry's handout of 2022-09-12,
# 参考資料4 介護情報に係る様式の例.
READ = frozenset({
    "paralysis", "pressure_ulcer", "mobility", "mobility_indoors", "transfer",
    "mobility_outdoors", "dressing", "getting_up", "grooming", "bathing", "eating", "meals",
    "meal_times", "food_limits", "food_form", "udf", "intake", "thickening", "water_limits",
    "swallowing", "dentures", "mouth_cleanliness", "mouth_odour", "urination",
    "commode", "defecation",
})  # fmt: skip


def _options(**labels: str) -> tuple[Option, ...]:
    return tuple(Option(name, label) for name, label in labels.items())


def _line(*rows: Row) -> Line:
    return Line(rows)


HELP = _options(
    independent="自立", supervised="見守り", partial_help="一部介助", full_help="全介助"
)
AIDS = (*_options(cane="杖", walker="歩行器", wheelchair="車いす"), Option("other", "その他", 6))
EASE = _options(fine="問題なし", somewhat="やや難あり", hard="困難")
WHEN = _options(none="なし", at_night="夜間", always="常時")
NO_YES = _options(none="なし", present="あり")
LIMITS = (Option("present", "あり", 16), Option("none", "なし"), Option("unknown", "不明"))
DAYS_ALONE = Choice("days_alone", "日中独居", _options(yes="日中独居"))


def _help(name: str, label: str, *, starred: bool = False) -> Row:
    return Row(label, (Choice(name, label, HELP),), starred=starred)


def _one(name: str, label: str, options: tuple[Option, ...], *, starred: bool = False) -> Row:
    return Row(label, (Choice(name, label, options),), starred=starred)


def _prose(name: str, label: str, lines: int, *also: Choice) -> Line:
    return _line(Row(label, (Prose(name, label, lines), *also)))


HOME = Block((
    _line(Row("住環境", (
        Choice("house", "住居の種類", _options(detached="戸建て", flats="集合住宅")),
        Text("floors", "階建て", 8, "階建て"),
        Text("room_floor", "居室", 8, "階", named=True),
        Choice("lift", "エレベーター", _options(present="有", none="無"), named=True),
        Prose("home_notes", "特記事項", 1, named=True),
    ), starred=True)),
))  # fmt: skip

JUDGED_BY = _options(doctor="医師の判断", care_manager="ケアマネジャーの判断")

CONDITIONS = Block((
    _line(Row("障害高齢者の日常生活自立度", (
        Choice("physical_grade", "障害高齢者の日常生活自立度", _options(
            independent="自立", j1="J1", j2="J2", a1="A1", a2="A2", b1="B1", b2="B2",
            c1="C1", c2="C2")),
        Choice("physical_grade_by", "判断者", JUDGED_BY),
    ))),
    _line(Row("認知症高齢者の日常生活自立度", (
        Choice("dementia_grade", "認知症高齢者の日常生活自立度", (
            Option("independent", "自立"), Option("i", "Ⅰ"), Option("iia", "Ⅱa"),
            Option("iib", "Ⅱb"), Option("iiia", "Ⅲa"), Option("iiib", "Ⅲb"),
            Option("iv", "Ⅳ"), Option("m", "M"))),
        Choice("dementia_grade_by", "判断者", JUDGED_BY),
    ))),
    _line(
        Row("介護保険の自己負担割合", (
            Choice("copayment", "介護保険の自己負担割合", (
                Option("tenths", "", 8, "割"), Option("unknown", "不明"))),)),
        Row("障害など認定", (
            Choice("disability", "障害など認定", NO_YES),
            Choice("disability_kind", "障害の種別", _options(
                physical="身体", mental="精神", intellectual="知的"), several=True))),
    ),
    _line(Row("年金などの種類", (
        Choice("pension", "年金などの種類", (
            *_options(national="国民年金", employees="厚生年金", disability="障害年金",
                      public_assistance="生活保護"), Option("other", "その他", 24)),
            several=True),))),
))  # fmt: skip

HOUSEHOLD = Block((
    _line(Row("世帯構成", (
        Choice("household", "世帯構成", (
            *_options(alone="独居", elderly="高齢者世帯", with_children="子と同居"),
            Option("other", "その他", 24))),
        DAYS_ALONE,
    ), starred=True)),
))  # fmt: skip

WISHES = Block((
    _prose("interests", "本人の趣味・興味・関心領域等", 1),
    _prose("life_history", "本人の生活歴", 1),
    _prose("wish_of_person", "入院前の本人の生活に対する意向", 1, Choice(
        "wish_of_person_enclosed", "本人の意向の同封", _options(
            yes="同封の居宅サービス計画（1）を参照"))),
    _prose("wish_of_family", "入院前の家族の生活に対する意向", 1, Choice(
        "wish_of_family_enclosed", "家族の意向の同封", _options(
            yes="同封の居宅サービス計画（1）を参照"))),
))  # fmt: skip

SERVICES = Block((
    _line(Row("入院前の介護サービスの利用状況", (
        Choice("services", "入院前の介護サービスの利用状況", (
            Option("plans_enclosed", "同封の居宅サービス計画書1・2・3表を参照"),
            Option("other", "その他", 36)), several=True),))),
))  # fmt: skip

OUTLOOK = Block((
    _prose("needed_at_home", "在宅生活に必要な要件", 2),
    _line(Row("退院後の世帯状況", (
        Choice("household_after", "退院後の世帯状況", (
            *_options(alone="独居", elderly="高齢者世帯"),
            Option("with_children", "子と同居", 7, "名", "家族構成員数"),
            Option("other", "その他", 16))),
        Choice("days_alone_after", "退院後の日中独居", _options(yes="日中独居")),
    ), starred=True)),
    _line(
        Row("世帯に対する配慮", (Choice("household_care", "世帯に対する配慮", (
            Option("none", "不要"), Option("needed", "必要", 26))),)),
        Row("退院後の主介護者", (Choice("carer_after", "退院後の主介護者", (
            Option("same", "本シート2に同じ"), Option("other", "左記以外", 22))),)),
    ),
    _line(Row("介護力", (
        Choice("care_capacity", "介護力", _options(
            enough="見込める（十分）", partly="見込める（一部）", none="見込めない",
            nobody="家族や支援者はいない")),), starred=True)),
    _prose("outlook_notes", "特記事項", 1),
))  # fmt: skip

CONFERENCES = Block((
    _line(
        Row("院内の多職種カンファレンスへの参加", (Choice(
            "ward_conference", "院内カンファレンス", _options(wish="希望あり")),)),
        Row("退院前訪問指導を行う場合の同行", (Choice(
            "home_visit", "退院前訪問指導への同行", _options(wish="希望あり")),)),
    ),
    _line(Row("退院前カンファレンスへの参加", (
        Choice("discharge_conference", "退院前カンファレンス", _options(wish="希望あり")),
        Text("conference_wish", "具体的な要望", 60, named=True)))),
))  # fmt: skip

FUNCTIONS = Block((
    _line(
        _one("paralysis", "麻痺の状況", _options(
            none="なし", mild="軽度", moderate="中度", severe="重度")),
        _one("pressure_ulcer", "褥瘡の有無", (
            Option("none", "なし"), Option("present", "あり", 24))),
    ),
    _line(
        _help("mobility", "移動"),
        Row("移動（室内）", (Choice("mobility_indoors", "移動（室内）", AIDS, several=True),))),
    _line(
        _help("transfer", "移乗"),
        Row("移動（屋外）", (Choice("mobility_outdoors", "移動（屋外）", AIDS, several=True),))),
    _line(_help("dressing", "更衣"), _help("getting_up", "起居動作")),
    _line(_help("grooming", "整容"), _help("bathing", "入浴")),
    _line(
        _help("eating", "食事"),
        Row("食事回数", (
            Text("meals", "食事回数", 7, "回/日"),
            Text("meal_times", "食事の時間", 32, "時頃")))),
    _line(
        _one("food_limits", "食事制限", LIMITS),
        _one("food_form", "食事形態", _options(
            regular="普通", chopped="きざみ", dysphagia="嚥下障害食", blended="ミキサー"))),
    _line(
        _one("intake", "摂取方法", _options(oral="経口", tube="経管栄養")),
        Row("UDF等の食形態区分", (Text("udf", "UDF等の食形態区分", 34),))),
    _line(
        _one("thickening", "水分とろみ", NO_YES),
        _one("water_limits", "水分制限", LIMITS)),
    _line(
        _one("swallowing", "嚥下機能", _options(
            fine="むせない", sometimes="時々むせる", always="常にむせる")),
        _one("dentures", "義歯", _options(none="なし", partial="あり（部分）", full="あり（総）"))),
    _line(
        _one("mouth_cleanliness", "口腔清潔", _options(
            good="良", poor="不良", very_poor="著しく不良")),
        _one("mouth_odour", "口臭", NO_YES)),
    _line(
        _help("urination", "排尿", starred=True),
        _one("commode", "ポータブルトイレ", WHEN)),
    _line(
        _help("defecation", "排便", starred=True),
        _one("pads", "オムツ・パッド", WHEN)),
    _line(
        _one("sleep", "睡眠の状態", (Option("good", "良"), Option("poor", "不良", 26))),
        _one("sleeping_pills", "眠剤の使用", NO_YES)),
    _line(
        _one("smoking", "喫煙", (
            Option("none", "無"), Option("present", "有", 10, "本くらい/日"))),
        _one("alcohol", "飲酒", (
            Option("none", "無"), Option("present", "有", 10, "合くらい/日")))),
    _line(_one("sight", "視力", EASE),
          _one("glasses", "眼鏡", (Option("none", "なし"), Option("present", "あり", 24)))),
    _line(_one("hearing", "聴力", EASE), _one("hearing_aid", "補聴器", NO_YES)),
    _line(_one("speech", "言語", EASE), _one("understanding", "意思疎通", EASE)),
    _prose("communication_notes", "コミュニケーションに関する特記事項", 2),
    _line(Row("精神面における療養上の問題", (Choice(
        "mental", "精神面における療養上の問題", (
            *_options(none="なし", hallucination="幻視・幻聴", excitement="興奮",
                      restlessness="焦燥・不穏", delusion="妄想", aggression="暴力/攻撃性",
                      resistance="介護への抵抗", sleeplessness="不眠",
                      day_and_night="昼夜逆転", wandering="徘徊", dangerous_acts="危険行為",
                      unclean_acts="不潔行為"), Option("other", "その他", 26)),
        several=True),))),
    _line(Row("疾患歴", (Choice("illnesses", "疾患歴", (
        *_options(none="なし", cancer="悪性腫瘍", dementia="認知症",
                  respiratory="急性呼吸器感染症", stroke="脳血管障害", fracture="骨折"),
        Option("other", "その他", 26)), several=True),), starred=True)),
    _line(Row("最近半年間の入院", (
        Choice("recent_stay", "最近半年間の入院", (
            Option("none", "なし"), Option("present", "あり", 46, hint="理由・期間"),
            Option("unknown", "不明"))),
        Choice("stay_frequency", "入院頻度", _options(
            often="頻度は高い・繰り返している", seldom="頻度は低いがこれまでにもある",
            first="今回が初めて"))), starred=True)),
    _line(Row("入院前に実施している医療処置", (Choice(
        "procedures", "入院前に実施している医療処置", (
            *_options(none="なし", drip="点滴", oxygen="酸素療法", suction="喀痰吸引",
                      tracheostomy="気管切開", gastrostomy="胃ろう", nasal_tube="経鼻栄養",
                      enteral="経腸栄養", pressure_ulcer="褥瘡", catheter="尿道カテーテル",
                      urostomy="尿路ストーマ", stoma="消化管ストーマ",
                      pain="痛みコントロール", bowel="排便コントロール"),
            Option("injection", "自己注射", 20), Option("other", "その他", 20)),
        several=True),), starred=True)),
))  # fmt: skip

MEDICINES = Block((
    _line(
        _one("medicines", "内服薬", (Option("none", "なし"), Option("present", "あり", 28))),
        _one("home_guidance", "居宅療養管理指導", (
            Option("none", "なし"), Option("present", "あり", 18, hint="職種")))),
    _line(Row("薬剤管理", (Choice("medicines_kept_by", "薬剤管理", (
        Option("self", "自己管理"),
        Option("other", "他者による管理", 60, hint="管理者・管理方法"))),))),
    _line(Row("服薬状況", (Choice("medicines_taken", "服薬状況", _options(
        as_prescribed="処方通り服用", sometimes_missed="時々飲み忘れ",
        often_missed="飲み忘れが多い、処方が守られていない", refused="服薬拒否")),))),
    _prose("medicine_notes", "お薬に関する特記事項", 2),
))  # fmt: skip

DOCTOR = Block((
    _line(
        Row("かかりつけ医機関名", (Text("doctor_clinic", "かかりつけ医機関名", 50),)),
        Row("電話番号", (Text("doctor_phone", "かかりつけ医の電話番号", 40),))),
    _line(
        Row("医師名（フリガナ）", (Text("doctor_name", "医師名", 50),)),
        Row("診察方法・頻度", (
            Choice("doctor_visits", "診察方法", _options(visit="通院", home="訪問診療")),
            Text("doctor_frequency", "診察の頻度", 8, "回/月")))),
))  # fmt: skip

BLOCKS = {
    "home": HOME,
    "conditions": CONDITIONS,
    "household": HOUSEHOLD,
    "wishes": WISHES,
    "services": SERVICES,
    "outlook": OUTLOOK,
    "conferences": CONFERENCES,
    "functions": FUNCTIONS,
    "medicines": MEDICINES,
    "doctor": DOCTOR,
}

# Whoever holds the official sheet checks these labels against it, and moves each one that holds
# to READ above. The head of the sheet and sections 1, 2 (typed fields) rest on the same memory.
UNVERIFIED = (
    "head", "person", "certification", "contacts",
    *(cell.id for block in BLOCKS.values() for cell in block.cells() if cell.id not in READ),
)  # fmt: skip
