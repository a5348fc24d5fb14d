import argparse
import re
from datetime import timedelta

import pytest

from handoffs import sample
from handoffs.accounts import command, password_fits
from handoffs.accounts.account import keeps_accounts
from handoffs.accounts.invitation import open_invitation
from handoffs.accounts.second_factor import take_second_factor
from handoffs.accounts.signed_in import staff_named
from handoffs.accounts.totp import code_at, step_at
from handoffs.database import Database
from handoffs.errors import HandoffError
from tests.people import NOW, Cast

HOSPITAL = ("--organization", "1810000014", "--name", "見本 はじめ", "--sign-in-name", "hajime")
NURSE = (*HOSPITAL, "--role", "ward_nurse")


def _run(database: Database, *words: str) -> str:
    parser = argparse.ArgumentParser()
    command.describe(parser.add_subparsers(dest="command"))
    return "\n".join(command.run(database, parser.parse_args(words), "http://x", NOW))


def test_the_sample_is_printed_with_its_app_and_its_code(database: Database) -> None:
    said = _run(database, "sign-ins")
    for words in (sample.PASSWORD, sample.TOTP_SECRET, *(one.name for one in sample.SIGN_INS)):
        assert words in said
    assert _run(database, "code") == code_at(sample.TOTP_SECRET, step_at(NOW))


def test_the_first_keeper_of_a_house_is_named_at_the_machine(
    database: Database, cast: Cast
) -> None:
    for words in (NURSE, ("--existing", "discharge_nurse")):
        said = _run(database, "account-keeper", *words)
        found = re.search(r"番号: ([A-Z2-9-]{19})（", said)
        assert found
        with database.reading() as session:
            assert open_invitation(session, found[1], NOW)
    with database.reading() as session:
        assert keeps_accounts(session, cast.discharge_nurse)


def test_an_emergency_account_is_printed_once_and_can_be_used(database: Database) -> None:
    said = _run(database, "account-emergency", *NURSE, "--reason", "停電", "--hours", "2")
    name, password = re.findall(r": (\S+)$", said, flags=re.MULTILINE)[:2]
    code = re.findall(r"^ +(\S{19})$", said, flags=re.MULTILINE)[0]
    with database.writing() as session:
        staff = staff_named(session, name)
        assert staff is not None
        assert password_fits(staff.password_hash, password)
        assert take_second_factor(session, staff.id, code, NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("account-keeper",), "--organization"),
        (("account-keeper", "--existing", "nobody"), "いません"),
        (("account-keeper", *HOSPITAL, "--role", "care_manager"), "職種"),
        (("account-keeper", *NURSE, "--organization", "どこか"), "一つに決まりません"),
        (("account-emergency", *NURSE, "--reason", "x", "--hours", "25"), "24 の整数"),
    ],
)
def test_what_cannot_be_used_is_said_in_words(
    database: Database, words: tuple[str, ...], said: str
) -> None:
    with pytest.raises(HandoffError, match=said):
        _run(database, *words)


@pytest.mark.parametrize(
    ("option", "longest", "says"),
    [("--name", 60, "--name"), ("--sign-in-name", 40, "--sign-in-name"), ("--reason", 200, "200")],
)
def test_what_is_too_long_is_refused_and_not_cut(
    database: Database, option: str, longest: int, says: str
) -> None:
    words = dict(zip(NURSE[::2], NURSE[1::2], strict=True)) | {"--reason": "停電"}
    words[option] = "a" * (longest + 1)
    with pytest.raises(HandoffError) as refused:
        _run(database, "account-emergency", *(one for pair in words.items() for one in pair))
    assert says in refused.value.message
    assert "aaaa" not in refused.value.message
