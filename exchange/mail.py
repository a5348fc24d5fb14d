"""Handing a message to the site's own mail server by SMTP.

A mail has one recipient and no personal data (`handoffs.telling.letter`). Its Message-ID is made
of the message's key, so a repeat after a broken connection is the same mail to a server that
looks. Whatever would end a header line is refused, not escaped. Opens a connection for each mail:
there are few, and a server that hangs up spoils one. Logs nothing and quotes no server.
"""

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from handoffs.telling.despatch import Answer, Parcel
from handoffs.telling.outbox import Reason, mail_digest

TIMEOUT_SECONDS = 20.0
"""For each step of the talk with the server; a mail has few, and the lease outlives them."""

_PERMANENT = 500
_BUSY_CODES = {421, 450, 451, 452}


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed over. Without a user nobody signs in there."""

    host: str
    port: int
    sender: str
    starttls: bool = True
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = TIMEOUT_SECONDS


def compose(parcel: Parcel, sender: str, now: datetime) -> EmailMessage:
    """Write the mail. Raises ValueError for an address that is none."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name="つなぎ", addr_spec=sender)
    mail["To"] = Address(addr_spec=parcel.address)
    mail["Subject"] = parcel.letter.subject
    mail["Date"] = now
    mail["Message-ID"] = message_id(parcel.key, sender)
    # Out-of-office robots leave alone what a machine sent (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(parcel.letter.body)
    return mail


def message_id(key: str, sender: str) -> str:
    """The Message-ID of a key: the same at every repeat. It names no recipient."""
    return f"<{mail_digest(key)}@{sender.rpartition('@')[2]}>"


def hand_over(parcel: Parcel, server: MailServer, now: datetime) -> Answer:
    """Give one mail to the server and say what came of it. Raises nothing that a server causes.

    "Taken" means that the server took it. What it brings back later is `exchange.bounce`.
    """
    try:
        mail = compose(parcel, server.sender, now)
    except (ValueError, IndexError, MessageError):  # What the library says of bad addresses.
        return Answer(Reason.BAD_ADDRESS, final=True)
    try:
        with smtplib.SMTP(server.host, server.port, timeout=server.timeout) as talk:
            if server.starttls:
                talk.starttls(context=ssl.create_default_context())
            if server.user:
                talk.login(server.user, server.password)
            talk.send_message(mail, from_addr=server.sender, to_addrs=[parcel.address])
            return _bye(talk)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = {code for code, _ in refused.recipients.values()}
        return _refusal(max(codes, default=_PERMANENT), Reason.BAD_ADDRESS)
    except smtplib.SMTPResponseException as error:
        return _refusal(error.smtp_code, Reason.NOT_ACCEPTED)
    except (smtplib.SMTPException, OSError):
        return Answer(Reason.UNREACHABLE)


def _bye(talk: smtplib.SMTP) -> Answer:
    """Leave politely. The mail is taken; a server that hangs up now takes nothing back."""
    try:
        talk.quit()
    except (smtplib.SMTPException, OSError):
        talk.close()
    return Answer()


def _refusal(code: int, reason: Reason) -> Answer:
    """Sort a refusal: 5xx is for good, except for signing in, which an administrator repairs."""
    if code in _BUSY_CODES or code < _PERMANENT:
        return Answer(Reason.BUSY)
    if code in {530, 534, 535, 538}:
        return Answer(Reason.UNREACHABLE)
    return Answer(reason, final=True)
