"""A back-test as long work: what is asked for, and what is kept of the answer.

The scope is that of the asker's organization and is settled when the work is done, from the
record, whatever the parameters say: a hospital has its own stays, by their codes; a health
centre has counts alone, and no code of any stay is kept for it. Names of wards, offices and
people are not kept either; a page looks them up as its reader may see them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from handoffs.backtest import BackTest, backtest
from handoffs.backtest.command import as_json, month_of
from handoffs.backtest.flips import UNVERIFIED
from handoffs.backtest.past_stays import Reading
from handoffs.errors import NotPermitted
from handoffs.long_work import LongWork, WorkKind, ask
from handoffs.parties import Actor, Organization, OrganizationKind
from rules import Edition, Library, check_examples, edition_of

MOST_DRAFT = 60_000
"""Characters of a draft; the longest edition that is shipped has 11,000."""


@dataclass(frozen=True)
class BacktestEntry:
    """What somebody asks for: months by their first days, and a draft's text or an edition.

    in_force: the day by which an edition of the own region is named; text is then empty.
    """

    first: date
    last: date
    text: str = ""
    in_force: date | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """Lay it out for the row."""
        named = {"from": f"{self.first:%Y-%m}", "to": f"{self.last:%Y-%m}"}
        if self.in_force is None:
            return {**named, "draft": self.text}
        return {**named, "edition": self.in_force.isoformat()}

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "BacktestEntry":
        """Read it back."""
        edition = parameters.get("edition")
        return cls(
            first=month_of(parameters["from"]),
            last=month_of(parameters["to"]),
            text=parameters.get("draft", ""),
            in_force=None if edition is None else date.fromisoformat(edition),
        )


def ask_backtest(session: Session, entry: BacktestEntry, *, by: Actor, now: datetime) -> LongWork:
    """Ask for a back-test. The draft has been read before, by `draft_of`. Raises as `ask`."""
    return ask(session, WorkKind.BACKTEST, entry.parameters, by=by, now=now)


def draft_of(text: str) -> Edition:
    """Read a draft that was typed and hold it to its own examples.

    Raises EditionError or ExampleError with the line; the file that they name is none of
    the reader's.
    """
    # rules reads files alone, so that no second way of reading an edition can differ.
    with TemporaryDirectory(prefix="tsunagi-draft-") as folder:
        file = Path(folder) / "draft.yaml"
        file.write_text(text, encoding="utf-8")
        draft = edition_of(file)
    check_examples(draft)
    return draft


def result_of(reading: Reading, work: LongWork, library: Library) -> dict[str, object]:
    """Do the work: try the draft on the stays that the asker may know of.

    Raises RulesError where a draft or an edition can no longer be used, NotPermitted for an
    organization that is neither hospital nor health centre.
    """
    entry = BacktestEntry.of(work.parameters)
    with reading() as session:
        asker = session.get_one(Organization, work.organization_id)
    if asker.kind not in (OrganizationKind.HOSPITAL, OrganizationKind.HEALTH_CENTER):
        raise NotPermitted("過去の入院で試せるのは、病院と保健所だけです。")
    draft = (
        draft_of(entry.text)
        if entry.in_force is None
        else library.edition(asker.region, entry.in_force)
    )
    is_hospital = asker.kind is OrganizationKind.HOSPITAL
    found = backtest(
        reading,
        asker.region,
        draft,
        (entry.first, entry.last),
        library=library,
        hospital_id=asker.id if is_hospital else None,
    )
    return _kept(found, with_stays=is_hospital)


def _kept(found: BackTest, *, with_stays: bool) -> dict[str, object]:
    """Lay out what is kept: everything of the command but names, and stays only where asked."""
    counted: dict[str, object] = {
        "count": len(found.flips),
        "clauses": [
            {"clause": clause, "in_force": was, "draft": would_be, "stays": count}
            for (clause, was, would_be), count in sorted(found.flips_by_clause.items())
        ],
    }
    kept: dict[str, object] = {
        **as_json(found),
        "flips": counted,
        "words": _words(found),
        "wards": [loads.as_json() for loads in found.wards],
        "offices": [loads.as_json() for loads in found.offices],
    }
    if with_stays:
        counted["stays"] = [flip.as_json() for flip in found.flips]
        kept["missed_stays"] = {
            "newly_in_time": list(found.missed.newly),
            "no_longer_in_time": list(found.missed.no_longer),
        }
    return kept


def _words(found: BackTest) -> dict[str, str]:
    """Say each clause that flipped a stay in the words of the papers; the draft's words win."""
    words = {UNVERIFIED: "どちらかの版で、まだ読み取れていない部分"}
    for edition in (*found.in_force, found.draft):
        clauses = (*edition.criteria, *edition.grounds_against)
        words |= {clause.id: f"{clause.text}({clause.source})" for clause in clauses}
    flipping = {clause for flip in found.flips for clause in flip.clauses}
    return {clause: text for clause, text in words.items() if clause in flipping}
