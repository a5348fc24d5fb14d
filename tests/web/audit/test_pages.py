from collections.abc import Callable

from handoffs.accounts.account import account_of
from handoffs.database import Database
from rules import Library
from tests.conftest import MARK
from tests.factories import admit_someone
from tests.people import Cast
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]


def test_the_keeper_asks_who_saw_whom_and_lists_the_people_of_a_leak(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        stay_id = admit_someone(session, library, cast).id
        account_of(session, cast.discharge_nurse.person_id).keeps_accounts = True
    enter("ward_nurse").open("/stays")
    keeper = enter("discharge_nurse")
    form = keeper.open("/accounts/seen").form("/accounts/seen")
    answer = form.fill(stay=str(stay_id), staff=str(cast.ward_nurse.staff_id)).submit()
    assert "一覧を見た" in answer.text
    assert MARK not in answer.text
    wrong = answer.form("/accounts/seen").fill(since="R8.11.21").submit(422)
    assert "終わりは、始まりよりあとにしてください。" in wrong.text

    form = keeper.open("/accounts/leaks").form("/accounts/leaks")
    assert "操作した人を選んでください。" in form.fill(kind="account").submit(422).text
    case = form.fill(
        kind="account", staff=str(cast.ward_nurse.staff_id), since="R8.11.20", until="R8.11.20"
    ).submit()
    assert MARK in case.text
    assert "影響のある方 1名" in " ".join(case.text.replace("\u3000", " ").split())
    case = case.form(f"{case.path}/reported").fill(first_on="R8.11.20").submit()
    assert "確報を待っています" in keeper.open("/accounts/leaks").text

    for name in ("ward_nurse", "care_manager"):
        for path in ("/accounts/seen", "/accounts/leaks", case.path):
            enter(name).open(path, 403)
