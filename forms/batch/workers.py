"""Print many sheets with two processes: numbered files of fifty sheets, progress told as it goes.

Each process remembers the pieces it laid out. It goes behind everybody else and has the same
end to its memory as the child that prints single sheets. A file is there whole or not at all.
"""

import multiprocessing
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING

from forms import check
from forms.errors import FormsError, PdfError
from forms.filled import FilledSheet
from forms.kept import as_content, from_content
from forms.printing_child import set_limits

if TYPE_CHECKING:
    from forms.batch.stack import Stack

PROCESSES = 2
SHEETS_A_FILE = 50
"""A hundred pages: what a tray of a printer holds, and a second try does not cost much."""

MOST_SHEETS = 5_000
LONGEST_SECONDS = 600
"""For one batch; 500 full sheets take a twentieth of it."""

Progress = Callable[[int, int], None]
"""Told how many sheets are printed, and of how many."""


def batch(
    sheets: Sequence[FilledSheet],
    folder: Path,
    *,
    progress: Progress = lambda _done, _of: None,
    processes: int = PROCESSES,
) -> list[Path]:
    """Print sheets into a folder: 0001-0050.pdf, 0051-0100.pdf and so on, in order.

    Every sheet is checked before the first is printed.

    Raises:
        PdfError: a sheet cannot be printed, whose number the message says; or there are too
            many, or it takes too long.
        FontError: the font has not been made.
    """
    if len(sheets) > MOST_SHEETS:
        raise PdfError(f"シートが多すぎます({MOST_SHEETS}枚まで)。分けて印刷してください。")
    for number, sheet in enumerate(sheets, start=1):
        try:
            check(sheet)
        except PdfError as error:
            raise PdfError(f"{number}枚目: {error}") from None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, spawn, initializer=_begin) as pool:
        waiting: dict[Future[None], tuple[Path, int]] = {}
        for start in range(0, len(sheets), SHEETS_A_FILE):
            some = [as_content(one) for one in sheets[start : start + SHEETS_A_FILE]]
            file = folder / f"{start + 1:04}-{start + len(some):04}.pdf"
            waiting[pool.submit(_print, some, file, start)] = file, len(some)
        return _awaited(waiting, pool, progress, len(sheets))


def _awaited(
    waiting: Mapping["Future[None]", tuple[Path, int]],
    pool: ProcessPoolExecutor,
    progress: Progress,
    of: int,
) -> list[Path]:
    until = time.monotonic() + LONGEST_SECONDS
    left, printed = set(waiting), 0
    progress(0, of)
    while left:
        ended, left = wait(left, until - time.monotonic(), return_when=FIRST_COMPLETED)
        try:
            if not ended:
                raise PdfError("印刷に時間がかかりすぎたので止めました。分けて印刷してください。")
            for one in ended:
                one.result()
                printed += waiting[one][1]
        except (FormsError, BrokenProcessPool) as error:
            _stop(pool)
            if isinstance(error, FormsError):
                raise
            raise PdfError("印刷が途中で止まりました。分けて、もう一度印刷してください。") from None
        progress(printed, of)
    return sorted(file for file, _ in waiting.values())


def _stop(pool: ProcessPoolExecutor) -> None:
    """End the processes: what they are at is not wanted any more."""
    for process in list(multiprocessing.active_children()):
        if process.pid in (pool._processes or {}):  # noqa: SLF001  There is no public way in 3.12.
            process.kill()
    pool.shutdown(wait=True, cancel_futures=True)


_MADE: list["Stack"] = []
"""The pieces of this process."""


def _begin() -> None:
    set_limits()
    Finalize(None, _end, exitpriority=1)


def _end() -> None:
    """Let go of the fonts while the library can still clean up after them."""
    from forms import pdf  # noqa: PLC0415

    _MADE.clear()
    pdf.press.cache_clear()


def _print(contents: Sequence[Mapping[str, object]], file: Path, before: int) -> None:
    """Print some sheets into one file. Raises PdfError with the number of the sheet."""
    from forms.batch.layout import book  # noqa: PLC0415

    stack = _own_stack()
    sheets = [from_content(one) for one in contents]
    pages = []
    try:
        for made in stack.pages(sheets):
            pages += made
        content = book(pages, sheets[0].title, stack.press)
    except MemoryError:
        raise PdfError("記憶域が足りません。分けて印刷してください。") from None
    except FormsError as error:
        first, last = before + 1, before + len(contents)
        raise PdfError(f"{first}枚目から{last}枚目のあいだ: {error}") from None
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
    unfinished.replace(file)


def _own_stack() -> "Stack":
    from forms.batch.layout import Press  # noqa: PLC0415  Loads Pango.
    from forms.batch.stack import Stack  # noqa: PLC0415

    if not _MADE:
        _MADE.append(Stack(Press()))
    return _MADE[0]
