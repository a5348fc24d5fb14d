"""What fifty people do at their screens, for locust; `benchmarks.load` starts it and reads it.

Of a hundred requests sixty are lists, thirty the page of one stay, ten write down that a contact
took place. Those who print, if asked for, do nothing else. Locust alone imports this file, and
from nothing of ours: it may live in an environment of its own.

Everything else comes by the environment: LOAD_SEATS is a JSON file of people with their sessions,
LOAD_THINK the seconds of thought, LOAD_PRINTERS how many print.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import secrets
from datetime import datetime, timedelta, timezone
from pathlib import Path

from locust import HttpUser, between, constant, task

THINK = float(os.environ["LOAD_THINK"])
PRINTERS = int(os.environ["LOAD_PRINTERS"])
SEATS = json.loads(Path(os.environ["LOAD_SEATS"]).read_text(encoding="utf-8"))
JAPAN = timezone(timedelta(hours=9))

_NEXT = itertools.count()
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
_OK, _SEE_OTHER = 200, 303


class Person(HttpUser):
    """Somebody at a screen, signed in."""

    abstract = True

    def on_start(self) -> None:
        """Take the next seat."""
        self.seat = SEATS[next(_NEXT) % len(SEATS)]
        self.client.cookies.set("tsunagi", self.seat["token"])

    def look(self, path: str, name: str) -> str:
        """Fetch a page; anything but a page, such as the way to the sign-in, is a failure."""
        with self.client.get(path, name=name, allow_redirects=False, catch_response=True) as answer:
            if answer.status_code != _OK:
                answer.failure(f"{name}: {answer.status_code}")
                return ""
            return str(answer.text)


class Worker(Person):
    """Reads lists, opens people, writes down what took place."""

    wait_time = between(THINK * 0.5, THINK * 1.5) if THINK else constant(0)

    def on_start(self) -> None:
        """Take the next seat, with one page open."""
        super().on_start()
        self.page = ""

    @task(60)
    def read_list(self) -> None:
        """Open one of one's lists."""
        path = random.choice(self.seat["lists"])
        # The month leads on to its newest page.
        if path == "/rates":
            with self.client.get(path, name="list /rates", catch_response=True) as answer:
                if answer.status_code != _OK:
                    answer.failure(str(answer.status_code))
        else:
            self.look(path, f"list {path}")

    @task(30)
    def open_stay(self) -> None:
        """Open one person of one's own."""
        if self.seat["stays"]:
            self.stay = random.choice(self.seat["stays"])
            self.page = self.look(f"/stays/{self.stay}", "page /stays/N")
        else:
            self.look("/area", "list /area")

    @task(10)
    def write(self) -> None:
        """Write down on the page that is open that somebody was spoken to today."""
        token = _TOKEN.search(self.page)
        if token is None:
            self.open_stay()
            return
        fields = {
            "form_token": token[1],
            "form_id": secrets.token_urlsafe(18),
            "claim": "talked",
            "topic": "admission",
            "happened_on": datetime.now(JAPAN).date().isoformat(),  # noqa: TID251 - a person's clock.
            "content": "計測のために書いた文",
        }
        with self.client.post(
            f"/stays/{self.stay}/statements",
            fields,
            name="write /stays/N/statements",
            allow_redirects=False,
            catch_response=True,
        ) as answer:
            if answer.status_code != _SEE_OTHER:
                answer.failure(f"write: {answer.status_code}")


class Printer(Person):
    """Has sheets made, one after the other."""

    abstract = not PRINTERS
    fixed_count = PRINTERS
    wait_time = constant(0.5)

    @task
    def print_sheet(self) -> None:
        """Have the sheet of one's newest stay made."""
        nurses = [one for one in SEATS if one["role"] == "discharge_nurse" and one["stays"]]
        self.seat = random.choice(nurses)
        self.client.cookies.set("tsunagi", self.seat["token"])
        stay = self.seat["stays"][0]
        with self.client.get(
            f"/stays/{stay}/sheets/discharge_coordination/now.pdf",
            name="pdf",
            allow_redirects=False,
            catch_response=True,
            timeout=150,
        ) as answer:
            if not answer.content.startswith(b"%PDF"):
                answer.failure(f"pdf: {answer.status_code}")
