"""Acceptance row 14: payloads in what is stored and in what is typed are words on a page."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote, unquote

from tests.web.attack.ground import Ground
from tests.web.attack.payloads import PAYLOADS, can_be_stored
from tests.web.attack.planting import Made, made_of, plant, runs_or_leads_away
from tests.web.markup import tree_of
from tests.web.policy.cells import Asker

STORABLE = [one for one in PAYLOADS if can_be_stored(one)]
PLAIN = [f"見本{number}" for number in range(len(STORABLE))]


@contextmanager
def planted(ground: Ground, words: Sequence[str], start: int = 0) -> Iterator[int]:
    """The record with these words in every column; afterwards as it was."""
    with ground.scene.database.writing() as session:
        cells = plant(session, words, start)
    yield cells
    ground.scene.visits.put_back()


def looked_at(ground: Ground, asked: Sequence[tuple[Asker, str]]) -> dict[tuple[str, str], Made]:
    """What each page is made of; AssertionError for one that would run something or lead away."""
    found = {}
    for asker, path in asked:
        response = ground.ask(asker, "GET", path)
        if response.mimetype == "text/html":
            tree = tree_of(response.text)
            assert list(runs_or_leads_away(tree)) == [], f"{asker.name} {path}"
            found[asker.name, path] = made_of(tree)
    return found


def hold(ground: Ground, asked: Sequence[tuple[Asker, str]], *starts: int) -> None:
    """Every page is made of the same elements, whether the words are payloads or not."""
    with planted(ground, PLAIN):
        plain = looked_at(ground, asked)
    told = []
    for start in starts:
        with planted(ground, STORABLE, start) as cells:
            assert cells > 100
            attacked = looked_at(ground, asked)
        for at, made in attacked.items():
            differs = (made - plain[at]) + (plain[at] - made)
            told += [f"{at}: {dict(differs)}"] if differs else []
    assert not told, "\n".join(told)


def as_it_comes(payload: str, *, strip: bool = True) -> str:
    """What the server reads of it: half a character stays written in percent signs."""
    read = unquote(quote(payload, errors="surrogatepass"), errors="werkzeug.url_quote")
    return read.strip() if strip else read


def names(ground: Ground, payloads: Sequence[str]) -> None:
    """Register somebody by each name; what is kept is what was typed, or the page says why not."""
    (nurse,) = works(ground, "ward_nurse")
    (form,) = [one for one in ground.shown_at(nurse, "/stays/new") if one.action == "/stays/new"]
    typed = form.typed | {"kana": ["ミホン"], "birth_on": ["S15.5.3"], "admitted_on": ["81120"]}
    kept = refused = 0
    for payload in payloads:
        fields = typed | {"name": [payload], "care_level": ["care_2"]}
        response = ground.ask(nurse, "POST", "/stays/new", fields, put_back=False)
        if response.status_code == 303:
            assert ground.newest("patient", "name") == as_it_comes(payload), ascii(payload)[:80]
            kept += 1
        else:
            assert response.status_code in {400, 422}, f"{response.status_code} {payload[:80]!a}"
            tree = tree_of(response.text)
            assert list(runs_or_leads_away(tree)) == []
            shown = [node["value"] for node in tree.all("input") if node.get("id") == "name"]
            assert shown in ([as_it_comes(payload, strip=False)], []), ascii(payload)[:80]
            assert tree.all("main")[0].text
            refused += 1
        ground.scene.visits.put_back()
    assert kept > len(payloads) // 4
    assert refused


def works(ground: Ground, *names: str) -> list[Asker]:
    return [one for one in ground.of_each_work() if one.name in names]


def test_there_are_three_hundred_payloads() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 300


def test_what_is_stored_is_words_on_a_page(ground: Ground) -> None:
    nurse, manager = works(ground, "ward_nurse", "care_manager+")
    stay = ground.ids(nurse)["stay_id"]
    asked = [
        (nurse, "/stays"),
        (nurse, f"/stays/{stay}"),
        (nurse, f"/stays/{stay}/particulars"),
        (manager, f"/stays/{ground.ids(manager)['stay_id']}"),
    ]
    hold(ground, asked, 0)


def test_a_name_is_stored_as_it_was_typed_or_refused_in_words(ground: Ground) -> None:
    """Through the page that registers an admission; every eighteenth payload."""
    names(ground, PAYLOADS[::18])
