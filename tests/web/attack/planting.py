"""Payloads in every column that people write words into, and what a page is made of."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlmodel import Session

from handoffs.schema import METADATA
from tests.web.markup import Node

TYPED: dict[str, str] = {
    "certification": "insurer_number insured_number",
    "concern": "words",
    "conference_slot": "place",
    "contact_person": "name relation telephone",
    "correction": "old_text new_text",
    "decline": "words",
    "district_part": "municipality town",
    "emergency_account": "reason",
    "fax_number": "counterpart directory",
    "handoff": "waived_reason",
    "joining_request": "fax kana municipality name person telephone",
    "link_agreement": "counterpart mail_address telephone",
    "mailbox": "address",
    "miss_reason": "words",
    "organization": "fax kana municipality name telephone",
    "outside_figure": "name place source",
    "passkey": "label",
    "patient": "hospital_number name kana municipality address telephone",
    "plan_office": "care_manager_name",
    "regional_goal": "goal next_step result",
    "staff": "direct_line name reachable",
    "statement": "counterpart",
    "waiving": "reason",
    "ward": "name telephone",
}
"""Table to its columns of free words."""

Made = Counter[tuple[str, tuple[str, ...]]]


def plant(session: Session, words: Sequence[str], start: int = 0) -> int:
    """Write the words, one after the other, into every such cell; how many cells that were.

    start: with which word to begin. A word longer than a column holds is left to the next.
    """
    connection = session.connection()
    # Append-only tables too: the file is put back afterwards.
    connection.execute(sa.text("PRAGMA ignore_check_constraints = ON"))
    triggers = connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for name in triggers.scalars().all():
        connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
    waiting, cells = deque(words), 0
    waiting.rotate(-start)
    for name, columns in TYPED.items():
        table = METADATA.tables[name]
        (key,) = table.primary_key.columns
        for row in connection.execute(sa.select(key)).scalars().all():
            taken = {column: _fitting(waiting, table.c[column]) for column in columns.split()}
            if "hospital_number" in taken:
                taken["hospital_number"] += str(row)  # Two patients have two numbers.
            connection.execute(sa.update(table).where(key == row).values(taken))
            cells += len(taken)
    return cells


def _fitting(waiting: deque[str], column: sa.Column[object]) -> str:
    """The next word that fits, which then waits at the end of the row."""
    most = getattr(column.type, "length", None) or 60
    for _ in range(len(waiting)):
        waiting.rotate(-1)
        if len(waiting[-1]) <= most:
            return waiting[-1]
    return ""


def made_of(tree: Node) -> Made:
    """How often each element stands with each set of attributes."""
    return Counter((node.tag, tuple(sorted(node.attributes))) for node in tree.walk())


def runs_or_leads_away(tree: Node) -> Iterator[str]:
    """What would run, fetch or lead to another site, as far as a page's source shows it."""
    for node in tree.walk():
        for name, value in node.attributes.items():
            if name.startswith("on") or name in {"style", "srcdoc", "ping", "background"}:
                yield f"<{node.tag} {name}>"
            if name in {"href", "src", "action", "formaction", "srcset", "data"}:
                folded = "".join(value.split()).lower()
                if folded.startswith(("javascript:", "vbscript:", "//", "http:", "https:", "\\")):
                    yield f"{name}={value[:60]!r}"
