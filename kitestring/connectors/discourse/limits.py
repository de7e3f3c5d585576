"""The forum's own limits, as its settings tell them, over those that a new forum has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kitestring.connectorkit.manifest import Manifest, PublishKind
from kitestring.connectors.discourse.client import MANIFEST

# Names of the forum's settings that it tells every client (config/site_settings.yml, client: true).
NAMES: Final = {
    "min_post": "min_post_length",
    "min_first": "min_first_post_length",
    "min_private": "min_personal_message_post_length",
    "max_post": "max_post_length",
    "min_title": "min_topic_title_length",
    "max_title": "max_topic_title_length",
    "max_image_kb": "max_image_size_kb",
}


def found_in(settings: Mapping[str, Any]) -> dict[str, int]:
    """The limits that are there and are sound figures."""
    told = {ours: settings.get(theirs) for ours, theirs in NAMES.items()}
    return {k: v for k, v in told.items() if isinstance(v, int) and not isinstance(v, bool) and v > 0}


def of(settings: Mapping[str, Any]) -> Manifest:
    """The manifest with this account's limits in it."""
    found: Mapping[str, int] = settings.get("limits") or {}
    kinds = {name: getattr(MANIFEST, name) for name in ("reply", "message")}
    changed = {name: _adjusted(kind, found) if kind else None for name, kind in kinds.items()}
    return MANIFEST.model_copy(
        update={"kinds": tuple(_adjusted(k, found) for k in MANIFEST.kinds), **changed}
    )


def _adjusted(kind: PublishKind, found: Mapping[str, int]) -> PublishKind:
    changes: dict[str, Any] = {
        "text": kind.text.model_copy(update={"limit": found.get("max_post", kind.text.limit)})
    }
    if kind.title is not None:
        changes["title"] = kind.title.model_copy(update={"limit": found.get("max_title", kind.title.limit)})
    if kind.media is not None and "max_image_kb" in found:
        changes["media"] = kind.media.model_copy(update={"bytes": found["max_image_kb"] * 1024})
    return kind.model_copy(update=changes)


def least(settings: Mapping[str, Any], kind: str, private: bool) -> tuple[int, int]:
    """The shortest text and the shortest title the forum takes; 1 where it told none."""
    found: Mapping[str, int] = settings.get("limits") or {}
    if kind == "message" or private:
        return found.get("min_private", 1), found.get("min_title", 1) if kind == "topic" else 0
    if kind == "topic":
        return found.get("min_first", 1), found.get("min_title", 1)
    return found.get("min_post", 1), 0
