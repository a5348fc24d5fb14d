"""The JSON Schema of forms and channels, the parts of an edition that decide nothing."""

from __future__ import annotations

from rules.arrangement import ChannelUse, SendingMeans, Shown, Substitution
from rules.schema.parts import Schema, id_of, lines_of, list_of, one_of, some_of, word_of, words


def sheet_schema() -> Schema:
    """Describe a form of the region."""
    required = ("id", "title", "substitution", "text", "source")
    said = {key: words() for key in required}
    return lines_of(
        (*required, "must_have"),
        required,
        {
            **said,
            "id": id_of(),
            "substitution": word_of(Substitution),
            "must_have": list_of(words()),
        },
    )


def channel_schema() -> Schema:
    """Describe a way of sending."""
    required = ("means", "use", "text", "source")
    return lines_of(
        (*required, "shows", "cover_sheet"),
        required,
        {
            "means": word_of(SendingMeans),
            "use": word_of(ChannelUse),
            "shows": some_of(word_of(Shown)),
            "cover_sheet": one_of({"page_count": "総枚数を書いた表紙をつける"}),
            "text": words(),
            "source": words(),
        },
    )
