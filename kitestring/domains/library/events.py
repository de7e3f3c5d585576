"""What happened to files, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RenditionFailed:
    """What somebody's hour needs of this content (sha256) cannot be made. `reason`: a key of `rules.reasons`."""

    source: str
    recipe: str
    reason: str
