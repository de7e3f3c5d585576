"""Finds what stands for something in a text: links, mentions, hashtags, numbers. Nothing of these is ever cut.

Links follow the rules of twitter-text (with and without scheme, known top-level domains, Chinese and Japanese
letters right beside them), checked against its conformance set.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import regex

from kitestring.connectorkit.figures import FIGURE

ACCENTS = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272"
    r"\u0289\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
MARKS = r"\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"
BROKEN = r"\uFFFE\uFEFF\uFFFF"
TAG_LETTERS = r"\p{L}\p{M}"
TAG_SIGNS = (
    r"\p{Nd}_\u200C\u200D\uA67E\u05BE\u05F3\u05F4\uFF5E\u301C\u309B\u309C\u30A0\u30FB\u3003\u0F0B\u0F0C\xB7"
)
# What a mention or hashtag may not follow at once. In Chinese and Japanese nothing parts it from the letters before it.
_JOINED = r"\p{Latin}\p{Cyrillic}\p{Greek}\p{Arabic}\p{Thai}\p{M}\p{N}_"
SPACES = r"\s\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
_LABEL = rf"[^!#%&'()*+,\\\-./:;<=>?@\[\]^_{{|}}~${SPACES}{BROKEN}{MARKS}]"
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
    rf"(?<![{_JOINED}/.@＠])[@＠][\p{{L}}\p{{N}}_][\p{{L}}\p{{M}}\p{{N}}_.\-]*(?:@[\p{{L}}\p{{N}}.\-]*[\p{{L}}\p{{N}}])?"
)
_HASHTAG = regex.compile(
    rf"(?<![{_JOINED}/&])[#＃](?!\uFE0F|\u20E3)(?:[{TAG_SIGNS}]*[{TAG_LETTERS}][{TAG_LETTERS}{TAG_SIGNS}]{{0,499}}(?:[#＃](?![\p{{L}}\p{{M}}\p{{N}}_]))?"
    rf"|[\p{{Nd}}]{{1,40}}[#＃](?![\p{{L}}\p{{M}}\p{{N}}_]))"
)
_ASCII_TLD = regex.compile(r"xn--[-0-9a-z]+|[a-z]+", regex.IGNORECASE)

Kind = Literal["link", "mention", "hashtag", "number"]
_KINDS: tuple[tuple[regex.Pattern[str], Kind], ...] = (
    (_MENTION, "mention"), (_HASHTAG, "hashtag"), (FIGURE, "number")
)  # fmt: skip
LONGEST, LONGEST_LABEL, LONGEST_SHORT, PREFIX = 4096, 63, 40, "xn--"
_NO_NAME = ("Cc", "Co", "Cs")
_DOTS = regex.compile("[.\u3002\uff0e\uff61]")


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


def links(text: str, *, any_host: bool = False, bare: bool = True) -> list[Span]:
    """Every link in the text, in order, not overlapping.

    `any_host`: behind http(s):// any host will do, also one X would not know (an address, an inner name). `bare`: addresses
    without http(s):// too ("example.com").
    """
    if "://" not in text and not (bare and _DOTTED.search(text)):
        return []
    found: list[Span] = []
    schemed, plain = _SCHEMED.search(text), _BARE.search(text) if bare else None
    while schemed or plain:
        if plain and not (schemed and schemed.start() < plain.start()):
            span, at = _bare(text, plain)
            plain = _BARE.search(text, at)
        elif schemed:
            span, at = _schemed(text, schemed, any_host)
            schemed = _SCHEMED.search(text, at)
        if span is None:
            continue
        found.append(span)
        if schemed and schemed.start() < at:
            schemed = _SCHEMED.search(text, at)
        if plain and plain.start() < at:
            plain = _BARE.search(text, at)
    return found


def _schemed(text: str, match: regex.Match[str], any_host: bool) -> tuple[Span | None, int]:
    """The link that begins with this scheme, and from where to look for the next."""
    start, host = match.start(), match.start(1)
    end = _host_end(text, host)
    if not end and any_host and (plain := _PLAIN_HOST.match(text, host)):
        end = plain.end()
    if not end or not _sound(text[host:end]):
        return None, host
    end = _tail_end(text, end)
    whole = text[start:end]
    if short := _TCO.match(whole):
        whole = short.group(0) if len(short.group(1)) <= LONGEST_SHORT else ""
    return Span(start, start + len(whole), "link", whole) if 0 < len(whole) <= LONGEST else None, end


def _bare(text: str, match: regex.Match[str]) -> tuple[Span | None, int]:
    # Whatever opens a text may be what stands before an address; a letter with a mark is taken for that.
    starts = (1, 0) if match.start() == 0 and not text[0].isascii() else (match.start(),)
    for start in starts:
        end = _host_end(text, start, match.end())
        if end and _sound(text[start:end]):
            end = _tail_end(text, end)
            return Span(start, end, "link", text[start:end]) if end - start <= LONGEST else None, end
    return None, match.end()


def _tail_end(text: str, end: int) -> int:
    """Where port, path and query end that follow a host name."""
    tail = _TAIL.match(text, end)
    return tail.end() if tail else end


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
    """Whether every label can be written in ASCII within 63 letters; also with letters newer than Python's own IDNA knows."""
    if not host.isascii() and any(unicodedata.category(letter) in _NO_NAME for letter in host):
        return False
    return all(0 < _ascii_length(label) <= LONGEST_LABEL for label in _DOTS.split(host))


def _ascii_length(label: str) -> int:
    """How long it is in ASCII; 0 where it cannot be written so."""
    if label.isascii():
        return len(label)
    label = label.lower()
    return 0 if label.startswith(PREFIX) else len(PREFIX) + len(label.encode("punycode"))


def spans(text: str) -> list[Span]:
    """Links (any host), mentions, hashtags and numbers, in order; of two that overlap the earlier kind wins."""
    kept = links(text, any_host=True)
    for pattern, kind in _KINDS:
        found: list[Span] = []
        at = 0
        for match in pattern.finditer(text):
            start, end = match.span()
            if kind == "mention":
                end -= len(match.group(0)) - len(match.group(0).rstrip(".-"))
            while at < len(kept) and kept[at].end <= start:
                at += 1
            if at == len(kept) or end <= kept[at].start:
                found.append(Span(start, end, kind, text[start:end]))
        kept = sorted([*kept, *found], key=lambda s: s.start)
    return kept
