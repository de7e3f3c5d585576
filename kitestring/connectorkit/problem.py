"""One thing that stands in the way of publishing, and what is looked at in a file."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal, Protocol

Params = dict[str, str | int]


class Shown(Protocol):
    """What is looked at in a media file: `contract.Media` has it, and so may a rendition not yet made (0: not known yet)."""

    @property
    def mime(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def alt(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def duration(self) -> float: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Problem:
    """One thing in the way: the field it belongs to, the reason as a key of the sentences, its figures, and the sentence
    itself. Warnings do not stop publishing.

    Fields are "text", "title", "media", "media.0", "media.0.alt", "kind", "options.board" (a setting), of a sequence "parts"
    and "parts.1" (a later part). `words`: those it is about, as they stand in the field at `places` (code points, end excluded).
    """

    field: str
    reason: str
    params: Params = dataclasses.field(default_factory=dict)
    severity: Literal["error", "warning"] = "error"
    sentence: str = ""
    words: str = ""
    places: tuple[tuple[int, int], ...] = ()
