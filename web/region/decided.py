"""What the region decided on the screen, laid over what the site's configuration says."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from flask import current_app
from sqlmodel import Session

from handoffs.calendars import rest_by
from handoffs.region.policy import LAST_OPEN_DAY, YEAR_ROUND, Policy, closing_on, policies_of
from handoffs.region.rest import rest_of
from web.context import EXTENSION, Desk

_MCS = "mcs"


def with_decisions(session: Session, base: Desk) -> Desk:
    """The desk as the region's decisions have it; days are counted by them from here on."""
    decided = policies_of(session, base.region)
    rest_by(rest_of(base.region, decided))

    def value(policy: Policy) -> str:
        return decided.get(policy, _CONFIGURED[policy](base))

    masked = base.masked_texts
    if Policy.PASTE_MCS in decided:
        masked = masked - {_MCS} if decided[Policy.PASTE_MCS] == "full" else masked | {_MCS}
    return replace(
        base,
        mail_on=base.mail_on and value(Policy.MAIL_USE) == "yes",
        mail_used=value(Policy.MAIL_USE) == "yes",
        fax_used=value(Policy.FAX_USE) == "yes",
        fax_gateway=base.fax_gateway and value(Policy.FAX_USE) == "yes",
        masked_texts=masked,
        network_used=value(Policy.PASTE_MCS) != "none",
        link_lifetime=timedelta(days=int(value(Policy.LINK_DAYS))),
        links_used=value(Policy.LINK_USE) == "yes",
        link_names_masked=value(Policy.LINK_NAMES) == "masked",
        fax_second_person=value(Policy.FAX_SECOND_PERSON) == "yes",
        hospital_names=value(Policy.HOSPITAL_NAMES) == "shown",
        closes_on=closing_on(session, base.region, configured=base.closes_on),
    )


def value_of(policy: Policy, decided: Mapping[Policy, str]) -> str:
    """The value that holds now, decided by the region or by the configuration."""
    return decided[policy] if policy in decided else configured(policy)


def configured(policy: Policy) -> str:
    """The value of the configuration, which holds until the region decides."""
    base: Desk = current_app.extensions[EXTENSION]
    return _CONFIGURED[policy](base)


def mail_is_possible() -> bool:
    """Whether the site has a mail server at all."""
    base: Desk = current_app.extensions[EXTENSION]
    return base.mail_on


def fax_server_is_there() -> bool:
    """Whether the site has a FAX server; without one people send by their own machines."""
    base: Desk = current_app.extensions[EXTENSION]
    return base.fax_gateway


_CONFIGURED: Mapping[Policy, Callable[[Desk], str]] = {
    Policy.MAIL_USE: lambda base: "yes" if base.mail_used else "no",
    Policy.FAX_USE: lambda base: "yes" if base.fax_used else "no",
    Policy.LINK_USE: lambda base: "yes" if base.links_used else "no",
    Policy.LINK_DAYS: lambda base: str(base.link_lifetime.days),
    Policy.LINK_NAMES: lambda base: "masked" if base.link_names_masked else "full",
    Policy.PASTE_MCS: lambda base: "masked" if _MCS in base.masked_texts else "full",
    Policy.FAX_NAME: lambda _base: "circles",
    Policy.FAX_SECOND_PERSON: lambda base: "yes" if base.fax_second_person else "no",
    Policy.BEYOND_OFFICE: lambda base: "yes" if base.beyond_office else "no",
    Policy.COORDINATOR: lambda base: base.coordinator,
    Policy.OFFICE_ACCESS: lambda base: str(base.office_access_days),
    Policy.HOSPITAL_NAMES: lambda base: "shown" if base.hospital_names else "hidden",
    Policy.MONTH_CLOSES: lambda base: (
        LAST_OPEN_DAY if base.closes_on is None else str(base.closes_on)
    ),
    Policy.YEAR_END: lambda _base: YEAR_ROUND,
    Policy.CLOSED_DAYS: lambda _base: "",
    Policy.NOTE: lambda _base: "",
}
