import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from forms.errors import PdfError
from forms.printer import COUNT, DONE, HEAD, PRINT, REFUSED, Printer

PAGE = '<!DOCTYPE html><html lang="ja"><head><title>見本</title></head><body>{}</body></html>'


@pytest.fixture
def printer() -> Iterator[Printer]:
    made = Printer()
    yield made
    made.close()


def pid_of(printer: Printer) -> int:
    assert printer._child is not None
    return printer._child.pid


def test_a_page_is_printed_by_a_process_of_its_own_that_stays(printer: Printer) -> None:
    assert printer.ask(PRINT, PAGE.format("<p>本文</p>")).startswith(b"%PDF")
    first = pid_of(printer)
    assert first != os.getpid()
    assert printer.ask(COUNT, PAGE.format("<p>本文</p>")) == b"1"
    assert pid_of(printer) == first


def test_what_cannot_be_printed_comes_back_in_words_and_the_child_goes_on(
    printer: Printer,
) -> None:
    with pytest.raises(PdfError, match="シートの外"):
        printer.ask(PRINT, PAGE.format('<img src="http://127.0.0.1:9/">'))
    first = pid_of(printer)
    assert printer.ask(COUNT, PAGE.format("<p>本文</p>")) == b"1"
    assert pid_of(printer) == first


def test_a_child_that_was_killed_is_said_and_the_next_sheet_has_another(printer: Printer) -> None:
    printer.ask(COUNT, PAGE.format("<p>本文</p>"))
    child = printer._child
    assert child is not None
    child.send_signal(signal.SIGSTOP)
    printer._seconds = 0.2
    with pytest.raises(PdfError, match="時間がかかりすぎた"):
        printer.ask(COUNT, PAGE.format("<p>本文</p>"))
    assert child.poll() is not None
    printer._seconds = 60
    assert printer.ask(COUNT, PAGE.format("<p>本文</p>")) == b"1"


def test_a_child_that_dies_over_a_sheet_is_said(printer: Printer) -> None:
    printer._child = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.buffer.read(9)"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    printer._owner = os.getpid()
    with pytest.raises(PdfError, match="途中で止まりました"):
        printer.ask(PRINT, PAGE.format("<p>本文</p>"))
    assert printer.ask(COUNT, PAGE.format("<p>本文</p>")) == b"1"


def test_after_so_many_sheets_another_child_begins(
    printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forms.printer.SHEETS_A_CHILD", 1)
    printer.ask(COUNT, PAGE.format("<p>本文</p>"))
    assert printer._child is None


def test_a_page_that_takes_too_long_ends_in_words_that_say_what_to_do() -> None:
    # In a process of its own: here the signal may come while somebody else's callback runs.
    code = (
        "import sys\n"
        "from forms.printing_child import answered, set_limits\n"
        "from forms.printer import PRINT\n"
        "set_limits()\n"
        "said, why, sound = answered(PRINT, sys.argv[1], seconds=0.05)\n"
        "print(said.decode(), why.decode(), sound)\n"
    )
    rows = "<tr><td>行</td></tr>" * 1_500
    ended = subprocess.run(
        [sys.executable, "-c", code, PAGE.format(f"<table>{rows}</table>")],
        capture_output=True,
        text=True,
        check=True,
    )
    said, _, why = ended.stdout.partition(" ")
    assert said == REFUSED.decode()
    assert "減らすか、分けて" in why
    assert why.endswith("False\n")


def test_a_page_that_takes_too_much_memory_ends_in_words_and_not_the_machine() -> None:
    code = (
        "import sys\n"
        "from forms import pdf\n"
        "from forms.printing_child import TookTooLong, answered, set_limits\n"
        "set_limits(420_000_000)\n"
        "said, why, sound = answered(b'p', sys.argv[1] % ('<tr><td>行</td></tr>' * 20_000))\n"
        "print(said.decode(), why.decode(), sound)\n"
    )
    page = PAGE.format("<table>%s</table>")
    ended = subprocess.run(
        [sys.executable, "-c", code, page], capture_output=True, text=True, check=False
    )
    assert "記憶域" in ended.stdout or "分けて" in ended.stdout or ended.returncode != 0
    assert DONE.decode() + " " not in ended.stdout


def test_a_child_leaves_no_core_file_and_goes_behind_others() -> None:
    code = (
        "import os, resource\n"
        "from forms.printing_child import MOST_MEMORY, set_limits\n"
        "set_limits()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), os.nice(0),"
        " resource.getrlimit(resource.RLIMIT_AS)[0] == MOST_MEMORY)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert said.startswith("(0, 0)")
    assert said.endswith("True\n")
    assert resource.getrlimit(resource.RLIMIT_CORE)


def test_a_child_whose_asker_has_gone_ends_without_a_word() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "forms.printing_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        page = PAGE.format("<p>本文</p>").encode()
        child.stdin.write(HEAD.pack(PRINT, len(page)) + page)
        child.stdin.flush()
        assert child.stderr.read() == b""
        assert child.wait() == 0
