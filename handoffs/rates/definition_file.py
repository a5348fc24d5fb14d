"""Read the definition of a figure from YAML: every word checked, file and line on a mistake.

Knows no region and counts nothing. There is no expression to write: a definition chooses among
the words of `definition`, so that a council can read it aloud.
"""

import re
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from handoffs.rates.definition import (
    Answering,
    Asked,
    Counted,
    Definition,
    Event,
    People,
    Period,
    Published,
    SeenBy,
    Treatment,
    Window,
)
from rules.errors import FileError
from rules.kinds import Labelled
from rules.reading.document import Entry, read

Word = TypeVar("Word", bound=Labelled)

_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_REQUIRED = (
    "measure",
    "label",
    "written_on",
    "source",
    "counts",
    "people",
    "asked",
    "numerator",
    "transfers",
    "facility_discharges",
    "excluded_by_rule",
    "no_contact_wanted",
)
_OPTIONAL = (
    "complement",
    "region",
    "region_name",
    "in_force",
    "window",
    "answered_by",
    "period",
    "months",
    "denominator_known_to_office",
    "through_family",
    "late_contact",
    "seen_by",
    "unverified",
)
_ABOUT_DISCHARGE = {Asked.CONTACT}


class DefinitionError(FileError):
    """A definition is refused; its author mends the line."""


def definition_of(file: Path) -> Definition:
    """Read one definition; DefinitionError where anything in it is not understood."""
    entry, content = read(file, DefinitionError)
    lines = entry.mapping(known=(*_REQUIRED, *_OPTIONAL), required=_REQUIRED)
    event = _word(lines["counts"], Event)
    asked = _word(lines["asked"], Asked)
    _refuse_what_does_not_fit(lines, event, asked)
    regional = "region" in lines
    if regional != ("region_name" in lines):
        raise entry.refusal(
            "region と region_name は、両方書くか、どちらも書きません。", "もう一方を足します。"
        )
    return Definition(
        id=_id(lines["measure"]),
        label=lines["label"].text(),
        complement=lines["complement"].text() if "complement" in lines else "",
        region=_id(lines["region"]) if regional else "",
        region_name=lines["region_name"].text() if regional else "",
        in_force=_first_of_month(lines["in_force"]) if "in_force" in lines else None,
        written_on=lines["written_on"].day(),
        source=_source(lines["source"]),
        event=event,
        people=_word(lines["people"], People),
        asked=asked,
        counted=_word(lines["numerator"], Counted),
        window=_or(lines, "window", Window.ANY_TIME),
        answered_by=_or(lines, "answered_by", Answering.BOTH),
        period=_or(lines, "period", Period.MONTH),
        months=tuple(m.number(1, 12) for m in lines["months"].items()) if "months" in lines else (),
        known_to_office_only=_known_only(lines),
        through_family=_or(lines, "through_family", Treatment.LEFT_OUT),
        late_contact=_or(lines, "late_contact", Treatment.LEFT_OUT),
        transfers=_word(lines["transfers"], Treatment),
        facility_discharges=_word(lines["facility_discharges"], Treatment),
        excluded_by_rule=_word(lines["excluded_by_rule"], Treatment),
        no_contact_wanted=_word(lines["no_contact_wanted"], Treatment),
        seen_by=_or(lines, "seen_by", SeenBy.HEALTH_CENTER),
        unverified=tuple(each.text() for each in lines["unverified"].items())
        if "unverified" in lines
        else (),
        file=file,
        digest=sha256(content).hexdigest(),
    )


def _refuse_what_does_not_fit(lines: dict[str, Entry], event: Event, asked: Asked) -> None:
    """Refuse words that the question asked has no use for: they would promise what is not done."""
    after_admission = {
        Asked.ADMISSION_INFORMATION,
        Asked.DAYS_TO_INFORMATION,
        Asked.HEARD_OF_ADMISSION,
    }
    wanted = Event.ADMISSIONS if asked in after_admission else Event.DISCHARGES
    if event is not wanted:
        raise lines["counts"].refusal(
            f"「{asked.value}」は{wanted.label}の件数で数えます。",
            f"counts: {wanted.value} と書いてください。",
        )
    for key, fits in (
        ("through_family", asked in _ABOUT_DISCHARGE),
        ("late_contact", asked in _ABOUT_DISCHARGE),
        ("answered_by", asked in _ABOUT_DISCHARGE),
        ("window", asked is Asked.ADMISSION_INFORMATION),
        ("months", "period" in lines and lines["period"].word() != Period.MONTH),
    ):
        if key in lines and not fits:
            raise lines[key].refusal(
                f"ここでは「{key}」を書いても数え方は変わりません。", "この行を消してください。"
            )
    if asked.is_spread and "complement" in lines:
        raise lines["complement"].refusal(
            "日数などの分布に、補数の率はありません。", "この行を消してください。"
        )
    window = lines.get("window")
    own = lines["seen_by"].word(tuple(SeenBy)) if "seen_by" in lines else ""
    if asked is Asked.AGREEMENT and own != SeenBy.BOTH_SIDES:
        raise lines["asked"].refusal(
            "病院と事業所の組の数字は、保健所とその組だけが見ます。",
            "seen_by: both_sides と書いてください。",
        )
    if window is not None and window.word() == Window.FEE and own != SeenBy.OWN_OFFICE:
        raise window.refusal(
            "加算の期間の数字は、その事業所だけが見ます。",
            "seen_by: own_office を書き足してください。",
        )


def _known_only(lines: dict[str, Entry]) -> bool:
    """Whether only those whom the plan office knows of are in the denominator."""
    entry = lines.get("denominator_known_to_office")
    return entry is not None and entry.word(("only", "all")) == "only"


def _word(entry: Entry, kind: type[Word]) -> Word:
    return kind(entry.word(tuple(kind)))


def _or(lines: dict[str, Entry], key: str, otherwise: Word) -> Word:
    return _word(lines[key], type(otherwise)) if key in lines else otherwise


def _id(entry: Entry) -> str:
    word = entry.word()
    if not _ID.fullmatch(word):
        raise entry.refusal(
            f"「{word}」は名前に使えません。", "半角の小文字・数字・_ で書いてください。"
        )
    return word


def _first_of_month(entry: Entry) -> date:
    day = entry.day()
    if day.day != 1:
        raise entry.refusal(
            "数え方は月の途中では変わりません。", "月の1日を書いてください(2027-04-01 など)。"
        )
    return day


def _source(entry: Entry) -> Published:
    lines = entry.mapping(known=("title", "url"), required=("title",))
    url = lines["url"].text() if "url" in lines else ""
    if url and not url.startswith("https://") and not url.startswith("http://"):
        raise lines["url"].refusal("アドレスではありません。", "https:// から書いてください。")
    return Published(lines["title"].text(), url)
