"""A process that delivers, for tests that need several of them or kill one.

Usage: python deliverer.py ADDRESS PORT. Opens the database, says "ready"; for each moment on its
standard input it runs one round with a clock that stands there, and says "round".
"""

import logging
import sys
from datetime import datetime

from exchange.mail import MailServer
from handoffs.database import open_database
from handoffs.telling.mailbox import Reach
from scheduler.delivery import one_round, post_of

SENDER = "tsunagi@hospital.example.jp"
TIMEOUT = 0.3


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    address, port = sys.argv[1:]
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    database = open_database(address)
    server = MailServer("127.0.0.1", int(port), SENDER, starttls=False, timeout=TIMEOUT)
    post = post_of(Reach(mail=True), server, None, "https://tsunagi.example.jp/worklist")
    with database.reading():
        say("ready")
    for line in sys.stdin:
        now = datetime.fromisoformat(line.strip())
        if not one_round(database, post, lambda now=now: now, lambda: False):  # type: ignore[misc]
            sys.exit(1)
        say("round")


if __name__ == "__main__":
    main()
