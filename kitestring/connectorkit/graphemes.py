"""Where graphemes end: what a reader takes for one sign. In one pass, whatever stands in the text.

The `regex` library looks back over a whole row of regional indicators (flags) for each of them; a stand-in spares it that.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

_GRAPHEME = regex.compile(r"\X")
_FLAGS = regex.compile(r"\p{RI}\p{RI}?")
# As long as what it stands for, one grapheme too, and like it to whatever is beside it (Unicode annex 29, rules GB9 to GB13).
_STAND_IN = {1: "x", 2: "x\u0301"}


def ends(text: str) -> Iterator[int]:
    """Where each grapheme of the text ends, in order."""
    return (grapheme.end() for grapheme in _GRAPHEME.finditer(_without_flags(text)))


def number(text: str) -> int:
    """How many graphemes the text has."""
    return len(_GRAPHEME.findall(_without_flags(text)))


def _without_flags(text: str) -> str:
    return text if text.isascii() else _FLAGS.sub(lambda flag: _STAND_IN[len(flag[0])], text)
