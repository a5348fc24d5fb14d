"""What the region decided on the screen, laid over what the site's configuration says."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session

from handoffs.region.policy import LAST_OPEN_DAY, Policy, closing_on, policies_of
from web.context import Desk, desk

_MCS = "mcs"


def with_decisions(session: Session, base: Desk) -> Desk:
    """The desk as the region's decisions have it."""
    decided = policies_of(session, base.region)
    masked = base.masked_texts
    if Policy.PASTE_MCS in decided:
        masked = masked - {_MCS} if decided[Policy.PASTE_MCS] == "full" else masked | {_MCS}
    return replace(
        base,
        masked_texts=masked,
        link_lifetime=timedelta(days=int(decided.get(Policy.LINK_DAYS, _link_days(base)))),
        links_used=decided.get(Policy.LINK_USE, _link_use(base)) == "yes",
        link_names_masked=decided.get(Policy.LINK_NAMES, _link_names(base)) == "masked",
        fax_second_person=decided.get(Policy.FAX_SECOND_PERSON, _second_person(base)) == "yes",
        hospital_names=decided.get(Policy.HOSPITAL_NAMES, _hospital_names(base)) == "shown",
        closes_on=closing_on(session, base.region, configured=base.closes_on),
    )


def value_of(policy: Policy) -> str:
    """The value that holds now, decided by the region or by the configuration."""
    held = {
        Policy.LINK_USE: _link_use,
        Policy.LINK_DAYS: _link_days,
        Policy.LINK_NAMES: _link_names,
        Policy.PASTE_MCS: _paste_mcs,
        Policy.FAX_SECOND_PERSON: _second_person,
        Policy.HOSPITAL_NAMES: _hospital_names,
        Policy.MONTH_CLOSES: _month_closes,
    }
    return held[policy](desk())


def _link_use(base: Desk) -> str:
    return "yes" if base.links_used else "no"


def _link_days(base: Desk) -> str:
    return str(base.link_lifetime.days)


def _link_names(base: Desk) -> str:
    return "masked" if base.link_names_masked else "full"


def _paste_mcs(base: Desk) -> str:
    return "masked" if _MCS in base.masked_texts else "full"


def _second_person(base: Desk) -> str:
    return "yes" if base.fax_second_person else "no"


def _hospital_names(base: Desk) -> str:
    return "shown" if base.hospital_names else "hidden"


def _month_closes(base: Desk) -> str:
    return LAST_OPEN_DAY if base.closes_on is None else str(base.closes_on)
