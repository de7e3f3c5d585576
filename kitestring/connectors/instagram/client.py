"""The account's Graph, and the codes of publishing on Instagram; those of all of Meta are in `providers.meta.errors`.

Source: developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/error-codes (page updated
2026-06-02); the meaning of 25/2207050, 24/2207006 and the 36000s is that page's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.manifest import load
from kitestring.providers.meta.errors import Row
from kitestring.providers.meta.graph import Graph
from kitestring.providers.meta.talks import Desk

MANIFEST = load(Path(__file__).parent)
HOUR: Final = 3600.0
ROWS: Final = (
    Row(-2, "later", "file_not_fetched", 2207003, after=60),
    Row(-2, "later", "container_expired", 2207020, after=5),
    Row(-2, "unclear", "broken"),
    Row(-1, "later", "container_expired", 2207032, after=30),
    Row(-1, "later", "container_expired", 2207053, after=30),
    Row(-1, "unclear", "broken"),
    Row(4, "refused", "blocked_for_now", 2207051),
    Row(9, "later", "quota_used", 2207042, after=HOUR),
    Row(24, "later", "still_processing", 2207008, after=30),
    Row(24, "refused", "not_there", 2207006),
    Row(25, "ended", "checkpoint", 2207050),
    Row(352, "refused", "media_unreadable", 2207026, field="media"),
    Row(9004, "refused", "address_unreachable", field="media"),
    Row(9007, "later", "still_processing", 2207027, after=10),
    Row(36000, "refused", "media_unreadable", 2207004, field="media"),
    Row(36001, "refused", "media_unreadable", 2207005, field="media"),
    Row(36003, "refused", "ratio_refused", 2207009, field="media"),
    Row(36004, "refused", "refused", 2207010, field="text"),
    Row(100, "refused", "refused", 2207028, field="media"),
    Row(100, "refused", "partner_refused", words="sponsor", field="options.paid"),
    Row(100, "refused", "not_for_kind", words="does not support the"),
    Row(100, "refused", "deleted", 2018001, field="reply_to"),
)


def account(session: Session) -> Graph:
    """The account by its Page's token."""
    token = str(session.grant.secrets.get("access_token", ""))
    return Graph(session.http, session.urls["api"], token, session.app.get("client_secret", ""), ROWS)


def desk(session: Session) -> Desk:
    """The account's direct messages, which are reached by its Page."""
    page = str(session.settings.get("page_id") or "")
    return Desk(account(session), page, "instagram", session.remote_id)


def may(session: Session, right: str) -> bool:
    """Whether the person gave this right when they connected."""
    return right in session.grant.scopes
