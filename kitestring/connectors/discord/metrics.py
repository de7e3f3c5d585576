"""What Discord counts: the reactions under a message, and the members of the server. Nothing of who saw it."""

from __future__ import annotations

from collections.abc import Sequence

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.discord import ids
from kitestring.connectors.discord.client import MANIFEST, caller, is_webhook
from kitestring.kit import clock


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """All reactions of a message added up, whatever the sign: Discord has no like of its own."""
    at, [fact] = clock.now(), MANIFEST.metrics
    found = []
    for post in posts:
        value, why = (
            (None, "webhook_reads_nothing") if is_webhook(session) else await _reactions(session, post)
        )
        found.append(Reading(post, fact.key, value, fact.field, at, why))
    return found


async def _reactions(session: Session, post: str) -> tuple[float | None, str]:
    try:
        channel, message = ids.place_of(session, post)
        told = await caller(session).read(f"/channels/{channel}/messages/{message}")
    except Rejected as error:
        if error.reason == "not_there":
            return None, "not_there"
        raise
    return float(sum(int(one["count"]) for one in told.get("reactions") or ())), ""


async def account(session: Session) -> Sequence[Reading]:
    """The members of the server, as Discord estimates them."""
    at, [fact] = clock.now(), MANIFEST.account_metrics
    if is_webhook(session):
        return [Reading(session.remote_id, fact.key, None, fact.field, at, "webhook_reads_nothing")]
    guild = session.settings.get("guild")
    told = await caller(session).read(f"/guilds/{guild}/preview")
    value = told.get(fact.field)
    number = None if value is None else float(value)
    return [
        Reading(session.remote_id, fact.key, number, fact.field, at, "" if value is not None else "not_given")
    ]
