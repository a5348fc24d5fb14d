"""The survey beside the record: per office and for the region, which of the two says more.

An office that did not give its form back has no survey figure: its silence is no answer.
Offices have no names in figures, and those in which one person works have no line of their own
(`lines`): while they wait for each other, their answers are not in the total either.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from handoffs.csv_cell import csv_of
from handoffs.parties import PLANNING_KINDS, Organization
from handoffs.rates.figures import Figure
from handoffs.rates.month_company import office_labels
from handoffs.rates.office_lines import NOT_SETTLED
from handoffs.rates.survey.asked import Asked, asked_of
from handoffs.rates.survey.lines import Line, Lines, Pair, lines_of
from handoffs.rates.survey.survey import (
    Question,
    Survey,
    SurveyReturn,
    Word,
    answers_of,
    returns_of,
)
from rules.kinds import Labelled

HEAD = ("地域", "調査の月", "問い", "事業所", "調査と記録")
_MET = {Word.YES: True, Word.UNKNOWN: None}
COMPARED = (Question.COORDINATION, Question.INFORMATION)
"""What the record answers by itself; the third question has only the survey's answer."""


class Direction(Labelled):
    """How the survey's rate lies to the record's."""

    AGREES = "agrees", "一致"
    HIGHER = "higher", "調査の方が高い"
    LOWER = "lower", "調査の方が低い"
    NOBODY = "nobody", "対象なし"
    WAITING = "waiting", "回答待ち"


@dataclass(frozen=True)
class Beside:
    """One line: what the record counts and what the survey says of the same and of others."""

    label: str
    system: Figure
    survey: Figure | None

    @property
    def direction(self) -> Direction:
        """Which of the two is higher, by the shares of those of whom something is known."""
        if self.survey is None:
            return Direction.WAITING
        one, other = _share(self.survey), _share(self.system)
        if one is None and other is None:
            return Direction.NOBODY
        if one is None or other is None or one != other:
            return Direction.HIGHER if (one or 0) > (other or 0) else Direction.LOWER
        return Direction.AGREES


@dataclass(frozen=True)
class Compared:
    """The whole result. reflected: of those whose answers are shown, of whom the office said yes.

    waiting: the names of the offices that were asked and have not answered, to be rung up.
    notes: why a question has no lines of offices.
    """

    survey: Survey
    totals: dict[Question, Beside]
    offices: dict[Question, tuple[Beside, ...]]
    reflected: Figure
    returned: int
    waiting: tuple[str, ...]
    notes: dict[Question, str]


@dataclass(frozen=True)
class Tables:
    """The rows of each question by office, the newest returns, and what the offices are called.

    labels: None where the month has no lines of offices.
    """

    rows: dict[Question, dict[int, Pair]]
    returned: frozenset[int]
    labels: Mapping[int, str] | None


def tables_of(session: Session, survey: Survey) -> Tables:
    """Read what the record says of each office beside what the office answered."""
    asked = asked_of(session, survey.region, survey.month)
    returns = returns_of(session, survey)
    words = {
        (office, *key): word
        for office in returns
        for key, word in answers_of(session, survey, office).items()
    }
    labels = office_labels(session, survey.region, [survey.month]).get(survey.month)
    involved = {one.office_id for one in asked} | set(returns)
    rows = {
        question: _rows(
            question, [one for one in asked if one.question is question], returns, words, involved
        )
        for question in Question
    }
    return Tables(rows, frozenset(returns), labels)


def compared(session: Session, survey: Survey) -> Compared:
    """Set the survey of a month beside the record."""
    tables = tables_of(session, survey)
    shown = {
        question: Lines((), (), NOT_SETTLED)
        if tables.labels is None
        else lines_of(rows, tables.labels, survey.told)
        for question, rows in tables.rows.items()
    }
    silent = set(tables.rows[Question.COORDINATION]) - tables.returned
    return Compared(
        survey,
        {q: Beside("回答した事業所の合計", *_added(shown[q].answered)) for q in COMPARED},
        {q: tuple(map(_beside, shown[q].lines)) for q in COMPARED},
        _added(shown[Question.REFLECTED].answered)[1] or Figure(0, 0),
        len(tables.returned),
        tuple(_names(session, silent)),
        {question: lines.note for question, lines in shown.items() if lines.note},
    )


def _rows(
    question: Question,
    lines: Sequence[Asked],
    returns: dict[int, SurveyReturn],
    words: dict[tuple[int, int, Question], Word],
    involved: Iterable[int],
) -> dict[int, Pair]:
    of_office: dict[int, list[Asked]] = defaultdict(list)
    for one in lines:
        of_office[one.office_id].append(one)
    rows = {}
    for office in sorted(involved):
        mine = of_office[office]
        system = _figure([one.met for one in mine])
        back = returns.get(office)
        survey = None
        if back is not None:
            said = [
                _MET.get(words.get((office, one.stay_id, question), one.filled), False)
                for one in mine
            ]
            yes, no = _unlisted(question, back)
            survey = _figure([*said, *[True] * yes, *[False] * no])
        rows[office] = (system, survey)
    return rows


def _unlisted(question: Question, back: SurveyReturn) -> tuple[int, int]:
    """Of how many who are not in the record an office said yes, and of how many no."""
    if question is Question.COORDINATION:
        return back.unlisted_met, back.unlisted_not_met
    if question is Question.INFORMATION:
        return back.unlisted_informed, back.unlisted_not_informed
    return 0, 0


def _beside(line: Line) -> Beside:
    """The offices of a line together."""
    system, survey = _added(line.pairs)
    return Beside(line.label, system, None if line.waits else survey)


def _added(rows: Sequence[Pair]) -> Pair:
    said = [survey for _, survey in rows if survey is not None]
    return _sum(system for system, _ in rows), _sum(said) if said else None


def _sum(figures: Iterable[Figure]) -> Figure:
    rows = list(figures)
    return Figure(
        sum(one.counted for one in rows), sum(one.of for one in rows), sum(o.unknown for o in rows)
    )


def _figure(answers: Sequence[bool | None]) -> Figure:
    return Figure(answers.count(True), len(answers), answers.count(None))


def _share(figure: Figure) -> float | None:
    known = figure.of - figure.unknown
    return figure.counted / known if known else None


def _names(session: Session, ids: set[int]) -> list[str]:
    rows = session.exec(
        select(Organization.name)
        .where(col(Organization.id).in_(ids), col(Organization.kind).in_(PLANNING_KINDS))
        .order_by(col(Organization.kana), col(Organization.id))
    )
    return list(rows)


def compared_csv(found: Compared, region_name: str) -> bytes:
    """What may leave of it: for each office, which way the two differ, and no count.

    Two counts of the same people side by side would show the few in whom they differ.
    """
    month = f"{found.survey.month:%Y-%m}"
    rows = (
        (region_name, month, question.label, row.label, row.direction.label)
        for question in COMPARED
        for row in (*found.offices[question], found.totals[question])
    )
    return csv_of(HEAD, rows)
