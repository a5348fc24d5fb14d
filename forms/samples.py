"""Invented contents to print every sheet with: full, half and empty.

Nobody here exists: all are called 見本 (specimen), and the numbers reach no telephone.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType

from forms.admission_fields import BLOCKS
from forms.errors import SheetError
from forms.fields import Choice
from forms.sheets import AdmissionInformation, Contact, MissedCoordinationReport
from handoffs.certification import Application, CareNeedLevel
from handoffs.contacts import ContactRole
from handoffs.figures import Cut, Figure, Measure, MonthlyRates, Row
from handoffs.patients import Sex
from handoffs.rates import INFORMATION_DEFINITION, MISSED_DEFINITION, REFERRAL_DEFINITION

AMOUNTS = ("full", "half", "empty")

_TOKYO = timezone(timedelta(hours=9))

_PROSE: Mapping[str, str] = MappingProxyType({
    "home_notes": "玄関に段差が3段あり、手すりは右側のみ。",
    "interests": "俳句、庭の手入れ。週に一度の句会を楽しみにしている。",
    "life_history": "見本町で生まれ育ち、60歳まで小学校に勤めた。夫を亡くし、長女と暮らす。",
    "wish_of_person": "自分の足でトイレに行き、庭に出られる暮らしを続けたい。",
    "wish_of_family": "日中は仕事で不在になるが、できるだけ家で過ごさせたい。",
    "needed_at_home": "室内を伝い歩きで移動できること。日中の排泄が見守りでできること。",
    "outlook_notes": "長女は来月、勤務時間を短くする予定。",
    "communication_notes": "左側から、ゆっくり話しかけると伝わりやすい。",
    "medicine_notes": "朝の薬は長女が渡す。錠剤が大きいと飲みにくい。",
})  # fmt: skip

_SHORT: Mapping[str, str] = MappingProxyType({
    "floors": "2", "room_floor": "1", "conference_wish": "退院の10日前までに、夕方を希望",
    "meals": "3", "meal_times": "朝7・昼12・夜18", "udf": "区分2", "doctor_clinic": "見本内科医院",
    "doctor_phone": "00-0000-0005", "doctor_name": "見本 太郎（ミホン タロウ）",
    "doctor_frequency": "2",
})  # fmt: skip

_WORDS: Mapping[str, str] = MappingProxyType({
    "copayment/tenths": "1", "pension/other": "恩給", "pressure_ulcer/present": "仙骨部",
    "sleep/poor": "夜間3回覚める", "smoking/present": "5", "alcohol/present": "1",
    "recent_stay/present": "肺炎・3月に2週間", "medicines/present": "降圧薬ほか5種類",
})  # fmt: skip


def sample(name: str, amount: str = "full") -> AdmissionInformation | MissedCoordinationReport:
    """Return an invented sheet.

    Args:
        name: the word for the sheet, as in `forms.sheets.SHEETS`.
        amount: one of `AMOUNTS`.

    Raises:
        SheetError: no such sheet or amount.
    """
    makers: Mapping[str, Callable[[str], AdmissionInformation | MissedCoordinationReport]] = {
        AdmissionInformation.name: _admission_information,
        MissedCoordinationReport.name: _missed_coordination_report,
    }
    if name not in makers:
        raise SheetError(f"そのシートはありません。あるのは {'、'.join(makers)} です。")
    if amount not in AMOUNTS:
        raise SheetError(f"見本は {'、'.join(AMOUNTS)} から選んでください。")
    return makers[name](amount)


def _admission_information(amount: str) -> AdmissionInformation:
    if amount == "empty":
        return AdmissionInformation()
    half = AdmissionInformation(
        case_code="M-2026-0042",
        written_on=date(2026, 11, 21),
        admitted_on=date(2026, 11, 20),
        hospital="見本中央病院",
        ward="3階東病棟(地域包括ケア)",
        office="居宅介護支援事業所 みほんの丘",
        care_manager="見本 恵",
        office_telephone="00-0000-0001",
        office_fax="00-0000-0002",
        patient_name="見本 𠮷子",
        patient_kana="ミホン ヨシコ",
        birth_on=date(1937, 3, 4),
        age=89,
        sex=Sex.FEMALE,
        address="見本県見本市見本町1丁目2番3号 見本ハイツ101",
        telephone="00-0000-0003",
        care_level=CareNeedLevel.CARE_2,
        valid_from=date(2026, 4, 1),
        valid_until=date(2028, 3, 31),
        application=Application.NONE,
        contacts=(
            Contact(
                role=ContactRole.KEY_PERSON, name="見本 﨑子", relation="長女",
                telephone="00-0000-0004", age=61,
            ),
        ),
        answers={"household": "with_children", "mobility": "partial_help", "eating": "supervised"},
    )  # fmt: skip
    if amount == "half":
        return half
    carer = Contact(
        role=ContactRole.MAIN_CARER, name="見本 﨑子", relation="長女",
        telephone="00-0000-0004", age=61,
    )  # fmt: skip
    return replace(
        half,
        provided_on=date(2026, 11, 22),
        consent_given=True,
        hospital_contact="見本 渡",
        insured_number="0000000000",
        application=Application.CHANGE,
        applied_on=date(2026, 11, 22),
        contacts=(*half.contacts, carer),
        answers={**_every_answer(), **half.answers, **_WORDS},
    )


def _every_answer() -> dict[str, str | tuple[str, ...]]:
    """Tick the last box that has no words behind it, and fill in every text."""
    answers: dict[str, str | tuple[str, ...]] = {**_PROSE, **_SHORT}
    for block in BLOCKS.values():
        for cell in block.cells():
            if isinstance(cell, Choice):
                worded = {key.partition("/")[2] for key in _WORDS if key.startswith(f"{cell.id}/")}
                plain = [option.id for option in cell.options if not option.blank]
                ticked = tuple(worded) or tuple(plain[-2:] if cell.several else plain[-1:])
                answers[cell.id] = ticked if cell.several else ticked[0]
    return answers


def _missed_coordination_report(amount: str) -> MissedCoordinationReport:
    nobody = amount == "empty"
    months = [date(2026, month, 1) for month in range(5, 11)]
    trend = [(24, 141, 5), (22, 138, 4), (19, 133, 6), (17, 140, 3), (15, 129, 0), (12, 125, 4)]
    figures = [Figure(0, 0) if nobody else Figure(*counts) for counts in trend]
    if amount == "half":
        figures[:3] = [Figure(0, 0)] * 3
    rates = MonthlyRates(
        region="mihon",
        region_name="見本医療圏",
        month=date(2026, 10, 1),
        as_of=datetime(2026, 11, 2, 9, 0, tzinfo=_TOKYO),
        provisional=amount != "full",
        measures=tuple(_measures(nobody=nobody)),
        trend=tuple(zip(months, figures, strict=True)),
    )
    return MissedCoordinationReport(rates=rates)


def _measures(*, nobody: bool) -> list[Measure]:
    def cut(label: str, **rows: tuple[int, int, int]) -> Cut:
        figures = {name: Figure(0, 0) if nobody else Figure(*row) for name, row in rows.items()}
        return Cut(label, tuple(Row(name, figure) for name, figure in figures.items()))

    def total(*counts: int) -> Figure:
        return Figure(0, 0) if nobody else Figure(*counts)

    return [
        Measure(
            "missed_coordination", "退院調整もれ率", MISSED_DEFINITION, total(12, 125, 4),
            (
                cut("要介護・要支援", 要介護=(8, 99, 3), 要支援=(4, 26, 1)),
                cut("病院", 見本中央病院=(5, 61, 2), 見本西病院=(4, 38, 1),
                    見本記念病院=(3, 26, 1)),
                cut("退院先", 自宅=(9, 88, 3), 特定施設=(1, 11, 0), グループホーム=(0, 6, 0),
                    特別養護老人ホーム=(0, 9, 0), 介護老人保健施設=(2, 11, 1), 不明=(0, 0, 0)),
                cut("住まい", 圏域内=(9, 112, 3), 圏域外=(3, 13, 1), 不明=(0, 0, 0)),
            ),
            (("双方確認", 71), ("病院申告", 38), ("分母に含まない: 死亡退院", 9),
             ("分母に含まない: 転院", 14), ("分母に含まない: 本人が連絡を希望しない", 2)),
        ),
        Measure(
            "referral", "新規相談につないだ率", REFERRAL_DEFINITION, total(21, 27, 2),
            (cut("病院", 見本中央病院=(11, 13, 1), 見本西病院=(6, 8, 0), 見本記念病院=(4, 6, 1)),),
            (("分母に含まない: 計画作成担当の有無が不明", 3),),
        ),
        Measure(
            "admission_information", "入院時情報提供率", INFORMATION_DEFINITION,
            total(108, 131, 0),
            (cut("要介護・要支援", 要介護=(89, 103, 0), 要支援=(19, 28, 0)),
             cut("病院", 見本中央病院=(55, 63, 0), 見本西病院=(31, 40, 0),
                 見本記念病院=(22, 28, 0))),
            (("お知らせ前（入院の連絡の記録がなく、提供もない）", 6),),
        ),
    ]  # fmt: skip
