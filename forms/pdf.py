"""Lay out a page and return it as PDF: the only door to WeasyPrint.

A PDF leaves this module whole or not at all. PdfError is raised when anything was asked for
that is not ours (every fetch but that of our own font is refused), when a character has no
glyph in our font, when any other font slipped in, and when WeasyPrint had any complaint.

One rendering at a time on a machine. In one process Pango's font map and the parsed stylesheet
are shared and neither is made for threads, and layout is pure Python, so that a second thread
would gain no time (measured: four threads, no gain). Between processes a locked file keeps a
ward's pages answering while somebody prints. Callers queue.
"""

import fcntl
import logging
import os
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forms import headings, metadata
from forms.errors import PdfError
from forms.font import FAMILY, font_path

_HOW_TO_INSTALL = (
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 を実行してください。"
)

try:
    with warnings.catch_warnings():
        # Without libharfbuzz-subset WeasyPrint warns here and goes on, five times slower;
        # `_check_libraries` turns that into an error that says what to install.
        warnings.simplefilter("ignore", DeprecationWarning)
        from weasyprint import CSS, HTML
        from weasyprint.logger import LOGGER
        from weasyprint.text import ffi
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
except OSError as missing:
    raise PdfError(f"PDFを作る部品(Pango)がありません。{_HOW_TO_INSTALL}") from missing

if TYPE_CHECKING:
    from weasyprint import Document

MOST_MARKUP = 2_000_000
"""Characters of HTML; a sheet of two pages has 60,000."""

MOST_PAGES = 40
"""Pages of one PDF: more is a mistake, or a job for a list that is printed in parts."""

SPOKEN = "pdf/ua-1"
"""Tagged for who has a sheet read out; docs/sheets.md says how far that is checked."""

ARCHIVED = "pdf/a-3a"
"""Tagged, with all that its colours and letters need inside."""

_STYLESHEET = Path(__file__).parent / "sheet.css"
_FONT_URL = "font:tsunagi-sans-jp"
_ONE_AT_A_TIME = threading.Lock()

# WeasyPrint's records may quote a character of the page, so they go no further than here.
LOGGER.propagate = False


class OnlyOurFont(URLFetcher):
    """Refuse everything, even data: and file: addresses, except our own font.

    `attempts` counts what was refused. The addresses are not kept: they may hold a person's
    text.
    """

    def __init__(self, font: Path) -> None:
        """Serve this one file under the address that the stylesheet knows."""
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._font = font
        self.attempts = 0

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
        """Return our font, or raise."""
        if url == _FONT_URL:
            return URLFetcherResponse(url, self._font.read_bytes(), {"Content-Type": "font/ttf"})
        self.attempts += 1
        raise PdfError("シートの外のものを読もうとしたので、印刷を中止しました。")


class _Complaints(logging.Handler):
    """Count WeasyPrint's warnings and keep their templates, which hold nobody's text."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.patterns: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.patterns.append(str(record.msg))


@dataclass(frozen=True)
class Press:
    """What every rendering shares: fonts, stylesheet and the fetcher they were read with."""

    fonts: FontConfiguration
    stylesheet: CSS
    fetcher: OnlyOurFont
    glyphs: int


def pdf(html: str) -> bytes:
    """Lay out one page of HTML and return it as a tagged PDF.

    The same HTML gives the same bytes: no date and no random number goes in.

    Raises:
        PdfError: the page could not be printed whole; the text holds nothing of the page.
        FontError: the font has not been made.
    """
    with _turn(html) as ours:
        return _printed(html, ours)


def archive(html: str) -> bytes:
    """Lay out one page of HTML and return it as tagged PDF/A-3a, to be kept for years.

    Raises:
        PdfError, FontError: as `pdf`.
    """
    with _turn(html) as ours:
        return _printed(html, ours, variant=ARCHIVED)


def page_count(html: str) -> int:
    """Lay out one page of HTML and return how many sheets of paper it takes.

    Raises:
        PdfError, FontError: as `pdf`.
    """
    with _turn(html) as ours, uncomplaining(ours):
        return len(laid_out(html, ours).pages)


def plain(html: str, press: Press) -> bytes:
    """Print as the library does by itself, tagged, with nothing looked at: to be measured by."""
    content: bytes = HTML(string=html, url_fetcher=press.fetcher).write_pdf(
        font_config=press.fonts, stylesheets=[press.stylesheet], pdf_variant=SPOKEN, pdf_tags=True
    )
    return content


@contextmanager
def _turn(html: str) -> Iterator["Press"]:
    """Refuse what is too much, and wait for one's turn."""
    _check_libraries()
    if len(html) > MOST_MARKUP:
        raise PdfError("シートが大きすぎます。行を減らすか、分けて印刷してください。")
    with _ONE_AT_A_TIME, _this_machine():
        yield press(font_path())


