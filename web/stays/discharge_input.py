"""The fields of a discharge: read into a `DischargeEntry`, and written back the way people type.

Day, time and where the person went are each one statement that two people can differ about; the
destination and the next hospital are one, because half of either says nothing.
"""

from collections.abc import Mapping, Sequence

from handoffs.shown.overview import Overview
from handoffs.statement import Means, Result
from handoffs.stays.discharge import DischargeEntry
from handoffs.stays.stay import Destination, Stay
from web.inputs import Posted, typed_day, typed_time

NOT_LISTED = "not_listed"
"""The next hospital does not take part, or nobody knows which it is."""

GOING = "going"
"""Destination and next hospital in one text, such as other_hospital/12."""

FIELDS: Mapping[str, str] = {
    "discharged_on": "退院日",
    "discharged_time": "時刻",
    GOING: "退院先",
}
"""What two people can write down differently, and how the page calls it."""

ANSWERS = {"yes": True, "no": False, "unknown": None}
QUESTION = (("yes", "とれた"), ("no", "とれていない"), ("unknown", "わからない"))
MEANS = (Means.TELEPHONE, Means.IN_PERSON, Means.FAX, Means.MAIL, Means.POST, Means.NETWORK)
RESULTS = (Result.TALKED, Result.MET, Result.CONFERENCE, Result.RECEIVED)
ANEW = "画面を開き直してください。"


def read_discharge(posted: Posted) -> DischargeEntry:
    """Read the page. Raises BadEntry with a message for each field."""
    discharged_on = posted.needed_day("discharged_on", ask="退院日を入力してください。")
    discharged_time = posted.clock("discharged_time")
    destination = posted.word(
        "destination",
        Destination,
        ask="退院先を選んでください。分からないときは「不明」を選びます。",
    )
    contacted = posted.one_of(
        "contacted",
        tuple(ANSWERS),
        ask="連絡がとれたかどうかを選んでください。分からないときは「わからない」を選びます。",
        default="unknown" if destination is Destination.DEATH else "",
    )
    means = posted.one_of(
        "contact_means", MEANS, ask="連絡の方法を選び直してください。", default=Means.TELEPHONE
    )
    result = posted.one_of(
        "contact_result", RESULTS, ask="連絡の結果を選び直してください。", default=Result.TALKED
    )
    contacted_on = posted.day("contacted_on")
    next_hospital_id = _next_hospital(posted, destination)
    version = posted.needed_number("version", ask=ANEW)
    if contacted == "yes" and contacted_on is None:
        posted.refuse("contacted_on", "連絡がとれた日を入力してください。")
    posted.finish()
    return DischargeEntry(
        discharged_on=discharged_on,
        discharged_time=discharged_time,
        destination=destination,
        next_hospital_id=next_hospital_id,
        contacted=ANSWERS[contacted],
        contact_means=Means(means),
        contact_result=Result(result),
        contacted_on=contacted_on,
        version=version,
    )


def _next_hospital(posted: Posted, destination: Destination) -> int | None:
    """Read where a transfer goes: asked for with a transfer, and with nothing else."""
    said = posted.values.get("next_hospital_id", "")
    if said in {"", NOT_LISTED}:
        posted.text("next_hospital_id")
        if destination is Destination.OTHER_HOSPITAL and not said:
            posted.refuse(
                "next_hospital_id",
                "転院先の病院を選んでください。一覧にないときは「一覧にない・分からない」です。",
            )
        return None
    return posted.number("next_hospital_id")


def stored_values(stay: Stay | Overview) -> dict[str, str]:
    """A registered discharge the way the page's fields hold it."""
    following = str(stay.next_hospital_id or "")
    if stay.destination is Destination.OTHER_HOSPITAL and not following:
        following = NOT_LISTED
    return {
        "discharged_on": typed_day(stay.discharged_on),
        "discharged_time": typed_time(stay.discharged_time),
        GOING: f"{stay.destination.value if stay.destination else ''}/{following}",
    }


def typed_values(entry: DischargeEntry) -> dict[str, str]:
    """What was typed, in the same shape."""
    following = str(entry.next_hospital_id or "")
    if entry.destination is Destination.OTHER_HOSPITAL and not following:
        following = NOT_LISTED
    return {
        "discharged_on": typed_day(entry.discharged_on),
        "discharged_time": typed_time(entry.discharged_time),
        GOING: f"{entry.destination.value}/{following}",
    }


def spread(form: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """The form with where the person went in its two fields, as the page asks for it."""
    fields = dict(form)
    going = next(iter(fields.pop(GOING, ())), None)
    if going is not None:
        destination, _, following = going.partition("/")
        fields |= {"destination": [destination], "next_hospital_id": [following]}
    return fields
