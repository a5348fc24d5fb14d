"""Mails that came back: which of ours it is, and whether it failed for good.

Reads one mail as it stands in a file or comes through a pipe: a delivery status notification
(RFC 3464), or the free words of an older server if it comes from MAILER-DAEMON or postmaster. A
delay, an answer of an out-of-office robot and everything else that is sent to the same address is
no bounce. Takes nothing out of it but the digest in our own Message-ID; quotes and logs nothing.

`BounceFolder` looks at a folder into which a mail server drops them (a Maildir's `new`, or any
folder with one file a mail).
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

LARGEST = 2 << 20
"""Bytes of a mail that is looked at: our own are small, and come back whole at most."""

_OURS = re.compile(r"<?\b([0-9a-f]{32})@[A-Za-z0-9.\-]+>?")
_MACHINE = re.compile(r"(mailer-daemon|postmaster|mail-daemon)@", re.IGNORECASE)
_BEGINS = re.compile(rb"(From |[!-9;-~]+:)")
"""A mail begins with a header, or with the line that a mailbox file puts before it."""
_STATUS = "message/delivery-status"
_FAILED = "failed"


@dataclass(frozen=True)
class Bounce:
    """What came back. `digests`: of which of ours it may be; none where it is not one of ours."""

    digests: frozenset[str]


def read_bounce(content: bytes) -> Bounce | None:
    """Read one mail; None where it is no report that a mail failed for good. Raises nothing."""
    if len(content) > LARGEST:
        return None
    try:
        mail = email.message_from_bytes(content)
        return Bounce(_digests(mail)) if _came_back(mail) else None
    except (ValueError, LookupError, TypeError, RecursionError):  # Broken, or made to break us.
        return None


def _came_back(mail: Message) -> bool:
    """Whether the mail is a report that another one failed for good."""
    statuses = [part for part in mail.walk() if part.get_content_type() == _STATUS]
    if statuses:
        return any(_failed(part) for part in statuses)
    return _is_from_a_machine(mail) and not _is_a_delay(mail)


def _failed(status: Message) -> bool:
    """Whether a status says of a recipient that the mail failed for good."""
    # The parser makes one part of each group of fields: first the server's, then each recipient's.
    return any(
        str(group.get("Action", "")).strip().lower() == _FAILED
        for group in status.walk()
        if group is not status
    )


def _is_from_a_machine(mail: Message) -> bool:
    return _MACHINE.search(str(mail.get("From", ""))) is not None


def _is_a_delay(mail: Message) -> bool:
    """Whether an older server says in its subject that it goes on trying."""
    return re.search(r"delay|warning|遅延", str(mail.get("Subject", "")), re.IGNORECASE) is not None


def _digests(mail: Message) -> frozenset[str]:
    """Every digest in a Message-ID that the mail quotes, in a header or in what it brings back."""
    texts: list[str] = []
    for part in mail.walk():
        texts += [str(part.get(name, "")) for name in ("In-Reply-To", "References", "Message-ID")]
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            texts.append(payload.decode("ascii", "replace") if isinstance(payload, bytes) else "")
    return frozenset(found for text in texts for found in _OURS.findall(text))


@dataclass(frozen=True)
class BounceFolder:
    """Where a mail server drops what came back: one file a mail."""

    folder: Path

    def mails(self) -> Iterator[tuple[Path, Bounce | None]]:
        """Read what lies there, in the order of the names.

        A file whose name begins with a dot is still being written, and one that does not begin as
        a mail does may be anything: both are left alone.
        """
        try:
            files = sorted(one for one in self.folder.iterdir() if not one.name.startswith("."))
        except OSError:
            return
        for file in files:
            try:
                if not file.is_file():
                    continue
                with file.open("rb") as opened:
                    content = opened.read(LARGEST + 1)
            except OSError:
                continue
            if _BEGINS.match(content):
                yield file, read_bounce(content)

    def put_away(self, file: Path, *, ours: bool) -> None:
        """Take a mail of ours away; put what is none aside, for a person to read."""
        try:
            if ours:
                file.unlink(missing_ok=True)
                return
            aside = self.folder / "unread"
            aside.mkdir(exist_ok=True)
            file.replace(aside / file.name)
        except OSError:
            return  # It is read again in the next round; the same report changes nothing.
