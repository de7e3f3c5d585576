"""What an action raises when it will not do what was asked: a sentence for the person, nothing lost."""

from __future__ import annotations


class Refusal(Exception):
    """`message` says what happened, what was kept, what to do. `field` names the form field it belongs beside."""

    def __init__(self, message: str, *, reason: str = "refused", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.field = field


class Conflict(Refusal):
    """Somebody else changed the row meanwhile; the caller keeps what was typed and shows both."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message, reason="conflict", field=field)
