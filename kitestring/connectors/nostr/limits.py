"""What the account's relays bear (NIP-11), read when it is connected: the tightest of them holds, so that all can take a post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.manifest import Manifest, PublishKind
from kitestring.connectors.nostr.client import MANIFEST

NAMES = {"content": "max_content_length", "message": "max_message_length", "events": "max_limit"}


def found_in(told: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The smallest figure of each that is told; what nobody tells is left out."""
    limits: dict[str, int] = {}
    for ours, theirs in NAMES.items():
        figures = [figure for one in told if (figure := _figure(one, theirs))]
        if figures:
            limits[ours] = min(figures)
    return limits


def _figure(told: Mapping[str, Any], name: str) -> int:
    """The figure of that name; 0 when there is none, or none that can be one."""
    stated = told.get("limitation")
    value = stated.get(name) if isinstance(stated, Mapping) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def kept(session: Session, name: str) -> int | None:
    """A figure kept with the account."""
    value = (session.settings.get("limits") or {}).get(name)
    return value if isinstance(value, int) else None


def manifest_of(session: Session) -> Manifest:
    """The manifest with the relays' own figure for how long a text may be."""
    most = kept(session, "content")
    if most is None:
        return MANIFEST
    reply = _adjusted(MANIFEST.reply, most) if MANIFEST.reply else None
    kinds = tuple(_adjusted(kind, most) for kind in MANIFEST.kinds)
    return MANIFEST.model_copy(update={"kinds": kinds, "reply": reply})


def _adjusted(kind: PublishKind, most: int) -> PublishKind:
    return kind.model_copy(update={"text": kind.text.model_copy(update={"limit": most})})
