"""What every match of a regular expression must hold: whoever looks for that first seldom needs the expression itself.

Read off the parsed expression, never guessed: from a part that is not understood nothing is concluded, and an expression of
which nothing is known is always tried. Most posts hold none of it, and a word is found in a text many times faster.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import product
from re import _parser  # type: ignore[attr-defined]  # nothing public tells what an expression is made of
from typing import Any, Final

# More ways to write one stretch than this are not told apart.
MOST: Final = 64
# So many words are looked for at once; of more, only how they begin.
FEW: Final = 8

Strings = frozenset[str]
EMPTY: Final[Strings] = frozenset({""})
_NO_WIDTH: Final = {"AT", "ASSERT", "ASSERT_NOT"}
_REPEATS: Final = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}


def needed(pattern: str) -> tuple[str, ...]:
    """At least one of these stands in every text that the expression matches in; none: nothing is known."""
    parsed = _parser.parse(pattern)
    if parsed.state.flags & (re.IGNORECASE | re.VERBOSE | re.ASCII):
        return ()
    found = [_shortened(one) for one in _sets(parsed) if "" not in one]
    return tuple(sorted(max(found, key=_rarity, default=())))


def _shortened(words: Strings) -> Strings:
    """Few words, each of the given ones begins with one of them: with the same sign, or with as many letters as tell."""
    firsts = frozenset(word[0] for word in words)
    if len(firsts) == 1 and not any(first.isalnum() or first.isspace() for first in firsts):
        return firsts
    for letters in range(max(map(len, words)), 0, -1):
        begins = frozenset(word[:letters] for word in words)
        if len(begins) <= FEW:
            return begins
    return words


def _sets(nodes: Iterable[Any], ends: Strings = EMPTY) -> Iterator[Strings]:
    """Sets of strings; a match of the nodes, one after the other, holds one of each set.

    `ends` are all ways in which what was read since the last gap may read.
    """
    for kind, given in nodes:
        name = str(kind)
        if name in _NO_WIDTH:
            continue
        ways = _ways(name, given)
        if ways is not None and len(ends) * len(ways) <= MOST:
            ends = _joined(ends, ways)
        elif ways is not None:
            yield ends
            ends = ways
        elif name in _REPEATS and given[0] > 0 and (once := _all_ways(given[2])) is not None:
            # At least one stands right behind, and one right before what follows.
            yield _joined(ends, once) if len(ends) * len(once) <= MOST else ends
            ends = once
        else:
            yield ends
            yield from _within(name, given, ends)
            ends = EMPTY
    yield ends


def _joined(first: Strings, second: Strings) -> Strings:
    return frozenset(a + b for a, b in product(first, second))


def _within(name: str, given: Any, ends: Strings) -> Iterator[Strings]:
    """The sets of a part that may read in more ways than are told apart, right behind `ends`."""
    if name == "SUBPATTERN" and not given[1] | given[2]:
        yield from _sets(given[3], ends)
    elif name == "ATOMIC_GROUP":
        yield from _sets(given, ends)
    elif name in _REPEATS and given[0] > 0:
        yield from _sets(given[2], ends)
    elif name == "BRANCH":
        # One of each branch's best is in a match, whichever branch it is.
        best = [max(_sets(branch, ends), key=_rarity) for branch in given[1]]
        yield frozenset().union(*best)


def _rarity(words: Collection[str]) -> tuple[int, int]:
    return min(map(len, words)), -len(words)


def _all_ways(nodes: Iterable[Any]) -> Strings | None:
    """Every text the nodes match; None where these are more than are told apart, or not known."""
    ways = EMPTY
    for kind, given in nodes:
        if str(kind) in _NO_WIDTH:
            continue
        more = _ways(str(kind), given)
        if more is None or len(ways) * len(more) > MOST:
            return None
        ways = _joined(ways, more)
    return ways


def _ways(name: str, given: Any) -> Strings | None:
    """Every text that one node matches, as `_all_ways`."""
    if name == "LITERAL":
        return frozenset({chr(given)})
    if name == "IN":
        return _letters(given)
    if name == "SUBPATTERN":
        return _all_ways(given[3]) if not given[1] | given[2] else None
    if name == "ATOMIC_GROUP":
        return _all_ways(given)
    if name == "BRANCH":
        ways = [_all_ways(branch) for branch in given[1]]
        known = [one for one in ways if one is not None]
        found = frozenset().union(*known)
        return found if len(known) == len(ways) and len(found) <= MOST else None
    if name in _REPEATS and given[1] == 1 and (once := _all_ways(given[2])) is not None:
        return once if given[0] else once | EMPTY
    return None


def _letters(items: Iterable[Any]) -> Strings | None:
    found: set[str] = set()
    for kind, given in items:
        if str(kind) == "LITERAL":
            found.add(chr(given))
        elif str(kind) == "RANGE" and given[1] - given[0] < MOST:
            found.update(map(chr, range(given[0], given[1] + 1)))
        else:
            return None
    return frozenset(found) if len(found) <= MOST else None
