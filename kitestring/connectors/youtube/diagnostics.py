"""What is wrong with a channel's connection: rights not given, a consent that ends, long videos, videos kept private."""

from __future__ import annotations

from typing import Any, Final

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.youtube.auth import ANALYTICS, playlists
from kitestring.connectors.youtube.client import data
from kitestring.providers.google import login

NEWEST: Final = 5


async def examine(session: Session) -> Examined:
    """Raises RetryLater when nobody can tell."""
    try:
        body = await data(session).read("channels", part="status,contentDetails", id=session.remote_id)
        rows = body.get("items") or []
        if not rows:
            return Examined([Finding("bad", "account_gone")])
        found = [*_channel(rows[0]), *await _privacy(session, rows[0])]
        settings = {"playlists": await playlists(data(session))}
    except (GrantExpired, Rejected) as error:
        return Examined([Finding("bad", error.reason)])
    found += _consent(session)
    if not any(one.state != "good" for one in found):
        found.insert(0, Finding("good", "health_good"))
    return Examined(found, session.grant.scopes, settings=settings)


def _channel(row: dict[str, Any]) -> list[Finding]:
    known = (row.get("status") or {}).get("longUploadsStatus")
    return [Finding("warning", "channel_not_verified_yet")] if known in ("eligible", "disallowed") else []


async def _privacy(session: Session, row: dict[str, Any]) -> list[Finding]:
    """Whether all of the newest videos are private: what a project or a channel that is held back looks like."""
    lists = (row.get("contentDetails") or {}).get("relatedPlaylists") or {}
    if not lists.get("uploads"):
        return []
    try:
        body = await data(session).read(
            "playlistItems", part="status", playlistId=str(lists["uploads"]), maxResults=str(NEWEST)
        )
    except Rejected as error:
        if error.reason in (
            "not_there",
            "playlist_gone",
        ):  # a channel without a single video has no such list
            return []
        raise
    seen = [(item.get("status") or {}).get("privacyStatus") for item in body.get("items") or []]
    if len(seen) < 2 or set(seen) != {"private"}:
        return []
    return [Finding("warning", "all_private", {"count": len(seen)})]


def _consent(session: Session) -> list[Finding]:
    found = []
    if not login.given(session.grant, ANALYTICS):
        found.append(Finding("warning", "shares_declined"))
    if end := login.ends(session.grant):
        found.append(Finding("warning", "testing_ends", {"day": end.date().isoformat()}))
    return found
