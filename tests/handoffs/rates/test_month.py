from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.database import Database
from handoffs.parties import Organization, OrganizationKind
from handoffs.plan_office import PlanStatus
from handoffs.rates import closing_day, of_month
from handoffs.rates.cases import Case
from handoffs.rates.coordination import Contact
from handoffs.rates.cuts import Labels, unasked_cuts
from handoffs.rates.figures import Cut, Figure, Measure, MonthlyRates
from handoffs.rates.measured import count
from handoffs.rates.office_lines import letters
from handoffs.rates.shelf import shelf
from handoffs.rates.tally import Sorted
from handoffs.statement import Result, Side
from handoffs.stays.stay import Destination
from rules import Coordination
from tests.factories import make_statement, make_stay
from tests.people import REGION, Cast

HOSPITALS = {1: "病院A", 2: "病院B", 3: "病院A"}
LABELS = Labels({str(number): label for number, label in HOSPITALS.items()})
STATES = [contact.label for contact in Contact]
NOVEMBER = date(2026, 11, 1)
NOW = datetime(2026, 12, 5, 3, 0, tzinfo=UTC)

CASES = st.lists(
    st.builds(
        Case,
        hospital_id=st.sampled_from(sorted(HOSPITALS)),
        group=st.sampled_from(["", "要介護", "要支援"]),
        plan=st.sampled_from(PlanStatus),
        destination=st.sampled_from(Destination),
        in_region=st.sampled_from([True, False, None]),
        coordination=st.sampled_from(Coordination),
        excluded=st.booleans(),
        wants_no_contact=st.booleans(),
        contact=st.sampled_from(Contact),
        advised=st.booleans(),
        informed=st.booleans(),
        information_may_come=st.booleans(),
        told_of_admission=st.booleans(),
    ),
    max_size=60,
)


def _measure(name: str, cases: Sequence[Case]) -> Measure:
    definition = shelf().called(name, REGION, NOVEMBER)
    return count(definition, Sorted(cases), unasked_cuts(definition), LABELS)


def _missed_coordination(cases: Sequence[Case]) -> Measure:
    return _measure("missed_coordination", cases)


def _referral(cases: Sequence[Case]) -> Measure:
    return _measure("referral", cases)


def _admission_information(cases: Sequence[Case]) -> Measure:
    return _measure("admission_information", cases)


def _case(**changes: object) -> Case:
    given: dict[str, object] = {
        "hospital_id": 1,
        "group": "要介護",
        "plan": PlanStatus.ASSIGNED,
        "destination": Destination.HOME,
        "in_region": True,
        "coordination": Coordination.REQUIRED,
        "excluded": False,
        "wants_no_contact": False,
        "contact": Contact.AGREED,
        "advised": False,
        "informed": False,
        "information_may_come": False,
        "told_of_admission": True,
    }
    return Case(**(given | changes))  # type: ignore[arg-type]


def _sum(cut: Cut) -> Figure:
    figures = [row.figure for row in cut.rows]
    return Figure(
        sum(f.counted for f in figures), sum(f.of for f in figures), sum(f.unknown for f in figures)
    )


def _beside(measure: Measure, label: str) -> int:
    (count,) = [count for name, count in measure.beside if label in name]
    return count


@given(CASES)
def test_a_figure_is_a_part_of_its_whole_and_the_parts_add_up_to_it(cases: list[Case]) -> None:
    measures = (
        _missed_coordination(cases),
        _referral(cases),
        _admission_information(cases),
    )
    for measure in measures:
        total = measure.total
        assert 0 <= total.counted <= total.counted + total.unknown <= total.of <= len(cases)
        for cut in measure.cuts:
            assert _sum(cut) == total, cut.label
        if total.of:
            assert total.low is not None
            assert total.high is not None
            assert 0 <= total.low <= total.high <= 1
        else:
            assert (total.low, total.high) == (None, None)


@given(CASES)
def test_everybody_who_left_is_in_the_denominator_or_beside_it_exactly_once(
    cases: list[Case],
) -> None:
    measure = _missed_coordination(cases)
    beside = sum(count for label, count in measure.beside if label.startswith("分母に含まない"))
    states = sum(count for label, count in measure.beside if label in set(map(str, STATES)))
    assert measure.total.of + beside == len(cases)
    assert states == measure.total.of


@given(CASES)
def test_the_count_is_that_of_the_definition_read_aloud(cases: list[Case]) -> None:
    alive = [
        c
        for c in cases
        if c.destination not in {Destination.DEATH, Destination.OTHER_HOSPITAL}
        and c.group in {"要介護", "要支援"}
        and c.plan in {PlanStatus.ASSIGNED, PlanStatus.PAUSED}
        and not c.excluded
        and not c.wants_no_contact
    ]
    missed = [c for c in alive if c.contact in {Contact.NONE, Contact.THROUGH_FAMILY}]
    unknown = [c for c in alive if c.contact in {Contact.CONTRADICTED, Contact.UNKNOWN}]
    total = _missed_coordination(cases).total
    assert total == Figure(len(missed), len(alive), len(unknown))


