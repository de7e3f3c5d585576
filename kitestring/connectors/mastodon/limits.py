"""A server's own limits, read when the account is connected, put in the place of the manifest's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.manifest import Manifest, PublishKind
from kitestring.connectors.mastodon.client import MANIFEST


def found_in(instance: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of /api/v2/instance that we keep with the account; what a server does not say is left out."""
    stated = instance.get("configuration") or {}
    statuses, media = stated.get("statuses") or {}, stated.get("media_attachments") or {}
    limits = {
        "text": statuses.get("max_characters"),
        "url": statuses.get("characters_reserved_per_url"),
        "files": statuses.get("max_media_attachments"),
        "image_bytes": media.get("image_size_limit"),
        "video_bytes": media.get("video_size_limit"),
        "alt": media.get("description_limit"),
    }
    kept: dict[str, Any] = {name: value for name, value in limits.items() if isinstance(value, int)}
    if mimes := media.get("supported_mime_types"):
        kept["mimes"] = [str(mime) for mime in mimes]
    return kept


def manifest_of(session: Session) -> Manifest:
    """The manifest with this server's figures."""
    limits = session.settings.get("limits") or {}
    if not limits:
        return MANIFEST
    kinds = tuple(_adjusted(kind, limits) for kind in MANIFEST.kinds)
    reply = _adjusted(MANIFEST.reply, limits) if MANIFEST.reply else None
    return MANIFEST.model_copy(update={"kinds": kinds, "reply": reply})


def _adjusted(kind: PublishKind, limits: Mapping[str, Any]) -> PublishKind:
    text = kind.text.model_copy(
        update={
            "limit": limits.get("text", kind.text.limit),
            "url_weight": limits.get("url", kind.text.url_weight),
        }
    )
    if kind.media is None:
        return kind.model_copy(update={"text": text})
    media = kind.media.model_copy(
        update={
            "count": limits.get("files", kind.media.count),
            "bytes": limits.get("image_bytes", kind.media.bytes),
            "alt": limits.get("alt", kind.media.alt),
            "mimes": _mimes(kind.media.mimes, limits.get("mimes")),
            "bytes_by_mime": {m: limits.get("video_bytes", b) for m, b in kind.media.bytes_by_mime.items()},
        }
    )
    return kind.model_copy(update={"text": text, "media": media})


def _mimes(ours: tuple[str, ...], theirs: list[str] | None) -> tuple[str, ...]:
    """What both of us know; ours when the server says nothing usable."""
    return tuple(mime for mime in ours if theirs and mime in theirs) or ours
