"""A manifest's facts as flat pairs, so that two readings of it can be laid side by side."""

from __future__ import annotations

from typing import Any

from kitestring.connectorkit.manifest import Manifest

# Words, looks and where a fact was read are no facts themselves: a better translation changes nothing for anybody.
SPARED = frozenset(
    {
        "source",
        "checked_on",
        "verified",
        "label",
        "names",
        "explains",
        "help",
        "why",
        "name",
        "look",
        "sentences",
        "steps",
        "others",
    }
    | {"slug", "provider", "version", "hooks", "hand_off", "asking", "at_home"}
)


def flat(manifest: Manifest) -> dict[str, Any]:
    """{"kinds.post.text.limit": 500, ...}; members of a list are named by their key, plain lists stay whole."""
    found: dict[str, Any] = {}
    _walk(manifest.model_dump(mode="json"), "", found)
    return found


def _walk(value: Any, path: str, found: dict[str, Any]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in SPARED:
                _walk(inner, f"{path}.{key}" if path else key, found)
    elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        for place, one in enumerate(value):
            name = one.get("key") or one.get("value") or place
            _walk({k: v for k, v in one.items() if k != "key"}, f"{path}.{name}", found)
    elif value not in (None, [], {}, ""):
        found[path] = value


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """(path, before, after) of everything that is not the same; None where it was or is not there."""
    paths = sorted(before.keys() | after.keys())
    return [(p, before.get(p), after.get(p)) for p in paths if before.get(p) != after.get(p)]