@given(CASES)
def test_which_criterion_ticked_or_whether_the_answer_was_held_back_moves_nothing(
    cases: list[Case],
) -> None:
    held_back = [c._replace(coordination=Coordination.UNDETERMINED) for c in cases]
    before, after = (_missed_coordination(c) for c in (cases, held_back))
    assert before == after


LEFT_OUT: list[tuple[dict[str, object], str]] = [
    ({"destination": Destination.DEATH}, "死亡退院"),
    ({"destination": Destination.DEATH, "wants_no_contact": True}, "死亡退院"),
    ({"destination": Destination.OTHER_HOSPITAL}, "転院"),
    ({"wants_no_contact": True}, "本人が連絡を希望しない"),
    ({"excluded": True}, "ルールの対象外"),
    ({"group": ""}, "介護認定がない・不明"),
    ({"plan": PlanStatus.UNASSIGNED}, "計画作成担当が決まっていない・不明"),
    ({"plan": PlanStatus.UNKNOWN}, "計画作成担当が決まっていない・不明"),
]


@pytest.mark.parametrize(("changes", "label"), LEFT_OUT)
def test_whoever_is_left_out_is_counted_beside_for_one_reason(
    changes: dict[str, object], label: str
) -> None:
    measure = _missed_coordination([_case(**changes)])
    assert measure.total == Figure(0, 0, 0)
    assert _beside(measure, label) == 1


@pytest.mark.parametrize(
    "destination",
    sorted(set(Destination) - {Destination.DEATH, Destination.OTHER_HOSPITAL}),
)
def test_every_other_destination_is_counted(destination: Destination) -> None:
    measure = _missed_coordination([_case(destination=destination)])
    assert measure.total.of == 1


def test_a_contract_that_rests_still_has_a_plan_office() -> None:
    assert _missed_coordination([_case(plan=PlanStatus.PAUSED)]).total.of == 1


@pytest.mark.parametrize(
    ("changes", "figure"),
    [
        ({"advised": True}, Figure(1, 1, 0)),
        ({}, Figure(0, 1, 0)),
        ({"coordination": Coordination.UNDETERMINED}, Figure(0, 1, 1)),
        ({"coordination": Coordination.UNDETERMINED, "advised": True}, Figure(1, 1, 0)),
        ({"coordination": Coordination.NOT_REQUIRED}, Figure(0, 0, 0)),
        ({"plan": PlanStatus.ASSIGNED}, Figure(0, 0, 0)),
        ({"plan": PlanStatus.UNKNOWN}, Figure(0, 0, 0)),
        ({"destination": Destination.DEATH}, Figure(0, 0, 0)),
        ({"wants_no_contact": True}, Figure(0, 0, 0)),
        ({"group": ""}, Figure(0, 1, 0)),
    ],
)
def test_the_second_figure_counts_people_without_a_plan_office(
    changes: dict[str, object], figure: Figure
) -> None:
    case = _case(**({"plan": PlanStatus.UNASSIGNED} | changes))
    measure = _referral([case])
    assert measure.total == figure
    assert _beside(measure, "計画作成担当の有無が不明") == (case.plan is PlanStatus.UNKNOWN)


@pytest.mark.parametrize(
    ("changes", "figure", "not_told"),
    [
        ({"informed": True}, Figure(1, 1, 0), 0),
        ({"information_may_come": True}, Figure(0, 1, 1), 0),
        ({}, Figure(0, 1, 0), 0),
        ({"told_of_admission": False}, Figure(0, 1, 0), 1),
        ({"told_of_admission": False, "informed": True}, Figure(1, 1, 0), 0),
        ({"destination": Destination.DEATH, "informed": True}, Figure(1, 1, 0), 0),
        ({"excluded": True}, Figure(0, 0, 0), 0),
        ({"wants_no_contact": True}, Figure(0, 0, 0), 0),
        ({"plan": PlanStatus.UNASSIGNED}, Figure(0, 0, 0), 0),
    ],
)
def test_the_third_figure_counts_admissions(
    changes: dict[str, object], figure: Figure, not_told: int
) -> None:
    measure = _admission_information([_case(**changes)])
    assert measure.total == figure
    assert _beside(measure, "お知らせ前") == not_told


