"""Counts a text the way a channel counts it, and says why it came out longer than it looks."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import regex

from kitestring.connectorkit.links import links
from kitestring.connectorkit.manifest import TextLimit

Unit = Literal["grapheme", "codepoint", "utf16", "utf8", "weighted", "cjk_half"]

# X, twitter-text configuration v3 (source: twitter/twitter-text config/v3.json, checked_on 2021-10-21).
LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
WEIGHTED_URL = 23

_PART = r"\p{Extended_Pictographic}(?:\uFE0F|\p{EMod})?\u20E3?"
EMOJI = regex.compile(
    r"\p{RI}\p{RI}|[0-9#*]\uFE0F?\u20E3|[\xA9\xAE]\uFE0F"
    rf"|(?![\xA9\xAE]){_PART}(?:[\U000E0020-\U000E007E]+\U000E007F|(?:\u200D{_PART})*)"
)
_HEAVY = regex.compile("[^" + "".join(f"{chr(low)}-{chr(high)}" for low, high in LIGHT) + "]")
_GRAPHEME = regex.compile(r"\X")
# Letters and signs of our three languages that stand alone whatever is beside them: one each, nothing to look at.
_ALONE = regex.compile(
    r"[\n\x20-\x7E\xA1-\xAC\xAE-\u02FF\u1E00-\u1EFF\u2010-\u2027\u2030-\u203B\u3000-\u3029"
    r"\u3030-\u303C\u4E00-\u9FFF\uFF01-\uFF5E]*"
)
_FAR_MENTION = regex.compile(
    r"(?<![\w/@])(@[\p{L}\p{N}_.\-]{1,253})@(?:[\p{L}\p{N}\-]{1,63}\.){1,20}[\p{L}\p{N}\-]{1,63}"
)


def count(
    text: str, unit: Unit, *, url_weight: int | None = None, mentions_without_host: bool = False
) -> int:
    """The text's length in `unit`.

    `url_weight`: what each link counts, however long (X always: 23). `mentions_without_host`: "@a@b.example"
    counts as "@a". cjk_half rounds up.
    """
    if mentions_without_host and "@" in text:
        text = _FAR_MENTION.sub(r"\1", text)
    if unit == "weighted":
        return _weighted(text, WEIGHTED_URL if url_weight is None else url_weight)
    if url_weight is None:
        return _plain(text, unit)
    found = links(text)
    rest = "".join(text[a:b] for a, b in _between(text, [(s.start, s.end) for s in found]))
    return _plain(rest, unit) + url_weight * len(found)


def _between(text: str, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    edges = [0, *(edge for pair in taken for edge in pair), len(text)]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _plain(text: str, unit: Unit) -> int:
    if unit == "grapheme":
        return len(text) if _ALONE.fullmatch(text) else len(_GRAPHEME.findall(text))
    if unit == "codepoint":
        return len(text)
    if unit == "utf16":
        return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)
    if unit == "utf8":
        return len(text.encode("utf-8", "surrogatepass"))
    return math.ceil(sum(1 if _is_half(g) else 2 for g in _GRAPHEME.findall(text)) / 2)


def _is_half(grapheme: str) -> bool:
    """Half a Chinese letter wide: ASCII and Latin-1. Letters beyond count whole, the careful reading."""
    return len(grapheme) == 1 and ord(grapheme) <= 0xFF


def _weighted(text: str, url_weight: int) -> int:
    text = regex.sub(r"\r\n?", "\n", unicodedata.normalize("NFC", text))
    found = links(text)
    total = url_weight * len(found)
    for start, end in _between(text, [(s.start, s.end) for s in found]):
        stretch = text[start:end]
        without = EMOJI.sub("", stretch)
        total += 2 * len(EMOJI.findall(stretch)) + len(without) + len(_HEAVY.findall(without))
    return total


def weight(letter: str) -> int:
    """What one code point weighs on X: 1 in the light ranges, else 2."""
    code = ord(letter)
    return 1 if any(low <= code <= high for low, high in LIGHT) else 2


@dataclass(frozen=True)
class Measure:
    """A text against a limit; `bytes_limit` None where bytes are not limited."""

    count: int
    limit: int
    bytes: int
    bytes_limit: int | None

    @property
    def over(self) -> int:
        """How many units too many (0 = fits)."""
        return max(0, self.count - self.limit)

    @property
    def bytes_over(self) -> int:
        return max(0, self.bytes - self.bytes_limit) if self.bytes_limit else 0

    @property
    def fits(self) -> bool:
        return not self.over and not self.bytes_over


def measure(text: str, limit: TextLimit) -> Measure:
    """The text against a manifest's limit, in its unit and in bytes where those are limited too."""
    counted = _counted(text, limit.unit, limit.url_weight, limit.mentions_without_host)
    return Measure(counted, limit.limit, len(text.encode("utf-8", "surrogatepass")), limit.also_bytes)


@lru_cache(maxsize=1024)
def _counted(text: str, unit: Unit, url_weight: int | None, mentions_without_host: bool) -> int:
    """The same words are counted again and again: while somebody types, for every account, and before they leave."""
    return count(text, unit, url_weight=url_weight, mentions_without_host=mentions_without_host)


def surely_fits(text: str, limit: TextLimit) -> bool:
    """Whether it fits by its bytes alone, of which no unit counts more; False says nothing. A hundred times cheaper."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if limit.also_bytes and size > limit.also_bytes:
        return False
    link = WEIGHTED_URL if limit.url_weight is None and limit.unit == "weighted" else limit.url_weight or 0
    most = size * (2 if limit.unit == "weighted" else 1) + link * (text.count(".") + text.count("://"))
    return most <= limit.limit


def remaining(text: str, limit: TextLimit) -> int:
    """How many units are left; negative when over. Bytes over the limit show as their negative too."""
    found = measure(text, limit)
    return -found.bytes_over if found.bytes_over and not found.over else found.limit - found.count


@dataclass(frozen=True)
class Heavy:
    """Letters of one kind that weigh 2: the different ones, in order, and how often they occur together."""

    kind: Literal["vietnamese", "cjk", "emoji", "other"]
    letters: tuple[str, ...]
    times: int


def why_heavier(text: str) -> list[Heavy]:
    """Which letters of the text weigh 2 on X, so that a person can be told why 250 letters fill 280."""
    text = unicodedata.normalize("NFC", text)
    rest = "".join(text[a:b] for a, b in _between(text, [(s.start, s.end) for s in links(text)]))
    found: dict[str, list[str]] = {}
    if emoji := EMOJI.findall(rest):
        found["emoji"] = emoji
    for letter in EMOJI.sub("", rest):
        if weight(letter) == 2:
            found.setdefault(_kind(letter), []).append(letter)
    return [Heavy(kind, tuple(dict.fromkeys(all_)), len(all_)) for kind, all_ in found.items()]  # type: ignore[arg-type]


def _kind(letter: str) -> str:
    if 0x1EA0 <= ord(letter) <= 0x1EF9:
        return "vietnamese"
    return "cjk" if unicodedata.east_asian_width(letter) in "WF" else "other"
