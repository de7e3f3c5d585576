"""How a reason is told: our own words for our own findings, the connector's sentences for the channel's answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import Manifest, MediaLimit
from kitestring.connectorkit.sentences import sentence
from kitestring.domains.publishing.rules.sequence import parts_live, parts_of
from kitestring.domains.publishing.rules.words import by_the_team, midway_words, reason_words, so_many_out
from kitestring.ui import formats


class Told(Protocol):
    """What is told of a delivery."""

    state: str
    part: int
    doubt_since: datetime | None
    head_withdrawn_at: datetime | None
    reason: str
    reason_params: Mapping[str, Any]
    payload: Mapping[str, Any]

    @property
    def account(self) -> OnChannel: ...


class OnChannel(Protocol):
    """An account, as far as words go."""

    channel: str


def manifest_of(channel: str) -> Manifest | None:
    """The channel's manifest; None when its folder is gone."""
    try:
        return registry.get(channel).manifest
    except KeyError:
        return None


def limit_of(channel: str, kind: str) -> MediaLimit | None:
    """What the channel takes of files with a post of this kind; None where nothing is known of it."""
    manifest = manifest_of(channel)
    try:
        return manifest.kind(kind).media if manifest is not None else None
    except KeyError:
        return None


def tell(reason: str, params: Mapping[str, Any], channel: str) -> str:
    """The sentence of a reason in the reader's language; "" for no reason."""
    if not reason:
        return ""
    own = reason_words(reason, params)
    return own or sentence(reason, params, get_language() or "en", manifest_of(channel))


def tell_delivery(delivery: Told, *, settles: bool = True) -> str:
    """The sentence of a delivery's reason; in the middle of a sequence with how much of it is live, and of which part it is told.

    `settles`: the reader may cure it. Who may not is not told to.
    """
    told = tell(delivery.reason, delivery.reason_params, delivery.account.channel)
    if not settles and delivery.state == "needs_attention":
        told = by_the_team(delivery.reason, delivery.reason_params) or told
    of = len(parts_of(delivery.payload))
    if of and delivery.state == "needs_attention" and delivery.doubt_since and told:
        told = _("Part %(n)s: %(told)s") % {"n": delivery.part + 1, "told": told}
    if not of or not delivery.part or delivery.state == "withdrawn":
        return told
    if delivery.state == "published":
        return (
            told
            if parts_live(delivery) == of
            else formats.sentences(so_many_out(parts_live(delivery), of), told)
        )
    why = midway_words(delivery.reason, delivery.reason_params) if delivery.state == "needs_attention" else ""
    return formats.sentences(so_many_out(parts_live(delivery), of), why or told)


def channel_name(channel: str) -> str:
    """The channel's name in the reader's language; its slug when the folder is gone."""
    manifest = manifest_of(channel)
    return manifest.name.in_(get_language() or "en") if manifest else channel


def headline(channel: str, kind: str, payload: Mapping[str, Any]) -> str:
    """The title its readers see there; "" where this way of publishing has none, whatever the post is called in the house."""
    manifest, title = manifest_of(channel), str(payload.get("title") or "")
    try:
        shows = manifest is not None and manifest.kind(kind).title is not None
    except KeyError:
        shows = False
    return title if shows and title != payload.get("text") else ""
