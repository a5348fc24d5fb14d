"""One FAX: the cover with its true number of pages, and behind it what is sent, all masked.

The mask covers the sheets that follow the cover, too. What is added by hand (a care plan on
paper) is counted in.
"""

from dataclasses import replace

from forms import FilledSheet, Mask, SheetError, markup, printer, render_together

COVER = "fax_cover"


def fax(cover: FilledSheet, *sheets: FilledSheet, mask: Mask, added_pages: int = 0) -> bytes:
    """Print cover and sheets as one PDF; `added_pages` of paper are laid on top of it.

    Raises:
        SheetError: there is no mask, or the first sheet is no cover.
        PdfError, FontError: as `forms.render`.
    """
    if cover.name != COVER or not sheets:
        raise SheetError("FAXには、送付状と、送るシートが一枚以上要ります。")
    if mask is Mask.NONE:
        raise SheetError("FAXで送るシートの氏名は伏せます。頭文字か●を選んでください。")
    masked = [replace(sheet, mask=mask) for sheet in sheets]
    total = 1 + printer.page_count(markup.together(*masked)) + added_pages
    counted = {**cover.answers, "total_pages": str(total)}
    return render_together(replace(cover, answers=counted, mask=mask), *masked)
