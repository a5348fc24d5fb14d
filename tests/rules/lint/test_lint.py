"""The linter finds each class of fault, proves it with a patient, and leaves the sound alone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from rules import Edition, Facts, InputError, Library, edition_of
from rules.__main__ import main
from rules.answer import coordination_of
from rules.condition import All, AtLeast, Leaf, any_of, weigh
from rules.lint import holes_between, lint
from rules.lint.finding import Fault, Finding
from rules.lint.history import history_of
from rules.lint.search import TooLarge, somebody
from rules.public_holidays import PublicHolidays
from tests.rules.mutants import Page, page_of

EDITIONS = Library.load().editions
MIHON = Library.load().in_force("mihon", date(2026, 11, 20))
ON = date(2026, 11, 22)


def rewritten(folder: Path, page: Page) -> Edition:
    file = folder / "draft.yaml"
    file.write_text(json.dumps(page, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    return edition_of(file)


def faults(
    edition: Edition,
    on: date = ON,
    history: Path | None = None,
    since: date | None = None,
    holidays: PublicHolidays | None = None,
) -> dict[tuple[str, str], Finding]:
    found = lint(edition, on, history, since, holidays)
    return {(f.fault.value, f.clause): f for f in found if not f.note}


@pytest.fixture
def page() -> Page:
    return page_of(MIHON.file)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: f"{e.region}-{e.in_force}")
def test_every_shipped_edition_is_clean(edition: Edition) -> None:
    assert faults(edition) == {}


def test_what_a_partial_edition_declares_is_a_note_with_a_patient() -> None:
    (tajima,) = [edition for edition in EDITIONS if edition.region == "tajima"]
    (note,) = lint(tajima, ON)
    assert (note.fault, note.note) == (Fault.GAP, True)
    assert note.patient is not None
    assert coordination_of(tajima, note.patient) == "required"
    owed = [weigh(rule.condition, note.patient).truth for rule in tajima.handoffs]
    assert set(owed) == {"closed"}


def test_a_criterion_that_others_imply_is_found(page: Page, tmp_path: Path) -> None:
    again = {**page["criteria"][4], "id": "again", "when": {"eating": "full_help"}}
    page["criteria"].append(again)
    finding = faults(rewritten(tmp_path, page))["unreachable", "again"]
    assert finding.patient == Facts({"eating": "full_help"})
    assert finding.line


def test_a_criterion_that_nobody_can_meet_is_found(page: Page, tmp_path: Path) -> None:
    page["criteria"][8]["when"]["any_of"] = [{"cancer": "none"}]
    assert ("unreachable", "terminal-cancer") in faults(rewritten(tmp_path, page))


def test_a_choice_that_changes_nothing_is_found(page: Page, tmp_path: Path) -> None:
    page["criteria"][5]["when"]["any_of"].append({"toileting": "full_help"})
    assert ("unreachable", "help-with-toilet") in faults(rewritten(tmp_path, page))


def test_a_criterion_all_of_whose_people_are_excluded_is_found(page: Page, tmp_path: Path) -> None:
    wide = {"id": "wide", "text": "除外", "when": {"cancer": "terminal"}, "source": "架空"}
    page["exclusions"].append(wide)
    finding = faults(rewritten(tmp_path, page))["contradictory", "terminal-cancer"]
    assert finding.patient == Facts({"cancer": "terminal"})


def test_a_duty_to_people_who_are_all_excluded_is_found(page: Page, tmp_path: Path) -> None:
    wide = {"id": "wide", "text": "除外", "when": {"care_manager": "unassigned"}, "source": "架空"}
    page["exclusions"].append(wide)
    assert ("contradictory", "advise-to-consult") in faults(rewritten(tmp_path, page))


def test_two_deadlines_for_the_same_thing_are_found(page: Page, tmp_path: Path) -> None:
    twin = {**page["handoffs"][1], "id": "twin", "due": {**page["handoffs"][1]["due"], "latest": 5}}
    page["handoffs"].append(twin)
    assert ("contradictory", "twin") in faults(rewritten(tmp_path, page))


def test_people_for_whom_nothing_is_passed_on_are_found(page: Page, tmp_path: Path) -> None:
    page["handoffs"] = [each for each in page["handoffs"] if each["id"] != "advise-other-welfare"]
    page["examples"] = [
        each
        for each in page["examples"]
        if "advise-other-welfare" not in each["expect"].get("handoffs", [])
    ]
    edition = rewritten(tmp_path, page)
    finding = faults(edition)["gap", ""]
    assert finding.patient is not None
    assert coordination_of(edition, finding.patient) == "required"
    told = [r.id for r in edition.handoffs if weigh(r.condition, finding.patient).truth != "closed"]
    assert told == []


def test_a_value_that_fell_out_of_one_of_many_lists_is_found(page: Page, tmp_path: Path) -> None:
    page["handoffs"][3]["when"]["care_manager"] = "assigned"
    finding = faults(rewritten(tmp_path, page))["gap", "discharge-conference"]
    assert "(paused)" in finding.found


def test_an_edition_that_is_over_is_stale(page: Page, tmp_path: Path) -> None:
    page["ends"] = "2026-11-21"
    edition = rewritten(tmp_path, page)
    assert set(faults(edition)) == {("stale", "")}
    assert faults(edition, on=date(2026, 11, 21)) == {}


def test_a_list_of_holidays_that_is_over_is_stale() -> None:
    assert faults(MIHON, holidays=PublicHolidays(2026)) == {}
    (finding,) = faults(MIHON, holidays=PublicHolidays(2025)).values()
    assert "2025年まで" in finding.found


@pytest.mark.parametrize(
    ("place", "due"),
    [
        (1, {"before": "planned_discharge", "latest": 3}),
        (4, {"after": "admission", "latest": 7}),
        (2, {"before": "planned_discharge", "latest": 90}),
    ],
)
def test_a_deadline_before_its_trigger_is_found(
    place: int, due: Page, page: Page, tmp_path: Path
) -> None:
    way = {"unit": "calendar_days", "anchor_day": "not_counted", "if_closed": "stay"}
    page["handoffs"][place]["due"] = {**due, **way}
    finding = faults(rewritten(tmp_path, page))["deadline", page["handoffs"][place]["id"]]
    assert finding.patient == Facts({"care_manager": "assigned"})


def test_a_criterion_that_no_example_meets_is_found(page: Page, tmp_path: Path) -> None:
    page["examples"] = [e for e in page["examples"] if e["given"].get("cancer") != "terminal"]
    finding = faults(rewritten(tmp_path, page))["example", "terminal-cancer"]
    assert finding.patient == Facts({"cancer": "terminal"})


def test_days_without_any_edition_are_a_gap(page: Page, tmp_path: Path) -> None:
    page["ends"] = "2026-12-31"
    newer = Library.load().of_region("mihon")[1]
    (hole,) = holes_between((newer, rewritten(tmp_path, page)))
    assert "2027-01-01から2027-04-01の前日まで" in hole.found
    assert list(holes_between(EDITIONS)) == []


HISTORY = "region,admitted_on,cancer,mobility,ward\nmihon,2026-10-01,none,,3\n"


def test_what_never_fired_is_found_with_somebody_who_would_fire_it(tmp_path: Path) -> None:
    file = tmp_path / "stays.csv"
    file.write_text(HISTORY + "mihon,2026-10-02,terminal,unknown,3\n", encoding="utf-8")
    found = faults(MIHON, history=file)
    assert ("never_fired", "terminal-cancer") not in found
    finding = found["never_fired", "help-to-stand-or-walk"]
    assert "実績2件(2026-10-01から2026-10-02まで)に一人もいません(不明のまま" in finding.found
    assert finding.patient == Facts({"mobility": "supervised"})
    later = faults(MIHON, history=file, since=date(2026, 10, 2))
    assert ("never_fired", "terminal-cancer") not in later
    assert "実績1件" in later["never_fired", "help-to-eat"].found


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 0, "何も書かれていません"),
        ("mobilty\nfull_help\n", 2, "「mobilty」という列はありません。 「mobility」では"),
        ("mobility\nfull_halp\n", 2, "「full_help」ではありませんか"),
        ("name,mobility\n見本,full_help\n", 2, "「name」という列はありません"),
        ("mobility,mobility\n", 1, "同じ列が二つ"),
        ("mobility,eating\nfull_help\n", 2, "列が1個あります(見出しは2個)"),
        ('{"mobility": "full_help"}\n[]\n', 2, "一行に一件の JSON"),
        ('{"mobility": "full_help", "admitted_on": "2026/10/1"}\n', 1, "日付として読めません"),
    ],
)
def test_a_history_that_cannot_be_read_is_refused(
    text: str, line: int, words: str, tmp_path: Path
) -> None:
    file = tmp_path / "stays"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        history_of(file, MIHON, ("mobility",))
    assert refused.value.line == line
    assert words in str(refused.value)


def test_stays_of_another_region_are_not_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "stays.jsonl"
    rows = [{"region": "tajima", "emergency_ward_stay": "only"}, {"mobility": "full_help"}]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert history_of(file, MIHON, ("mobility",)).counted == {Facts({"mobility": "full_help"}): 1}


def test_a_search_finds_somebody_or_proves_that_there_is_nobody_or_gives_up() -> None:
    vocabulary = MIHON.vocabulary
    walks, eats = Leaf("mobility", ("full_help",)), Leaf("eating", ("full_help",))
    assert somebody((any_of((walks, eats)), Leaf("mobility", ("independent",))), vocabulary) == (
        Facts({"mobility": "independent", "eating": "full_help"})
    )
    assert somebody((All((walks,)), Leaf("mobility", ("independent",))), vocabulary) is None
    wide = AtLeast(2, tuple(c.condition for c in MIHON.criteria))
    with pytest.raises(TooLarge):
        somebody((wide,), vocabulary, most_tries=3)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main([str(argument) for argument in arguments])
    return code, capsys.readouterr().out


def test_the_command_prints_a_patient_whom_the_simulator_opens(
    page: Page, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "lint", MIHON.file, "--on", "2026-11-22") == (0, "版1、指摘0、注0\n")
    page["ends"] = "2026-11-21"
    page["criteria"][8]["when"] = {"cancer": ["terminal", "not_terminal"], "eating": "full_help"}
    file = rewritten(tmp_path, page).file
    code, out = run(capsys, "lint", file, "--on", "2026-11-22")
    assert code == 1
    assert f"{file}: [stale] 期限切れ: この版は2026-11-21で終わっていて" in out
    assert f"python -m rules simulate --edition {file} --set" in out
    code, out = run(capsys, "lint", file, "--json")
    assert {finding["fault"] for finding in json.loads(out)["findings"]} >= {"stale", "unreachable"}
    (tmp_path / "broken.yaml").write_text("region: [", encoding="utf-8")
    code, out = run(capsys, "lint", tmp_path / "broken.yaml")
    assert code == 2
    assert "YAML として読めません" in out


@pytest.mark.parametrize("months", ["0", "-3", "1200", "三"])
def test_a_number_of_months_that_is_none_is_refused(
    months: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["lint", "--history", "stays.csv", "--months", months])
    assert stopped.value.code == 2
    assert f"「{months}」か月は使えません。1から120まで" in capsys.readouterr().err


def test_months_without_a_history_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--months", "3"]) == 2
    assert "--history ファイル をあわせて書くか" in capsys.readouterr().err


def test_a_partial_edition_without_criteria_needs_no_example_of_what_is_owed() -> None:
    (kobe,) = [edition for edition in EDITIONS if edition.region == "kobe"]
    assert kobe.handoffs
    assert lint(kobe, ON) == ()
