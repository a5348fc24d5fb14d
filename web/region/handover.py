"""引き継ぎ: one page for whoever takes the region over, to be read on screen and printed on A4.

Rules and how they changed, what the region decided, who is who, what comes in a year and what is
not finished. Made from the record; only the note is written by hand. No person's case is in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handoffs.errors import BadEntry
from handoffs.parties import OrganizationKind
from handoffs.region import joining
from handoffs.region.contact_confirmation import Confirmed
from handoffs.region.contact_list import region_contacts
from handoffs.region.on_board import boarding_of
from handoffs.region.policy import LONGEST_WORDS, Policy, decisions_of, policies_of, set_policy
from handoffs.region.year_ahead import Day, year_ahead
from handoffs.tokyo import day_of, first_of_month
from rules import Edition, NoEdition
from rules.difference import ClauseChange, difference
from web.context import acting, actor, desk, now, reading, taken_in
from web.inputs import Posted
from web.region.decided import value_of
from web.region.policies import shown_words, standing_decisions

pages = Blueprint("region_handover", __name__)

_DONE = {"noted": "覚え書きを書き換えました。前の覚え書きも残っています。"}
_FIRST_TO_RING = (OrganizationKind.HOSPITAL, OrganizationKind.COMMUNITY_SUPPORT_CENTER)
"""Whom a health centre rings itself. Everybody else stands in the printed list of contacts."""


@dataclass(frozen=True)
class EditionShown:
    """One edition, and what it changed against the one before; None for the first."""

    edition: Edition
    changes: tuple[ClauseChange, ...] | None


@pages.get("/region/handover")
def show() -> ResponseReturnValue:
    """Show everything that the next person needs."""
    return _screen({}, {}, _DONE.get(request.args.get("done", "")))


@pages.post("/region/handover")
def noted() -> ResponseReturnValue:
    """Take the note in. The one before stays."""
    posted = Posted(request.form.to_dict(flat=False), day_of(now()))
    note = posted.text("note", longest=LONGEST_WORDS)
    try:
        posted.finish()
        with acting() as session:
            note = "\n".join(note.splitlines())
            set_policy(session, Policy.NOTE, note, by=actor(), now=now())
            location = url_for(".show", done="noted")
            taken_in(session, location)
    except BadEntry as bad:
        return _screen(posted.values, bad.fields), 422
    return redirect(location, code=303)


def editions_shown(region: str) -> tuple[EditionShown, ...]:
    """The editions of a region, the newest first, each with what it changed."""
    try:
        editions = desk().library.of_region(region)
    except NoEdition:
        return ()
    before = (None, *editions[:-1])
    shown = [
        EditionShown(one, None if old is None else difference(old, one).changes)
        for old, one in zip(before, editions, strict=True)
    ]
    return tuple(reversed(shown))


def _month_of(one: Day) -> date:
    return first_of_month(one.day)


def _screen(typed: Mapping[str, str], errors: Mapping[str, str], done: str | None = None) -> str:
    today, region = day_of(now()), actor().region
    with reading() as session:
        decisions = decisions_of(session, actor())
        decided = policies_of(session, region)
        contacts = region_contacts(
            session, actor(), printed=desk().library.contacts(region, today), today=today
        )
        boarding = boarding_of(session, region, second_person=desk().fax_second_person, now=now())
        waiting = joining.requests_waiting(session, actor())
        coming = year_ahead(
            session, region, today=today, closes_on=desk().closes_on, library=desk().library
        )
    standing = standing_decisions(decisions)
    return render_template(
        "region/handover.html",
        editions=editions_shown(region),
        policies=[
            (policy, shown_words(policy, value_of(policy, decided)), standing.get(policy))
            for policy in Policy
            if policy is not Policy.NOTE
        ],
        earlier=[
            (one, shown_words(one.policy, one.kept))
            for one in decisions
            if one.policy is not Policy.NOTE and one is not standing[one.policy]
        ],
        note=standing.get(Policy.NOTE),
        values={"note": decided.get(Policy.NOTE, "")} | dict(typed),
        contacts=contacts,
        first_to_ring=[(kind, ones) for kind, ones in contacts.groups if kind in _FIRST_TO_RING],
        unconfirmed=sum(contacts.count(one) for one in Confirmed if one is not Confirmed.YES),
        not_on_board=sum(not one.is_on_board for one in boarding),
        waiting=len(waiting),
        coming=[(month, list(ones)) for month, ones in groupby(coming, _month_of)],
        errors=errors,
        done=done,
    )
