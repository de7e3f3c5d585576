"""Is the account well? What the bot may do in its channel now; of a webhook, that it is still there."""

from __future__ import annotations

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.discord import auth
from kitestring.connectors.discord.client import caller, hook_path, is_webhook

BAD = {"publishing"}


async def examine(session: Session) -> Examined:
    """Each right that is missing is a finding of its own. Raises RetryLater when Discord cannot be asked."""
    try:
        if is_webhook(session):
            await caller(session).read(hook_path(session))
            return Examined([Finding("good", "health_good"), Finding("warning", "webhook_reads_nothing")])
        found = await _rights(session)
    except GrantExpired as error:
        return Examined([Finding("bad", error.reason)])
    except Rejected as error:
        return Examined([Finding("bad", error.reason)])
    missing = {why: key for key, why in found.items() if isinstance(why, str)}
    findings = [Finding("bad" if key in BAD else "warning", why) for why, key in missing.items()]
    return Examined(findings or [Finding("good", "health_good")])


async def _rights(session: Session) -> dict[str, bool | str]:
    bot = caller(session)
    me = await bot.read("/users/@me")
    channel = await bot.read(f"/channels/{session.settings['channel']}")
    return auth.told(await auth.bits(bot, me, channel), await auth.sees_words(bot), channel["type"])
