"""Reads a post for the rules that hold: where their words stand, what excuses them, which label is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Final, Literal

from kitestring.rulepacks.facts import Facts, hold, missing
from kitestring.rulepacks.folding import Folded, canonical
from kitestring.rulepacks.matching import Finder, forms
from kitestring.rulepacks.model import Label, Rule, Words
from kitestring.rulepacks.needing import needed
from kitestring.rulepacks.packs import rules
from kitestring.rulepacks.spans import Span, Spans, outermost
from kitestring.rulepacks.surroundings import harmless

HASHTAG: Final = re.compile(r"(?<![\w/&])[#＃]\w+")
HEAP: Final = re.compile(r"(?:#\w+[ .]*){3,}")
# A label at the start stands within so many letters: after a greeting or an emoji it still is.
START: Final = 40

Role = Literal["words", "unless", "then", "label"]
# Which words of a rule: (rule, role, place in the rule's list).
Slot = tuple[str, Role, int]


@dataclass(frozen=True)
class Place:
    """A stretch of one field of the original post; start = end when it is about the whole. `count`: of hashtags."""

    field: str
    start: int = 0
    end: int = 0
    rewrites: tuple[str, ...] = ()
    count: int = 0


@cache
def _index() -> tuple[Finder, dict[str, list[Slot]]]:
    slots: dict[str, list[Slot]] = {}
    for rule in rules().values():
        for slot, words in _slots(rule):
            marked = slot[1] == "words" and rule.words[slot[2]].marked
            for word in words:
                for form in [canonical(word)] if marked else forms(word):
                    slots.setdefault(form, []).append(slot)
    return Finder(slots), slots


def _slots(rule: Rule) -> Iterator[tuple[Slot, tuple[str, ...]]]:
    for place, one in enumerate(rule.words):
        yield (rule.id, "words", place), one.words
        yield (rule.id, "unless", place), one.unless
        yield (rule.id, "then", place), one.then
    if rule.label:
        yield (rule.id, "label", 0), rule.label.words


@cache
def _shapes(rule_id: str) -> list[tuple[tuple[str, ...], re.Pattern[str], tuple[str, ...]]]:
    """What a text must hold one of, the expression, and what may stand in place of what it matches."""
    shapes = rules()[rule_id].shapes
    return [(needed(one.pattern), re.compile(one.pattern), one.rewrites) for one in shapes]


def _may_hold(text: str, one_of: tuple[str, ...]) -> bool:
    for word in one_of:
        if word in text:
            return True
    return not one_of


@lru_cache(maxsize=512)
def _always(ids: frozenset[str], told: frozenset[str]) -> frozenset[str]:
    """Those that may have something to say though none of their words was found. `told`: the facts that are known at all."""
    found = (rules()[one] for one in ids)
    apart = (r for r in found if r.shapes or r.hashtags_over is not None or not r.reads_text)
    return frozenset(r.id for r in apart if _can_be_met(r, told))


def _can_be_met(rule: Rule, told: frozenset[str]) -> bool:
    """Whether enough is known for its conditions; what is unknown is not judged."""
    asked = all(one.fact in told for one in rule.when)
    return asked and (not rule.wants or any(one.fact in told for one in rule.wants))


class Reader:
    """The fields of one post, folded, and where the words of all rules stand in them."""

    def __init__(self, texts: Mapping[str, Folded]) -> None:
        self.texts = texts

    @cached_property
    def found(self) -> dict[str, dict[Slot, list[Span]]]:
        """By field and slot; spans of the folded text, in order of start."""
        finder, slots = _index()
        fields: dict[str, dict[Slot, list[Span]]] = {}
        for field, folded in self.texts.items():
            here = fields.setdefault(field, {})
            for word, start, end in finder.find(folded.text):
                for slot in slots[word]:
                    here.setdefault(slot, []).append((start, end))
        return fields

    @cached_property
    def begun(self) -> dict[str, dict[str, list[int]]]:
        """By field and rule: which of the rule's words were found at all."""
        fields: dict[str, dict[str, list[int]]] = {}
        for field, here in self.found.items():
            for rule, role, number in here:
                if role == "words":
                    fields.setdefault(field, {}).setdefault(rule, []).append(number)
        return fields

    @cached_property
    def heaps(self) -> dict[str, Spans]:
        """By field: where three or more hashtags stand one after the other."""
        return {
            field: Spans([found.span() for found in HEAP.finditer(folded.text)])
            for field, folded in self.texts.items()
        }

    def spans(self, field: str, slot: Slot) -> Spans:
        return Spans(self.found[field].get(slot, []))

    def place(self, field: str, span: Span, rewrites: tuple[str, ...] = ()) -> Place:
        return Place(field, *self.texts[field].span(*span), rewrites)


