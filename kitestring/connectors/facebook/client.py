"""A Page's Graph, and the codes that only its calls end in; the codes of all of Meta are in `providers.meta.errors`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.manifest import load
from kitestring.providers.meta.errors import Row
from kitestring.providers.meta.graph import Graph
from kitestring.providers.meta.talks import Desk

MANIFEST = load(Path(__file__).parent)
# Source: developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes (page updated 2026-03-18)
# and .../docs/video-api/guides/error-codes; 324 from public code that uploads photos.
ROWS: Final = (
    Row(100, "refused", "deleted", 2018001, field="reply_to"),
    Row(100, "refused", "file_lost", field="media", words="media fbid"),
    Row(324, "refused", "media_unreadable", field="media"),
    Row(352, "refused", "media_unreadable", field="media"),
    Row(6000, "refused", "media_unreadable", field="media"),
    Row(1363040, "refused", "ratio_refused", field="media"),
    Row(1363127, "refused", "media_unreadable", field="media"),
    Row(1363128, "refused", "duration_refused", field="media"),
    Row(10900, "refused", "not_there"),
)


def page(session: Session) -> Graph:
    """The account's Page by its own token."""
    token = str(session.grant.secrets.get("access_token", ""))
    return Graph(session.http, session.urls["api"], token, session.app.get("client_secret", ""), ROWS)


def desk(session: Session) -> Desk:
    """The Page's conversations in Messenger."""
    return Desk(page(session), session.remote_id, "messenger", session.remote_id)


def may(session: Session, right: str) -> bool:
    """Whether the person gave this right when they connected."""
    return right in session.grant.scopes
