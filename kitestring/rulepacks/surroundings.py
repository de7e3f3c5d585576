"""Tells from what stands right before and after words that they are harmless: a number, a negation, a name."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from kitestring.rulepacks.folding import unmarked
from kitestring.rulepacks.model import Around
from kitestring.rulepacks.spans import Span

# So many letters are seen on each side: enough for a phrase, and the same work however long the text is.
SEEN: Final = 24


def harmless(around: tuple[Around, ...], span: Span, text: str) -> bool:
    """Whether one of them stands around `span` of the folded text."""
    bare = text[slice(*span)].isascii()
    return any(_stands(one.before, one.after, span, text, bare=bare) for one in around)


def _stands(before: str, after: str, span: Span, text: str, *, bare: bool) -> bool:
    start, end = span
    if before and not _pattern(f"(?:{before})$", bare).search(text, max(0, start - SEEN), start):
        return False
    return not after or bool(_pattern(after, bare).match(text, end, end + SEEN))


@cache
def _pattern(pattern: str, bare: bool) -> re.Pattern[str]:
    return re.compile(unmarked(pattern) if bare else pattern)
