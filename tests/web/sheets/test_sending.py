"""A sheet goes out: frozen, with handoff, plans and wishes; and once more, corrected."""

import gc
import io
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from sqlmodel import select

from forms import FilledSheet, catalogue
from forms.samples import sample
from handoffs.database import Database
from handoffs.handed_over import HandedOver
from handoffs.handoff import Handoff, handoffs_of
from handoffs.history import Event
from handoffs.sheets.flat import flattened
from handoffs.sheets.version import SheetVersion
from handoffs.statement import Statement
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from rules import HandoffKind, Library
from tests.conftest import MARK
from tests.factories import admit_someone
from tests.people import Cast
from tests.web.page import Page, Visitor

Enter = Callable[[str], Visitor]
SHEET = "admission_information"


@pytest.fixture
def stay_id(database: Database, library: Library, cast: Cast) -> int:
    with database.writing() as session:
        return admit_someone(session, library, cast, name=f"{MARK} 花子", kana="シメイヒ ハナコ").id


def path_of(stay_id: int, sheet: str = SHEET) -> str:
    return f"/stays/{stay_id}/sheets/{sheet}"


def write(visitor: Visitor, stay_id: int, sheet: str = SHEET, **typed: str | list[str]) -> Page:
    path = path_of(stay_id, sheet)
    return visitor.open(path).form(path).fill(**typed).submit()


def send(visitor: Visitor, stay_id: int, sheet: str = SHEET, **typed: str) -> Page:
    path = f"{path_of(stay_id, sheet)}/check"
    return visitor.open(path).form(path).fill(**({"means": "fax"} | typed)).submit()


