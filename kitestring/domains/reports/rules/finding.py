"""One finding: a claim, what it stands on, what follows, and what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """`weight` orders findings; `samples` are ids of samples (or of messages, where `of` says so)."""

    key: str
    weight: float
    claim: str
    evidence: str
    so: str
    ask: str
    n: int
    samples: tuple[str, ...]
    plot: dict[str, Any]
    posts: tuple[str, ...] = ()
    of: str = "samples"
