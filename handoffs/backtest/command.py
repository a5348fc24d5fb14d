"""`python -m handoffs backtest`: what a draft would have changed, printed or as JSON.

Prints codes of stays and counts, never a person. Which hospital's stays are named is up to
whoever runs it on the server; the pages ask `access`.
"""

from argparse import ArgumentTypeError
from collections.abc import Iterator
from datetime import date

from sqlmodel import Session, col, select

from handoffs.backtest import BackTest, Loads
from handoffs.backtest.workload import Peak
from handoffs.errors import HandoffError
from handoffs.parties import Organization, OrganizationKind
from rules import Coordination


def month_of(text: str) -> date:
    """Read `2026-05` as the first day of the month; ArgumentTypeError says how to write it."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ArgumentTypeError(
            f"月「{text}」は読めません。2026-05 のように書いてください。"
        ) from None


def hospital_called(session: Session, region: str, called: str) -> int:
    """Find a hospital of a region by its name or its number of ten digits.

    Raises HandoffError, naming those that there are.
    """
    hospitals = session.exec(
        select(Organization)
        .where(Organization.region == region, Organization.kind == OrganizationKind.HOSPITAL)
        .order_by(col(Organization.kana), col(Organization.id))
    ).all()
    for hospital in hospitals:
        if called in (hospital.name, hospital.number):
            return hospital.id
    names = "、".join(hospital.name for hospital in hospitals) or "ありません"
    raise HandoffError(f"「{called}」という病院は{region}にありません。この地域の病院: {names}")


def as_json(found: BackTest) -> dict[str, object]:
    """Lay the whole of a back-test out for JSON."""
    missed = found.missed
    return {
        "region": found.region,
        "draft": {
            "title": found.draft.title,
            "digest": found.draft.digest,
            "in_force": None if found.draft.in_force is None else found.draft.in_force.isoformat(),
            "unverified": [part.text for part in found.draft.unverified],
        },
        "in_force": [
            {
                "title": edition.title,
                "in_force": None if edition.in_force is None else edition.in_force.isoformat(),
                "unverified": [part.text for part in edition.unverified],
            }
            for edition in found.in_force
        ],
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "stays": found.stays,
        "without_edition": found.without_edition,
        "not_judged": found.not_judged,
        "missed": {
            "missed": missed.missed,
            "in_time_in_force": missed.by_in_force,
            "in_time_draft": missed.by_draft,
            "newly_in_time": len(missed.newly),
            "no_longer_in_time": len(missed.no_longer),
        },
        "flips": {
            "stays": [flip.as_json() for flip in found.flips],
            "clauses": [
                {"clause": clause, "in_force": was, "draft": would_be, "stays": count}
                for (clause, was, would_be), count in sorted(found.flips_by_clause.items())
            ],
        },
        "wards": [{"name": loads.name, **loads.as_json()} for loads in found.wards],
        "offices": [{"name": loads.name, **loads.as_json()} for loads in found.offices],
    }


def lines(found: BackTest) -> Iterator[str]:
    """Write the same in Japanese, for a terminal."""
    missed = found.missed
    yield f"{found.region} {found.first} から {found.last} までに退院した {found.stays}件"
    yield f"案: {found.draft.title}"
    yield from (f"  確かめられていないこと: {part.text}" for part in found.draft.unverified)
    for edition in found.in_force:
        if edition.unverified:
            yield f"いまの版: {edition.title}"
        yield from (f"  確かめられていないこと: {part.text}" for part in edition.unverified)
    if found.without_edition:
        yield f"  入院日に有効な版がなく、比べられない: {found.without_edition}件"
    if found.not_judged:
        yield f"  判定の記録がない(すべて不明として比べた): {found.not_judged}件"
    yield f"\n退院前の連絡の確認がとれていない退院 {missed.missed}件のうち、退院前に知らせられた方"
    yield f"  いまの版 {missed.by_in_force}件 → 案 {missed.by_draft}件"
    yield f"  案で新しく {len(missed.newly)}件、案でなくなる {len(missed.no_longer)}件"
    yield f"\n判定が変わる入院 {len(found.flips)}件"
    for (clause, was, would_be), count in sorted(found.flips_by_clause.items()):
        yield f"  {clause}: {_label(was)} → {_label(would_be)} {count}件"
    for flip in found.flips:
        changed = f"{flip.was.label} → {flip.would_be.label}"
        yield f"    {flip.code}  {changed}  {'、'.join(flip.clauses)}"
    for title, several in (("病棟", found.wards), ("事業所", found.offices)):
        yield f"\n{title}ごとの連絡(いまの版 → 案、一日あたりと最も多い日)"
        yield from (f"  {line}" for loads in several for line in _load_lines(loads))


def _load_lines(loads: Loads) -> Iterator[str]:
    older, newer = loads.in_force, loads.draft
    yield f"{loads.name}: {older.notices}件 → {newer.notices}件(差 {loads.extra:+}件)"
    for label, before, after in (
        ("毎日", older.all_days, newer.all_days),
        ("月曜", older.mondays, newer.mondays),
        ("三日以上の休みの後", older.after_closures, newer.after_closures),
    ):
        yield f"  {label}: {_peak(before)} → {_peak(after)}"


def _peak(peak: Peak) -> str:
    return "対象なし" if peak.a_day is None else f"{peak.a_day:.2f}件(最多 {peak.most}件)"


def _label(coordination: str) -> str:
    return Coordination(coordination).label
