"""Receivers of messages on the loopback address: a mail server and a webhook that can misbehave.

Both are real servers of real protocols. What they take they remember; with a seed they refuse,
hang up in the middle or answer slowly, as often as a test wants.
"""

import asyncio
import email
import email.policy
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Faults:
    """How often what goes wrong, drawn from a seed; 0 is never, 1 is always.

    A slow answer takes so many seconds, and then until somebody lets it go.
    """

    refuse: float = 0.0
    hang_up: float = 0.0
    take_and_hang_up: float = 0.0
    slow: float = 0.0
    seconds: float = 0.0
    until: threading.Event | None = None
    seeded: random.Random = field(default_factory=lambda: random.Random(20261120))

    def draw(self) -> str:
        """Which fault happens now; "" for none."""
        point = self.seeded.random()
        for name in ("refuse", "hang_up", "take_and_hang_up", "slow"):
            share: float = getattr(self, name)
            if point < share:
                return name
            point -= share
        return ""


class Letters:
    """A mailbox of everything that a mail server said it took."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.mails: list[EmailMessage] = []
        self.envelopes: list[tuple[str | None, list[str]]] = []
        self.refused_address = ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name.
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address == self.refused_address:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's own name.
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        fault = self.faults.draw()
        if fault == "refuse":
            return "451 busy, try again later"
        if fault == "hang_up":
            _hang_up(server)
            return "250 nobody hears this"
        content = envelope.original_content or b""
        mail = email.message_from_bytes(content, policy=email.policy.SMTP)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        if fault == "take_and_hang_up":
            _hang_up(server)
        if fault == "slow":
            await asyncio.sleep(self.faults.seconds)
            if self.faults.until is not None:
                await asyncio.to_thread(self.faults.until.wait)
        return "250 OK"


def _hang_up(server: SMTP) -> None:
    assert server.transport is not None
    server.transport.close()


class _AnyPort(Controller):
    """A controller that looks for its server where it really listens."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mail_server(faults: Faults | None = None) -> Iterator[tuple[Letters, int]]:
    """A mail server on a free port: what it took, and its port."""
    letters = Letters(faults or Faults())
    controller = _AnyPort(letters, hostname="127.0.0.1", port=0, ready_timeout=20)
    controller.start()
    try:
        yield letters, controller.port
    finally:
        controller.stop()


@dataclass
class Posted:
    """One request that a webhook received."""

    path: str
    headers: dict[str, str]
    body: bytes


@contextmanager
def web_server(
    statuses: list[int] | None = None, *, seconds: float = 0.0, faults: Faults | None = None
) -> Iterator[tuple[list[Posted], str]]:
    """A receiver of webhooks: what it took, and its address. Answers with each status in turn.

    With `faults` it refuses (503), hangs up before it took anything, hangs up in the middle of
    its answer to what it took, or answers slowly.
    """
    got: list[Posted] = []
    answers = statuses or [204]
    drawing = threading.Lock()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with drawing:
                fault = faults.draw() if faults is not None else ""
            if fault == "hang_up":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if fault == "refuse":
                self._answer(503)
                return
            if fault == "slow" and faults is not None:
                time.sleep(faults.seconds)
            got.append(Posted(self.path, dict(self.headers.items()), body))
            status = answers[min(len(got), len(answers)) - 1]
            time.sleep(seconds)
            if fault == "take_and_hang_up":
                # In the middle of the first line of the answer.
                self.wfile.write(b"HTTP/1.1 20")
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if status == 0:
                self.connection.close()
                return
            self._answer(status)

        def _answer(self, status: int) -> None:
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield got, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
