"""Turns of a process: how many are at work at once, who stands aside, who goes on without."""

import threading
from collections.abc import Callable

from flask import Flask

from web.turns import Turns

PATIENCE = 20.0


def application(turns: Turns, view: Callable[[], str]) -> Flask:
    app = Flask("turns")
    turns.stand_before(app)
    app.add_url_rule("/", view_func=view, methods=["GET", "POST"])
    return app


def at_once(app: Flask, number: int) -> list[threading.Thread]:
    threads = [
        threading.Thread(target=lambda: app.test_client().post("/", data={"a": "b"}))
        for _ in range(number)
    ]
    for thread in threads:
        thread.start()
    return threads


def test_two_are_at_work_and_the_others_come_after_them() -> None:
    inside = threading.Semaphore(0)
    leave = threading.Semaphore(0)

    def view() -> str:
        inside.release()
        assert leave.acquire(timeout=PATIENCE)
        return "done"

    threads = at_once(application(Turns(2, PATIENCE), view), 5)
    for waiting in (2, 1, 1, 1):
        for _ in range(waiting):
            assert inside.acquire(timeout=PATIENCE)
        assert not inside.acquire(timeout=0.05)
        leave.release()
    leave.release()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_whoever_stands_aside_lets_others_work_and_comes_back() -> None:
    turns = Turns(1, PATIENCE)
    met = threading.Barrier(3)

    def view() -> str:
        with turns.aside():
            met.wait(PATIENCE)  # All three are inside, of whom one may be at work.
        return "done"

    for thread in at_once(application(turns, view), 3):
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert turns._free.acquire(blocking=False)  # Every turn was given back.
    assert not turns._free.acquire(blocking=False)


def test_an_error_gives_the_turn_back_and_whoever_waited_long_goes_on_without() -> None:
    turns = Turns(1, 0.01)
    answers: list[int] = []

    def view() -> str:
        answers.append(app.test_client().get("/inner").status_code)
        raise ValueError

    app = application(turns, view)
    app.add_url_rule("/inner", view_func=lambda: "inner")
    assert app.test_client().get("/").status_code == 500
    assert answers == [200]
    assert turns._free.acquire(blocking=False)


def test_outside_of_a_request_nobody_stands_aside_from_anything() -> None:
    with Turns().aside():
        pass
