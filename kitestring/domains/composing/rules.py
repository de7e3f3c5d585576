"""Pure decisions about posts: what a variant says, the canonical form of a revision, what has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

LONGEST_TEXT: Final = 100_000
LONGEST_TITLE: Final = 200


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the canonical JSON: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def changed_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """How many lines differ between two revisions' contents, over the source and all variants."""
    return sum(
        _differing(str(a or ""), str(b or ""))
        for a, b in zip(_texts(before, after), _texts(after, before), strict=True)
    )


def _texts(content: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    keys = sorted({*content.get("variants", {}), *other.get("variants", {})})
    return [content.get("text", "")] + [content.get("variants", {}).get(k, {}).get("text", "") for k in keys]


def _differing(a: str, b: str) -> int:
    left, right = set(a.split("\n")), set(b.split("\n"))
    return max(len(left - right), len(right - left))
