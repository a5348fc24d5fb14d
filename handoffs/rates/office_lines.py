"""What an office's line is called in a figure, and when offices have no lines at all.

There is no figure per member of staff. An office in which one person works has no line of its
own: it stands in one line with the same others always, in every figure, month, pair and survey,
so that no two of them can be set against each other. That company is chosen by the register and
never by the counts. Where a month has cases of only one of them, the whole split is left out:
the total less the other lines would be that office's.
"""

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, func, select

from handoffs.parties import PLANNING_KINDS, Organization, Staff

NO_OFFICE = "none"
NOT_ON_RECORD = "事業所の記録なし"
OTHERS = "その他の事業所（職員が一人以下の事業所など）"
ALONE = "登録している職員が一人以下の事業所"
"""What such offices are called together where a hospital sees its own partners by name."""

EVERY_HOSPITAL = "すべての病院"
WITHHELD = (
    "その他の事業所のうち件数があるのが一か所だけのため、"
    "事業所ごとの内訳は示しません（職員一人の数字になるおそれがあります）。"
)
COMPANY = 3
"""The fewest offices that share the line of those in which one person works."""


def office_labels(session: Session, region: str) -> dict[int, str]:
    """Label every office that plans care as 事業所A … in kana order, or as one of the others."""
    working = (
        select(func.count())
        .select_from(Staff)
        .where(Staff.organization_id == Organization.id, col(Staff.active).is_(True))
        .correlate(Organization)
        .scalar_subquery()
    )
    found = session.exec(
        select(Organization.id, working)
        .where(Organization.region == region, col(Organization.kind).in_(PLANNING_KINDS))
        .order_by(col(Organization.kana), col(Organization.id))
    ).all()
    return labelled(found)


def labelled(offices: Sequence[tuple[int, int]]) -> dict[int, str]:
    """Label offices, given in order with how many people work in each.

    Those of one person keep company with the longest registered others, where they are fewer
    than `COMPANY`: an office that joins later changes nobody's company.
    """
    alone = [id_ for id_, people in offices if people <= 1]
    several = sorted(id_ for id_, people in offices if people > 1)
    company = several[: max(0, COMPANY - len(alone))] if alone else []
    together = {*alone, *company}
    named = [id_ for id_, _ in offices if id_ not in together]
    letter = {id_: f"事業所{letters(place)}" for place, id_ in enumerate(named)}
    return {id_: letter.get(id_, OTHERS) for id_, _ in offices}


def letters(position: int) -> str:
    """Count A … Z, AA, AB …, as the columns of a spreadsheet do."""
    higher, letter = divmod(position, 26)
    return (letters(higher - 1) if higher else "") + chr(ord("A") + letter)


def office_in(key: str) -> str:
    """The office in the key of a line: of an office, or of a hospital with an office."""
    return key.rsplit("-", 1)[-1]


def tells_of_one(keys: Collection[str]) -> bool:
    """Whether all these lines, which are shown as one, are of a single office."""
    return len({office_in(key) for key in keys}) == 1
