"""End a command well when whoever reads its output stops reading, as `| head` does.

Every entry point runs through here. Only a closed standard output is taken quietly; a pipe
that breaks elsewhere, such as a connection, stays the error that it is.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable
from typing import NoReturn

# What a shell reports of a command that SIGPIPE ended: 128 + 13.
NOBODY_READS = 141


def exit_after(main: Callable[[], int]) -> NoReturn:
    """Run a command and leave with its exit code; NOBODY_READS where its output was closed."""
    try:
        code = _code_of(main)
        sys.stdout.flush()
    except BrokenPipeError:
        if not _is_closed():
            raise
        # Python flushes once more on its way out; that must not end in a traceback either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = NOBODY_READS
    sys.exit(code)


def _code_of(main: Callable[[], int]) -> int | str | None:
    """The exit code, also of a command that leaves by itself, as `--help` does."""
    try:
        return main()
    except SystemExit as left:
        return left.code


def _is_closed() -> bool:
    """Whether it is the standard output that nobody reads any more."""
    watch = select.poll()
    watch.register(sys.stdout, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in watch.poll(0))