@contextmanager
def _this_machine() -> Iterator[None]:
    """Wait until no other process of this user prints. The kernel frees a dead one's lock."""
    lock = Path(tempfile.gettempdir()) / f"tsunagi-printing-{os.getuid()}.lock"
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _printed(html: str, press: Press, variant: str = SPOKEN) -> bytes:
    with uncomplaining(press):
        content: bytes = laid_out(html, press, variant).write_pdf(
            pdf_variant=variant,
            pdf_tags=True,
            finisher=lambda printed, file: _finish_tagged(printed, file, press, variant),
        )
    return content


def _finish_tagged(document: "Document", file: Any, press: Press, variant: str) -> None:  # noqa: ANN401
    finish(document, file, press)
    headings.one_for_each_cell(file)
    metadata.lay_open(file, spoken_too=variant == ARCHIVED)


def laid_out(html: str, press: Press, variant: str | None = None) -> "Document":
    """Lay out one page of HTML, for whoever draws its parts; within `uncomplaining`."""
    document = HTML(string=html, url_fetcher=press.fetcher).render(
        font_config=press.fonts, stylesheets=[press.stylesheet], pdf_variant=variant
    )
    if len(document.pages) > MOST_PAGES:
        raise PdfError("シートのページが多すぎます。分けて印刷してください。")
    return document


@contextmanager
def uncomplaining(press: Press) -> Iterator[None]:
    """Turn a refused fetch and every complaint of the library into an error of ours."""
    complaints = _Complaints()
    before = press.fetcher.attempts
    LOGGER.addHandler(complaints)
    try:
        yield
    except FatalURLFetchingError:
        # Not chained: the library's message quotes the address.
        raise PdfError("シートの外のものを読もうとしたので、印刷を中止しました。") from None
    except RecursionError:
        raise PdfError("シートの入れ子が深すぎて印刷できません。") from None
    finally:
        LOGGER.removeHandler(complaints)
    if press.fetcher.attempts != before:
        raise PdfError("シートの外のものを読もうとしたので、印刷を中止しました。")
    if complaints.patterns:
        raise PdfError(f"シートを完全には印刷できませんでした({complaints.patterns[0]})。")


def finish(document: "Document", file: Any, press: Press) -> None:  # noqa: ANN401  pydyf has no types
    """Check the fonts of the finished file, and have viewers show its title."""
    for font in document.fonts.values():
        ours = font.family == FAMILY and font.glyph_count == press.glyphs
        if not ours or font.missing:
            raise PdfError("シートにないはずの文字が混ざったので、印刷を中止しました。")
    file.catalog["ViewerPreferences"] = "<< /DisplayDocTitle true >>"


def _check_libraries() -> None:
    if ffi.harfbuzz_subset is None:
        raise PdfError(f"PDFを作る部品(libharfbuzz-subset)がありません。{_HOW_TO_INSTALL}")


@cache
def press(font: Path) -> Press:
    """Read font and stylesheet once; a font configuration made anew costs a tenth of a page."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    fonts = FontConfiguration()
    fetcher = OnlyOurFont(font)
    face = f'@font-face {{ font-family: "{FAMILY}"; src: url("{_FONT_URL}"); }}\n'
    style = face + _STYLESHEET.read_text(encoding="utf-8")
    stylesheet = CSS(string=style, font_config=fonts, url_fetcher=fetcher)
    with TTFont(font, lazy=True) as opened:
        glyphs = opened["maxp"].numGlyphs
    return Press(fonts, stylesheet, fetcher, glyphs)
