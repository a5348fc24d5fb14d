"""Texts to paste: what they say, what is hidden, and where there is none."""

from datetime import date

import pytest

from handoffs.database import Database
from handoffs.parties import Actor
from handoffs.shown.overview import Overview, overview_of
from handoffs.shown.paste_text import PasteText, Target, masked_name, paste_texts, targets_for
from handoffs.statement import Means, Result, StatementEntry, Topic, state_contact
from handoffs.stays.consent import Consent, ConsentAnswer, ConsentGround
from handoffs.stays.patients import Patient
from handoffs.stays.stay import Stay
from rules import Library
from tests.conftest import MARK
from tests.factories import admit_someone
from tests.people import NAMES, NOW, Cast

SECRET = "ここだけの話"


def admitted(database: Database, library: Library, cast: Cast, **changes: object) -> int:
    with database.writing() as session:
        return admit_someone(session, library, cast, **changes).id  # type: ignore[arg-type]


def shown(database: Database, library: Library, actor: Actor, stay_id: int) -> Overview:
    with database.reading() as session:
        return overview_of(session, actor, stay_id, library=library, now=NOW)


def texts(
    database: Database, library: Library, actor: Actor, stay_id: int
) -> dict[Target, PasteText]:
    stay = shown(database, library, actor, stay_id)
    return {one.target: one for one in paste_texts(stay, actor, masked={"mcs"}, now=NOW)}


def test_the_chart_gets_the_name_and_the_network_does_not(
    database: Database, library: Library, cast: Cast
) -> None:
    found = texts(database, library, cast.ward_nurse, admitted(database, library, cast))

    assert list(found) == [Target.CHART, Target.MCS]
    chart, network = found[Target.CHART], found[Target.MCS]
    assert (chart.masked, network.masked) == (False, True)
    assert f"{MARK} 花子 様（86歳）　要介護2" in chart.text
    assert f"計画作成担当　見本ケアプランセンター　{NAMES['care_manager']}" in chart.text
    assert MARK not in network.text
    assert f"●{MARK[1:]}　●子 様（80歳代）" in network.text
    assert "86" not in network.text
    assert "令和8年11月20日現在" in network.text


def test_the_care_manager_gets_the_log_of_the_own_side(
    database: Database, library: Library, cast: Cast
) -> None:
    stay_id = admitted(database, library, cast)
    with database.writing() as session:
        entry = StatementEntry(
            means=Means.TELEPHONE,
            result=Result.TALKED,
            happened_on=date(2026, 11, 20),
            content=SECRET,
            counterpart=NAMES["ward_nurse"],
        )
        stay = session.get_one(Stay, stay_id)
        state_contact(session, stay, entry, topic=Topic.DISCHARGE, by=cast.care_manager, now=NOW)

    found = texts(database, library, cast.care_manager, stay_id)

    assert list(found) == [Target.SUPPORT_LOG, Target.MCS]
    said = f"・11/20　退院について　電話　話せた　相手 {NAMES['ward_nurse']}"
    assert said in found[Target.SUPPORT_LOG].text
    assert "相手" not in found[Target.MCS].text
    assert not [one for one in found.values() if SECRET in one.text]


def test_no_text_says_a_ticked_fact_or_a_reason_of_the_decision(
    database: Database, library: Library, cast: Cast
) -> None:
    stay_id = admitted(database, library, cast)
    stay = shown(database, library, cast.ward_nurse, stay_id)
    assert stay.decision is not None
    said = "".join(one.text for one in texts(database, library, cast.ward_nurse, stay_id).values())
    reasons = [reason.text for reason in stay.decision.because]

    assert not [reason for reason in reasons if reason in said]


def test_hidden_whereabouts_leave_no_text_at_all(
    database: Database, library: Library, cast: Cast
) -> None:
    stay_id = admitted(database, library, cast)
    with database.writing() as session:
        stay = session.get_one(Stay, stay_id)
        session.get_one(Patient, stay.patient_id).whereabouts_hidden = True

    for actor in (cast.ward_nurse, cast.care_manager):
        assert texts(database, library, actor, stay_id) == {}


def test_a_network_gets_nothing_without_consent_or_against_a_wish(
    database: Database, library: Library, cast: Cast
) -> None:
    silent = admitted(database, library, cast, wants_no_contact=True)
    withheld = admitted(database, library, cast)
    with database.writing() as session:
        session.add(
            Consent(
                stay_id=withheld,
                answer=ConsentAnswer.WITHHELD,
                ground=ConsentGround.ORAL,
                answered_on=date(2026, 11, 20),
                recorded_at=NOW,
            )
        )

    for stay_id in (silent, withheld):
        stay = shown(database, library, cast.ward_nurse, stay_id)
        assert targets_for(stay, cast.ward_nurse) == (Target.CHART,)


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("見本 花子", "●本　●子"),
        ("見本　花子", "●本　●子"),
        ("見本", "●本"),
        ("林", "●"),
        ("", "●"),
        ("𠮷田 光", "●田　●"),
    ],
)
def test_the_first_letter_of_each_part_is_hidden(name: str, hidden: str) -> None:
    assert masked_name(name) == hidden
