"""What Bilibili posts to the app's address: a video that is open now, or one that was returned, and how it tries the address.

It is signed by the SHA-1 of the app's secret and the body. What it says of a video is not read: `follow` asks that.
Source: apifox.com/apidoc/docs-site/1106400/doc-895911 and doc-895917; the signature: open.bilibili.com, 消息推送概述, as
public code tells it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from kitestring.connectorkit.hooks import AppDoor, Knock, Ring, Rung
from kitestring.connectorkit.signing import part, same, text, told
from kitestring.connectors.bilibili.client import is_article

ENDS: Final = {"video_open", "video_fail"}
TRIAL: Final = "verify_webhooks"


def hear(knock: Knock, door: AppDoor) -> Rung | None:
    """By x-bilibili-signature. The trial of an address may come without one: its number is said back, nothing else is done."""
    if knock.method != "POST":
        return None
    given = knock.headers.get("x-bilibili-signature", "")
    genuine = _genuine(given, knock.body, door.keys.get("client_secret", ""))
    if given and not genuine:
        return None
    body = told(knock.body)
    if text(body, "event") == TRIAL:
        number = part(body, "content", "data")
        return Rung(json.dumps({"data": number}), signed=genuine) if type(number) is int else None
    if not genuine or not body:
        return None
    account, made = text(body, "content", "openid").strip(), text(body, "content", "resource_id")
    named = account and made and text(body, "event") in ENDS
    return Rung("", (Ring(account, about=(made,)),) if named else ())


def names(handle: str) -> tuple[str, ...]:
    """The video's name once it was submitted; Bilibili calls about no article."""
    done = json.loads(handle) if handle else {}
    made = str(done.get("id") or "") if isinstance(done, dict) else ""
    return (made,) if made and not is_article(made) else ()


def _genuine(given: str, body: bytes, secret: str) -> bool:
    made = hashlib.sha1(secret.encode() + body).hexdigest()  # noqa: S324 - the channel's own choice
    return bool(secret) and same(made, given)
