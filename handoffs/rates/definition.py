"""What a figure counts, as a definition file says it: closed words, no formula.

A region that counts otherwise writes another file; nothing here knows a region. Which case
is in a denominator and what is counted of it follows from these words alone (`tally`), and so
do the sentences beside the figure (`in_words`): the two cannot come apart.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from handoffs.stays.stay import Destination
from rules.kinds import Labelled


class Event(Labelled):
    """What is counted: cases, not persons."""

    DISCHARGES = "discharges", "退院"
    ADMISSIONS = "admissions", "入院"


class People(Labelled):
    """Of whom the denominator is made."""

    WITH_PLAN_OFFICE = "with_plan_office", "計画作成担当が決まっている方"
    WITHOUT_PLAN_OFFICE = "without_plan_office", "計画作成担当が決まっていない方"


class Asked(Labelled):
    """What is asked of each of them."""

    CONTACT = "contact_about_discharge", "退院の前に、退院についての連絡があったか"
    REFERRAL = "referral", "退院の前に、相談・申請の案内をしたか"
    ADMISSION_INFORMATION = "admission_information", "入院時情報が病院へ提供されたか"
    DISCHARGE_INFORMATION = "discharge_information", "退院時情報が提供されたか"
    CONFERENCE = "conference", "退院についての会議をしたか"
    AGREEMENT = "records_of_both_sides", "双方の記録が合っているか"
    SHEETS_REFLECTED = "sheets_reflected", "病院からの情報がケアプランに反映されたか"
    DAYS_TO_INFORMATION = "days_to_information", "入院から入院時情報の提供までの日数"
    DAYS_OF_NOTICE = "days_of_notice", "病院の最初の連絡から退院までの日数"
    HEARD_OF_ADMISSION = "heard_of_admission", "入院をどこから知ったか"

    @property
    def is_spread(self) -> bool:
        """Whether the answer is one of several groups, not yes or no."""
        return self in {
            Asked.DAYS_TO_INFORMATION,
            Asked.DAYS_OF_NOTICE,
            Asked.HEARD_OF_ADMISSION,
        }


class Window(Labelled):
    """By when admission information counts."""

    ANY_TIME = "any_time", "時期を問わない"
    REGIONAL = "regional", "地域のルールの期限まで"
    FEE = "fee", "加算の期間のうち"
    CONFIRMED = "confirmed", "病院の受領確認があるもの"


class Counted(Labelled):
    """Which of them the numerator holds."""

    MET = "met", "あった方"
    NOT_MET = "not_met", "なかった方"


class Treatment(Labelled):
    """What becomes of a group that regions treat differently."""

    COUNTED = "counted", "数える"
    LEFT_OUT = "left_out", "数えない"


class Answering(Labelled):
    """Whose word counts."""

    BOTH = "both_sides", "病院と計画作成担当の双方の記録"
    OFFICE = "plan_office", "計画作成担当の記録"
    HOSPITAL = "hospital", "病院の記録"


class SeenBy(Labelled):
    """Who may be shown the figure."""

    HEALTH_CENTER = "health_center", "保健所"
    BOTH_SIDES = "both_sides", "保健所と、その病院・事業所だけ"
    OWN_OFFICE = "own_office", "その事業所だけ"


class Period(Labelled):
    """For how long the published series counts; ours can be had for any month."""

    MONTH = "every_month", "毎月"
    YEARLY_MONTH = "one_month_a_year", "年に一度、決まった月"
    TWICE = "two_months_a_year", "年に二度、決まった月"


FACILITIES = frozenset(
    {
        Destination.SPECIFIED_FACILITY,
        Destination.GROUP_HOME,
        Destination.NURSING_HOME,
        Destination.HEALTH_FACILITY,
        Destination.MEDICAL_FACILITY,
        Destination.DISABILITY_FACILITY,
    }
)
"""Where somebody is looked after by a house. 住宅型有料 and サ高住 are home."""


@dataclass(frozen=True)
class Published:
    """Where a definition was read."""

    title: str
    url: str = ""


@dataclass(frozen=True)
class Definition:
    """One figure. `unverified` names, in words, what could not be read in the source.

    region is empty where the definition is for everybody. in_force: for months from this one
    on; None for all. written_on: the day on which the file was last thought over.
    digest is that of the file, so that a frozen figure names what it was counted by.
    """

    id: str
    label: str
    complement: str
    region: str
    region_name: str
    in_force: date | None
    written_on: date
    source: Published
    event: Event
    people: People
    asked: Asked
    counted: Counted
    window: Window
    answered_by: Answering
    period: Period
    months: tuple[int, ...]
    known_to_office_only: bool
    through_family: Treatment
    late_contact: Treatment
    transfers: Treatment
    facility_discharges: Treatment
    excluded_by_rule: Treatment
    no_contact_wanted: Treatment
    seen_by: SeenBy
    unverified: tuple[str, ...]
    file: Path
    digest: str
