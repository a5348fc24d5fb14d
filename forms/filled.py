"""A sheet that is filled in: a definition, the answers, and what must not be seen on it.

What is not known has no answer and is printed as an empty box for the pen. A filled sheet reads
no database and no clock and decides nothing: whoever makes it has asked `may()` first.

With `whereabouts_hidden` (所在秘匿) and under a mask every output withholds the fields that the
definition calls personal; 虐待の疑い has no field on any sheet.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from forms.answers import Answers, checked, chosen_in, day_in, rows_in, texts_of
from forms.definition import Definition
from forms.field import Field, Kind, Personal
from forms.mask import Mask, masked
from handoffs.era import on_paper

WITHHELD = "記載を控えます"
"""What stands where an answer is withheld because of 所在秘匿."""

BY_TELEPHONE = "お電話で"
"""What stands where an answer is withheld because a FAX may reach the wrong desk."""

_HIDES = {Personal.WHEREABOUTS, Personal.CITY, Personal.RELATIVE}
_MASKS = {Personal.BIRTH, Personal.NUMBER, Personal.WHEREABOUTS, Personal.RELATIVE}


@dataclass(frozen=True, kw_only=True)
class FilledSheet:
    """One sheet with its answers. `revision` counts what was handed over: 第1版, 第2版.

    new: the fields that differ from the sheet that was sent last, each with its day in ISO;
    they are marked 【新】. notes: sentences below the title, which name fields and no answers.

    Raises:
        SheetError: an answer has no place on the sheet.
    """

    definition: Definition
    answers: Answers = field(default_factory=dict, repr=False)
    whereabouts_hidden: bool = False
    mask: Mask = Mask.NONE
    revision: int = 1
    new: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the answers against the definition, and freeze them."""
        object.__setattr__(self, "answers", checked(self.answers, self.definition))
        if self.definition.masked and self.mask is Mask.NONE:
            object.__setattr__(self, "mask", Mask.CIRCLES)

    @property
    def name(self) -> str:
        """The word for the sheet on the command line."""
        return self.definition.sheet

    @property
    def title(self) -> str:
        """The printed title, which is also the PDF's; it never holds personal data."""
        return self.definition.title

    @property
    def case_code(self) -> str:
        """The code that stands on every page; empty on a sheet for the pen."""
        return next(
            (str(self.answers.get(one.id, "")) for one in self.definition.fields()
             if one.kind is Kind.CODE), "",
        )  # fmt: skip

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield every text that was put in, each with the name of its field on the paper."""
        yield from texts_of(self.answers, self.definition)

    def rows(self) -> int:
        """Return how many rows were filled in, in all tables together."""
        return sum(len(rows_in(self.answers, one)) for one in self.definition.fields())

    def missing(self) -> tuple[Field, ...]:
        """List the fields that the receiver counts on and that are still empty."""
        return tuple(
            one
            for one in self.definition.fields()
            if one.needed and not self.answers.get(one.id) and not self.withheld(one)
        )

    def withheld(self, asked: Field) -> str:
        """Return the words that stand instead of the answer, or nothing where it is told."""
        if self.whereabouts_hidden and asked.personal in _HIDES:
            return WITHHELD
        if self.mask is not Mask.NONE and asked.personal in _MASKS:
            return BY_TELEPHONE if self.answers.get(asked.id) else ""
        return ""

    def told(self, asked: Field) -> str:
        """Return an answer as words, as every output tells it; rows are not told here."""
        withheld = self.withheld(asked)
        masked_away = self.mask is not Mask.NONE and (
            asked.personal is Personal.KANA or asked.personal in _MASKS
        )
        if withheld or masked_away:
            return withheld
        if asked.kind is Kind.DATE:
            on = self.day(asked)
            return on_paper(on) if on else ""
        answer = str(self.answers.get(asked.id, ""))
        return (
            masked(answer, self._kana(), self.mask) if asked.personal is Personal.NAME else answer
        )

    def mark(self, fields: Iterable[Field]) -> str:
        """Return 【新】 with the latest day on which one of these fields changed, or nothing."""
        days = [self.new[one.id] for one in fields if one.id in self.new and not self.withheld(one)]
        if not days:
            return ""
        latest = date.fromisoformat(max(days))
        return f"【新】{latest.month}/{latest.day}"

    def day(self, asked: Field) -> date | None:
        """Return the day of a field of kind `date`."""
        return day_in(self.answers, asked.id)

    def chosen(self, asked: Field) -> tuple[str, ...]:
        """Return the ids of what is ticked."""
        return () if self.withheld(asked) else chosen_in(self.answers, asked)

    def words(self, asked: Field, option: str) -> str:
        """Return what was written beside an option."""
        return "" if self.withheld(asked) else str(self.answers.get(f"{asked.id}/{option}", ""))

    def _kana(self) -> str:
        return next(
            (str(self.answers.get(one.id, "")) for one in self.definition.fields()
             if one.personal is Personal.KANA), "",
        )  # fmt: skip
