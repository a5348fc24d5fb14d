"""The process that prints: reads pages of HTML from its input, answers with PDFs or a sentence.

`python -m forms.printing_child`, started by `forms.printer` alone. Ends are set to memory and to
the processor's time for each page before the first is read; it goes behind whoever shows pages.
Leaves no core file: that would hold somebody's sheet.
"""

import os
import resource
import signal
import sys
from types import FrameType
from typing import BinaryIO

from forms.errors import FontError, FormsError
from forms.printer import ARCHIVE, COUNT, DONE, HEAD, NO_FONT, REFUSED

MOST_MEMORY = 1 << 30
"""Bytes of address space. A sheet of two pages was measured to need a third of it."""

MOST_SECONDS = 30
"""Of the processor, for one page of HTML. A table of 2,000 rows takes a quarter of it."""

AGAIN_SECONDS = 1

LEAST_PRIORITY = 5
"""Added to the niceness of whoever shows pages: lists come first, a sheet a moment later."""

_LESS = "行や文章を減らすか、分けて印刷してください。"


class TookTooLong(BaseException):
    """The time is over. Not an Exception, so that nothing on the way takes it for its own."""


def main() -> None:
    """Answer until nothing more comes in."""
    set_limits()
    source, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever else writes to the output would be taken for an answer.
    os.dup2(2, 1)
    while head := source.read(HEAD.size):
        word, length = HEAD.unpack(head)
        page = source.read(length).decode()
        said, answer, goes_on = answered(word, page)
        if not _said(answers, said, answer) or not goes_on:
            return


def set_limits(memory: int = MOST_MEMORY) -> None:
    """Go behind everybody else, and end rather than eat the machine."""
    os.nice(LEAST_PRIORITY)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, _time_is_over)


def answered(word: bytes, page: str, seconds: float = MOST_SECONDS) -> tuple[bytes, bytes, bool]:
    """Print one page: what to say, with which bytes, and whether this process is still sound."""
    # It fires again: what is raised while rubbish is collected is swallowed there.
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN_SECONDS)
    try:
        return DONE, _made(word, page), True
    except FontError as error:
        return NO_FONT, str(error).encode(), True
    except FormsError as error:
        return REFUSED, str(error).encode(), True
    except MemoryError:
        why = f"印刷に要る記憶域が大きすぎるので止めました。{_LESS}"
    except TookTooLong:
        why = f"印刷に時間がかかりすぎたので止めました。{_LESS}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return REFUSED, why.encode(), False


def _made(word: bytes, page: str) -> bytes:
    # Loads Pango: a second, and an error in words where it is not installed.
    from forms import pdf  # noqa: PLC0415

    if word == COUNT:
        return str(pdf.page_count(page)).encode()
    return pdf.archive(page) if word == ARCHIVE else pdf.pdf(page)


def _said(answers: BinaryIO, said: bytes, answer: bytes) -> bool:
    """Say it; False where whoever asked has gone, as a server that is stopped while we print."""
    try:
        answers.write(HEAD.pack(said, len(answer)) + answer)
        answers.flush()
    except BrokenPipeError:
        # What is left unsaid is flushed once more on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), answers.fileno())
        return False
    return True


def _time_is_over(_number: int, _frame: FrameType | None) -> None:
    raise TookTooLong


if __name__ == "__main__":
    main()
