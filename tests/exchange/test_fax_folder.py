"""A FAX server's folder, with real files: whole jobs, once, and results that are read back."""

import json
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from exchange.fax_folder import FaxFolder
from forms.fax_papers import papers, trial_page
from handoffs.fax.channel import FaxState
from handoffs.fax.despatch import FaxJob
from handoffs.telling.despatch import Answer, Parcel
from handoffs.telling.letter import Letter
from handoffs.telling.outbox import Channel, Reason
from tests.conftest import MARK
from tests.factories import ADMITTED
from tests.people import NOW

CODE = "K7RTN4"
VALUES: Mapping[str, object] = {
    "code": CODE,
    "region": "mihon",
    "written_on": ADMITTED,
    "to": "見本ケアプランセンター",
    "to_number": "0770-00-0002",
    "hospital": "見本中央病院",
    "hospital_fax": "",
    "hospital_telephone": "0770-00-0001",
    "ward": "3階東",
    "contact": "病棟 みどり",
    "kind": "入院の連絡",
    "due_on": None,
    "name": f"{MARK} 花子",
    "kana": "シメイヒ ハナコ",
    "age": 86,
    "municipality": "見本市",
}


def parcel(values: Mapping[str, object] = VALUES) -> Parcel:
    return Parcel(
        message_id=1,
        key=f"fax/{CODE}",
        purpose="fax",
        count=1,
        channel=Channel.FAX,
        address="0770-00-0002",
        letter=Letter("", ""),
        link="",
        made_at=NOW,
        fax=FaxJob("0770-00-0002", values),
    )


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


@pytest.fixture
def server(tmp_path: Path) -> FaxFolder:
    """A folder whose sheets are two words, because the sheets have their own tests."""
    return FaxFolder(tmp_path, lambda values: f"%PDF {values['code']}".encode())


def result(server: FaxFolder, name: str, **said: object) -> Path:
    folder = server.folder / "results"
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(json.dumps(said), encoding="utf-8")
    return file


def test_a_job_is_a_pdf_and_a_json_that_names_nobody(server: FaxFolder) -> None:
    assert server.hand_over(parcel()) == Answer()
    out = server.folder / "out"
    assert sorted(file.name for file in out.iterdir()) == [f"{CODE}.json", f"{CODE}.pdf"]
    job = json.loads((out / f"{CODE}.json").read_text(encoding="utf-8"))
    assert job == {
        "version": 1,
        "job": CODE,
        "number": "0770-00-0002",
        "pdf": f"{CODE}.pdf",
        "made_at": NOW.isoformat(),
    }
    assert (out / f"{CODE}.pdf").stat().st_mode & 0o007 == 0


def test_a_job_that_was_taken_is_not_put_there_again(server: FaxFolder) -> None:
    server.hand_over(parcel())
    for file in (server.folder / "out").iterdir():
        file.unlink()  # The server has taken it.
    assert server.hand_over(parcel()) == Answer()
    assert list((server.folder / "out").iterdir()) == []


def test_a_job_that_broke_off_in_the_middle_is_put_there_whole(server: FaxFolder) -> None:
    def broken(_values: Mapping[str, object]) -> bytes:
        raise OSError

    assert FaxFolder(server.folder, broken).hand_over(parcel()) == Answer(Reason.UNREACHABLE)
    assert not list((server.folder / "out").glob("*.json"))
    assert server.hand_over(parcel()) == Answer()
    assert len(list((server.folder / "out").iterdir())) == 2


def test_a_folder_that_is_not_there_is_tried_again_later(tmp_path: Path) -> None:
    away = FaxFolder(tmp_path / "unmounted", lambda _values: b"")
    assert away.hand_over(parcel()) == Answer(Reason.UNREACHABLE)
    assert list(away.reports()) == []
    assert not (tmp_path / "unmounted").exists()


def test_results_are_read_once_and_put_away(server: FaxFolder) -> None:
    at = NOW + timedelta(minutes=3)
    result(server, "a.json", version=1, job=CODE, state="busy", at=NOW.isoformat())
    result(server, "b.json", version=1, job=CODE, state="delivered", at=at.isoformat())
    first, then = server.reports()
    assert (first.code, first.state) == (CODE, FaxState.BUSY)
    assert (then.state, then.at) == (FaxState.DELIVERED, at)
    server.put_away(first)
    server.put_away(then)
    assert list(server.reports()) == []
    done = server.folder / "results" / "done"
    assert sorted(file.name for file in done.iterdir()) == ["a.json", "b.json"]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"job": CODE, "state": "received", "at": NOW.isoformat()},
        {"job": CODE, "state": "gone", "at": NOW.isoformat()},
        {"job": "../K7RTN", "state": "busy", "at": NOW.isoformat()},
        {"job": CODE, "state": "busy", "at": "2026-11-20T10:00:00"},
        {"job": CODE, "state": "busy", "at": 5},
        {"job": [CODE], "state": "busy", "at": NOW.isoformat()},
        {"job": CODE, "state": "busy", "at": NOW.isoformat(), "more": "x" * 5000},
    ],
)
def test_what_says_nothing_that_we_know_is_put_aside(
    server: FaxFolder, said: dict[str, object]
) -> None:
    result(server, "odd.json", **said)
    result(server, "sound.json", job=CODE, state="sent", at=NOW.isoformat())
    assert [report.state for report in server.reports()] == [FaxState.SENT]
    assert (server.folder / "results" / "unread" / "odd.json").exists()


def test_a_result_that_is_no_json_is_put_aside(server: FaxFolder) -> None:
    result(server, "odd.json").write_bytes(b"\xff\xfe{")
    assert list(server.reports()) == []


def test_the_papers_bear_the_code_twice_and_the_name_masked() -> None:
    text = text_of(papers(VALUES))
    assert text.count(CODE) >= 2
    assert MARK not in text
    assert "シメイヒ" not in text
    assert "0770-00-0002" in text


def test_the_test_page_is_about_nobody() -> None:
    text = text_of(trial_page(VALUES))
    assert CODE in text
    assert "試し送り" in text
    for word in ("●", "86", "見本市"):
        assert word not in text
