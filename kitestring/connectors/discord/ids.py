"""Ids as Discord makes them (snowflakes hold a time), names of our own, and where a message stands."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected

# discord/discord-api-docs, developers/reference.mdx (Snowflakes): milliseconds since the first second of 2015, 22 bits left.
EPOCH: Final = 1_420_070_400_000
DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
NONCE: Final = 25  # letters; 36 ** 25 is just above 2 ** 128, so a whole key fits
_NAMED = re.compile(r"([0-9a-z]{25})_\d+\.[a-z0-9]+")


def nonce(key: UUID) -> str:
    """The delivery's key as a nonce, all of it."""
    number, letters = key.int, ""
    while number:
        number, rest = divmod(number, 36)
        letters = DIGITS[rest] + letters
    return letters.rjust(NONCE, "0")


def named(key: UUID, place: int, ending: str) -> str:
    """The name a file is given there, by which its message is known again."""
    return f"{nonce(key)}_{place}.{ending}"


def key_in(name: str) -> str:
    """The nonce in a file's name as we give it; "" in any other."""
    found = _NAMED.fullmatch(name)
    return found[1] if found else ""


def at(snowflake: str) -> datetime:
    """When it was made."""
    return datetime.fromtimestamp(((int(snowflake) >> 22) + EPOCH) / 1000, UTC)


def first_of(moment: datetime) -> str:
    """The smallest snowflake of a moment."""
    return str((max(0, int(moment.timestamp() * 1000) - EPOCH)) << 22)


def place_of(session: Session, remote_id: str) -> tuple[str, str]:
    """(channel, message): a message in a thread is called "thread:message". Raises Rejected("", "not_there")."""
    channel, _, message = remote_id.rpartition(":")
    if not message.isdecimal() or not (channel or "0").isdecimal():
        raise Rejected("", "not_there")
    return channel or home(session), message


def home(session: Session) -> str:
    """The channel the account publishes to: a webhook's may be a thread of its own channel."""
    return str(session.settings.get("thread") or session.settings.get("channel") or session.remote_id)


def called(session: Session, channel: str, message: str) -> str:
    return message if channel == home(session) else f"{channel}:{message}"


def address(session: Session, channel: str, message: str) -> str:
    """Where members of the server read it."""
    guild = session.settings.get("guild")
    return f"{session.urls['web']}/channels/{guild}/{channel}/{message}" if guild else ""
