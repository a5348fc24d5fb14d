"""By what a figure can be split, and what each line is called.

Four stand unasked on the page; the others are asked for. There is none per member of staff
(`office_lines`). Hospitals have names only where the region's council decided so, offices never.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter

from sqlmodel import Session, col, select

from handoffs.errors import HandoffError
from handoffs.miss_reason import MissCause
from handoffs.parties import Organization, OrganizationKind, WardKind
from handoffs.rates.cases import Case
from handoffs.rates.definition import Asked, Definition, People
from handoffs.rates.month_company import office_labels
from handoffs.rates.office_lines import (
    EVERY_HOSPITAL,
    NO_OFFICE,
    NOT_ON_RECORD,
    NOT_SETTLED,
    OTHERS,
    letters,
)
from handoffs.stays.certification import CareNeedLevel
from handoffs.stays.stay import Destination


@dataclass(frozen=True)
class Labels:
    """What hospitals and offices are called on the page of a month, by the text of their id.

    no_offices: why there are no lines of offices.
    """

    hospitals: Mapping[str, str] = field(default_factory=dict)
    offices: Mapping[str, str] = field(default_factory=dict)
    no_offices: str = ""


Rows = Callable[[Labels, AbstractSet[str]], Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class CutBy:
    """One way to split. `rows` gives key and label of each line, for the keys that occur.

    merges: lines of one label are one line, as for the offices in which one person works; the
    split is left out where that line would be of a single office.
    rest: what the lines in which nothing is counted are called together; they are one line then.
    """

    id: str
    label: str
    key: Callable[[Case], str]
    rows: Rows
    largest_first: bool = False
    merges: bool = False
    rest: str = ""


class NoCut(HandoffError):
    """There is no such way to split a figure."""


def _listed(words: Sequence[tuple[str, str]], rest: str = "不明") -> Rows:
    """A fixed list of lines; what else occurs follows, so that the lines add up."""

    def rows(_: Labels, found: AbstractSet[str]) -> list[tuple[str, str]]:
        known = {key for key, _ in words}
        return [*words, *((key, key or rest) for key in sorted(found - known))]

    return rows


def _hospitals(labels: Labels, found: AbstractSet[str]) -> list[tuple[str, str]]:
    others = sorted(found - labels.hospitals.keys())
    return [*labels.hospitals.items(), *((key, "ほかの病院") for key in others)]


def _office(case: Case) -> str:
    return NO_OFFICE if case.office_id is None else str(case.office_id)


def _offices(labels: Labels, found: AbstractSet[str]) -> list[tuple[str, str]]:
    named = [(key, label) for key, label in labels.offices.items() if key in found]
    others = sorted(found - labels.offices.keys())
    return [*named, *((key, _other(key)) for key in others)]


def _other(key: str) -> str:
    """What stands for no office, and for one that is not of the region."""
    return NOT_ON_RECORD if key == NO_OFFICE else OTHERS


_LENGTHS = ((7, "7日以内"), (14, "8〜14日"), (30, "15〜30日"), (60, "31〜60日"))
_LONGER, _IN_HOSPITAL = "61日以上", "入院中"


def _length(case: Case) -> str:
    if case.stay_days is None:
        return _IN_HOSPITAL
    return next((label for most, label in _LENGTHS if case.stay_days <= most), _LONGER)


def _same(*words: str) -> tuple[tuple[str, str], ...]:
    return tuple((word, word) for word in words)


_AREA = {True: "inside", False: "outside", None: "unknown"}
_LIVING = [d for d in Destination if d not in {Destination.DEATH, Destination.OTHER_HOSPITAL}]
_WEEKDAYS = "月火水木金土日"

CUTS: Mapping[str, CutBy] = {
    cut.id: cut
    for cut in (
        CutBy(
            "care_group",
            "要介護・要支援",
            lambda c: c.group,
            _listed(_same("要介護", "要支援"), "認定なし・不明"),
        ),
        CutBy("hospital", "病院", lambda c: str(c.hospital_id), _hospitals),
        CutBy(
            "destination",
            "退院先",
            lambda c: c.destination.value if c.destination else "",
            _listed([(d.value, d.label) for d in _LIVING], "入院中"),
        ),
        CutBy(
            "area",
            "住まい",
            lambda c: _AREA[c.in_region],
            _listed((("inside", "圏域内"), ("outside", "圏域外"), ("unknown", "不明"))),
        ),
        CutBy(
            "care_level",
            "要介護度",
            lambda c: c.care_level.value,
            _listed([(level.value, level.label) for level in CareNeedLevel if level.group]),
        ),
        CutBy(
            "ward_kind",
            "病棟の種類",
            lambda c: c.ward_kind.value,
            _listed([(ward.value, ward.label) for ward in WardKind]),
        ),
        CutBy("office", "計画作成担当の事業所", _office, _offices, merges=True),
        CutBy("municipality", "住まいの市町村", lambda c: c.municipality, _listed(())),
        CutBy(
            "stay_length",
            "入院の長さ",
            _length,
            _listed(_same(*(label for _, label in _LENGTHS), _LONGER)),
        ),
        CutBy(
            "weekday",
            "退院の曜日",
            lambda c: "" if c.weekday is None else _WEEKDAYS[c.weekday],
            _listed(_same(*_WEEKDAYS), "入院中"),
        ),
        CutBy(
            "miss_reason",
            "確認がとれていない事情（病院の記録）",
            lambda c: c.miss_cause.value if c.miss_cause else "",
            _listed([(cause.value, cause.label) for cause in MissCause], "記録なし"),
            largest_first=True,
        ),
        CutBy("edition", "ルールの版（施行日）", lambda c: c.edition, _listed((), "判定なし")),
    )
}
"""Every way to split, by its id; the first four stand unasked."""


def _pairs(labels: Labels, found: AbstractSet[str]) -> list[tuple[str, str]]:
    """A hospital with an office; the offices without a line of their own with all hospitals."""
    named = []
    for key in found:
        hospital, office = key.split("-")
        whose = labels.offices.get(office) or _other(office)
        # One of them may be the only one at a hospital: by hospital they would be told apart.
        at = EVERY_HOSPITAL if whose == OTHERS else labels.hospitals.get(hospital, "ほかの病院")
        named.append((key, f"{at} × {whose}"))
    return sorted(named, key=itemgetter(1))


PAIR = CutBy(
    "pair",
    "病院と事業所の組",
    lambda c: f"{c.hospital_id}-{_office(c)}",
    _pairs,
    largest_first=True,
    merges=True,
    rest="食い違いのない組",
)
"""A hospital with an office, for what both sides say; not among those that can be asked for."""


def every_cut(definition: Definition) -> tuple[CutBy, ...]:
    """All splits that are frozen and kept of a figure."""
    more = (PAIR,) if definition.asked is Asked.AGREEMENT else ()
    return (*CUTS.values(), *more)


UNASKED = ("care_group", "hospital", "destination", "area")


def cuts_called(ids: Sequence[str]) -> tuple[CutBy, ...]:
    """Find the ways to split by their ids; NoCut names those that there are."""
    for name in ids:
        if name not in CUTS:
            raise NoCut(f"「{name}」という分け方はありません。あるのは {'、'.join(CUTS)} です。")
    return tuple(CUTS[name] for name in dict.fromkeys(ids))


def unasked_cuts(definition: Definition) -> tuple[CutBy, ...]:
    """The splits that stand on the page without being asked for."""
    if definition.people is People.WITHOUT_PLAN_OFFICE:
        return cuts_called(("hospital",))
    if definition.asked is Asked.CONTACT:
        return cuts_called(UNASKED)
    if definition.asked is Asked.AGREEMENT:
        return (PAIR,)
    return cuts_called(("care_group", "hospital"))


def splits(definition: Definition, asked: Sequence[CutBy]) -> tuple[CutBy, ...]:
    """The splits to show where some are asked for.

    What both sides say has pairs and nothing else: a hospital's line less its pairs would be
    what the others at this hospital said, and they may be one person.
    """
    if definition.asked is Asked.AGREEMENT and asked:
        return (PAIR,)
    return tuple(asked)


def hospital_labels(session: Session, region: str, *, named: bool) -> dict[int, str]:
    """Label every hospital of a region: by its name, or as 病院A, 病院B … in kana order."""
    found = session.exec(
        select(Organization.id, Organization.name)
        .where(Organization.region == region, Organization.kind == OrganizationKind.HOSPITAL)
        .order_by(col(Organization.kana), col(Organization.id))
    )
    return {
        id_: name if named else f"病院{letters(position)}"
        for position, (id_, name) in enumerate(found)
    }


def labels_of(
    session: Session, region: str, months: Iterable[date], *, named: bool
) -> dict[date, Labels]:
    """What hospitals and offices of a region are called in each of some months."""
    hospitals = _by_text(hospital_labels(session, region, named=named))
    months = tuple(months)
    offices = office_labels(session, region, months)
    return {
        month: Labels(hospitals, _by_text(offices[month]))
        if month in offices
        else Labels(hospitals, no_offices=NOT_SETTLED)
        for month in months
    }


def _by_text(labels: Mapping[int, str]) -> dict[str, str]:
    return {str(id_): label for id_, label in labels.items()}
