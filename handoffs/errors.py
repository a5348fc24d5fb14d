"""What can go wrong in the record, in words for the person who will read them.

Messages are Japanese, say what to do next, and carry ids or field names only:
never a name, a number or a date of birth.
"""


class HandoffError(Exception):
    """Base of everything that the record refuses."""

    def __init__(self, message: str) -> None:
        """Keep the message as it will be shown."""
        super().__init__(message)
        self.message = message


class NotVisible(HandoffError):
    """It does not exist, or this person may not know that it does. Both look the same."""

    def __init__(self) -> None:
        """One text for both cases, so that nobody can tell them apart."""
        super().__init__("ページが見つかりません。一覧に戻って選び直してください。")


class NotPermitted(HandoffError):
    """The person may see it but not do this with it."""


class BadEntry(HandoffError):
    """One or more fields cannot be taken as they are; nothing was saved.

    `fields` maps the name of each input to the message shown beside it.
    """

    def __init__(self, fields: dict[str, str]) -> None:
        """Keep the messages by field."""
        super().__init__("入力内容を確かめてください。")
        self.fields = fields


class Overtaken(HandoffError):
    """Somebody else changed the record meanwhile; nothing was saved."""

    def __init__(self) -> None:
        """Say that the typed text is still there."""
        super().__init__(
            "ほかの画面または別の職員が、先にこの記録を変更しました。"
            "最新の内容を確かめてから、もう一度登録してください。入力した内容は残っています。"
        )
