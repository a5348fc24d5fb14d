from datetime import timedelta
from pathlib import Path

import pytest

from handoffs.audit.anchor import FILE, AnchorError, anchors_in
from handoffs.audit.chain import SETTLED_AFTER
from handoffs.database import Database
from handoffs.history import Act, record
from handoffs.keys import KeyRing
from scheduler.history import anchor, chain
from tests.people import NOW

KEYS = KeyRing((b"k" * 32,))


def test_the_history_is_chained_and_its_end_written_down_once_a_day(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "keys", KEYS)
    with database.writing() as session:
        record(session, None, Act.MONTH_CLOSE, now=NOW)
    now = NOW + SETTLED_AFTER
    assert anchor(database, tmp_path, lambda: now)
    assert not (tmp_path / FILE).exists()  # Nothing is chained yet.
    assert chain(database, lambda: now)
    for _ in range(2):
        assert anchor(database, tmp_path, lambda: now)
    assert anchor(database, tmp_path, lambda: now + timedelta(days=1))
    lines = anchors_in(tmp_path)
    assert [one.block for one in lines] == [1, 1]
    assert len({one.day for one in lines}) == 2
    (tmp_path / FILE).write_text("nothing\n", encoding="utf-8")
    with pytest.raises(AnchorError) as unreadable:
        anchors_in(tmp_path)
    assert ":1:" in unreadable.value.message
    assert not anchor(database, tmp_path, lambda: now)
