"""FAX numbers of organizations, verified before anything about a person is sent there.

Typed twice, read back in a call to a number known otherwise, and then proved by a test page: the
office reads out the code that arrived with it. Where the region asks for it, a second person looks
at it too. A changed number is a new one and starts again; until it is verified, nothing is sent.
"""

import re
import unicodedata
from datetime import date, datetime

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Entry
from sqlmodel import Field, Session, SQLModel, col, select

from handoffs.errors import BadEntry, NotPermitted
from handoffs.fax.code import new_fax_code, plain_fax_code
from handoffs.history import Act, record
from handoffs.link.agreement import planner_of
from handoffs.parties import Actor, Organization
from handoffs.tokyo import day_of

_FEWEST_DIGITS, _MOST_DIGITS = 6, 15
_SHAPE = re.compile(r"\+?[0-9][0-9\-]*")
_STANDING = "ended_at IS NULL"


class FaxNumber(SQLModel, table=True):
    """One number of one organization, as one hospital verified it, step by step.

    `directory` is what the directory said when it was typed: if that changes, the number is
    locked. `telephone` and `counterpart`: whom the call-back reached.
    """

    __tablename__ = "fax_number"
    __table_args__ = (
        sa.Index(
            "fax_number_current",
            "hospital_id",
            "organization_id",
            unique=True,
            sqlite_where=sa.text(_STANDING),
            postgresql_where=sa.text(_STANDING),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    hospital_id: int = Field(foreign_key="organization.id")
    organization_id: int = Field(foreign_key="organization.id")
    number: str = Field(max_length=20)
    directory: str = Field(default="", max_length=20)
    test_code: str = Field(max_length=6)
    recorded_at: datetime
    recorded_by: int = Field(foreign_key="staff.id")
    called_on: date | None = None
    telephone: str = Field(default="", max_length=20)
    counterpart: str = Field(default="", max_length=60)
    called_by: int | None = Field(default=None, foreign_key="staff.id")
    tested_at: datetime | None = None
    tested_by: int | None = Field(default=None, foreign_key="staff.id")
    seconded_at: datetime | None = None
    seconded_by: int | None = Field(default=None, foreign_key="staff.id")
    ended_at: datetime | None = None
    ended_by: int | None = Field(default=None, foreign_key="staff.id")

    def is_verified(self, organization: Organization, *, second_person: bool) -> bool:
        """Whether something may be sent there."""
        proved = self.called_on is not None and self.tested_at is not None
        seconded = self.seconded_at is not None or not second_person
        return proved and seconded and self.ended_at is None and not self.is_overtaken(organization)

    def is_overtaken(self, organization: Organization) -> bool:
        """Whether the directory has another number by now than when this one was typed."""
        return _digits(organization.fax) != _digits(self.directory)


class NumberEntry(BaseModel):
    """A number as it was typed, twice."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    number: str = Entry(max_length=40)
    again: str = Entry(max_length=40)


class CallEntry(BaseModel):
    """The call in which the number was read back."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    telephone: str = Entry(max_length=20)
    counterpart: str = Entry(max_length=60)
    called_on: date


def number_of(session: Session, hospital_id: int, organization_id: int) -> FaxNumber | None:
    """The number that a hospital has for an organization now, verified or not."""
    return session.exec(
        select(FaxNumber).where(
            FaxNumber.hospital_id == hospital_id,
            FaxNumber.organization_id == organization_id,
            col(FaxNumber.ended_at).is_(None),
        )
    ).one_or_none()


def set_number(
    session: Session, organization_id: int, entry: NumberEntry, *, by: Actor, now: datetime
) -> FaxNumber:
    """Write a number down. Another than before starts unverified; the same changes nothing.

    Raises NotVisible or NotPermitted as `planner_of`, and BadEntry.
    """
    organization = planner_of(session, organization_id, by)
    number, again = _written(entry.number), _written(entry.again)
    wrong: dict[str, str] = {}
    if not (_SHAPE.fullmatch(number) and _FEWEST_DIGITS <= len(_digits(number)) <= _MOST_DIGITS):
        wrong["number"] = "FAX番号を、0770-00-0002 のように入力してください。"
    elif _digits(number) != _digits(again):
        wrong["again"] = "二度の入力が違います。番号を確かめて、もう一度入力してください。"
    elif _digits(number) == _digits(organization.telephone):
        wrong["number"] = (
            "電話番号と同じです。FAX番号か確かめてください。電話と兼用のときは、事業所に"
            "FAX専用の受け方を確かめ、リンクか郵送を使ってください。"
        )
    if wrong:
        raise BadEntry(wrong)
    standing = number_of(session, by.organization_id, organization_id)
    if standing is not None:
        if _digits(standing.number) == _digits(number) and not standing.is_overtaken(organization):
            return standing
        standing.ended_at, standing.ended_by = now, by.staff_id
        session.flush()  # One stands at a time.
    made = FaxNumber(
        hospital_id=by.organization_id,
        organization_id=organization_id,
        number=number,
        directory=organization.fax,
        test_code=new_fax_code(),
        recorded_at=now,
        recorded_by=by.person_id,
    )
    session.add(made)
    record(session, by, Act.FAX_NUMBER_SET, now=now, detail={"office": organization_id})
    return made


def note_call(
    session: Session, organization_id: int, entry: CallEntry, *, by: Actor, now: datetime
) -> None:
    """Write down that the number was read back in a call. Raises as `set_number`."""
    number = _standing(session, organization_id, by)
    wrong: dict[str, str] = {}
    telephone = _written(entry.telephone)
    if not _SHAPE.fullmatch(telephone) or len(_digits(telephone)) < _FEWEST_DIGITS:
        wrong["telephone"] = "かけた電話番号を、0770-00-0001 のように入力してください。"
    elif _digits(telephone) == _digits(number.number):
        wrong["telephone"] = "FAX番号と同じです。名簿などで知っている電話番号にかけてください。"
    if not entry.counterpart:
        wrong["counterpart"] = "番号を読み上げて確かめた相手の方のお名前を入力してください。"
    if entry.called_on > day_of(now):
        wrong["called_on"] = "日付が今日より後です。電話で確かめた日を入力してください。"
    if wrong:
        raise BadEntry(wrong)
    number.called_on, number.called_by = entry.called_on, by.staff_id
    number.telephone, number.counterpart = telephone, entry.counterpart
    record(
        session,
        by,
        Act.FAX_NUMBER_CALL,
        now=now,
        detail={"office": organization_id, "on": entry.called_on},
    )


def note_test(
    session: Session, organization_id: int, typed: str, *, by: Actor, now: datetime
) -> None:
    """Take in the code that the office read from the test page. Raises BadEntry for another."""
    number = _standing(session, organization_id, by)
    if plain_fax_code(typed) != number.test_code:
        raise BadEntry(
            {
                "test_code": "試し送りのコードと違います。相手の方に、届いた用紙のコードを"
                "もう一度読んでもらってください。届いていないときは、番号を確かめてください。"
            }
        )
    if number.tested_at is None:
        number.tested_at, number.tested_by = now, by.staff_id
        record(session, by, Act.FAX_NUMBER_TEST, now=now, detail={"office": organization_id})


def second(session: Session, organization_id: int, *, by: Actor, now: datetime) -> None:
    """Let a second person vouch for a number. Raises NotPermitted for whoever did the rest."""
    number = _standing(session, organization_id, by)
    if by.staff_id in {number.recorded_by, number.called_by, number.tested_by}:
        raise NotPermitted(
            "二人目の確かめは、番号を登録したり電話や試し送りで確かめたりした方とは"
            "別の方が行います。"
        )
    if number.seconded_at is None:
        number.seconded_at, number.seconded_by = now, by.staff_id
        record(session, by, Act.FAX_NUMBER_SECOND, now=now, detail={"office": organization_id})


def _standing(session: Session, organization_id: int, by: Actor) -> FaxNumber:
    planner_of(session, organization_id, by)
    number = number_of(session, by.organization_id, organization_id)
    if number is None:
        raise NotPermitted("先に、FAX番号を登録してください。")
    return number


def _written(typed: str) -> str:
    """A number half-width, without brackets and spaces."""
    plain = unicodedata.normalize("NFKC", typed)
    return re.sub(r"[ー―‐−]", "-", re.sub(r"[\s()]", "", plain))[:20]


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
