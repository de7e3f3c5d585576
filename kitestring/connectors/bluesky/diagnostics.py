"""What is wrong with an account, asked of its server and of the network: whether it is active, seen, and what its grant opens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.bluesky import messages, videos
from kitestring.connectors.bluesky.client import chat, network, pds

# Labels of the network's moderation that take an account's posts out of sight, or put a warning before them.
HIDING: Final = {"!hide", "!takedown", "!suspend"}
WARNING: Final = {"!warn", "spam", "impersonation", "misleading", "rude", "intolerant", "threat"}
NO_HANDLE: Final = "handle.invalid"


async def examine(session: Session) -> Examined:
    """Findings and what is left of the day's videos. Raises RetryLater when nobody can tell."""
    scopes = session.grant.scopes or None
    try:
        own = await pds(session).ask("com.atproto.server.getSession")
    except (GrantExpired, Rejected) as error:
        return Examined([Finding("bad", error.reason)], scopes)
    found = list(_of_session(own))
    if not any(finding.state == "bad" for finding in found):
        found += await _seen(session)
        found += await _messages(session)
    videos_left, told = await _videos(session)
    found += told
    sound = all(finding.state == "good" for finding in found)
    return Examined([*([Finding("good", "health_good")] if sound else []), *found], scopes, videos_left)


def _of_session(own: dict[str, Any]) -> Iterator[Finding]:
    if own.get("active") is False:
        yield Finding("bad", "account_gone")
    if own.get("handle") == NO_HANDLE:
        yield Finding("warning", "handle_broken")
    if own.get("emailConfirmed") is False:
        yield Finding("warning", "email_unconfirmed")


async def _seen(session: Session) -> list[Finding]:
    """What the network's moderation says of the account."""
    try:
        profile = await network(session).ask("app.bsky.actor.getProfile", (("actor", session.remote_id),))
    except Rejected:
        return [Finding("warning", "no_profile_yet")]
    labels = {str(one.get("val")) for one in profile.get("labels") or [] if not one.get("neg")}
    if labels & HIDING:
        return [Finding("bad", "labelled_hidden")]
    if found := sorted(labels & WARNING):
        return [Finding("warning", "labelled", {"labels": ", ".join(found)})]
    return []


async def _messages(session: Session) -> list[Finding]:
    """Whether private messages can be read, where the grant should open them. Reads the list of one talk."""
    if not messages.allowed(session.grant):
        return []
    try:
        await chat(session).ask("chat.bsky.convo.listConvos", (("limit", "1"),))
    except Rejected:
        return [Finding("warning", "messages_closed")]
    except RetryLater:
        return [Finding("warning", "messages_unreachable")]
    return []


async def _videos(session: Session) -> tuple[dict[str, int], list[Finding]]:
    """How many videos the service takes today; nothing where there is no such service, or it does not say."""
    if not session.urls.get("video"):
        return {}, []
    try:
        told = await videos.left(session)
    except (Rejected, RetryLater, GrantExpired):
        return {}, []
    left = told.get("remainingDailyVideos")
    count = {"videos": left} if isinstance(left, int) else {}
    if told.get("canUpload") is False:
        said = str(told.get("message") or told.get("error") or "")[:200]
        return count, [Finding("warning", "videos_refused", {"said": said})]
    return count, []
