"""What a tap on an entry that answers with words gets: a passive reply, in the answer to WeChat's own call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from kitestring.connectors.wechat.letters import PERSON
from kitestring.connectors.wechat.menus import OURS, kept_words
from kitestring.connectors.wechat.sealing import seal, signature
from kitestring.kit import clock

_KEY: Final = re.compile(
    r"<EventKey>\s{0,9}(?:<!\[CDATA\[)?(" + OURS + r"[0-9a-f]{24})(?:\]\]>)?\s{0,9}</EventKey>"
)
_WHO: Final = re.compile(
    r"<(FromUserName|ToUserName)>\s{0,9}(?:<!\[CDATA\[)?([\w-]{1,80})(?:\]\]>)?\s{0,9}</\1>"
)


def words(text: str, settings: Mapping[str, Any]) -> str:
    """The reply as WeChat's XML; "" where the event is no tap of ours, or its words are gone."""
    found = _KEY.search(text)
    said = kept_words(settings).get(found[1], "") if found else ""
    people: dict[str, str] = {}
    for name, who in _WHO.findall(text):
        people.setdefault(name, who)
    to, us = people.get("FromUserName", ""), people.get("ToUserName", "")
    if not said or not PERSON.fullmatch(to) or not PERSON.fullmatch(us):
        return ""
    at = int(clock.now().timestamp())
    return (
        f"<xml><ToUserName>{_section(to)}</ToUserName><FromUserName>{_section(us)}</FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType>{_section('text')}</MsgType>"
        f"<Content>{_section(str(said))}</Content></xml>"
    )


def in_seal(reply: str, secrets: Mapping[str, str], app_id: str, nonce: str) -> str:
    """The same for safe mode: sealed and signed as WeChat signs its own."""
    inside, stamp = seal(reply, secrets.get("aes_key", ""), app_id), str(int(clock.now().timestamp()))
    sign = signature(secrets.get("token", ""), stamp, nonce, inside)
    return (
        f"<xml><Encrypt>{_section(inside)}</Encrypt><MsgSignature>{_section(sign)}</MsgSignature>"
        f"<TimeStamp>{stamp}</TimeStamp><Nonce>{_section(nonce)}</Nonce></xml>"
    )


def _section(value: str) -> str:
    return f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>"