def words(body: bytes) -> str:
    pages = PdfReader(io.BytesIO(body)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def versions(database: Database) -> list[SheetVersion]:
    with database.reading() as session:
        return list(session.exec(select(SheetVersion)))


def test_sending_freezes_the_sheet_and_sends_the_handoff(
    enter: Enter, stay_id: int, database: Database
) -> None:
    visitor = enter("care_manager")
    write(visitor, stay_id, interests="俳句")
    page = send(visitor, stay_id, counterpart="見本 渡")
    assert "第1版" in page.text
    assert "見本中央病院" in page.text
    (version,) = versions(database)
    with database.reading() as session:
        handoff = session.get_one(Handoff, version.handoff_id)
        kept = session.get_one(HandedOver, version.handed_over_id)
        said = session.exec(select(Statement)).one()
    assert handoff.kind is HandoffKind.ADMISSION_INFORMATION
    assert handoff.sent_at is not None
    assert "俳句" in kept.content
    assert kept.digest == said.sheet_digest
    assert (version.means.value, version.counterpart) == ("fax", "見本 渡")
    pdf = f"/stays/{stay_id}/versions/{version.id}.pdf"
    before = visitor.fetch(pdf).data
    root: Any = PdfReader(io.BytesIO(before)).trailer["/Root"]
    assert b'pdfaid:part="3"' in root["/Metadata"].get_data()
    write(visitor, stay_id, interests="囲碁")
    assert visitor.fetch(pdf).data == before
    assert enter("ward_nurse").fetch(pdf).data == before
    assert enter("outsider").client.get(pdf).status_code == 404


def test_a_correction_is_a_new_version_that_says_what_changed(
    enter: Enter, stay_id: int, database: Database
) -> None:
    visitor = enter("care_manager")
    write(visitor, stay_id, interests="俳句", mobility="supervised")
    send(visitor, stay_id)
    page = write(visitor, stay_id, mobility="full_help")
    assert "移動（11/20）" in page.text
    assert "【新】11/20" in page.text
    paper = words(visitor.fetch(f"{path_of(stay_id)}/now.pdf").data)
    assert "【新】前回(令和8年11月20日)のあとに変わったところ:移動(11/20)" in paper.replace(
        "（", "("
    ).replace("）", ")")
    page = send(visitor, stay_id, words="歩行を見直した")
    assert "歩行を見直した" in page.text
    first, second = versions(database)
    assert (first.number, second.number) == (1, 2)
    assert set(second.changed) == {"mobility"}
    beside = enter("ward_nurse").open(f"/stays/{stay_id}/sheets").follow("前の版と並べる")
    assert "1項目が違います" in beside.text
    for told in ("見守り", "全介助", "俳句"):
        assert told in beside.text
    assert enter("outsider").client.get(beside.path).status_code == 404


def test_the_three_wishes_become_work_of_the_ward_once(
    enter: Enter, stay_id: int, database: Database
) -> None:
    visitor = enter("care_manager")
    write(
        visitor, stay_id, ward_conference=["", "wish"], home_visit=["", "wish"],
        discharge_conference=["", "wish"], conference_wish="夕方を希望",
    )  # fmt: skip
    send(visitor, stay_id)
    with database.reading() as session:
        wishes = [h for h in handoffs_of(session, stay_id) if "wish" in h.rule_id]
    assert len(wishes) == 3
    assert any("夕方を希望" in one.text for one in wishes)
    worklist = enter("ward_nurse").open("/worklist")
    assert worklist.all_text.count("希望しています") >= 3
    named = ("院内カンファレンス（参加", "退院前カンファレンス（参加", "退院前訪問（同行")
    card = enter("ward_nurse").open(f"/stays/{stay_id}")
    for page in (worklist, card):
        assert [page.all_text.count(f"{one}の希望）") >= 1 for one in named] == [True] * 3
    write(visitor, stay_id, interests="俳句")
    send(visitor, stay_id)
    with database.reading() as session:
        assert len([h for h in handoffs_of(session, stay_id) if "wish" in h.rule_id]) == 3


def test_at_least_seven_tenths_of_a_second_sheet_are_filled_in(
    enter: Enter, stay_id: int, database: Database, library: Library, cast: Cast
) -> None:
    """The sample stands for what an office knows; the second stay is in another hospital."""
    full = sample(SHEET, "full", "mihon")
    assert isinstance(full, FilledSheet)
    visitor = enter("care_manager")
    path = path_of(stay_id)
    form = visitor.open(path).form(path)
    for key, value in flattened(full.answers).items():
        if key in form.names:
            form.fill(**{key: value.split(",") if "," in value and "/" not in key else value})
    form.submit()
    send(visitor, stay_id)
    with database.writing() as session:
        first = session.get_one(Stay, stay_id)
        birth_on = session.get_one(Patient, first.patient_id).birth_on
        second = admit_someone(
            session, library, cast, by=cast.other_nurse, ward_id=cast.foreign_ward_id,
            name=f"{MARK} 花子", kana="シメイヒ ハナコ", birth_on=birth_on,
        ).id  # fmt: skip
    page = visitor.open(path_of(second))
    form = page.form(path_of(second))
    definition = catalogue().sheet(SHEET, region="mihon")
    fields = [one.id for one in definition.fields() if one.id != "case_code"]
    told = {name.partition("/")[0].partition(":")[0] for name, value in form.fields if value}
    share = len([one for one in fields if one in told]) / len(fields)
    assert share >= 0.7, share
    assert "本人の前回のシート（令和8年11月20日）から" in page.text
    for never in ("ward_conference", "home_visit", "recent_stay", "conference_wish"):
        assert form.value(never) == ""
    assert "見本東病院" in form.value("hospital")
    assert enter("outsider").client.get(path_of(second)).status_code == 404


def test_the_sheet_of_a_stranger_of_the_same_name_is_not_taken_over(
    enter: Enter, stay_id: int, database: Database, library: Library, cast: Cast
) -> None:
    visitor = enter("care_manager")
    write(visitor, stay_id, interests="俳句")
    send(visitor, stay_id)
    with database.writing() as session:
        other = admit_someone(
            session, library, cast, by=cast.other_nurse, ward_id=cast.foreign_ward_id,
            name=f"{MARK} 花子", kana="シメイヒ ハナコ",
            birth_on=session.exec(select(Patient).limit(1)).one().birth_on.replace(year=1931),
        ).id  # fmt: skip
    assert visitor.open(path_of(other)).form(path_of(other)).value("interests") == ""


def test_the_hospital_sends_its_own_sheet_the_same_way(
    enter: Enter, stay_id: int, database: Database
) -> None:
    nurse = enter("ward_nurse")
    write(nurse, stay_id, "discharge_coordination", cause="肺炎")
    send(nurse, stay_id, "discharge_coordination")
    (version,) = versions(database)
    assert version.receiver == "見本ケアプランセンター"
    with database.reading() as session:
        handoff = session.get_one(Handoff, version.handoff_id)
    assert handoff.kind is HandoffKind.DISCHARGE_INFORMATION
    page = enter("care_manager").open(f"/stays/{stay_id}/sheets")
    assert "退院調整共有情報 第1版" in page.text


def record(visitor: Visitor, stay_id: int, **typed: str) -> Page:
    path = path_of(stay_id, "discharge_record")
    return visitor.open(path).form(path).fill(**typed).submit()


HEARD = {
    "hearings:0:heard_on": "R8.11.20",
    "hearings:0:heard_from": "看護師",
    "hearings:0:conference": "attended",
    "hearings:0:before_transfer": "last",
    "discharge_on": "R8.12.1",
}


def test_the_record_computes_a_class_says_why_and_never_claims(enter: Enter, stay_id: int) -> None:
    page = record(enter("care_manager"), stay_id, **HEARD)
    assert "算定できるかどうかは、事業所が要件を確かめて判断します" in page.text
    assert "退院・退所加算の区分の目安" in page.text
    assert "聞き取りの日が書かれると" not in page.text
    page = record(enter("care_manager"), stay_id, plan_maker="small_multifunction")
    assert "対象外" in page.text


def test_nobody_but_the_office_sees_anything_of_the_record(
    enter: Enter, stay_id: int, database: Database
) -> None:
    visitor = enter("care_manager")
    record(visitor, stay_id, **HEARD, cause="肺炎")
    path = f"{path_of(stay_id, 'discharge_record')}/check"
    page = visitor.open(path).form(path).submit()
    assert "退院・退所情報記録書 第1版" in page.text
    (version,) = versions(database)
    for name in ("ward_nurse", "social_worker"):
        other = enter(name)
        assert "退院・退所情報記録書" not in other.open(f"/stays/{stay_id}/sheets").text
        other.open(f"/stays/{stay_id}/versions/{version.id}.pdf", 404)
        other.open(f"/stays/{stay_id}/versions/{version.id}/{version.id}", 404)
        other.open(path, 403)
        assert "控えの様式" not in other.open(f"/stays/{stay_id}").all_text
    assert enter("care_manager").fetch(f"/stays/{stay_id}/versions/{version.id}.pdf").data


def test_the_hearings_go_on_over_a_transfer(
    enter: Enter, stay_id: int, database: Database, library: Library, cast: Cast
) -> None:
    visitor = enter("care_manager")
    record(visitor, stay_id, **HEARD)
    with database.writing() as session:
        second = admit_someone(
            session, library, cast, by=cast.other_nurse, ward_id=cast.foreign_ward_id,
            name=f"{MARK} 花子", kana="シメイヒ ハナコ",
        )  # fmt: skip
        second.continues_id = stay_id
        second_id = second.id
    page = visitor.open(path_of(second_id, "discharge_record"))
    form = page.form(path_of(second_id, "discharge_record"))
    assert form.value("hearings:0:heard_from") == "看護師"
    assert form.value("hearings:0:before_transfer") == "earlier"
    assert "転院前の聞き取りの記録から" in page.text


def plan(pages: int = 2) -> PdfWriter:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    return writer


def as_bytes(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def attach(visitor: Visitor, stay_id: int, content: bytes, status: int = 200) -> Page:
    path = f"/stays/{stay_id}/plans"
    form = visitor.open(path).forms(path)[-1]
    return visitor.upload(path, dict(form.fields), ("plans", content, "見本.exe"), status)


def test_the_plans_go_along_with_the_print_and_stay_in_the_version(
    enter: Enter, stay_id: int, database: Database
) -> None:
    visitor = enter("care_manager")
    assert "2ページ" in attach(visitor, stay_id, as_bytes(plan())).text
    with database.reading() as session:
        code = session.get_one(Stay, stay_id).code
    body = visitor.fetch(f"{path_of(stay_id)}/now.pdf").data
    alone = PdfReader(
        io.BytesIO(visitor.fetch(f"{path_of(stay_id, 'admission_kit')}/now.pdf").data)
    )
    pages = PdfReader(io.BytesIO(body)).pages
    assert len(pages) >= len(alone.pages) + 2
    assert pages[-1].extract_text() == f"{code}   2 / 2"
    send(visitor, stay_id)
    (version,) = versions(database)
    assert version.attachment_id is not None
    path = f"/stays/{stay_id}/plans"
    visitor.open(path).forms(path)[0].submit()
    sent = enter("ward_nurse").fetch(f"/stays/{stay_id}/versions/{version.id}.pdf").data
    assert PdfReader(io.BytesIO(sent)).pages[-1].extract_text() == f"{code}   2 / 2"
    kept = enter("ward_nurse").fetch(f"/stays/{stay_id}/versions/{version.id}/kept.pdf").data
    assert list(PdfReader(io.BytesIO(kept)).attachments) == [f"plans-{code}.pdf"]
    now = visitor.fetch(f"{path_of(stay_id)}/now.pdf").data
    assert f"{code}   2 / 2" not in PdfReader(io.BytesIO(now)).pages[-1].extract_text()


def locked() -> bytes:
    writer = plan()
    writer.encrypt("geheim")
    return as_bytes(writer)


def with_script() -> bytes:
    writer = plan()
    writer.pages[0][NameObject("/AA")] = DictionaryObject(
        {NameObject("/O"): DictionaryObject({NameObject("/JS"): TextStringObject("app.alert(1)")})}
    )
    return as_bytes(writer)


def with_file() -> bytes:
    writer = plan()
    writer.add_attachment("a.txt", b"x")
    return as_bytes(writer)


def with_action() -> bytes:
    writer = plan()
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("x")}
    )
    return as_bytes(writer)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"%PDF-1.7\nnothing", locked(), with_script(), with_file(),
     with_action(), as_bytes(plan(21))],
)  # fmt: skip
def test_what_is_no_harmless_pdf_is_refused_with_what_to_do(
    enter: Enter, stay_id: int, content: bytes
) -> None:
    page = attach(enter("care_manager"), stay_id, content, 422)
    assert page.errors["plans"].endswith("ください。")


