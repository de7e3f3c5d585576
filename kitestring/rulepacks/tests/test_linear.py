"""No expression of a pack can be made to read a text again and again: seen in how it is written, not by a clock.

A repeat without end costs more than the text's length where it can begin at many letters of what it repeats, or can share these
with another one. So each repeats one class of letters, and so many letters before it as are counted stands one that it
does not repeat; from there each run of letters is read once for each way the expression begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from re import _parser  # nothing public tells what an expression is made of
from typing import Any

import pytest

from kitestring.rulepacks import rules

ZERO = {"AT", "ASSERT", "ASSERT_NOT"}
REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}
LETTERS = {"LITERAL", "NOT_LITERAL", "IN", "ANY"}
CATEGORIES = {"CATEGORY_WORD": r"\w", "CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s"}
LONGEST = 200  # letters that a counted repeat may take
WAYS = 5000


class Unbounded(Exception):
    """What is wrong with the expression."""


@dataclass(frozen=True)
class Step:
    """A class of letters, `node`, so many times; `most` None: without end. `kept`: what it took it never gives back."""

    node: tuple[str, Any]
    least: int
    most: int | None
    kept: bool = False

    @property
    def letters(self) -> set[str] | None:
        """All it can be; None: not told one by one."""
        name, given = self.node
        if name == "LITERAL":
            return {chr(given)}
        if name != "IN":
            return None
        found: set[str] = set()
        for kind, item in given:
            if str(kind) == "LITERAL":
                found.add(chr(item))
            elif str(kind) == "RANGE":
                found.update(map(chr, range(item[0], item[1] + 1)))
            else:
                return None
        return found

    def takes(self, letter: str) -> bool:
        name, given = self.node
        if name in ("LITERAL", "NOT_LITERAL"):
            return (chr(given) == letter) is (name == "LITERAL")
        if name == "ANY":
            return True
        held, negated = False, False
        for kind, item in given:
            if str(kind) == "NEGATE":
                negated = True
            elif str(kind) == "LITERAL":
                held |= chr(item) == letter
            elif str(kind) == "RANGE":
                held |= item[0] <= ord(letter) <= item[1]
            else:
                pattern = CATEGORIES.get(str(item))
                held |= pattern is None or bool(re.match(pattern, letter))
        return held is not negated


def ways(nodes: Iterable[Any]) -> Iterator[tuple[Step, ...]]:
    """Every way through the expression, alternatives and counted repeats of groups written out."""
    choices = [list(_of(str(kind), given)) for kind, given in nodes if str(kind) not in ZERO]
    size = 1
    for each in choices:
        size *= len(each)
    if size > WAYS:
        raise Unbounded("more ways than can be looked at")
    for chosen in product(*choices):
        yield tuple(step for part in chosen for step in part)


def _of(name: str, given: Any) -> Iterator[tuple[Step, ...]]:
    if name in LETTERS:
        yield (Step((name, given), 1, 1),)
    elif name == "BRANCH":
        for branch in given[1]:
            yield from ways(branch)
    elif name == "SUBPATTERN":
        yield from ways(given[3])
    elif name == "ATOMIC_GROUP":
        yield from ways(given)
    elif name in REPEATS:
        yield from _repeated(name, *given)
    else:
        raise Unbounded(f"{name} is not understood")


def _repeated(name: str, least: int, most: int, body: Any) -> Iterator[tuple[Step, ...]]:
    endless = most is _parser.MAXREPEAT
    if len(body) == 1 and str(body[0][0]) in LETTERS:
        if not endless and most > LONGEST:
            raise Unbounded(f"a repeat takes up to {most} letters")
        yield (
            Step(
                (str(body[0][0]), body[0][1]), least, None if endless else most, name == "POSSESSIVE_REPEAT"
            ),
        )
    elif endless or most > 3:
        raise Unbounded("a group is repeated without end, or many times")
    else:
        for times in range(least, most + 1):
            for chosen in product(list(ways(body)), repeat=times):
                yield tuple(step for part in chosen for step in part)


def check(pattern: str) -> None:
    """Raises Unbounded where the expression can cost more than a text's length."""
    for way in ways(_parser.parse(pattern)):
        for at, step in enumerate(way):
            if step.most is None and not _held(way[:at], step):
                raise Unbounded(f"nothing holds the repeat {step.node} at its place")


def _held(before: tuple[Step, ...], repeat: Step) -> bool:
    """Whether a letter that it does not repeat stands a counted number of letters before it."""
    for step in reversed(before):
        if step.least and step.letters and not any(map(repeat.takes, step.letters)):
            return True
        if step.most is None and not step.kept:
            return False
    return False


def check_seen(pattern: str) -> None:
    """Of what sees only so many letters: no group repeated without end, which could double with each of them."""
    for _way in ways(_parser.parse(pattern)):
        pass


SHAPES = [shape.pattern for rule in rules().values() for shape in rule.shapes]
AROUND = sorted(
    {
        pattern
        for rule in rules().values()
        for around in (*rule.around, *(one for words in rule.words for one in words.around))
        for pattern in (around.before, around.after)
        if pattern
    }
)


@pytest.mark.parametrize("pattern", SHAPES)
def test_every_shape_reads_each_letter_a_counted_number_of_times(pattern: str) -> None:
    check(pattern)


@pytest.mark.parametrize("pattern", AROUND)
def test_no_surrounding_repeats_a_group_without_end(pattern: str) -> None:
    check_seen(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b",
        "(?:ab|a)*c",
        ".*a.*b",
        r"\w+@",
        "x *:? *[a-z]",
        "a*a*b",
        "a.*b.*c",
        " +nhất",
        "a[^b]{1,500}b",
        "xa+a+",
        "(?:a +){4}",
    ],
)
def test_what_can_be_made_to_read_again_and_again_is_refused(pattern: str) -> None:
    with pytest.raises(Unbounded):
        check(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["nhấtt+", "a +b +c", "x *+:? *+[a-z]{5,19}", "#[^#]{1,140}#", "(?:bán +|duy +)nhất", r"(?<!\d)1\d{4}"],
)
def test_what_reads_each_letter_a_counted_number_of_times_is_taken(pattern: str) -> None:
    check(pattern)
