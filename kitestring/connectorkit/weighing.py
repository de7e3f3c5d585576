"""Weighs a text as twitter-text does: letters of far scripts weigh double, a link the same however long, an emoji two.

The rules are those of its configuration 3, the one in force; earlier ones can be stated too. Source: github.com/twitter/
twitter-text, config/v3.json, read 2021-10-21.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property

import regex

from kitestring.connectorkit.links import BROKEN, links


@dataclass(frozen=True)
class Rules:
    """A configuration. `ranges`: code points (both ends included) that weigh `light`; all others weigh `heavy`.

    Weights are in parts of `scale`. `whole_emoji`: an emoji of whatever length weighs `heavy` once.
    """

    most: int = 280
    scale: int = 100
    light: int = 100
    heavy: int = 200
    ranges: tuple[tuple[int, int], ...] = (
        (0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037)
    )  # fmt: skip
    link: int = 23
    whole_emoji: bool = True

    @cached_property
    def _far(self) -> regex.Pattern[str]:
        near = "".join(f"{chr(low)}-{chr(high)}" for low, high in self.ranges)
        return regex.compile(f"[^{near}]" if near else r"(?s:.)")

    def weight(self, letter: str) -> int:
        """What one code point weighs, in parts of `scale`."""
        return self.heavy if self._far.match(letter) else self.light

    def heavier(self, letters: str) -> list[str]:
        """Those of the letters that weigh `heavy`, each time they occur."""
        return self._far.findall(letters)

    def of(self, letters: str) -> int:
        """What letters weigh that are no link and no emoji, in parts of `scale`."""
        far = len(self.heavier(letters))
        return self.light * (len(letters) - far) + self.heavy * far


IN_FORCE = Rules()

# What it takes for one emoji: those of the Unicode list, also newer ones; of tags only the three flags there are, and no more
# joined than there are, so that a long run of joiners or hidden tags is not waved through as one.
_PART = r"(?:\p{EBase}\p{EMod}|\p{Extended_Pictographic}\uFE0F?)"
_TAGS = "|".join("".join(chr(0xE0000 + ord(letter)) for letter in tag) for tag in ("gbeng", "gbsct", "gbwls"))
EMOJI = regex.compile(
    r"\p{RI}\p{RI}|[0-9#*]\uFE0F?\u20E3|[\xA9\xAE]\uFE0F"
    rf"|\U0001F3F4(?:{_TAGS})\U000E007F"
    rf"|(?![\xA9\xAE]){_PART}(?:\u200D{_PART}){{0,3}}"
)
_NOT_TAKEN = regex.compile(f"[{BROKEN}]")
_LINE_END = regex.compile(r"\r\n?")


def weigh(text: str, rules: Rules = IN_FORCE) -> int:
    """The weight of the text, rounded down to whole units."""
    text = _LINE_END.sub("\n", unicodedata.normalize("NFC", text))
    total, at = 0, 0
    for link in links(text):
        total += _of_stretch(text[at : link.start], rules) + rules.link * rules.scale
        at = link.end
    return (total + _of_stretch(text[at:], rules)) // rules.scale


def _of_stretch(stretch: str, rules: Rules) -> int:
    if not rules.whole_emoji or stretch.isascii():
        return rules.of(stretch)
    without, emoji = EMOJI.subn("", stretch)
    return rules.of(without) + rules.heavy * emoji


@dataclass(frozen=True)
class Weighed:
    """What the channel would say of the text before taking it.

    `fits_to`: how many UTF-16 units of the text from its beginning are within the limit and sound. `sound`: no letter in it that
    is not taken at all (U+FFFE, U+FEFF, U+FFFF).
    """

    weight: int
    sound: bool
    fits_to: int
    most: int

    @property
    def taken(self) -> bool:
        return self.sound and 0 < self.weight <= self.most

    @property
    def per_mille(self) -> int:
        """How full it is, in thousandths of the limit."""
        return 1000 * self.weight // self.most


def examine(text: str, rules: Rules = IN_FORCE) -> Weighed:
    """The weight, and how far the text fits: for showing where it runs over."""
    normal = _LINE_END.sub("\n", unicodedata.normalize("NFC", text))
    fitting, total, sound = 0, 0, True
    for start, end, weight in _pieces(normal, rules):
        total += weight
        sound = sound and not _NOT_TAKEN.search(normal, start, end)
        if sound and total <= rules.most * rules.scale:
            fitting = end
    # Where the text as given is longer than its normal form, it is taken to be so before the end: as twitter-text does.
    longer = _utf16(text) - _utf16(normal)
    return Weighed(total // rules.scale, sound, _utf16(normal[:fitting]) + longer, rules.most)


def _pieces(text: str, rules: Rules) -> list[tuple[int, int, int]]:
    """Start, end and weight of each link, emoji and letter, in order."""
    whole = [(link.start, link.end, rules.link * rules.scale) for link in links(text)]
    if rules.whole_emoji:
        taken = {at for start, end, _ in whole for at in range(start, end)}
        found = (m.span() for m in EMOJI.finditer(text))
        whole += [(start, end, rules.heavy) for start, end in found if start not in taken]
    ends = {start: (end, weight) for start, end, weight in whole}
    pieces, at = [], 0
    while at < len(text):
        end, weight = ends.get(at) or (at + 1, rules.weight(text[at]))
        pieces.append((at, end, weight))
        at = end
    return pieces


def _utf16(text: str) -> int:
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)
