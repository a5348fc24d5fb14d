import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from forms import pdf
from forms.errors import FontError, PdfError
from forms.font import FONT
from tests.forms.hostile import SECRET, payloads
from tests.forms.paper import fonts, glyphs, opened, text

PAGE = (
    '<!DOCTYPE html><html lang="ja"><head><title>{title}</title></head><body>{body}</body></html>'
)


def page(body: str, title: str = "見本") -> str:
    return PAGE.format(title=title, body=body)


def test_a_rendering_waits_for_another_process_of_this_machine() -> None:
    with ThreadPoolExecutor(1) as pool:
        with pdf._this_machine():
            printed = pool.submit(pdf.pdf, page("<p>見本</p>"))
            with pytest.raises(TimeoutError):
                printed.result(timeout=0.5)
        assert printed.result(timeout=60).startswith(b"%PDF")


def test_a_page_is_tagged_japanese_and_titled() -> None:
    document = opened(pdf.pdf(page("<h1>見本の表題</h1><p>本文</p>", title="見本の様式")))
    root: Any = document.trailer["/Root"]
    assert root["/Lang"] == "ja"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.metadata is not None
    assert document.metadata.title == "見本の様式"
    assert document.metadata.creation_date is None


def test_our_font_is_the_only_one_and_is_embedded() -> None:
    content = pdf.pdf(page("<b>太字</b> <i>斜体</i> ふつう"))
    found = list(fonts(content))
    assert found
    for font in found:
        assert font["/BaseFont"].endswith("Tsunagi-Sans-JP")
        assert font["/FontDescriptor"]["/FontFile2"].get_data()


@pytest.mark.parametrize("name", ["髙橋", "𠮷田", "﨑山", "渡邉", "渡邊", "ﾐﾎﾝ", "㍿", "々〆ヶ"])
def test_names_are_drawn_with_their_own_glyphs(name: str) -> None:
    content = pdf.pdf(page(f"<p>{name}</p>"))
    with TTFont(FONT, lazy=True) as font:
        wanted = {font.getGlyphID(font.getBestCmap()[ord(one)]) for one in name}
    assert name in text(content)
    assert wanted <= glyphs(content)
    assert 0 not in glyphs(content)


def test_variants_of_one_character_are_drawn_differently_and_copied_as_typed() -> None:
    names = [f"渡邉{chr(0xE0100 + number)}" for number in range(4)]
    drawn = [glyphs(pdf.pdf(page(f"<p>{name}</p>"))) for name in names]
    assert len({frozenset(one) for one in drawn}) == 4
    assert all(0 not in one for one in drawn)
    assert names[1] in text(pdf.pdf(page(f"<p>{names[1]}</p>")))


@pytest.mark.parametrize("character", ["😀", "ก", "\ue000"])
def test_a_character_without_a_glyph_is_an_error(character: str) -> None:
    with pytest.raises(PdfError) as caught:
        pdf.pdf(page(f"<p>氏名秘{character}</p>"))
    assert character not in str(caught.value)


@pytest.mark.parametrize("number", range(len(payloads("", ""))))
def test_markup_that_asks_for_anything_gets_nothing(
    number: int, canary: ThreadingHTTPServer, secret: Path
) -> None:
    payload = payloads(f"http://127.0.0.1:{canary.server_port}", secret.as_uri())[number]
    try:
        content = pdf.pdf(page(f"<p>本文</p>{payload}"))
    except PdfError as error:
        assert SECRET not in str(error)  # noqa: PT017
        assert "127.0.0.1" not in str(error)  # noqa: PT017
    else:
        assert not opened(content).attachments
        assert SECRET not in text(content)
    assert not canary.hits  # type: ignore[attr-defined]


def test_an_image_is_an_error_and_never_a_hole() -> None:
    with pytest.raises(PdfError, match="シートの外"):
        pdf.pdf(page('<img src="data:image/png;base64,AAAA">'))


@pytest.mark.parametrize("family", ["monospace", "serif", "DejaVu Sans"])
def test_any_other_font_is_an_error(family: str) -> None:
    with pytest.raises(PdfError, match="シートにないはずの文字"):
        pdf.pdf(page(f'<p style="font-family: {family}">abc</p>'))


def test_a_stylesheet_mistake_is_an_error() -> None:
    with pytest.raises(PdfError, match="完全には印刷できません"):
        pdf.pdf(page('<p style="colour: red">本文</p>'))


def test_after_a_refused_page_the_next_one_is_printed() -> None:
    with pytest.raises(PdfError):
        pdf.pdf(page('<img src="http://127.0.0.1:9/">'))
    assert "本文" in text(pdf.pdf(page("<p>本文</p>")))


def test_threads_queue_and_every_page_is_whole() -> None:
    alone = [pdf.pdf(page(f"<p>{number}枚目</p>")) for number in range(6)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda n: pdf.pdf(page(f"<p>{n}枚目</p>")), range(6)))
    assert together == alone


def test_another_process_prints_the_same_bytes() -> None:
    body = page("<h1>見本</h1><table><tr><th>氏名</th><td>髙橋 𠮷田</td></tr></table>")
    code = "import sys; from forms import pdf; sys.stdout.buffer.write(pdf.pdf(sys.argv[1]))"
    there = subprocess.run(
        [sys.executable, "-c", code, body],
        check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": "7"},
    ).stdout  # fmt: skip
    assert there == pdf.pdf(body)


def test_too_much_markup_is_refused_before_it_is_laid_out() -> None:
    with pytest.raises(PdfError, match="大きすぎます"):
        pdf.pdf("あ" * (pdf.MOST_MARKUP + 1))


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(PdfError, match="ページが多すぎます"):
        pdf.pdf(page('<p style="break-after: page">枚</p>' * (pdf.MOST_PAGES + 1)))


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(PdfError, match="入れ子"):
        pdf.pdf(page("<div>" * 3_000 + "底"))


def test_a_missing_subsetting_library_is_named_with_the_way_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("forms.pdf.ffi.harfbuzz_subset", None)
    with pytest.raises(PdfError, match=r"apt-get install .*libharfbuzz-subset0"):
        pdf.pdf(page("<p>本文</p>"))


def test_a_font_that_was_not_made_is_named_with_the_way_to_make_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("forms.font.FONT", tmp_path / "none.ttf")
    with pytest.raises(FontError, match="python -m forms font"):
        pdf.pdf(page("<p>本文</p>"))
