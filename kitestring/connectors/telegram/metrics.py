"""Reactions to posts of a channel, as told along with the inbox; how many members it has, asked for.

A bot cannot ask for a post's reactions: Telegram tells their counts once, among the updates that the inbox fetches. The inbox
keeps them in its cursor, and they are read from there.
"""

from __future__ import annotations

from collections.abc import Sequence

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectors.telegram.client import MANIFEST, bot
from kitestring.connectors.telegram.cursors import opened
from kitestring.kit import clock


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """The sum of all reactions to each post; None where none was told of.

    Raises GrantExpired when the bot's token no longer opens: what was told before is then no number of today.
    """
    await bot(session).call("getMe")
    counts, at = opened(session.cursor)["counts"], clock.now()
    readings: list[Reading] = []
    for post in posts:
        told = [counts[number] for number in post.split(",") if number in counts]
        value = float(sum(told)) if told else None
        why = "" if told else "no_reactions_told"
        readings += [Reading(post, fact.key, value, fact.field, at, why) for fact in MANIFEST.metrics]
    return readings


async def account(session: Session) -> Sequence[Reading]:
    """The members of the channel or group."""
    count = await bot(session).call("getChatMemberCount", chat_id=int(session.remote_id))
    return [
        Reading(session.remote_id, fact.key, float(int(count)), fact.field, clock.now())
        for fact in MANIFEST.account_metrics
    ]
