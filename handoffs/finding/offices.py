"""Finding the office that plans somebody's care in the directory of a region.

By parts of its name or reading, by its municipality, its kind, its number, or the telephone or
FAX number that stands on a card. Several words narrow the answer down; the form of a company, as
the 介護保険証 writes it before a name, is passed over. The order is that of the directory and
recommends nobody.
"""

import re
import unicodedata
from dataclasses import dataclass

from sqlmodel import Session

from handoffs.finding.voicing import has_twins, unvoiced
from handoffs.parties import Organization, planning_organizations
from handoffs.stays.patients import fold

MOST_FOUND = 30
"""How many offices one answer names."""

_FEWEST_DIGITS = 3
"""A single digit stands in every telephone number."""

_COMPANY = re.compile(
    r"[(]?(?:株式会社|有限会社|合同会社|社会福祉法人|医療法人(?:社団|財団)?|(?:一般|公益)?社団法人|"
    r"(?:一般|公益)?財団法人|特定非営利活動法人|npo法人|(?<=[(])[株有福医社](?=[)]))[)]?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[-‐‑–—―−ー()・.]")


@dataclass(frozen=True)
class FoundOffices:
    """The offices that were found; `more`: there are others beyond `MOST_FOUND`.

    loosely: none was found but by passing over 濁点.
    """

    offices: tuple[Organization, ...]
    more: bool
    loosely: bool = False


def offices_found(session: Session, region: str, words: str) -> FoundOffices:
    """Find whoever in a region can plan care and has all of these words; none for no words.

    Where none has them, those that have them but for 濁点 and 半濁点 are found.
    """
    plain = unicodedata.normalize("NFKC", words)
    asked = _COMPANY.sub(" ", plain).split() or plain.split()
    every = planning_organizations(session, region) if asked else []
    found = [office for office in every if all(_has(office, word) for word in asked)]
    loosely = not found and has_twins(fold(plain))
    if loosely:
        found = [office for office in every if all(_nearly_has(office, word) for word in asked)]
    return FoundOffices(
        tuple(found[:MOST_FOUND]), more=len(found) > MOST_FOUND, loosely=loosely and bool(found)
    )


def _has(office: Organization, word: str) -> bool:
    """Whether one word stands in the words of an office, or in one of its numbers."""
    digits = _BETWEEN.sub("", word)
    if digits.isascii() and digits.isdigit() and len(digits) >= _FEWEST_DIGITS:
        numbers = (office.number or "", office.telephone, office.fax)
        if any(digits in _BETWEEN.sub("", _plain(number)) for number in numbers):
            return True
    return fold(word) in _words(office)


def _nearly_has(office: Organization, word: str) -> bool:
    """As `_has`, but 濁点 make no difference in the words."""
    return _has(office, word) or unvoiced(fold(word)) in unvoiced(_words(office))


def _words(office: Organization) -> str:
    return fold(f"{office.name} {office.kana} {office.municipality} {office.kind.label}")


def _plain(number: str) -> str:
    return "".join(unicodedata.normalize("NFKC", number).split())
