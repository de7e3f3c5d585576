"""Connecting Instagram accounts by Facebook Login: every professional account that is linked to a Page of the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kitestring.connectorkit import oauth
from kitestring.connectorkit.contract import Begun, Connected, Grant, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.instagram.client import MANIFEST, account
from kitestring.kit.http import Client
from kitestring.providers.meta import login

LINKED: Final = "instagram_business_account{id,username,name,profile_picture_url}"
# A capability, the right it stands on, and the sentence for whoever declined it.
OPTIONAL = (
    ("comments", "instagram_manage_comments", "comments_declined"),
    ("messages", "instagram_manage_messages", "messages_declined"),
    ("metrics", "instagram_manage_insights", "insights_declined"),
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
    """Each linked account. Raises Rejected("", "no_professional_account") when no Page has one."""
    me = await login.person(http, urls, app, oauth.code_of(params), redirect_uri)
    given = await login.granted(me, MANIFEST.auth.scopes)
    pages = await login.pages(me, task="CREATE_CONTENT", more=LINKED)
    linked = [row for row in pages if (row.get("instagram_business_account") or {}).get("id")]
    if not linked:
        raise Rejected("", "no_professional_account")
    return [_connected(row, row["instagram_business_account"], given) for row in linked]


async def renew(session: Session) -> Grant:
    """The same grant: a Page's token does not end by itself. Asks whether it still holds (GrantExpired if not)."""
    await login.still_holds(account(session))
    return session.grant


def _connected(page: Mapping[str, Any], found: Mapping[str, Any], given: tuple[str, ...]) -> Connected:
    username = str(found.get("username") or found["id"])
    return Connected(
        remote_id=str(found["id"]),
        handle=f"@{username}",
        name=str(found.get("name") or username),
        grant=Grant({"access_token": str(page["access_token"])}, given),
        avatar_url=str(found.get("profile_picture_url") or ""),
        capabilities={key: True if right in given else why for key, right, why in OPTIONAL},
        settings={"page_id": str(page["id"])},
    )
