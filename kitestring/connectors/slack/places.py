"""Where a message stands and where people read it; its words as Slack wants them, and as people read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected

_TS: Final = re.compile(r"\d+(?:\.\d+)?")
_CONVERSATION: Final = re.compile(r"[CDG][A-Z0-9]{2,}")
_NAMED = re.compile(r"([0-9a-f]{32})-\d+\.[a-z0-9]+")
# docs.slack.dev, messaging/formatting-message-text: what stands between angle brackets.
_BRACKETS = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def place_of(session: Session, remote_id: str) -> tuple[str, str]:
    """(conversation, ts): one in a private talk is called "D...:ts". Raises Rejected("", "not_there")."""
    channel, _, ts = remote_id.rpartition(":")
    if not _TS.fullmatch(ts) or (channel and not _CONVERSATION.fullmatch(channel)):
        raise Rejected("", "not_there")
    return channel or home(session), ts


def is_ts(remote_id: str) -> bool:
    """Whether it names a message of the account's own channel."""
    return _TS.fullmatch(remote_id) is not None


def home(session: Session) -> str:
    """The channel the account publishes to."""
    return str(session.settings.get("channel") or session.remote_id)


def called(session: Session, channel: str, ts: str) -> str:
    return ts if channel == home(session) else f"{channel}:{ts}"


def address(session: Session, channel: str, ts: str, root: str = "") -> str:
    """Where members of the workspace read it."""
    workspace = str(session.settings.get("workspace") or "").rstrip("/")
    if not workspace:
        return ""
    link = f"{workspace}/archives/{channel}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={root}&cid={channel}" if root and root != ts else link


def at(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)


def ts_of(moment: datetime) -> str:
    return f"{moment.timestamp():.6f}"


def named(key: UUID, place: int, ending: str) -> str:
    """The name a file is given there, by which its message is known again."""
    return f"{key.hex}-{place}.{ending}"


def key_in(name: str) -> str:
    """The key in a file's name as we give it; "" in any other."""
    found = _NAMED.fullmatch(name)
    return found[1] if found else ""


def escaped(text: str) -> str:
    """The three signs that mean something to Slack; so nothing in a text can call @channel or hide a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def readable(text: str, names: Mapping[str, str]) -> str:
    """Slack's text as people read it: names for numbers, links bare, the three signs themselves."""

    def plain(found: re.Match[str]) -> str:
        sign, inside, label = found[1], found[2], found[3] or ""
        if sign == "@":
            return f"@{label or names.get(inside, inside)}"
        if sign == "#":
            return f"#{label or inside}"
        if sign == "!":
            return label or f"@{inside.partition('^')[0]}"
        bare = inside.removeprefix("mailto:")
        return bare if not label or label == bare or bare.endswith(label) else f"{label} ({bare})"

    bare = _BRACKETS.sub(plain, text)
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
