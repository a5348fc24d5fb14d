"""What a page calls the facts of a stay: in the words of the editions that decided. Read-only."""

from collections.abc import Iterable
from datetime import date

from handoffs.decision.cross import cross_shown
from handoffs.shown.dossier import Dossier
from rules import VOCABULARY, Library, NoEdition, Vocabulary


def vocabulary_of(dossier: Dossier, library: Library) -> Vocabulary:
    """The words of the editions that decided; those of every edition where one is gone."""
    made = dossier.assessment
    if made is None:
        return VOCABULARY
    cross = cross_shown(made.outcome, dossier.stay.admitted_on, dossier.stay.admitted_on)
    home = cross.sides[1] if cross else None
    try:
        own = library.edition(made.region, date.fromisoformat(made.edition_in_force)).vocabulary
        if home is None or home.in_force is None:
            return own
        theirs = library.edition(home.region, home.in_force).vocabulary
    except NoEdition:
        return VOCABULARY
    return Vocabulary((*theirs.values(), *own.values()))


def labels_of(fact_ids: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """What a page calls some facts; an id that no edition knows any more stays an id."""
    return tuple(vocabulary[f].label if f in vocabulary else f for f in fact_ids)
