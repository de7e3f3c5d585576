"""What a follower wrote to the account, as WeChat pushes it: flat XML, read by patterns and given to no parser."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from kitestring.connectorkit.contract import Incoming

PERSON: Final = re.compile(r"[\w-]{1,80}", re.ASCII)
# What stands for a message without words, the same in every language.
SIGNS: Final = {
    "image": "📷", "voice": "🎤", "video": "🎞️", "shortvideo": "🎞️", "location": "📍", "link": "🔗", "file": "📎",
}  # fmt: skip
# Which of its fields are worth reading, the first that is there. Of a picture WeChat gives an address that opens.
_TOLD: Final = {
    "image": ("PicUrl",), "voice": ("Recognition",), "location": ("Label",), "link": ("Title", "Url"), "file": ("Title",),
}  # fmt: skip
_FIELD: Final = re.compile(r"<(\w{1,40})>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</\1>", re.DOTALL)
# How a "]]>" that somebody writes is put into XML: the section ends inside it and goes on.
_PARTED: Final = "]]]]><![CDATA[>"
_LONGEST: Final = 20_000


def letter(text: str) -> Incoming | None:
    """The private message in what was pushed; None for events and for what has no writer or number.

    Only to be asked of a text whose seal was opened: of no other is it known who wrote it.
    """
    told = _fields(text)
    kind, who, number = (told.get(name, "") for name in ("MsgType", "FromUserName", "MsgId"))
    if kind not in {"text", *SIGNS} or not PERSON.fullmatch(who) or not number.isdecimal():
        return None
    try:
        at = datetime.fromtimestamp(int(told.get("CreateTime", "")), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return Incoming(
        remote_id=f"{who}:{number}",
        post_remote_id="",
        author_id=who,
        author_name=f"…{who[-6:]}",
        text=_words(kind, told)[:_LONGEST],
        at=at,
        kind="message",
        thread=who,
    )


def _fields(text: str) -> dict[str, str]:
    """The fields by name. The first of a name counts: who writes and when stands before anybody's words."""
    found: dict[str, str] = {}
    for name, section, plain in _FIELD.findall(text.partition("<xml>")[2]):
        found.setdefault(name, (section or plain).replace(_PARTED, "]]>").strip())
    return found


def _words(kind: str, told: dict[str, str]) -> str:
    if kind == "text":
        return told.get("Content", "")
    shown = [told[name] for name in _TOLD.get(kind, ()) if told.get(name)]
    return " ".join([SIGNS[kind], *shown])
