"""What tells misplaced letters is tried on pages that have them."""

from forms import pdf
from forms.font import font_path
from tests.forms.places import misplaced

STYLE = """<style>@page { size: 100mm 60mm; margin: 10mm }
body { margin: 0; font-size: 10pt } table { table-layout: fixed; width: 60mm }
td { border: 1px solid; white-space: nowrap } .over { position: absolute; left: 0; top: 0 }</style>
"""


def said(body: str) -> list[str]:
    """What is said of a small page: the first word of each."""
    press = pdf.press(font_path())
    with pdf.uncomplaining(press):
        page = f"<!doctype html><html lang=ja><title>見本</title>{STYLE}<body>{body}"
        found = misplaced(pdf.laid_out(page, press))
    return [one.split()[1].rstrip(":") for one in found]


def test_a_page_whose_words_stand_in_their_places_is_quiet() -> None:
    assert said("<p>ここにある</p><table><tr><td>一</td><td>二</td></tr></table>") == []


def test_words_out_of_their_cell_and_page_and_upon_others_are_told() -> None:
    wide = "あ" * 12
    assert "cell" in said(f"<table><tr><td>{wide}</td><td></td></tr></table>")
    assert "page" in said(f"<p style='white-space: nowrap'>{wide * 4}</p>")
    assert "covered" in said("<p style='margin: 0'>下の語</p><p class=over>上の語</p>")
