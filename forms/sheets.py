"""What each printed sheet says: one frozen, typed object per sheet.

A sheet holds what is known and nothing else. What is not known stays None or empty and is
printed as an empty box for the pen. A sheet reads no database and no clock, and decides
nothing: whoever makes it has asked `may()` first.

虐待の疑い has no field here, and with `whereabouts_hidden` (所在秘匿) neither address nor
telephone nor contacts of the person are printed, whoever fills them in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import ClassVar, Protocol

from forms.admission_fields import BLOCKS
from forms.errors import SheetError
from forms.fields import Answers, Block, check_answers, texts
from handoffs.certification import Application, CareNeedLevel
from handoffs.contacts import ContactRole
from handoffs.figures import MonthlyRates
from handoffs.patients import Sex

LONGEST_TEXT = 4_000
"""Characters of one field. A report of 2,000 fits twice; a pasted chart does not."""

MOST_ROWS = 200
"""Rows of a report or contacts of a sheet; laying out a table takes about 4 ms a row."""


class Sheet(Protocol):
    """What `forms.render` prints."""

    name: ClassVar[str]
    """The word for it on the command line and its template's name."""

    title: ClassVar[str]
    """The printed title, which is also the PDF's; it never holds personal data."""

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield every text that was put in, each with the name of its field on the paper."""

    def rows(self) -> int:
        """Return how many table rows the contents ask for."""


def _printed(label: str) -> dict[str, str]:
    return {"label": label}


@dataclass(frozen=True, kw_only=True)
class Contact:
    """One person to talk to, in one capacity."""

    role: ContactRole
    name: str = field(default="", metadata=_printed("連絡先の氏名"))
    relation: str = field(default="", metadata=_printed("連絡先の続柄"))
    telephone: str = field(default="", metadata=_printed("連絡先の電話番号"))
    age: int | None = None


@dataclass(frozen=True, kw_only=True)
class AdmissionInformation:
    """入院時情報提供書: what a care manager tells the hospital (care manager to hospital).

    `answers` fills the boxes of `forms.admission_fields.BLOCKS`; see `forms.fields.Answers`.

    Raises:
        SheetError: an answer has no place on the sheet, or the validity ends before it begins.
    """

    name: ClassVar[str] = "admission_information"
    title: ClassVar[str] = "入院時情報提供書"
    blocks: ClassVar[Mapping[str, Block]] = BLOCKS

    case_code: str = field(default="", metadata=_printed("管理番号"))
    written_on: date | None = None
    admitted_on: date | None = None
    provided_on: date | None = None
    consent_given: bool = False
    """Whether a consent is on record; without it the sentence is a box for the pen."""

    hospital: str = field(default="", metadata=_printed("医療機関名"))
    ward: str = field(default="", metadata=_printed("病棟"))
    hospital_contact: str = field(default="", metadata=_printed("医療機関のご担当者名"))
    office: str = field(default="", metadata=_printed("事業所名"))
    care_manager: str = field(default="", metadata=_printed("ケアマネジャー氏名"))
    office_telephone: str = field(default="", metadata=_printed("事業所の電話番号"))
    office_fax: str = field(default="", metadata=_printed("事業所のFAX番号"))

    patient_name: str = field(default="", metadata=_printed("患者氏名"))
    patient_kana: str = field(default="", metadata=_printed("フリガナ"))
    birth_on: date | None = None
    age: int | None = None
    sex: Sex = Sex.UNKNOWN
    address: str = field(default="", metadata=_printed("住所"))
    telephone: str = field(default="", metadata=_printed("電話番号"))
    whereabouts_hidden: bool = False

    care_level: CareNeedLevel = CareNeedLevel.UNKNOWN
    valid_from: date | None = None
    valid_until: date | None = None
    application: Application = Application.UNKNOWN
    applied_on: date | None = None
    insured_number: str = field(default="", metadata=_printed("被保険者番号"))

    contacts: tuple[Contact, ...] = ()
    answers: Answers = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the answers against the sheet, and freeze them."""
        check_answers(self.answers, self.blocks)
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise SheetError("要介護認定の有効期間の終わりが始まりより前です。")
        object.__setattr__(self, "answers", MappingProxyType(dict(self.answers)))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield every text that was put in, each with the name of its field on the paper."""
        yield from _labelled(self)
        for contact in self.contacts:
            yield from _labelled(contact)
        yield from texts(self.answers, self.blocks)

    def rows(self) -> int:
        """Return how many contacts are to be printed."""
        return len(self.contacts)

    def contacts_as(self, role: ContactRole) -> tuple[Contact, ...]:
        """Return the contacts in one capacity; none where the whereabouts are hidden."""
        if self.whereabouts_hidden:
            return ()
        return tuple(contact for contact in self.contacts if contact.role is role)


@dataclass(frozen=True, kw_only=True)
class MissedCoordinationReport:
    """もれ率月報: the three figures of a region and month, for its health centre.

    Counts only, of any size: the sheet says that it stays inside the health centre.
    """

    name: ClassVar[str] = "missed_coordination_report"
    title: ClassVar[str] = "退院調整もれ率 月報"

    rates: MonthlyRates

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield every text that was put in, each with the name of its field on the paper."""
        yield "地域名", self.rates.region_name
        for measure in self.rates.measures:
            yield "指標名", measure.label
            for words in measure.definition:
                yield f"{measure.label}の数え方", words
            for label, _ in measure.beside:
                yield f"{measure.label}の欄外", label
            for cut in measure.cuts:
                yield f"{measure.label}の内訳", cut.label
                for row in cut.rows:
                    yield f"{measure.label}の内訳({cut.label})", row.label

    def rows(self) -> int:
        """Return how many lines the tables have together."""
        return sum(len(cut.rows) for measure in self.rates.measures for cut in measure.cuts)


def _labelled(thing: AdmissionInformation | Contact) -> Iterator[tuple[str, str]]:
    for one in fields(thing):
        if "label" in one.metadata:
            yield one.metadata["label"], getattr(thing, one.name)


SHEETS: Mapping[str, type[AdmissionInformation | MissedCoordinationReport]] = MappingProxyType({
    sheet.name: sheet for sheet in (AdmissionInformation, MissedCoordinationReport)
})  # fmt: skip