@pytest.mark.parametrize(
    ("month", "closes"),
    [
        (date(2026, 11, 1), date(2026, 12, 31)),
        (date(2026, 12, 1), date(2027, 1, 29)),
        (date(2026, 3, 1), date(2026, 4, 30)),
        (date(2028, 1, 1), date(2028, 2, 29)),
        (date(2026, 4, 1), date(2026, 5, 29)),
    ],
)
def test_a_month_closes_on_the_last_open_day_of_the_next(month: date, closes: date) -> None:
    assert closing_day(month) == closes


def test_a_region_may_close_its_months_on_a_day_of_its_own() -> None:
    assert closing_day(date(2026, 12, 1), 10) == date(2027, 1, 10)


def _rates(
    database: Database, *, month: date = NOVEMBER, named: bool = True, now: datetime = NOW
) -> MonthlyRates:
    with database.reading() as session:
        return of_month(
            session, REGION, month, region_name="見本医療圏", hospital_names=named, now=now
        )


@pytest.mark.parametrize(
    ("now", "provisional"),
    [
        (datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 31, 15, 0, 0, tzinfo=UTC), False),
    ],
)
def test_a_month_is_provisional_to_the_end_of_its_closing_day_in_tokyo(
    database: Database,
    now: datetime,
    provisional: bool,  # noqa: FBT001 - a cell of a table.
) -> None:
    assert _rates(database, now=now).provisional is provisional


def test_where_nobody_left_there_is_nothing_to_divide(database: Database) -> None:
    rates = _rates(database)
    assert [m.id for m in rates.measures] == [
        "missed_coordination",
        "referral",
        "admission_information",
    ]
    assert all(m.total == Figure(0, 0, 0) and m.total.low is None for m in rates.measures)
    assert all(m.definition and all(m.definition) for m in rates.measures)


def _leavers(database: Database, cast: Cast) -> None:
    stories: Sequence[tuple[date, bool | None]] = (
        (date(2026, 6, 30), False),
        (date(2026, 11, 1), True),
        (date(2026, 11, 30), False),
        (date(2026, 11, 30), None),
        (date(2026, 12, 1), False),
    )
    with database.writing() as session:
        for day, contacted in stories:
            stay = make_stay(
                session, cast, admitted_on=day, discharged_on=day, destination=Destination.HOME
            )
            if contacted is not None:
                result = Result.TALKED if contacted else Result.NOT_CONTACTED
                make_statement(session, stay, Side.HOSPITAL, result, on=day)


def test_a_month_counts_from_its_first_day_to_its_last_and_the_trend_six_of_them(
    database: Database, cast: Cast
) -> None:
    _leavers(database, cast)
    rates = _rates(database, month=date(2026, 11, 17))
    assert rates.month == NOVEMBER
    assert rates.measures[0].total == Figure(1, 3, 1)
    assert rates.measures[0].total.low == pytest.approx(1 / 3)
    assert rates.measures[0].total.high == pytest.approx(2 / 3)
    assert [month for month, _ in rates.trend] == [date(2026, m, 1) for m in range(6, 12)]
    assert rates.trend[0][1] == Figure(1, 1, 0)
    assert rates.trend[-1][1] == rates.measures[0].total


def test_hospitals_have_names_only_where_the_council_decided_so(
    database: Database, cast: Cast
) -> None:
    _leavers(database, cast)
    for named, labels in ((True, {"見本中央病院", "見本東病院"}), (False, {"病院A", "病院B"})):
        rates = _rates(database, named=named)
        (cut,) = [c for c in rates.measures[0].cuts if c.label == "病院"]
        assert {row.label for row in cut.rows} == labels
        assert _sum(cut) == rates.measures[0].total
        assert ("見本中央病院" in str(rates)) is named


def test_hospitals_without_names_are_told_apart_beyond_the_alphabet(database: Database) -> None:
    assert [letters(n) for n in (0, 25, 26, 27, 51, 52, 702)] == [
        "A",
        "Z",
        "AA",
        "AB",
        "AZ",
        "BA",
        "AAA",
    ]
    with database.writing() as session:
        for number in range(30):
            session.add(
                Organization(
                    kind=OrganizationKind.HOSPITAL, region=REGION, name=f"見本第{number}病院"
                )
            )
    (cut,) = [c for c in _rates(database, named=False).measures[0].cuts if c.label == "病院"]
    assert len({row.label for row in cut.rows}) == 32


def test_no_figure_is_made_per_member_of_staff(database: Database, cast: Cast) -> None:
    _leavers(database, cast)
    text = str(_rates(database))
    assert all(actor.name not in text for actor in cast.people.values())
    labels = {cut.label for measure in _rates(database).measures for cut in measure.cuts}
    assert labels == {"要介護・要支援", "病院", "退院先", "住まい"}