# Werkzeug leaves the begun file of a refused upload to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_file_that_is_too_large_is_refused(enter: Enter, stay_id: int) -> None:
    attach(enter("care_manager"), stay_id, b"%PDF-" + b"x" * (4 * 1024 * 1024), 422)
    attach(enter("care_manager"), stay_id, b"%PDF-" + b"x" * (5 * 1024 * 1024), 413)
    gc.collect()


def test_the_notice_to_the_administrator_stands_on_pages_and_on_no_sheet(
    enter: Enter, stay_id: int
) -> None:
    visitor = enter("care_manager")
    notice = "様式は自治体の最新版をご確認ください"
    assert notice in visitor.open("/sheets").text
    assert notice in visitor.open(f"{path_of(stay_id)}/check").text
    assert notice not in words(visitor.fetch(f"{path_of(stay_id)}/now.pdf").data)
    assert notice not in words(visitor.fetch(f"/sheets/{SHEET}/empty.pdf").data)


def test_a_sheet_that_a_colleague_changed_meanwhile_is_not_sent_unseen(
    enter: Enter, stay_id: int, database: Database
) -> None:
    visitor = enter("care_manager")
    path = f"{path_of(stay_id)}/check"
    form = visitor.open(path).form(path)
    write(enter("care_manager"), stay_id, interests="俳句")
    form.fill(means="fax").submit(409)
    assert versions(database) == []


def test_no_act_about_a_sheet_holds_a_word_of_it(
    enter: Enter, stay_id: int, database: Database
) -> None:
    visitor = enter("care_manager")
    write(visitor, stay_id, interests="俳句の会")
    send(visitor, stay_id)
    with database.reading() as session:
        assert "俳句" not in str([one.detail for one in session.exec(select(Event))])
