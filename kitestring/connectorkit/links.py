"""Finds what stands for something in a text: links, mentions, hashtags, numbers. Nothing of these is ever cut.

Links follow the rules of twitter-text (with and without scheme, known top-level domains, Chinese and Japanese
letters right beside them), checked against its conformance set.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import regex

ACCENTS = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272"
    r"\u0289\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
MARKS = r"\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"
BROKEN = r"\uFFFE\uFEFF\uFFFF"
_SPACES = r"\s\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
_LABEL = rf"[^!#%&'()*+,\\\-./:;<=>?@\[\]^_{{|}}~${_SPACES}{BROKEN}{MARKS}]"
_PATH = rf"[a-z\u0400-\u04FF0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{ACCENTS}]"
_PARENS = rf"\((?:{_PATH}+|(?:{_PATH}*\({_PATH}+\){_PATH}*))\)"
_PATH_END = rf"(?:[+\-a-z\u0400-\u04FF0-9=_#/{ACCENTS}]|{_PARENS})"
_QUERY = r"(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?"
_TAIL = regex.compile(
    rf"(?::[0-9]+)?(?:/(?:{_PATH}*(?:{_PARENS}{_PATH}*)*{_PATH_END}|@{_PATH}+/)?)?{_QUERY}",
    regex.IGNORECASE,
)
_SCHEMED = regex.compile(rf"(?<![A-Za-z0-9@＠$#＃{BROKEN}])https?://((?:{_LABEL}|[-_.])+)", regex.IGNORECASE)
_BARE = regex.compile(
    rf"(?<![A-Za-z0-9@＠$#＃_./\-{BROKEN}{ACCENTS}])((?:[-a-z0-9{ACCENTS}]{{1,63}}\.){{1,20}}[-\p{{L}}\p{{M}}0-9]{{1,63}})",
    regex.IGNORECASE,
)
# What every bare address has: most texts have none, and are not searched further.
_DOTTED = regex.compile(r"\.[-\p{L}\p{M}0-9]")
_HOST = regex.compile(rf"(?:{_LABEL}|[-_.]){{1,512}}")
_PLAIN_HOST = regex.compile(r"(?:[a-z0-9](?:[a-z0-9\-.]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])", regex.I)
_TCO = regex.compile(rf"https?://t\.co/([a-z0-9]+){_QUERY}", regex.IGNORECASE)
_MENTION = regex.compile(
    r"(?<![\w/.@＠])[@＠][\p{L}\p{N}_][\p{L}\p{N}_.\-]*(?:@[\p{L}\p{N}.\-]*[\p{L}\p{N}])?"
)
_HASHTAG = regex.compile(r"(?<![\w/&])[#＃][\p{L}\p{M}\p{N}_]{1,500}(?:[#＃](?![\p{L}\p{M}\p{N}_]))?")
_NUMBER = regex.compile(r"(?<![\p{L}\p{N}])[$€£¥₫]?\p{Nd}+(?:[.,:/\-]\p{Nd}+)*(?:%|‰|₫|đ\b)?")
_ASCII_TLD = regex.compile(r"xn--[-0-9a-z]+|[a-z]+", regex.IGNORECASE)

Kind = Literal["link", "mention", "hashtag", "number"]
LONGEST = 4096


@dataclass(frozen=True)
class Span:
    """A stretch `text[start:end]` that must stay whole."""

    start: int
    end: int
    kind: Kind
    text: str


@cache
def top_level_domains() -> frozenset[str]:
    """The names that may end a bare address, in lower case."""
    lines = (Path(__file__).parent / "data" / "tlds.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _longest_foreign() -> int:
    return max(len(name) for name in top_level_domains() if not name.isascii())


def links(text: str, *, any_host: bool = False) -> list[Span]:
    """Every link in the text, in order, not overlapping.

    `any_host`: behind http(s):// any host will do, also one X would not know (an address, an inner name).
    """
    if "://" not in text and not _DOTTED.search(text):
        return []
    found: list[Span] = []
    for match in _SCHEMED.finditer(text):
        inside_another = found and match.start() < found[-1].end
        if not inside_another and (span := _schemed(text, match.start(), match.start(1), any_host)):
            found.append(span)
    starts = [s.start for s in found]
    schemed = list(found)
    position = 0
    while bare := _BARE.search(text, position):
        position = max(bare.end(), position + 1)
        before = bisect_right(starts, bare.start()) - 1
        if before >= 0 and bare.start() < schemed[before].end:
            position = schemed[before].end
            continue
        if span := _bare(text, bare.start(), bare.end()):
            found.append(span)
            position = span.end
    return sorted(found, key=lambda s: s.start)


def _schemed(text: str, start: int, host: int, any_host: bool) -> Span | None:
    end = _host_end(text, host)
    if not end and any_host and (plain := _PLAIN_HOST.match(text, host)):
        end = plain.end()
    if not end or not _sound(text[host:end]):
        return None
    tail = _TAIL.match(text, end)
    whole = text[start : tail.end() if tail else end]
    if short := _TCO.match(whole):
        if len(short.group(1)) > 40:
            return None
        whole = short.group(0)
    return Span(start, start + len(whole), "link", whole) if len(whole) <= LONGEST else None


def _bare(text: str, start: int, most: int) -> Span | None:
    end = _host_end(text, start, most)
    if not end or not _sound(text[start:end]):
        return None
    tail = _TAIL.match(text, end)
    end = tail.end() if tail else end
    return Span(start, end, "link", text[start:end]) if end - start <= LONGEST else None


def _host_end(text: str, start: int, most: int | None = None) -> int:
    """Where the longest host name from `start` ends that has a known top-level domain; 0 when none."""
    run = _HOST.match(text, start, most)
    if run is None:
        return 0
    stretch = run.group(0)
    dot = stretch.rfind(".")
    while dot > 0:
        length = _tld_length(stretch[dot + 1 :], text[run.end() : run.end() + 1])
        labels = stretch[:dot].split(".")
        if length and all(_label_ok(label) for label in labels) and "_" not in labels[-1]:
            return start + dot + 1 + length
        dot = stretch.rfind(".", 0, dot)
    return 0


def _label_ok(label: str) -> bool:
    return bool(label) and label[0] not in "-_" and label[-1] not in "-_"


def _tld_length(rest: str, after: str) -> int:
    """How many letters of `rest` are a known top-level domain that may stand before what follows."""
    if ascii_run := _ASCII_TLD.match(rest):
        name = ascii_run.group(0)
        follows = rest[len(name) : len(name) + 1] or after
        known = name.lower().startswith("xn--") or name.lower() in top_level_domains()
        if known and not regex.match(r"[0-9A-Za-z@+\-]", follows):
            return len(name)
    for length in range(min(len(rest), _longest_foreign()), 1, -1):
        follows = rest[length : length + 1] or after
        if rest[:length] in top_level_domains() and not regex.match(r"[0-9A-Za-z@+\-]", follows):
            return length
    return 0


def _sound(host: str) -> bool:
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return True


def spans(text: str) -> list[Span]:
    """Links (any host), mentions, hashtags and numbers, in order; of two that overlap the earlier kind wins."""
    kept = links(text, any_host=True)
    for pattern, kind in ((_MENTION, "mention"), (_HASHTAG, "hashtag"), (_NUMBER, "number")):
        for match in pattern.finditer(text):
            start, end = match.span()
            if kind == "mention":
                end -= len(match.group(0)) - len(match.group(0).rstrip(".-"))
            place = bisect_right(kept, start, key=lambda s: s.start)
            after_one = place == 0 or kept[place - 1].end <= start
            if after_one and (place == len(kept) or end <= kept[place].start):
                kept.insert(place, Span(start, end, kind, text[start:end]))  # type: ignore[arg-type]
    return kept
