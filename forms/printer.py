"""Have pages of HTML printed by a process of their own, and say in words what became of them.

Layout needs half a second of processor and, for a page that somebody made to be large, any
amount of memory. So no page of the browser waits behind it in the same process: a child
(`forms.printing_child`) is started at the first sheet, stays with font and stylesheet read, and
has ends set to memory and time. It is handed HTML and hands back bytes or a sentence, nothing
that would be executed. A child that is killed or dies takes one sheet with it.
"""

import atexit
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

from forms.errors import FontError, PdfError

LONGEST_SECONDS = 120
"""From asking to having, waiting in the queue of the machine among it.

One page may have 30 seconds of processor and a usual sheet takes one, so a machine with nothing
else to do refuses nobody. With seven times its work, five sheets waited 74 to 91 seconds. Who
waits longer has gone or asked again; a thread that answers pages must not wait for them.
"""

SHEETS_A_CHILD = 200
"""The library keeps about a megabyte a sheet; then the next child begins."""

HEAD = struct.Struct("!cQ")
"""A word of one letter and the length of what follows, both ways."""

PRINT, ARCHIVE, COUNT = b"p", b"a", b"c"
DONE, REFUSED, NO_FONT = b"d", b"r", b"f"

_TOO_LONG = "印刷に時間がかかりすぎたので止めました。混んでいることもあります。少し待って、もう一度試してください。"  # noqa: E501
_ENDED = "印刷が途中で止まりました。もう一度試してください。続くときは、内容を減らしてください。"


stand_aside: Callable[[], AbstractContextManager[None]] = nullcontext
"""What whoever waits for the child does meanwhile; a web process lets others work."""


class Printer:
    """One child, and whose turn it is. Threads queue; a process that forks starts its own."""

    def __init__(self, seconds: float = LONGEST_SECONDS) -> None:
        """Start nothing yet."""
        self._seconds = seconds
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._printed = 0

    def ask(self, word: bytes, html: str) -> bytes:
        """Return what the child makes of a page.

        Raises:
            PdfError: it could not be printed whole, took too long, or the child died.
            FontError: the font has not been made.
        """
        with stand_aside():
            said, answer = self._in_turn(word, html.encode())
        if said == REFUSED:
            raise PdfError(answer.decode())
        if said == NO_FONT:
            raise FontError(answer.decode())
        return answer

    def close(self) -> None:
        """End the child; the next sheet starts another."""
        child, self._child = self._child, None
        if child is None or self._owner != os.getpid():
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()

    def _in_turn(self, word: bytes, page: bytes) -> tuple[bytes, bytes]:
        until = time.monotonic() + self._seconds
        if not self._turn.acquire(timeout=self._seconds):
            raise PdfError(_TOO_LONG)
        try:
            return self._asked(word, page, until)
        finally:
            self._turn.release()

    def _asked(self, word: bytes, page: bytes, until: float) -> tuple[bytes, bytes]:
        child = self._running()
        assert child.stdin is not None  # noqa: S101
        assert child.stdout is not None  # noqa: S101
        answered = False
        try:
            child.stdin.write(HEAD.pack(word, len(page)) + page)
            child.stdin.flush()
            said, length = HEAD.unpack(_read(child.stdout, HEAD.size, until))
            answer = _read(child.stdout, length, until)
            answered = True
        except (BrokenPipeError, EOFError):
            raise PdfError(_ENDED) from None
        except TimeoutError:
            raise PdfError(_TOO_LONG) from None
        finally:
            self._printed += 1
            if not answered or self._printed >= SHEETS_A_CHILD:
                self.close()
        return said, answer

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._child is not None and self._owner == os.getpid() and self._child.poll() is None:
            return self._child
        self.close()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "forms.printing_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
        )
        self._owner, self._printed = os.getpid(), 0
        return self._child


def pdf(html: str) -> bytes:
    """Print a page of HTML as a tagged PDF; raises as `Printer.ask`."""
    return _PRINTER.ask(PRINT, html)


def archive(html: str) -> bytes:
    """Print a page of HTML as PDF/A, to be kept; raises as `Printer.ask`."""
    return _PRINTER.ask(ARCHIVE, html)


def page_count(html: str) -> int:
    """Return how many sheets of paper a page of HTML takes; raises as `Printer.ask`."""
    return int(_PRINTER.ask(COUNT, html))


def _read(pipe: IO[bytes], length: int, until: float) -> bytes:
    """Read from the child; EOFError where it ended, TimeoutError where the time is over."""
    parts = []
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while length:
            left = until - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise TimeoutError
            part = os.read(pipe.fileno(), min(length, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            length -= len(part)
    return b"".join(parts)


_PRINTER = Printer()
atexit.register(_PRINTER.close)
"""A child whose parent was killed ends by itself: nothing more comes in."""
