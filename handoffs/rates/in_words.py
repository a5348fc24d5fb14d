"""A definition in sentences, as it is printed beside its figure.

Made from the same words that the counting goes by, so that no figure can stand beside
another definition's text. Changes nothing.
"""

from handoffs.rates.definition import (
    Answering,
    Asked,
    Counted,
    Definition,
    Event,
    People,
    Period,
    Treatment,
    Window,
)

_COUNTED = {
    Asked.CONTACT: (
        "退院の前に、退院について病院と計画作成担当との間で"
        "連絡（話せた・面会・会議・受領の確認）が{}。"
    ),
    Asked.REFERRAL: (
        "退院の前に、本人・家族に案内した方、または同意を得て地域包括支援センターに伝えた方。"
    ),
    Asked.DISCHARGE_INFORMATION: (
        "退院の日までに、退院時の情報（記録に残る送付・会議）が病院から提供された方。"
    ),
    Asked.CONFERENCE: "退院の前に、退院についての会議をした記録がある方。",
    Asked.AGREEMENT: (
        "一方に連絡の記録があり、もう一方が連絡はなかったと記録している方（どちらが正しいかは、"
        "この数字では分かりません）。"
    ),
    Asked.SHEETS_REFLECTED: (
        "病院からの情報をケアプランに反映したと、計画作成担当が一か月の調査で答えた方。"
    ),
}
_SPREADS = {
    Asked.DAYS_TO_INFORMATION: (
        "示すもの: 入院日から、入院時情報が提供された日までの日数（入院日当日を0日）。"
        "提供された方だけの分布と中央値です。"
    ),
    Asked.DAYS_OF_NOTICE: (
        "示すもの: 病院が退院について最初に伝えた（話せた・面会・会議・受領の確認・送付）日から、"
        "退院日までの日数。伝えた記録がある方だけの分布と中央値です。"
    ),
    Asked.HEARD_OF_ADMISSION: (
        "示すもの: 計画作成担当が入院をどこから知ったか。病院からの連絡の記録、"
        "家族を通じて伝わった記録、いずれもないもの、の順に見て一つに数えます。"
    ),
}
_WINDOWS = {
    Window.ANY_TIME: "（時期を問わない）",
    Window.REGIONAL: "のうち、地域のルールの期限までに提供された方",
    Window.FEE: "のうち、加算の期間のうちに提供された方",
    Window.CONFIRMED: "のうち、病院が受領を確認した方",
}


def in_words(definition: Definition) -> tuple[str, ...]:
    """Every sentence that belongs beside a figure, the denominator first."""
    sentences = [_denominator(definition), _numerator(definition)]
    if definition.asked is Asked.CONTACT:
        sentences += _contact(definition)
    else:
        sentences += _unknown(definition)
    sentences.append(_left_out(definition))
    if definition.period is not Period.MONTH:
        sentences.append(_period(definition))
    if definition.region:
        sentences.append(f"{definition.region_name}の数え方です（{definition.source.title}）。")
    if definition.in_force:
        first = definition.in_force
        sentences.append(f"{first.year}年{first.month}月分からこの数え方です。")
    if definition.unverified:
        sentences.append("原典で確かめられていないこと: " + "、".join(definition.unverified) + "。")
    return tuple(sentences)


def _denominator(definition: Definition) -> str:
    left = "生存退院した" if definition.event is Event.DISCHARGES else "入院した"
    known = (
        "決まっていて、計画作成担当の記録がある"
        if definition.known_to_office_only
        else "決まっている"
    )
    home = (
        "施設以外へ"
        if definition.event is Event.DISCHARGES
        and definition.facility_discharges is Treatment.LEFT_OUT
        else ""
    )
    if definition.people is People.WITHOUT_PLAN_OFFICE:
        return (
            f"分母: その月に{home}{left}、計画作成担当が決まっていない方のうち、"
            "ルールが相談・申請の案内を求める方（判定保留を含む）。"
        )
    day = "退院日" if definition.event is Event.DISCHARGES else "入院日"
    return (
        f"分母: その月に{home}{left}方のうち、{day}に有効な要介護・要支援の認定があり、"
        f"計画作成担当が{known}方。"
    )


