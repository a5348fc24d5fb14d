"""The first page of a working day is light: a full board with everything that it loads."""

import gzip
from collections.abc import Callable

from handoffs.database import Database
from handoffs.shown.board import PAGE_ROWS
from rules import Library
from tests.factories import admit_someone
from tests.people import Cast
from tests.web.markup import tree_of
from tests.web.page import Visitor

Enter = Callable[[str], Visitor]
MOST_BYTES = 100_000
_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"


def test_a_full_board_with_all_that_it_loads_is_under_100_kilobytes(
    enter: Enter, database: Database, library: Library, cast: Cast
) -> None:
    with database.writing() as session:
        for number in range(PAGE_ROWS):
            kana = f"シメイヒ {_KANA[number % len(_KANA)]}{_KANA[number // len(_KANA)]}"
            admit_someone(session, library, cast, kana=kana)
    client = enter("ward_nurse").client
    board = client.get("/stays", headers={"Accept-Encoding": "gzip"})
    tree = tree_of(board.text)
    loaded = [node["href"] for node in tree.all("link")] + [
        node["src"] for node in tree.all("script", "img")
    ]
    assert len(tree.all("tbody")[0].all("tr")) == PAGE_ROWS
    assert len(loaded) >= 4
    weights = {"/stays": len(board.data)}
    for address in loaded:
        file = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert file.status_code == 200
        weights[address.partition("?")[0]] = len(file.data)
    assert sum(weights.values()) < MOST_BYTES, weights


def test_only_files_without_secrets_are_compressed_and_only_on_demand(enter: Enter) -> None:
    client = enter("ward_nurse").client
    plain = client.get("/static/app.css", buffered=True)
    packed = client.get("/static/app.css", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]
    refused = client.get("/static/app.css", headers={"Accept-Encoding": "gzip;q=0"}, buffered=True)
    assert "Content-Encoding" not in refused.headers
    page = client.get("/stays", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in page.headers
