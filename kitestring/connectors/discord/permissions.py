"""What a member may do in a channel, from its roles and the channel's overwrites.

Source: discord/discord-api-docs, developers/topics/permissions.mdx (the order of overwrites, and the bits).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

ADMINISTRATOR: Final = 1 << 3
ADD_REACTIONS: Final = 1 << 6
VIEW_CHANNEL: Final = 1 << 10
SEND_MESSAGES: Final = 1 << 11
MANAGE_MESSAGES: Final = 1 << 13
ATTACH_FILES: Final = 1 << 15
READ_MESSAGE_HISTORY: Final = 1 << 16
SEND_MESSAGES_IN_THREADS: Final = 1 << 38
ALL: Final = (1 << 53) - 1
THREADS: Final = {10, 11, 12}


def may(
    guild: str, me: str, held: Iterable[str], roles: Sequence[Mapping[str, Any]], channel: Mapping[str, Any]
) -> int:
    """The bits of the member `me` holding the roles `held` in `channel`. The role everybody has is called as the guild."""
    mine = {guild, *held}
    bits = 0
    for role in roles:
        if role["id"] in mine:
            bits |= int(role["permissions"])
    if bits & ADMINISTRATOR:
        return ALL
    written = list(channel.get("permission_overwrites") or ())
    for group in (
        [one for one in written if one["id"] == guild],
        [one for one in written if one["id"] in mine and one["id"] != guild],
        [one for one in written if one["id"] == me],
    ):
        denied = allowed = 0
        for one in group:
            denied |= int(one["deny"])
            allowed |= int(one["allow"])
        bits = bits & ~denied | allowed
    return bits if bits & VIEW_CHANNEL else 0
