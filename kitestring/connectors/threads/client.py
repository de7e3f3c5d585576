"""The account's Graph, and the codes that only Threads ends in; those of all of Meta are in `providers.meta.errors`.

Source: developers.facebook.com/documentation/threads/troubleshooting (page updated 2025-07-14) and .../create-posts
(2026-07-02); the numbers of the codes are those of Meta's publishing, assumed to hold here too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.manifest import load
from kitestring.providers.meta.errors import Row
from kitestring.providers.meta.graph import Graph

MANIFEST = load(Path(__file__).parent)
HOUR: Final = 3600.0
ROWS: Final = (
    Row(-1, "unclear", "broken"),
    Row(-2, "unclear", "broken"),
    Row(4, "refused", "blocked_for_now", 2207051),
    Row(9, "later", "quota_used", 2207042, after=HOUR),
    Row(24, "refused", "not_there", 2207006),
    Row(24, "refused", "not_there", 4279009),
    Row(24, "later", "still_processing", 2207008, after=30),
    Row(9004, "refused", "address_unreachable", field="media"),
    Row(9007, "later", "still_processing", after=10),
    Row(100, "refused", "links_too_many", words="LINK_LIMIT_EXCEEDED", field="text"),
)


def account(session: Session) -> Graph:
    return by_token(session, str(session.grant.secrets.get("access_token", "")))


def by_token(session: Session, token: str) -> Graph:
    """Threads' documents know the token as a parameter only, and no proof of the app."""
    return Graph(session.http, session.urls["api"], token, rows=ROWS, in_query=True)


def may(session: Session, right: str) -> bool:
    """Whether the person gave this right when they connected."""
    return right in session.grant.scopes