def read(reader: Reader, ids: frozenset[str], facts: Facts) -> Iterator[tuple[str, list[Place]]]:
    """(rule, its places) for each rule that has something to say."""
    known = rules()
    touched = {rule_id for here in reader.begun.values() for rule_id in here}
    for rule_id in sorted((ids & touched) | _always(ids, frozenset(facts))):
        rule = known[rule_id]
        if hold(rule.when, facts) and (places := _places(rule, reader, facts)):
            yield rule_id, places


def _places(rule: Rule, reader: Reader, facts: Facts) -> list[Place]:
    if rule.wants and not missing(rule, facts):
        return []
    if not rule.reads_text:
        whole = [Place("text")]
        return whole if rule.label is None or not _labelled(rule, rule.label, reader, facts) else []
    found = [place for field in reader.texts for place in _in_field(rule, field, reader)]
    if found and rule.label is not None and _labelled(rule, rule.label, reader, facts):
        return []
    return found


def _in_field(rule: Rule, field: str, reader: Reader) -> list[Place]:
    folded = reader.texts[field]
    spans: list[tuple[Span, tuple[str, ...]]] = []
    for number in reader.begun.get(field, {}).get(rule.id, ()):
        one = rule.words[number]
        spans += [(span, one.rewrites) for span in _of_words(rule, number, one, field, reader)]
    for one_of, shape, rewrites in _shapes(rule.id) if rule.shapes else ():
        if not _may_hold(folded.text, one_of):
            continue
        spans += [(found.span(), rewrites) for found in shape.finditer(folded.text)]
    found = [reader.place(field, span, rewrites) for span, rewrites in outermost(spans)] if spans else []
    return found + (_too_many(rule.hashtags_over, field, folded) if rule.hashtags_over is not None else [])


def _of_words(rule: Rule, number: int, words: Words, field: str, reader: Reader) -> list[Span]:
    found = reader.found[field][rule.id, "words", number]
    if words.unless:
        phrases = reader.spans(field, (rule.id, "unless", number))
        found = [span for span in found if not phrases.cover(span)]
    if around := rule.around + words.around:
        text = reader.texts[field].text
        found = [span for span in found if not harmless(around, span, text)]
    if not words.then or not found:
        return found
    others = reader.spans(field, (rule.id, "then", number))
    text = reader.texts[field].text
    pairs = ((span, others.near(span, text, words.within, either=words.either_order)) for span in found)
    if words.across:
        return [span for span, pair in pairs if pair]
    return [pair for _span, pair in pairs if pair and "." not in text[slice(*pair)]]


def _too_many(limit: int, field: str, folded: Folded) -> list[Place]:
    """The first hashtag beyond the limit, which one button takes out; the count tells how many there are."""
    tags = [found.span() for found in HASHTAG.finditer(folded.original)] if field == "text" else []
    return [Place(field, *tags[limit], ("",), len(tags))] if len(tags) > limit else []


def _labelled(rule: Rule, label: Label, reader: Reader, facts: Facts) -> bool:
    """Whether one of the label's words stands where a reader cannot miss it."""
    return any(
        _seen(label, span, field, reader, facts)
        for field in ("title", "text")
        if field in reader.texts
        for span in reader.found[field].get((rule.id, "label", 0), [])
    )


def _seen(label: Label, span: Span, field: str, reader: Reader, facts: Facts) -> bool:
    folded = reader.texts[field]
    if label.alone and span[0] and folded.text[span[0]] == "#" and reader.heaps[field].cover(span):
        return False
    if field == "title" or label.place == "anywhere":
        return True
    within = START if label.place == "start" else facts.get("fold")
    return not isinstance(within, int) or folded.span(*span)[0] < within
