"""What a cut may not fall into: links, mentions, hashtags and numbers; and what of them is left where one is too long for a part.

A link is taken on here behind the place where it ends for counting: paths go on in letters of any script. Where prose follows a
path without a blank, the two cannot be told apart, and stay together as long as they fit.
"""

from __future__ import annotations

from collections.abc import Callable

import regex

from kitestring.connectorkit.links import LONGEST, Span, spans

# A name or tag is seldom longer than this, in letters that need no blanks and in others; where words follow it at once, it is
# taken to end here at the latest.
DENSE, SPACED = 16, 64

Stretch = tuple[int, int]

# On over letters, signs and closed brackets, to the last that can end a path.
_ENDS = r"\p{L}\p{M}\p{N}\-_~/%+=&#"
_ANY = rf"[{_ENDS}.!$*,;:@?|'·・\u2013]"
_IN_BRACKETS = rf"\({_ANY}++\)"
_ON = regex.compile(rf"(?:{_ANY}|{_IN_BRACKETS})*(?:[{_ENDS}]|{_IN_BRACKETS})")
_PATH = regex.compile(r"[^/?:][/?]")
_NAME = regex.compile(
    rf"[@＠#＃](?:[\p{{Latin}}\p{{N}}\p{{M}}_.\-]{{2,{SPACED}}}+|[\p{{L}}\p{{N}}\p{{M}}_]{{1,{DENSE}}})"
)


def whole(text: str, fits: Callable[[str], bool] | None = None) -> list[Stretch]:
    """The stretches that stay whole, in order, not overlapping.

    `fits`: whether so much fits into one part. What does not is left as far as it can be: a link as it is counted, the beginning
    of a mention or hashtag; of a number nothing.
    """
    found: list[Stretch] = []
    for group in _groups(text):
        start, end = group[0][0], max(end for _start, end, _span in group)
        if fits is None or fits(text[start:end]):
            found.append((start, end))
        else:
            found += [left for _start, _end, span in group if (left := _left(span, fits))]
    return found


def _groups(text: str) -> list[list[tuple[int, int, Span]]]:
    """What overlaps, together: start, end once a link is taken on, and the span."""
    groups: list[list[tuple[int, int, Span]]] = []
    reached = 0
    all_spans = spans(text)
    next_link = len(text)
    ends: list[int] = []
    for span in reversed(all_spans):
        ends.append(_taken_on(text, span, next_link))
        next_link = span.start if span.kind == "link" else next_link
    for span, end in zip(all_spans, reversed(ends), strict=True):
        if groups and span.start < reached:
            groups[-1].append((span.start, end, span))
        else:
            groups.append([(span.start, end, span)])
        reached = max(reached, end)
    return groups


def _taken_on(text: str, span: Span, most: int) -> int:
    """Where the span ends; a link with a path, where its path ends, at the latest where the next link begins."""
    if span.kind != "link" or not _PATH.search(span.text):
        return span.end
    on = _ON.match(text, span.end, min(most, span.start + LONGEST))
    return on.end() if on else span.end


def _left(span: Span, fits: Callable[[str], bool]) -> Stretch | None:
    """What stays whole of a span that stands in something too long."""
    if span.kind == "link" or fits(span.text):
        return span.start, span.end
    name = _NAME.match(span.text) if span.kind != "number" else None
    return (span.start, span.start + name.end()) if name and fits(name[0]) else None
