"""What is wrong with an account, or will be: rights not given, no audit, caps reached. Levels of privacy are read anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.tiktok import auth, creator
from kitestring.connectors.tiktok.client import DRAFTS, LISTS, NAMES, POSTS, STATS, api, may
from kitestring.kit import clock

DECLINED: Final = {
    POSTS: "direct_declined",
    DRAFTS: "drafts_declined",
    LISTS: "list_declined",
    STATS: "stats_declined",
}
CAPS: Final = ("posts_used", "app_users_used")
SOON: Final = timedelta(days=14)


async def examine(session: Session) -> Examined:
    """Raises RetryLater when nobody can tell."""
    found: list[Finding] = []
    now = creator.Creator()
    try:
        if may(session.grant, POSTS):
            now = await creator.ask(api(session))
            found += _posting(session, now)
        else:
            await auth.who(api(session), may(session.grant, NAMES))
    except (GrantExpired, Rejected) as error:
        return Examined([Finding("bad", error.reason)])
    except RetryLater as error:
        if error.reason not in CAPS:
            raise
        found.append(Finding("warning", error.reason))
    for right, reason in DECLINED.items():
        if not may(session.grant, right):
            found.append(Finding("warning", reason))
    found += _end(session)
    if all(one.state == "good" for one in found):
        found.insert(0, Finding("good", "health_good"))
    return Examined(found, session.grant.scopes or None, settings=now.settings if now.levels else {})


def _posting(session: Session, now: creator.Creator) -> list[Finding]:
    found = []
    if session.app.get("audited") != "yes":
        found.append(Finding("warning", "audit_missing_public" if now.public else "audit_missing"))
    if "comment" in now.off:
        found.append(Finding("warning", "comments_off"))
    if now.longest:
        found.append(Finding("good", "longest_video", {"limit": now.longest}))
    return found


def _end(session: Session) -> list[Finding]:
    """A refresh token that ends soon, however often access is renewed."""
    try:
        end = datetime.fromisoformat(str(session.grant.secrets.get(auth.REFRESH_ENDS) or ""))
    except ValueError:
        return []
    if end.tzinfo is None or end - clock.now() > SOON:
        return []
    return [Finding("warning", "ends_soon", {"day": end.date().isoformat()})]
