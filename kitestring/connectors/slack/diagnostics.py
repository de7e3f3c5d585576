"""Is the account well? The token's rights as Slack names them now, and whether the bot may write in its channel."""

from __future__ import annotations

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.slack import auth, places
from kitestring.connectors.slack.client import workspace

BAD = {"publishing"}


async def examine(session: Session) -> Examined:
    """Each right that is missing is a finding of its own. Raises RetryLater when Slack cannot be asked."""
    place = workspace(session)
    try:
        _me, answer = await place.told("auth.test")
        scopes = auth.rights(answer)
        found = auth.told(scopes, await auth.info(place, places.home(session)))
    except (GrantExpired, Rejected) as error:
        return Examined([Finding("bad", error.reason)])
    missing = {why: key for key, why in found.items() if isinstance(why, str)}
    findings = [Finding("bad" if key in BAD else "warning", why) for why, key in missing.items()]
    return Examined(findings or [Finding("good", "health_good")], scopes=scopes or None)
