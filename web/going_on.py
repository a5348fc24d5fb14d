"""Asking for both factors in the middle of something, without losing what was typed.

What was posted goes along in the page that asks, unseen, and stands in no table of ours. After
the answer one button sends it to where it was going; the form's id is the same, so nothing is
done twice.
"""

from collections.abc import Iterable, Mapping

from flask import render_template, request

from web.places import page_of, taking_at

_MARKS = frozenset({"form_token", "form_id"})
_NAME, _VALUE = "again_name", "again_value"

Pairs = tuple[tuple[str, str], ...]


def ask_with(typed: Iterable[tuple[str, str]]) -> str:
    """The page that asks for both factors and carries the form that was just posted."""
    again = tuple(pair for pair in typed if pair[0] != "form_token")
    return _asked({}, page_of(request.path), request.path, again)


def ask(errors: Mapping[str, str], to: str | None) -> str:
    """The page that asks, once more, with whatever it carried before."""
    return _asked(errors, to, carried_to(), carried())


def carried_to() -> str | None:
    """Where the form goes that the page carried; None where it carried none."""
    return taking_at(request.form.get("again_to", ""))


def carried() -> Pairs:
    """The fields of the form that the page carried."""
    names, values = request.form.getlist(_NAME), request.form.getlist(_VALUE)
    return tuple(zip(names, values, strict=False))


def go_on(to: str) -> str:
    """The page with the one button that sends what the page before carried."""
    fields = [pair for pair in carried() if pair[0] not in _MARKS]
    form_id = next((value for name, value in carried() if name == "form_id"), None)
    return render_template(
        "accounts/go_on.html", to=to, page=page_of(to), fields=fields, form_id=form_id
    )


def _asked(errors: Mapping[str, str], to: str | None, again_to: str | None, again: Pairs) -> str:
    return render_template(
        "accounts/confirm.html",
        errors=errors,
        to=to,
        again_to=again_to if again else None,
        again=again,
        names=(_NAME, _VALUE),
    )
