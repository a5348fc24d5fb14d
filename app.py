"""The composition root of the web process: settings, record, rules, pages.

`create_app` is what gunicorn and `flask run` look for. It starts no clock: the scheduler is a
process of its own.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask

import config
import web
from handoffs.calendars import go_by_file
from handoffs.database import open_database
from rules import Library


def create_app(settings: config.Settings | None = None) -> Flask:
    """Put the application together from `settings`, or from config.yaml and the environment.

    Raises:
        ConfigError: a setting cannot be used.
        RulesError: an edition or the list of public holidays cannot be used, or the region has
            no edition.
    """
    settings = settings or config.load()
    settings.data_folder()
    go_by_file(settings.public_holidays)
    library = Library.load()
    region = library.of_region(settings.region)[-1]
    app = Flask(web.__name__)
    web.register(
        app,
        web.Desk(
            database=open_database(settings.database_url, settings.keys()),
            library=library,
            region=settings.region,
            region_name=region.region_name,
            idle=timedelta(minutes=settings.session.idle_minutes),
            absolute=timedelta(hours=settings.session.absolute_hours),
            heartbeat_max=timedelta(seconds=settings.scheduler.heartbeat_max_age_seconds),
            hospital_names=settings.rates.hospital_names == "shown",
            closes_on=_closing_day(settings.rates),
            public_origin=_origin(settings.public_base_url),
            mail_on=settings.mail.is_on,
            delivery_on=_sends(settings),
            masked_texts=_masked(settings.paste),
            link_lifetime=timedelta(days=settings.links.days),
            link_names_masked=settings.links.name == "masked",
            fax_gateway=settings.fax.is_on,
            fax_second_person=settings.fax.second_person,
            beyond_office=settings.reminders.beyond_office,
            coordinator=settings.reminders.coordinator,
            office_access_days=settings.retention.office_access_days,
        ),
    )
    return app


def _origin(address: str) -> str:
    """Scheme and host of an address, as browsers send them in Origin."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _sends(settings: config.Settings) -> bool:
    """Whether the scheduler has any way to send by: then it delivers, and can fail to."""
    return settings.mail.is_on or bool(settings.webhook.organizations) or settings.fax.is_on


def _masked(paste: config.PasteSettings) -> frozenset[str]:
    return frozenset(target for target, how in paste.model_dump().items() if how == "masked")


def _closing_day(rates: config.RatesSettings) -> int | None:
    return rates.month_closes if isinstance(rates.month_closes, int) else None
