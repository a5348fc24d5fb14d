"""The composition root of the web process: settings, record, rules, pages.

`create_app` is what gunicorn and `flask run` look for. It starts no clock: the scheduler is a
process of its own.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask

import config
import web
from handoffs.database import open_database
from rules import Library


def create_app(settings: config.Settings | None = None) -> Flask:
    """Put the application together from `settings`, or from config.yaml and the environment.

    Raises:
        ConfigError: a setting cannot be used.
        RulesError: an edition cannot be used, or the region has none.
    """
    settings = settings or config.load()
    settings.data_folder()
    library = Library.load()
    region = library.of_region(settings.region)[-1]
    app = Flask(web.__name__)
    web.register(
        app,
        web.Desk(
            database=open_database(settings.database_url),
            library=library,
            region=settings.region,
            region_name=region.region_name,
            idle=timedelta(minutes=settings.session.idle_minutes),
            absolute=timedelta(hours=settings.session.absolute_hours),
            heartbeat_max=timedelta(seconds=settings.scheduler.heartbeat_max_age_seconds),
            hospital_names=settings.rates.hospital_names == "shown",
            closes_on=_closing_day(settings.rates),
            public_origin=_origin(settings.public_base_url),
        ),
    )
    return app


def _origin(address: str) -> str:
    """Scheme and host of an address, as browsers send them in Origin."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _closing_day(rates: config.RatesSettings) -> int | None:
    return rates.month_closes if isinstance(rates.month_closes, int) else None
