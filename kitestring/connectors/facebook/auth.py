"""Connecting Pages by Facebook Login: every Page the person may write on, each by its own token, which has no end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kitestring.connectorkit import oauth
from kitestring.connectorkit.contract import Begun, Connected, Grant, Session
from kitestring.connectors.facebook.client import MANIFEST, page
from kitestring.kit.http import Client
from kitestring.providers.meta import login

# A capability, the right it stands on, and the sentence for whoever declined it.
OPTIONAL = (
    ("messages", "pages_messaging", "messages_declined"),
    ("mentions", "pages_read_user_content", "mentions_declined"),
    ("moderation", "pages_manage_engagement", "engagement_declined"),
    ("metrics", "read_insights", "insights_declined"),
)


async def begin(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    answers: Mapping[str, str],
    *,
    state: str,
    redirect_uri: str,
) -> Begun:
    """The login dialog."""
    return Begun(login.dialog(urls, app, MANIFEST.auth.scopes, state=state, redirect_uri=redirect_uri))


async def finish(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    begun: Begun,
    params: Mapping[str, str],
    *,
    redirect_uri: str,
) -> Sequence[Connected]:
    """Each Page on which this person may publish."""
    me = await login.person(http, urls, app, oauth.code_of(params), redirect_uri)
    given = await login.granted(me, MANIFEST.auth.scopes)
    return [_connected(row, given) for row in await login.pages(me, task="CREATE_CONTENT")]


async def renew(session: Session) -> Grant:
    """The same grant: a Page's token does not end by itself. Asks whether it still holds (GrantExpired if not)."""
    await login.still_holds(page(session))
    return session.grant


def _connected(row: Mapping[str, Any], given: tuple[str, ...]) -> Connected:
    return Connected(
        remote_id=str(row["id"]),
        handle=f"@{row['username']}" if row.get("username") else str(row["id"]),
        name=str(row.get("name") or row["id"]),
        grant=Grant({"access_token": str(row["access_token"])}, given),
        avatar_url=login.picture(row),
        capabilities={key: True if right in given else why for key, right, why in OPTIONAL},
    )