def _numerator(definition: Definition) -> str:
    asked = definition.asked
    if asked.is_spread:
        return _SPREADS[asked]
    if asked is Asked.CONTACT:
        met = definition.counted is Counted.MET
        words = _COUNTED[asked].format("あった方" if met else "なかった方")
        return f"分子{'' if met else '（もれ）'}: {words}"
    if asked is Asked.ADMISSION_INFORMATION:
        return (
            f"分子: 計画作成担当から病院へ入院時情報が提供された方{_WINDOWS[definition.window]}。"
        )
    return f"分子: {_COUNTED[asked]}"


def _contact(definition: Definition) -> list[str]:
    family = (
        "家族を通じて伝わったときも、連絡に数えます。不在・伝言だけのときは数えません。"
        if definition.through_family is Treatment.COUNTED
        else "不在・伝言だけのとき、家族を通じて伝わっただけのときは、連絡に数えません。"
    )
    late = (
        "退院した後の連絡も数えます。"
        if definition.late_contact is Treatment.COUNTED
        else "記録した日ではなく、連絡した日で数えます。退院した後の連絡は数えません。"
    )
    unknown = {
        Answering.BOTH: "双方の記録が食い違うとき、記録がないときは不明とし、率の幅で示します。",
        Answering.OFFICE: (
            "計画作成担当の記録だけで数えます。その記録がない方は不明とし、率の幅で示します。"
        ),
        Answering.HOSPITAL: (
            "病院の記録だけで数えます。その記録がない方は不明とし、率の幅で示します。"
        ),
    }[definition.answered_by]
    return [family + late, unknown]


def _unknown(definition: Definition) -> list[str]:
    if definition.asked is Asked.REFERRAL:
        return ["退院のときに判定保留のままで案内の記録がない方は不明とし、率の幅で示します。"]
    if definition.asked is Asked.ADMISSION_INFORMATION:
        rest = (
            "期限の定めがない方は分母に入れません。" if definition.window is Window.REGIONAL else ""
        )
        return [f"まだ期限前で届いていない方は不明とし、率の幅で示します。{rest}"]
    if definition.asked is Asked.AGREEMENT:
        return [
            "退院についての記録が双方にない方、一方にしかない方は分母に入れず、横に件数を示します。"
        ]
    if definition.asked is Asked.SHEETS_REFLECTED:
        return [
            "退院時の情報が提供された記録のない方は分母に入れません。",
            "調査のない月の方、答えのない方は不明とし、率の幅で示します。",
        ]
    if definition.asked in {Asked.DISCHARGE_INFORMATION, Asked.CONFERENCE}:
        return ["退院についての記録が双方に一つもない方は不明とし、率の幅で示します。"]
    return []


def _left_out(definition: Definition) -> str:
    groups = []
    if definition.event is Event.DISCHARGES:
        groups.append("死亡")
        if definition.transfers is Treatment.LEFT_OUT:
            groups.append("転院")
        if definition.facility_discharges is Treatment.LEFT_OUT:
            groups.append("施設への退院")
    if definition.excluded_by_rule is Treatment.LEFT_OUT:
        groups.append("ルールの対象外")
    if definition.no_contact_wanted is Treatment.LEFT_OUT:
        groups.append("本人が連絡を希望しない方")
    facilities = (
        "施設への退院は数えます。"
        if definition.event is Event.DISCHARGES
        and definition.facility_discharges is Treatment.COUNTED
        else ""
    )
    return f"{'、'.join(groups)}は分母に入れず、横に件数を示します。{facilities}"


def _period(definition: Definition) -> str:
    months = "・".join(f"{month}月" for month in definition.months)
    return f"公表されている数字の期間: {definition.period.label}（{months or '月は不明'}）。"
