"""A server's own limits, read when the account is connected, put in the place of the manifest's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.manifest import Manifest, PublishKind
from kitestring.connectors.mastodon.client import MANIFEST

# Where /api/v2/instance states each figure, below `configuration`.
STATED: Final[dict[str, tuple[str, str]]] = {
    "text": ("statuses", "max_characters"),
    "url": ("statuses", "characters_reserved_per_url"),
    "files": ("statuses", "max_media_attachments"),
    "image_bytes": ("media_attachments", "image_size_limit"),
    "video_bytes": ("media_attachments", "video_size_limit"),
    "alt": ("media_attachments", "description_limit"),
    "poll_choices": ("polls", "max_options"),
    "poll_letters": ("polls", "max_characters_per_option"),
    "poll_shortest": ("polls", "min_expiration"),
    "poll_longest": ("polls", "max_expiration"),
}
# entities/Instance of github.com/mastodon/documentation: what a server has where it states nothing.
POLL: Final = {"poll_choices": 4, "poll_letters": 50, "poll_shortest": 300, "poll_longest": 2_629_746}
# Our names for the house's (`connectorkit.overriding.FOUND`).
HOUSE: Final = {
    "text": "text",
    "url": "link",
    "files": "files",
    "image_bytes": "bytes",
    "video_bytes": "video_bytes",
    "alt": "alt",
}


def found_in(instance: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of /api/v2/instance that we keep with the account; what a server does not say is left out."""
    stated = instance.get("configuration") or {}
    kept: dict[str, Any] = {}
    for name, (part, field) in STATED.items():
        value = (stated.get(part) or {}).get(field)
        if type(value) is int and value > 0:
            kept[name] = value
    if mimes := (stated.get("media_attachments") or {}).get("supported_mime_types"):
        kept["mimes"] = [str(mime) for mime in mimes]
    return kept


def for_the_house(found: Mapping[str, Any]) -> dict[str, int]:
    """The same figures as the composer knows them: what is written and cut is held to them."""
    kinds = [*MANIFEST.kinds, *(kind for kind in (MANIFEST.reply, MANIFEST.message) if kind is not None)]
    return {
        f"{kind.key}.{theirs}": found[ours]
        for kind in kinds
        for ours, theirs in HOUSE.items()
        if ours in found and (kind.media is not None or theirs in ("text", "link"))
    }


def of_polls(session: Session) -> dict[str, int]:
    """How many choices, how long each, how long open (seconds): this server's, or the defaults."""
    limits = session.settings.get("limits") or {}
    return {name: int(limits.get(name, value)) for name, value in POLL.items()}


def manifest_of(session: Session) -> Manifest:
    """The manifest with this server's figures."""
    limits = session.settings.get("limits") or {}
    if not limits:
        return MANIFEST
    changed: dict[str, Any] = {"kinds": tuple(_adjusted(kind, limits) for kind in MANIFEST.kinds)}
    for kind in (MANIFEST.reply, MANIFEST.message):
        if kind is not None:
            changed[kind.key] = _adjusted(kind, limits)
    return MANIFEST.model_copy(update=changed)


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
            "video_bytes": limits.get("video_bytes", kind.media.video_bytes),
            "alt": limits.get("alt", kind.media.alt),
            "mimes": _mimes(kind.media.mimes, limits.get("mimes")),
        }
    )
    return kind.model_copy(update={"text": text, "media": media})


def _mimes(ours: tuple[str, ...], theirs: list[str] | None) -> tuple[str, ...]:
    """What both of us know; ours when the server says nothing usable."""
    return tuple(mime for mime in ours if theirs and mime in theirs) or ours
