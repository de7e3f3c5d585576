"""Counts a text the way a channel counts it, and says why it came out longer than it looks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

import regex

from kitestring.connectorkit import graphemes
from kitestring.connectorkit.links import links
from kitestring.connectorkit.manifest import TextLimit, Unit
from kitestring.connectorkit.weighing import EMOJI, IN_FORCE, Rules, weigh

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

    `url_weight`: what each link with http(s):// counts, however long. "weighted" knows bare addresses too, and counts 23 by
    itself. `mentions_without_host`: "@a@b.example" counts as "@a". cjk_half rounds up.
    """
    if mentions_without_host and "@" in text:
        text = _FAR_MENTION.sub(r"\1", text)
    if unit == "weighted":
        return weigh(text, _rules(url_weight))
    if url_weight is None:
        return _plain(text, unit)
    found = links(text, bare=False)
    rest = "".join(text[a:b] for a, b in _between(text, [(s.start, s.end) for s in found]))
    return _plain(rest, unit) + url_weight * len(found)


def tags_length(tags: Iterable[str]) -> int:
    """How long a list of tags is where all of them together are limited: a comma between two, quotes around one with blanks."""
    lengths = [len(tag) + 2 * any(letter.isspace() for letter in tag) for tag in tags]
    return sum(lengths) + max(0, len(lengths) - 1)


@cache
def _rules(link: int | None) -> Rules:
    return IN_FORCE if link is None else replace(IN_FORCE, link=link)


def _between(text: str, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    edges = [0, *(edge for pair in taken for edge in pair), len(text)]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _plain(text: str, unit: Unit) -> int:
    if unit == "grapheme":
        return len(text) if _ALONE.fullmatch(text) else graphemes.number(text)
    if unit == "codepoint":
        return len(text)
    if unit == "utf16":
        return _utf16(text)
    if unit == "utf8":
        return _utf8(text)
    if unit == "utf8_emoji":
        # Letters count as they are written: a mark that stands alone is one more, the careful reading.
        return (
            len(text) if text.isascii() else len(text) + sum(_utf8(e) - len(e) for e in EMOJI.findall(text))
        )
    return _halves(text) // 2


def _utf16(text: str) -> int:
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)


def _utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _halves(text: str) -> int:
    """Half letters, one more for rounding up: ASCII is one, every other UTF-16 unit two (so an emoji is two letters wide)."""
    return 1 + 2 * _utf16(text) - sum(1 for letter in text if letter.isascii())


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
    return Measure(counted, limit.limit, _utf8(text), limit.also_bytes)


@lru_cache(maxsize=1024)
def _counted(text: str, unit: Unit, url_weight: int | None, mentions_without_host: bool) -> int:
    """The same words are counted again and again: while somebody types, for every account, and before they leave."""
    return count(text, unit, url_weight=url_weight, mentions_without_host=mentions_without_host)


def surely_fits(text: str, limit: TextLimit) -> bool:
    """Whether it fits by its bytes alone, of which no unit counts more; False says nothing. A hundred times cheaper."""
    size = _utf8(text)
    if limit.also_bytes and size > limit.also_bytes:
        return False
    link = IN_FORCE.link if limit.url_weight is None and limit.unit == "weighted" else limit.url_weight or 0
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
    for letter in IN_FORCE.heavier(EMOJI.sub("", rest)):
        found.setdefault(_kind(letter), []).append(letter)
    return [Heavy(kind, tuple(dict.fromkeys(all_)), len(all_)) for kind, all_ in found.items()]  # type: ignore[arg-type]  # its kinds


def _kind(letter: str) -> str:
    if 0x1EA0 <= ord(letter) <= 0x1EF9:
        return "vietnamese"
    return "cjk" if unicodedata.east_asian_width(letter) in "WF" else "other"
