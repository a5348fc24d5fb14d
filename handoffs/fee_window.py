"""The care manager's own fee window (入院時情報連携加算) of a stay, beside the regional deadline.

Seen by the plan office alone: neither hospital nor health centre nor whoever gets a copy is
ever given one. It informs and promises nothing: without the office's own hours nothing is
counted, and whoever the fee does not speak of is told why. Read-only, reads no clock.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time

from sqlmodel import Session, col, select

from handoffs.access import visible_stays
from handoffs.calendars import holidays_known
from handoffs.information_given import Given, GivenShown, given_by, given_in
from handoffs.parties import Actor, Organization, OrganizationKind, closed_dates
from handoffs.plan_office import PlanArrangement, PlanOffice
from handoffs.stays.certification import Application, CareNeedLevel, Certification
from handoffs.stays.stay import Stay
from rules import CalendarError
from rules.fees import AdmissionTable, NoFeeTable, admission_table
from rules.fees.day_count import CountedDay, day_count
from rules.fees.notes import unverified_words, window_notes
from rules.fees.office_hours import Arrival, OfficeHours
from rules.fees.window import FeeWindow, fee_window

NO_SUCH_FEE = "介護予防支援（要支援の方）には、この加算がないとされています。"
_OUTSIDE: dict[PlanArrangement | None, str] = {
    PlanArrangement.SMALL_MULTIFUNCTIONAL: "小規模多機能・看護小規模多機能の利用者は対象外です。",
    PlanArrangement.FACILITY: "施設の介護支援専門員が担当する方は対象外です。",
    PlanArrangement.SELF: "セルフプランの方は対象外です。",
    PlanArrangement.CENTER: NO_SUCH_FEE,
}
_LATEST = time(23, 59, 59)


@dataclass(frozen=True)
class FeeShown:
    """One stay's window, or why there is none.

    outside: why the fee does not speak of this person; depends: what has to be known first.
    no_table: why the days of this admission cannot be counted. hours_missing: the office has
    not entered its hours. readings: where the time of admission is not known, the window for
    either case, else empty. given: on which day the office gave the information, by its own record.
    """

    stay_id: int
    outside: str = ""
    depends: str = ""
    no_table: str = ""
    hours_missing: bool = False
    window: FeeWindow | None = None
    readings: tuple[tuple[str, FeeWindow], ...] = ()
    given: GivenShown | None = None
    proof: tuple[CountedDay, ...] = ()
    provisional_years: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()


def fee_windows_of(
    session: Session, actor: Actor, stay_ids: Collection[int], *, today: date
) -> dict[int, FeeShown]:
    """The windows of those stays among some whose plan office the actor works for.

    Empty for everybody else. today: decides only which years of holidays are provisional.
    """
    if not actor.plans_care or not stay_ids:
        return {}
    plans = {
        plan.stay_id: plan
        for plan in session.exec(
            select(PlanOffice).where(
                col(PlanOffice.stay_id).in_(stay_ids),
                col(PlanOffice.superseded).is_(False),
                PlanOffice.organization_id == actor.organization_id,
            )
        )
    }
    stays = session.exec(visible_stays(actor).where(col(Stay.id).in_(plans))).all()
    if not stays:
        return {}
    certified = session.exec(
        select(Certification)
        .where(col(Certification.stay_id).in_({stay.id for stay in stays}))
        .order_by(col(Certification.id))
    )
    latest = {row.stay_id: row for row in certified}
    office = session.get_one(Organization, actor.organization_id)
    hours = hours_for_fees(office, today)
    given = given_by(session, actor, {stay.id for stay in stays})
    return {
        stay.id: _shown(
            stay,
            outside_of(office, plans[stay.id]),
            latest.get(stay.id),
            hours,
            given.get(stay.id),
        )
        for stay in stays
    }


def hours_for_fees(office: Organization, today: date) -> OfficeHours | None:
    """The office's own hours as fees are counted by; None where it entered none that can be."""
    try:
        return OfficeHours.of(
            office.hours,
            closed_dates(office),
            open_on_public_holidays=office.open_on_public_holidays,
            holidays=holidays_known(today),
        )
    except CalendarError:
        return None


def outside_of(office: Organization, plan: PlanOffice) -> str:
    """Why the fee does not speak of whom this office plans for; empty where it may."""
    if office.kind is OrganizationKind.SMALL_MULTIFUNCTIONAL:
        return _OUTSIDE[PlanArrangement.SMALL_MULTIFUNCTIONAL]
    if office.kind is OrganizationKind.COMMUNITY_SUPPORT_CENTER:
        return NO_SUCH_FEE
    return _OUTSIDE.get(plan.arrangement, "")


def _by_level(row: Certification | None) -> tuple[str, str]:
    """Why the level takes the person out, or what is not known yet; unknown is never "no"."""
    level = row.level if row else CareNeedLevel.UNKNOWN
    if level.group == "要介護":
        return "", ""
    if level is CareNeedLevel.UNKNOWN:
        return "", "要介護度が不明です。要介護の方のときの日です。"
    if row is not None and row.application in {Application.NEW, Application.CHANGE}:
        return "", "認定を申請中です。要介護と認定されたときの日です。"
    if level is CareNeedLevel.NONE:
        return "認定を受けていない方は対象外です。", ""
    return NO_SUCH_FEE, ""


def _shown(
    stay: Stay,
    outside: str,
    certification: Certification | None,
    hours: OfficeHours | None,
    given: Given | None,
) -> FeeShown:
    by_level, depends = _by_level(certification)
    if outside or by_level:
        return FeeShown(stay.id, outside=outside or by_level)
    if hours is None:
        return FeeShown(stay.id, depends=depends, hours_missing=True)
    try:
        table = admission_table(stay.admitted_on)
        window = fee_window(table, stay.admitted_on, stay.admitted_time, hours)
        proof = day_count(window, hours, also=given.on if given else None)
    except (NoFeeTable, CalendarError) as none:
        return FeeShown(stay.id, depends=depends, no_table=str(none))
    years = dict.fromkeys(day.on.year for day in proof)
    provisional = tuple(year for year in years if hours.holidays.is_provisional(year))
    return FeeShown(
        stay.id,
        depends=depends,
        window=window,
        readings=_readings(table, stay, hours, window),
        given=given_in(window, given),
        proof=proof,
        provisional_years=provisional,
        notes=tuple(window_notes(window, provisional)),
        unverified=tuple(unverified_words(each) for each in table.unverified()),
    )


def _readings(
    table: AdmissionTable, stay: Stay, hours: OfficeHours, window: FeeWindow
) -> tuple[tuple[str, FeeWindow], ...]:
    """Both windows of an admission whose time is not known."""
    if window.arrival is not Arrival.UNKNOWN:
        return ()
    return tuple(
        (arrival.label, fee_window(table, stay.admitted_on, clock, hours))
        for arrival, clock in ((Arrival.IN_HOURS, time.min), (Arrival.AFTER_HOURS, _LATEST))
    )
