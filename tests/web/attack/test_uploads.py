"""Every page that takes a file refuses in words what is none of its kind, too large, or a bomb."""

import io
import zipfile
import zlib

import pytest

from tests.web.attack.ground import Ground

MEGABYTE = 1024 * 1024


def zipped() -> bytes:
    """What unpacks to eighty times its size and more."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.csv", bytes(20 * MEGABYTE))
    return made.getvalue()


def swelling_pdf() -> bytes:
    """A PDF whose list of objects is packed and unpacks to 90 MB."""
    packed = zlib.compress(bytes(90 * MEGABYTE), 1)
    head = b"%PDF-1.7\n"
    stream = (
        b"1 0 obj\n<</Type/XRef/Size 9/W[1 2 1]/Root 2 0 R/Filter/FlateDecode/Length %d>>\n"
        b"stream\n" % len(packed)
    )
    end = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)
    return head + stream + packed + end


ROUTES = [
    ("ward_nurse", "/ward-lists/preview", "file"),
    ("care_manager+", "/roster/preview", "file"),
    ("care_manager+", "/stays/{stay_id}/plans", "plans"),
    ("ward_nurse", "/simulator", "draft_file"),
]


@pytest.mark.parametrize(("who", "path", "name"), ROUTES)
def test_what_is_no_file_for_it_is_refused_in_words(
    ground: Ground, who: str, path: str, name: str
) -> None:
    asker = next(one for one in ground.of_each_work() if one.name == who)
    path = path.format(**ground.ids(asker))
    contents = {
        "empty": b"",
        "a program": b"\x7fELF" + bytes(2_000),
        "an archive": zipped(),
        "one endless line": b"x" * 400_000,
        "a quotation without end": b'a,b\n"' + b"x" * 200_000,
        "a hundred thousand lines": b"a,b\n" * 100_000,
        "another encoding": "氏名".encode("utf-16"),
        "a page": b"<!DOCTYPE html><script>x</script>",
    }
    for what, content in contents.items():
        response = ground.ask(asker, "POST", path, {}, {name: content})
        assert response.status_code in {200, 413, 422}, f"{what}: {response.status_code}"
        assert "<script>x" not in response.text
        told = response.status_code != 200 or path == "/simulator"
        assert told, f"{what} is taken"
    response = ground.ask(asker, "POST", path, {}, {name: bytes(5 * MEGABYTE)})
    assert response.status_code in {413, 422}


def test_a_pdf_that_swells_is_refused(ground: Ground) -> None:
    asker = next(one for one in ground.of_each_work() if one.name == "care_manager+")
    path = f"/stays/{ground.ids(asker)['stay_id']}/plans"
    response = ground.ask(asker, "POST", path, {}, {"plans": swelling_pdf()})
    assert response.status_code == 422
    assert "PDFとして読めません" in response.text
