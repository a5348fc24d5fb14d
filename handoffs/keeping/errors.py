"""What a backup or a restore refuses, in words for who keeps the machine; never a row's content."""

from handoffs.errors import HandoffError


class KeepingError(HandoffError):
    """A backup, a restore or an export cannot be done; the text says what to do next."""
