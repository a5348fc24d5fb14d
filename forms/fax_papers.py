"""The papers of one FAX: cover and reply slip, and the test page of a number.

Values come from the record (`handoffs.fax.values`) and are put into the sheets' own fields here.
The code that the slip brings back stands where the sheets have their case code. The sheets mask
the name by themselves, with ● or by initials, as `mask` says.
"""

from collections.abc import Mapping

from forms.catalogue import catalogue
from forms.filled import FilledSheet
from forms.mask import Mask

_PAGES = 2
"""Cover and slip, one page each."""


def papers(values: Mapping[str, object]) -> bytes:
    """Print cover and slip as one PDF. Raises PdfError or FontError as `forms.render`."""
    from forms import render_together  # noqa: PLC0415 - it imports what this file is part of.

    return render_together(cover(values), slip(values))


def trial_page(values: Mapping[str, object]) -> bytes:
    """Print the page that proves a number: a cover about nobody, with a code to be read out."""
    from forms import render  # noqa: PLC0415

    about_nobody = {"name": "", "kana": "", "age": "", "municipality": ""}
    return render(cover({**values, **about_nobody}, contents="番号の試し送りです", pages=1))


def cover(values: Mapping[str, object], *, contents: str = "", pages: int = _PAGES) -> FilledSheet:
    """The cover. Raises SheetError where a value has no place on it."""
    return _filled(
        "fax_cover",
        values,
        {
            "case_code": values["code"],
            "sent_on": values["written_on"],
            "to_office": values["to"],
            "to_fax": values["to_number"],
            "from_office": values["hospital"],
            "from_person": values["contact"],
            "from_direct": values["hospital_telephone"],
            "from_fax": values["hospital_fax"],
            "total_pages": pages,
            "contents": contents or f"{values['kind']}、返信票",
            "patient_name": values["name"],
            "patient_kana": values["kana"],
            "age": values["age"],
            "city": values["municipality"],
        },
    )


def slip(values: Mapping[str, object]) -> FilledSheet:
    """The slip that the receiver fills in and sends back."""
    return _filled(
        "reply_slip",
        values,
        {
            "case_code": values["code"],
            "to_office": values["hospital"],
            "to_fax": values["hospital_fax"],
            "from_office": values["to"],
            "patient_name": values["name"],
            "patient_kana": values["kana"],
        },
    )


def _filled(name: str, values: Mapping[str, object], answers: Mapping[str, object]) -> FilledSheet:
    return FilledSheet(
        definition=catalogue().sheet(name, region=str(values["region"])),
        mask=Mask(str(values.get("mask", Mask.CIRCLES))),
        answers={key: str(value) for key, value in answers.items() if value not in {"", None}},
    )
