"""The figures of one region and month, each with its definition in words.

Counted as docs/decisions/0005 says: cases, not persons; unknown cases widen a
range and never vanish; whoever is left out of a denominator is counted beside
it. Nobody's name can be reached from here.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from handoffs.calendars import calendar_of
from handoffs.cases import Case, admitted_cases, discharged_cases
from handoffs.coordination import Contact
from handoffs.figures import Cut, Figure, Measure, MonthlyRates, Row
from handoffs.parties import Organization, OrganizationKind
from handoffs.plan_office import PlanStatus
from handoffs.stay import Destination
from handoffs.tokyo import day_of, months_before, next_month
from rules import Coordination

__all__ = ["Cut", "Figure", "Measure", "MonthlyRates", "Row", "closing_day", "of_month"]

TREND_MONTHS = 6


Count = Callable[[Sequence[Case]], Figure]
Hospitals = Mapping[int, str]

MISSED_DEFINITION = (
    (
        "分母: その月に生存退院した方のうち、退院日に有効な要介護・要支援の認定があり、"
        "計画作成担当が決まっている方。"
    ),
    (
        "分子（もれ）: 退院の前に、退院について病院と計画作成担当との間で"
        "連絡（話せた・面会・会議・受領の確認）がなかった方。"
    ),
    (
        "不在・伝言だけのとき、家族を通じて伝わっただけのときは、連絡に数えません。"
        "記録した日ではなく、連絡した日で数えます。"
    ),
    "双方の記録が食い違うとき、記録がないときは不明とし、率の幅で示します。",
    "死亡、転院、ルールの対象外、本人が連絡を希望しない方は分母に入れず、横に件数を示します。",
)
REFERRAL_DEFINITION = (
    (
        "分母: その月に生存退院した、計画作成担当が決まっていない方のうち、"
        "ルールが相談・申請の案内を求める方（判定保留を含む）。"
    ),
    "分子: 退院の前に、本人・家族に案内した方、または同意を得て地域包括支援センターに伝えた方。",
    "退院のときに判定保留のままで案内の記録がない方は不明とし、率の幅で示します。",
)
INFORMATION_DEFINITION = (
    "分母: その月に入院した、有効な要介護・要支援の認定があり、計画作成担当が決まっている方。",
    "分子: 計画作成担当から病院へ入院時情報が提供された方（時期を問わない）。",
    (
        "まだ期限前で届いていない方は不明とし、率の幅で示します。"
        "ルールの対象外と、本人が連絡を希望しない方は含みません。"
    ),
)


def of_month(
    session: Session,
    region: str,
    month: date,
    *,
    region_name: str,
    hospital_names: bool,
    closes_on: int | None = None,
    now: datetime,
) -> MonthlyRates:
    """Count the figures of a region for the month that starts on `month`.

    With `hospital_names` false the hospitals are shown as 病院A, 病院B …: a
    comparison by name is for the region's council to decide. `closes_on` is the
    day of the next month on which this one closes, None for its last open day.
    """
    month = month.replace(day=1)
    hospitals = _hospitals(session, region, named=hospital_names)
    discharged = discharged_cases(session, region, month, now)
    admitted = admitted_cases(session, region, month, now)
    return MonthlyRates(
        region=region,
        region_name=region_name,
        month=month,
        as_of=now,
        provisional=day_of(now) <= closing_day(month, closes_on),
        measures=(
            _missed_coordination(discharged, hospitals),
            _referral(discharged, hospitals),
            _admission_information(admitted, hospitals),
        ),
        trend=tuple(
            (m, missed_figure(_denominator(discharged_cases(session, region, m, now))))
            for m in months_before(month, TREND_MONTHS)
        ),
    )


def closing_day(month: date, closes_on: int | None = None) -> date:
    """The day until which a month's figures are provisional; it lies in the next month.

    The last open day unless the region chose another (1 to 28): care managers bill
    until the 10th and write down late.
    """
    if closes_on is not None:
        return next_month(month).replace(day=closes_on)
    day = next_month(next_month(month)) - timedelta(days=1)
    calendar = calendar_of(None, day)
    while not calendar.is_open(day):
        day -= timedelta(days=1)
    return day


def missed_figure(cases: Sequence[Case]) -> Figure:
    """退院調整もれ: no contact took place, out of all; contradictions and silence are unknown."""
    unknown = sum(case.contact.is_unknown for case in cases)
    coordinated = sum(case.contact.took_place for case in cases)
    return Figure(counted=len(cases) - coordinated - unknown, of=len(cases), unknown=unknown)


def _referral_figure(cases: Sequence[Case]) -> Figure:
    advised = sum(case.advised for case in cases)
    unknown = sum(
        not case.advised and case.coordination is Coordination.UNDETERMINED for case in cases
    )
    return Figure(counted=advised, of=len(cases), unknown=unknown)


def _information_figure(cases: Sequence[Case]) -> Figure:
    informed = sum(case.informed for case in cases)
    unknown = sum(not case.informed and case.information_may_come for case in cases)
    return Figure(counted=informed, of=len(cases), unknown=unknown)


def _is_counted(case: Case) -> bool:
    gone = {Destination.DEATH, Destination.OTHER_HOSPITAL}
    return case.destination not in gone and not case.excluded and not case.wants_no_contact


def _has_plan_office(case: Case) -> bool:
    return bool(case.group) and case.plan in {PlanStatus.ASSIGNED, PlanStatus.PAUSED}


def _denominator(cases: Sequence[Case]) -> list[Case]:
    return [case for case in cases if _is_counted(case) and _has_plan_office(case)]


def _missed_coordination(cases: Sequence[Case], hospitals: Hospitals) -> Measure:
    counted = _denominator(cases)
    states = [
        (contact.label, sum(case.contact is contact for case in counted)) for contact in Contact
    ]
    return Measure(
        id="missed_coordination",
        label="退院調整もれ率",
        definition=MISSED_DEFINITION,
        total=missed_figure(counted),
        cuts=(
            _by_group(counted, missed_figure),
            _by_hospital(counted, missed_figure, hospitals),
            _by_destination(counted, missed_figure),
            _by_area(counted, missed_figure),
        ),
        beside=(*states, *_left_out(cases)),
    )


def _left_out(cases: Sequence[Case]) -> list[tuple[str, int]]:
    """Everybody who left and is not in the denominator, each counted once."""
    reasons: tuple[tuple[str, Callable[[Case], bool]], ...] = (
        ("死亡退院", lambda c: c.destination is Destination.DEATH),
        ("転院", lambda c: c.destination is Destination.OTHER_HOSPITAL),
        ("本人が連絡を希望しない", lambda c: c.wants_no_contact),
        ("ルールの対象外", lambda c: c.excluded),
        ("介護認定がない・不明", lambda c: not c.group),
        ("計画作成担当が決まっていない・不明", lambda c: not _has_plan_office(c)),
    )
    rest, counts = list(cases), []
    for label, holds in reasons:
        counts.append((f"分母に含まない: {label}", sum(holds(case) for case in rest)))
        rest = [case for case in rest if not holds(case)]
    return counts


def _referral(cases: Sequence[Case], hospitals: Hospitals) -> Measure:
    counted = [
        case
        for case in cases
        if _is_counted(case)
        and case.plan is PlanStatus.UNASSIGNED
        and case.coordination is not Coordination.NOT_REQUIRED
    ]
    return Measure(
        id="referral",
        label="新規相談につないだ率",
        definition=REFERRAL_DEFINITION,
        total=_referral_figure(counted),
        cuts=(_by_hospital(counted, _referral_figure, hospitals),),
        beside=(
            (
                "分母に含まない: 計画作成担当の有無が不明",
                sum(_is_counted(case) and case.plan is PlanStatus.UNKNOWN for case in cases),
            ),
        ),
    )


def _admission_information(cases: Sequence[Case], hospitals: Hospitals) -> Measure:
    counted = [
        case
        for case in cases
        if _has_plan_office(case) and not case.excluded and not case.wants_no_contact
    ]
    not_told = sum(not case.informed and not case.told_of_admission for case in counted)
    return Measure(
        id="admission_information",
        label="入院時情報提供率",
        definition=INFORMATION_DEFINITION,
        total=_information_figure(counted),
        cuts=(
            _by_group(counted, _information_figure),
            _by_hospital(counted, _information_figure, hospitals),
        ),
        beside=(("お知らせ前（入院の連絡の記録がなく、提供もない）", not_told),),
    )


def _by_group(cases: Sequence[Case], count: Count) -> Cut:
    return _cut("要介護・要支援", cases, count, ("要介護", "要支援"), lambda case: case.group)


def _by_hospital(cases: Sequence[Case], count: Count, hospitals: Hospitals) -> Cut:
    # By id: two hospitals may bear the same name, and each is a row.
    return Cut(
        "病院",
        tuple(
            Row(name, count([case for case in cases if case.hospital_id == hospital_id]))
            for hospital_id, name in hospitals.items()
        ),
    )


def _by_destination(cases: Sequence[Case], count: Count) -> Cut:
    living = [
        d.label for d in Destination if d not in {Destination.DEATH, Destination.OTHER_HOSPITAL}
    ]
    return _cut(
        "退院先",
        cases,
        count,
        tuple(living),
        lambda case: case.destination.label if case.destination else "",
    )


def _by_area(cases: Sequence[Case], count: Count) -> Cut:
    words = {True: "圏域内", False: "圏域外", None: "不明"}
    return _cut("住まい", cases, count, tuple(words.values()), lambda case: words[case.in_region])


def _cut(
    label: str,
    cases: Sequence[Case],
    count: Count,
    rows: tuple[str, ...],
    row_of: Callable[[Case], str],
) -> Cut:
    return Cut(
        label,
        tuple(Row(row, count([case for case in cases if row_of(case) == row])) for row in rows),
    )


def _hospitals(session: Session, region: str, *, named: bool) -> dict[int, str]:
    found = session.exec(
        select(Organization)
        .where(Organization.region == region, Organization.kind == OrganizationKind.HOSPITAL)
        .order_by(Organization.kana, Organization.id)  # type: ignore[arg-type]
    )
    return {
        hospital.id: hospital.name if named else f"病院{_letters(position)}"
        for position, hospital in enumerate(found)
    }


def _letters(position: int) -> str:
    """Count A … Z, AA, AB …, as the columns of a spreadsheet do."""
    higher, letter = divmod(position, 26)
    return (_letters(higher - 1) if higher else "") + chr(ord("A") + letter)
