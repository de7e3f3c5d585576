"""Long texts, and how much work their comparison does, in lines of Python: the same on a slow and on a busy machine."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from types import FrameType
from typing import Any

COUNTED = (difflib.__file__, "/reviewing/rules/")


def many(paragraphs: int, length: int, *, seed: int) -> str:
    """Paragraphs of two hundred words that come again and again."""
    chance = Random(seed)
    rows = (" ".join(f"từ{chance.randrange(200)}" for _n in range(length)) for _m in range(paragraphs))
    return "\n\n".join(rows)


class TooMuchWork(AssertionError):
    """Raised at once, so that a comparison that would take minutes fails in seconds."""


@contextmanager
def work_of(most: int) -> Iterator[None]:
    """No more than `most` lines of the comparison's own code and of the library under it."""
    left = most

    def run(frame: FrameType, event: str, _said: Any) -> Any:
        nonlocal left
        left -= event == "line"
        if left < 0:
            raise TooMuchWork(f"more than {most:,} lines were run")
        return run

    def entered(frame: FrameType, _event: str, _said: Any) -> Any:
        return run if any(part in frame.f_code.co_filename for part in COUNTED) else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        yield
    finally:
        sys.settrace(before)
