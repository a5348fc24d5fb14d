"""第1–3表 as PDF: taken in only if it is one, of few pages, locked to nobody, and passive.

The type is told by the content, never by the name. A document that runs something, opens
something elsewhere, carries files or asks for a password is refused with what to do. When it
goes along on paper, each page is numbered and bears the case code at its foot. In what is kept
for years the plans lie beside the sheet as they came: PDF/A-3 holds a file of any kind.
"""

import io
import re
from collections.abc import Iterator

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
)

from handoffs.errors import BadEntry

FIELD = "plans"
LARGEST = 4 * 1024 * 1024
MOST_PAGES = 20
_MOST_OBJECTS = 20_000

_ACTIVE = {
    "/JavaScript", "/JS", "/AA", "/Launch", "/EmbeddedFile", "/EmbeddedFiles",
    "/AF", "/RichMedia", "/XFA", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Movie",
    "/Sound", "/URI", "/Rendition", "/3D",
}  # fmt: skip
_SPOKEN = re.compile(rb' *pdfuaid:part="1"')
_BROKEN = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError,
           RecursionError, NotImplementedError, AssertionError)  # fmt: skip
_NOT_A_PDF = "PDFとして読めません。計画書のソフトからPDFで書き出したものを選んでください。"


def pages_of(content: bytes) -> int:
    """Count the pages of a PDF that may be taken in. Raises BadEntry with what to do."""
    if not content:
        raise _refused("PDFのファイルを選んでください。")
    if len(content) > LARGEST:
        raise _refused(
            "ファイルが大きすぎます（4MBまで）。白黒で書き出すか、ページを減らしてください。"
        )
    if not content[:1024].lstrip().startswith(b"%PDF-"):
        raise _refused(_NOT_A_PDF)
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        locked = reader.is_encrypted
        count = 0 if locked else len(reader.pages)
        active = not locked and _is_active(reader)
    except _BROKEN:
        raise _refused(_NOT_A_PDF) from None
    if locked:
        raise _refused("パスワードのついたPDFは添えられません。外してから選び直してください。")
    if not 0 < count <= MOST_PAGES:
        raise _refused(f"{MOST_PAGES}ページまでのPDFを選んでください。")
    if active:
        raise _refused(
            "動く仕掛け、リンク、添付ファイルのあるPDFは添えられません。"
            "「印刷」からPDFとして保存し直したものを選んでください。"
        )
    return count


def with_plans(sheet: bytes, plans: bytes, code: str) -> bytes:
    """Append the plans to a printed sheet, each page with the case code and its number.

    The whole no longer says PDF/UA of itself: the plans are another program's pages.
    Raises BadEntry where what was kept can no longer be read.
    """
    try:
        writer = PdfWriter(clone_from=io.BytesIO(sheet))
        pages = PdfReader(io.BytesIO(plans), strict=False).pages
        total = len(pages)
        for number, page in enumerate(pages, start=1):
            added = writer.add_page(page)
            _note(writer, added, f"{code}   {number} / {total}")
        _say_nothing_of_ears(writer)
        out = io.BytesIO()
        writer.write(out)
    except _BROKEN:
        raise _refused("添えた計画書を印刷できません。選び直してください。") from None
    return out.getvalue()


def kept_with_plans(sheet: bytes, plans: bytes, code: str) -> bytes:
    """Lay the plans beside an archived sheet, as a file within it that belongs to it (PDF/A-3)."""
    writer = PdfWriter(clone_from=io.BytesIO(sheet))
    writer.add_attachment(f"plans-{code}.pdf", plans)
    root = writer.root_object
    held = root["/Names"]["/EmbeddedFiles"]["/Names"][1]  # type: ignore[index]
    # add_attachment writes the file and its names; what PDF/A-3 asks beyond that is said here.
    file = held.get_object()
    file[NameObject("/UF")] = file["/F"]
    file[NameObject("/AFRelationship")] = NameObject("/Supplement")
    stream = file["/EF"]["/F"].get_object()
    stream[NameObject("/Subtype")] = NameObject("/application/pdf")
    root[NameObject("/AF")] = ArrayObject([held])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _say_nothing_of_ears(writer: PdfWriter) -> None:
    about = writer.root_object["/Metadata"].get_object()
    if isinstance(about, StreamObject):
        about.set_data(_SPOKEN.sub(b"", about.get_data()))


def _note(writer: PdfWriter, page: DictionaryObject, words: str) -> None:
    """Set a line of Latin letters at the foot of a page, on white."""
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Courier-Bold"),
        }
    )
    resources = page.setdefault(NameObject("/Resources"), DictionaryObject()).get_object()
    fonts = resources.setdefault(NameObject("/Font"), DictionaryObject()).get_object()
    fonts[NameObject("/TsunagiNote")] = writer._add_object(font)  # noqa: SLF001 - no public way.
    width = len(words) * 6 + 8
    drawn = f"\nQ q 1 g 14 8 {width} 14 re f 0 g BT /TsunagiNote 10 Tf 18 12 Td ({words}) Tj ET Q\n"
    before, after = DecodedStreamObject(), DecodedStreamObject()
    before.set_data(b"q\n")
    after.set_data(drawn.encode("ascii"))
    contents = page.get("/Contents")
    found = contents.get_object() if contents is not None else ArrayObject()
    inner = list(found) if isinstance(found, ArrayObject) else [contents]
    first, last = writer._add_object(before), writer._add_object(after)  # noqa: SLF001
    page[NameObject("/Contents")] = ArrayObject([first, *inner, last])


def _is_active(reader: PdfReader) -> bool:
    return any(
        isinstance(one, DictionaryObject)
        and any(key in _ACTIVE or one.get("/S") in _ACTIVE for key in one)
        for one in _objects(reader)
    )


def _objects(reader: PdfReader) -> Iterator[PdfObject]:
    """Walk everything that the document's root reaches, each object once."""
    todo: list[PdfObject] = [reader.trailer]
    seen: set[int] = set()
    walked = 0
    while todo:
        one = todo.pop()
        if isinstance(one, IndirectObject):
            if one.idnum in seen:
                continue
            seen.add(one.idnum)
            found = one.get_object()
            if found is None:
                continue
            one = found
        walked += 1
        if walked > _MOST_OBJECTS:
            raise ValueError("more objects than a plan has")
        yield one
        if isinstance(one, DictionaryObject):
            todo.extend(one.raw_get(key) for key in one)
        elif isinstance(one, ArrayObject):
            todo.extend(one)


def _refused(message: str) -> BadEntry:
    return BadEntry({FIELD: message})
