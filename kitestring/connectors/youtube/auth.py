"""Connecting a channel by Google's consent; access ends after an hour and is renewed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kitestring.connectorkit.contract import Begun, Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.youtube.client import MANIFEST, ROWS
from kitestring.kit.http import Client
from kitestring.providers.google import login
from kitestring.providers.google.api import Api

PUBLISHES: Final = "youtube.force-ssl"
ANALYTICS: Final = "yt-analytics.readonly"
ENDS_ALL: Final = True
LISTS: Final = 4  # pages of 50 playlists that are offered for a choice


async def begin(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    answers: Mapping[str, str],
    *,
    state: str,
    redirect_uri: str,
) -> Begun:
    """Google's consent page; there the person picks the channel, too."""
    return login.dialog(urls, app, MANIFEST.auth.scopes, state=state, redirect_uri=redirect_uri)


async def finish(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    begun: Begun,
    params: Mapping[str, str],
    *,
    redirect_uri: str,
) -> Sequence[Connected]:
    """The channel that was picked, with its playlists."""
    grant = await login.redeem(http, urls, app, begun, params, redirect_uri)
    if not login.given(grant, PUBLISHES):
        raise Rejected("", "right_declined")
    api = Api(http, urls["api"], str(grant.secrets["access_token"]), ROWS)
    found = (await api.read("channels", part="snippet,status,contentDetails", mine="true")).get("items")
    rows = [row for row in found or [] if isinstance(row, dict)]
    if not rows:
        raise Rejected("", "no_channel")
    return [_connected(row, grant, await playlists(api)) for row in rows]


async def renew(session: Session) -> Grant:
    """The next access token under the same consent. An end of it names the likeliest cause: a project in "Testing"."""
    try:
        return await login.renewed(session)
    except GrantExpired as error:
        if error.reason != "grant_expired":
            raise
        raise GrantExpired("google_consent_over", said=error.said) from error


async def give_back(session: Session) -> None:
    """Google ends every consent of this person to our app with one token."""
    await login.give_back(session)


def _connected(row: Mapping[str, Any], grant: Grant, lists_there: list[dict[str, str]]) -> Connected:
    snippet, status = row.get("snippet") or {}, row.get("status") or {}
    lists = (row.get("contentDetails") or {}).get("relatedPlaylists") or {}
    picture = ((snippet.get("thumbnails") or {}).get("default") or {}).get("url")
    return Connected(
        remote_id=str(row["id"]),
        handle=str(snippet.get("customUrl") or row["id"]),
        name=str(snippet.get("title") or row["id"]),
        grant=grant,
        avatar_url=str(picture or ""),
        capabilities={"metrics": True if login.given(grant, ANALYTICS) else "shares_declined"},
        settings={
            "playlists": lists_there,
            "long_uploads": str(status.get("longUploadsStatus") or ""),
            "uploads_list": str(lists.get("uploads") or ""),
        },
    )


async def playlists(api: Api) -> list[dict[str, str]]:
    """The channel's playlists as choices."""
    found = [
        row
        async for rows in api.pages("playlists", most=LISTS, part="snippet", mine="true", maxResults="50")
        for row in rows
    ]
    return [
        {"value": str(row["id"]), "label": str((row.get("snippet") or {}).get("title") or row["id"])}
        for row in found
    ]
