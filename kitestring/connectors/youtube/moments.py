"""Moments as YouTube writes them, and how far an inbox is read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

LATE: Final = timedelta(minutes=10)  # a list may be a little late; the engine knows each message by its id
NEVER: Final = datetime(2005, 1, 1, tzinfo=UTC)
THREADS: Final = 2000  # of so many threads the number of answers is remembered, the latest looked at


def moment(row: Mapping[str, Any], field: str = "publishedAt") -> datetime:
    """When it was; long ago where it does not say."""
    try:
        found = datetime.fromisoformat(str(row.get(field) or ""))
    except ValueError:
        return NEVER
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Read:
    """Up to which moment each video's comments are read, and how many answers each thread had."""

    def __init__(self, cursor: str) -> None:
        told = _opened(cursor)
        self._to = {str(key): str(value) for key, value in _table(told.get("to")).items()}
        answers = _table(told.get("answers"))
        self._answers = {str(key): value for key, value in answers.items() if isinstance(value, int)}

    def since(self, video: str) -> datetime:
        """From when on a video's comments are to be read."""
        found = moment(self._to, video)
        return found if found == NEVER else found - LATE

    def reached(self, video: str, moments: Iterable[datetime]) -> None:
        newest = max(moments, default=NEVER)
        if newest > moment(self._to, video):
            self._to[video] = newest.isoformat()

    def has_more(self, thread: str, answers: int) -> bool:
        """Whether a thread has other answers than when it was looked at last; remembered from now on."""
        before = self._answers.pop(thread, 0)
        if answers:
            self._answers[thread] = answers
        return answers != before

    def cursor(self) -> str:
        answers = dict(list(self._answers.items())[-THREADS:])
        return json.dumps({"to": self._to, "answers": answers}, separators=(",", ":"))


def _opened(cursor: str) -> Mapping[str, Any]:
    try:
        return _table(json.loads(cursor or "{}"))
    except ValueError:
        return {}


def _table(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}
