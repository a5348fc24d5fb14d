"""What about a person may stand in which form, for which kind of receiver: every pair, once.

Columns are meant as `fields` groups them by their readers. What is missing from a cell must not
be found there: tests put a mark of its own into each personal column, have every form made for
every receiver, and compare. Which person of an organization reads is `permissions`' to say; here
is the most that any of them is shown.
"""

from collections.abc import Mapping
from types import MappingProxyType

from handoffs.policy.fields import Readers
from rules.kinds import Labelled


class Form(Labelled):
    """What something is written as."""

    PAGE = "page", "画面"
    CSV = "csv", "CSV"
    WORKBOOK = "workbook", "Excel"
    PDF = "pdf", "PDF"
    TEXT = "text", "JSON・貼り付け用の文"
    MAIL = "mail", "メール・Webhook"
    LOG = "log", "ログ"


class Receiver(Labelled):
    """Who gets it, seen from the stay."""

    HOSPITAL = "hospital", "入院している病院"
    PLANNER = "planner", "計画作成担当の事業所"
    STRANGER = "stranger", "ほかの病院・事業所"
    HEALTH_CENTER = "health_center", "保健所"


PERSONAL = frozenset({Readers.REACHES, Readers.SIDES, Readers.NAMED, Readers.WRITER})
"""The groups whose columns are about a person in hospital."""

_BOTH = frozenset({Readers.REACHES, Readers.SIDES})
_NONE: frozenset[Readers] = frozenset()
_SIDES_SEE = {
    Form.PAGE: PERSONAL,
    Form.CSV: _BOTH,
    Form.WORKBOOK: _NONE,
    Form.PDF: _BOTH | {Readers.NAMED},
    Form.TEXT: _BOTH,
    Form.MAIL: _NONE,
    Form.LOG: _NONE,
}

SHOWN: Mapping[tuple[Form, Receiver], frozenset[Readers]] = MappingProxyType(
    {
        (form, receiver): _SIDES_SEE[form]
        if receiver in {Receiver.HOSPITAL, Receiver.PLANNER}
        else _NONE
        for form in Form
        for receiver in Receiver
    }
)

OWN_NUMBERS = frozenset({("patient", "hospital_number")})
"""What is shown to the own hospital alone, whatever the form: its own number for the person."""


def may_show(form: Form, receiver: Receiver, readers: Readers, column: tuple[str, str]) -> bool:
    """Whether a personal column may stand in a form for a receiver."""
    if column in OWN_NUMBERS and receiver is not Receiver.HOSPITAL:
        return False
    return readers in SHOWN[form, receiver]
