"""The rule of the region in which a person lives, where that is not the hospital's.

Found by the municipality that the hospital wrote down, among the areas that editions name. What
cannot be decided by it is said in words and never passed over in silence. Rules are handed
two editions, never the place where somebody lives. Reads no database.
"""

import re
from dataclasses import dataclass

from handoffs.decision.circumstances import Circumstances
from handoffs.stays.stay import Stay
from rules import Edition, Library, NoEdition
from rules.agreement import Agreement, agreement_in_force

_PREFECTURE = re.compile(r"(北海道|東京都|京都府|大阪府|[^\s都道府県市町村]{2,3}県)")
_SUFFIXES = ("", "市", "町", "村", "区")


@dataclass(frozen=True)
class HomeRule:
    """What is known of the home's rule.

    edition: the one in force on the day of admission, None where there is none that can be
    used; words then say so, and what to do. agreement: of the two regions, on that day.
    """

    region_name: str
    edition: Edition | None = None
    agreement: Agreement | None = None
    words: str = ""


def home_rule_of(stay: Stay, known: Circumstances, library: Library) -> HomeRule | None:
    """Find the rule of the home; None where one rule speaks alone, as far as anybody knows.

    That the home lies in the region, as the hospital wrote it down, wins over the name of a town.
    Where the whereabouts are hidden (所在秘匿) it is not asked: its name would tell them.
    """
    region, admitted_on = stay.region, stay.admitted_on
    if known.in_region or not known.municipality:
        return None
    named = [edition for edition in library.editions if _lies_in(known.municipality, edition)]
    regions = {edition.region: edition.region_name for edition in named}
    if not regions or region in regions:
        return None
    if known.whereabouts_hidden:
        return HomeRule(
            "",
            words="所在を秘匿しているため、住まいの地域のルールは当てはめていません。"
            "必要なときは、病院から電話で確かめてください。",
        )
    if len(regions) > 1:
        names = "・".join(regions.values())
        return HomeRule(
            names,
            words=f"住まいの市町村が、いくつかの地域({names})のルールに出てきます。"
            "どの地域のルールによるか決められないため、病院の地域のルールだけで判定しています。"
            "住まいの地域に電話で確かめてください。",
        )
    ((home, name),) = regions.items()
    try:
        edition = library.in_force(home, admitted_on)
    except NoEdition:
        return HomeRule(name, words=_why_not(name, home, library))
    agreement = agreement_in_force(
        frozenset((region, home)),
        admitted_on,
        library.agreements_folder,
        known={each.region for each in library.editions},
    )
    return HomeRule(name, edition, agreement)


def _why_not(name: str, region: str, library: Library) -> str:
    """Say why the home's rule cannot be used for this day."""
    undated = [e.title for e in library.editions if e.region == region and e.in_force is None]
    why = (
        f"手元の版「{undated[0]}」は施行日が分からず、入院した日に有効だったか決められません。"
        if undated
        else "入院した日に有効な版がありません。"
    )
    return (
        f"住まいの地域({name})のルールは、{why}病院の地域のルールだけで判定しています。"
        "住まいの地域に電話で確かめてください。"
    )


def _lies_in(municipality: str, edition: Edition) -> bool:
    """Whether an edition names the municipality as a part of its area."""
    plain = _PREFECTURE.sub("", municipality.strip(), count=1)
    return any(plain == f"{place}{suffix}" for place in edition.area for suffix in _SUFFIXES)
