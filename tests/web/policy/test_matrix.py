"""Acceptance row 1: every kind of work, every route, every method, every relation to the stay."""

from collections import Counter
from collections.abc import Callable, Iterable

import pytest

from handoffs.parties import Role
from handoffs.policy import DOORS, PERMISSIONS, PUBLIC, REACH, Permission, Relation
from tests.web.policy.cells import Cell, Outcome, cells
from tests.web.policy.conftest import Scene

LEAST = 5_000
"""Cells that every run of the tests asks; the long run asks all of them."""

NOTHING_THERE = {
    # The organization that stands in the addresses is an office, which has no wards.
    "area_wards.added",
    "area_wards.show",
    "cancellations.reinstated",
    "evidence_months.sent_file",
    "evidence_months.show",
    "fax_numbers.printed",
    "fee_windows.strip",
    "reports.first_sheet",
    "roster_matches.plans",
    "sheets.admission_information",
    "sheets.attached_file",
    "surveys.answered",
    "surveys.form",
    "surveys.form_file",
    "surveys.results",
    "surveys.results_file",
    "transfers.refusal_taken_back",
    "transfers.refused",
    "transfers.taken_over",
}
"""Routes to a thing that the prepared database does not hold: whoever is let in finds nothing."""

_STAND = {"stay_id", "handoff_id", "organization_id", "month", "quarter", "year", "sheet", "guide"}
"""Parts of an address for which something stands in the prepared database. Other ids name
nothing there; that another's is not found either is asked in the tests of swapped ids."""

OF_THE_HOUSE = {"house_accounts", "emergency_accounts"}
"""Pages of a house's accounts, where the house's keeper alone is let in (see their own tests)."""


def is_right(cell: Cell, came: Outcome | int) -> bool:
    """Whether what came of a cell is what the table says."""
    part = cell.rule.endpoint.partition(".")[0]
    nothing = cell.rule.endpoint in NOTHING_THERE or cell.rule.arguments - _STAND
    if cell.expected is Outcome.IN and (nothing or part in OF_THE_HOUSE):
        return came in {Outcome.IN, Outcome.HIDDEN}
    return came is cell.expected


def wrong(scene: Scene, asked: Iterable[Cell]) -> tuple[Counter[Outcome], list[str]]:
    """Ask every cell; how many of each outcome, and those that are not as the table says."""
    count: Counter[Outcome] = Counter()
    found = []
    for cell in asked:
        came = scene.visits.visit(cell)
        count[cell.expected] += 1
        if not is_right(cell, came):
            found.append(f"{cell}: {came}, not {cell.expected}")
    return count, found


def every(scene: Scene) -> list[Cell]:
    """The whole matrix."""
    return list(cells(scene.app, scene.askers, scene.lies))


def sample(whole: list[Cell]) -> list[Cell]:
    """Some of each kind: pages that are really shown cost most, and each has tests of its own."""
    closed = [cell for cell in whole if cell.expected is not Outcome.IN]
    shown = [cell for cell in whole if cell.expected is Outcome.IN and ".pdf" not in cell.rule.rule]
    return closed[:: len(closed) // (LEAST - 300)] + shown[:: len(shown) // 300]


def test_every_route_and_method_has_one_line_and_no_line_is_without_its_route(
    scene: Scene,
) -> None:
    routes = {
        (method, rule.endpoint)
        for rule in scene.app.url_map.iter_rules()
        for method in rule.methods or ()
        if method in {"GET", "POST"}
    }
    assert routes - DOORS.keys() == set(), "give these a line in handoffs/policy/routes.py"
    assert DOORS.keys() - routes == set(), "these lines have lost their route"
    assert all(door == PUBLIC or door in set(Permission) for door in DOORS.values())


def test_five_thousand_cells_come_out_as_the_table_says(scene: Scene) -> None:
    asked = sample(every(scene))
    assert len(asked) >= LEAST
    count, found = wrong(scene, asked)
    assert set(count) == {Outcome.IN, Outcome.AWAY, Outcome.REFUSED, Outcome.HIDDEN}
    assert not found, "\n".join(found[:20])


@pytest.mark.long
def test_every_cell_comes_out_as_the_table_says(scene: Scene) -> None:
    _, found = wrong(scene, every(scene))
    assert not found, "\n".join(found[:20])


def _open_a_door(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(DOORS, ("GET", "reports.latest"), PUBLIC)


def _forget_a_line(patch: pytest.MonkeyPatch) -> None:
    patch.delitem(DOORS, ("GET", "worklist.worklist"))


def _grant(patch: pytest.MonkeyPatch) -> None:
    role = Role.WARD_NURSE
    patch.setitem(PERMISSIONS, role, PERMISSIONS[role] | {Permission.RATES_READ})


def _take_away(patch: pytest.MonkeyPatch) -> None:
    role = Role.CARE_MANAGER
    patch.setitem(PERMISSIONS, role, PERMISSIONS[role] - {Permission.STAY_READ})


def _reach_further(patch: pytest.MonkeyPatch) -> None:
    role = Role.CARE_MANAGER
    patch.setitem(REACH, role, REACH[role] | {Relation.FORMER})


@pytest.mark.parametrize(
    "change", [_open_a_door, _forget_a_line, _grant, _take_away, _reach_further]
)
def test_a_change_of_the_table_changes_who_gets_in(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, change: Callable[[pytest.MonkeyPatch], None]
) -> None:
    """The matrix can fail: what the old table said is no longer what comes of it."""
    few = {("reports.latest", ""), ("worklist.worklist", ""), ("stays.show", "former office")}
    who = {"ward_nurse", "care_manager", "anonymous"}
    asked = [
        cell
        for cell in every(scene)
        if (cell.rule.endpoint, cell.lie.name if cell.lie else "") in few
        and cell.asker.name in who
        and cell.method == "GET"
    ]
    said = [cell.expected for cell in asked]
    assert wrong(scene, asked)[1] == []
    change(monkeypatch)
    came = [scene.visits.visit(cell) for cell in asked]
    assert came != said, "the table was changed and nothing came of it"
    assert wrong(scene, asked)[1] == [], "and what came is what the changed table says"
