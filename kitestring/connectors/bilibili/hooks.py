"""What Bilibili posts to the app's address: a video that is open now, or one that was returned, and how it tries the address.

It is signed by the SHA-1 of the app's secret and the body. What it says of a video is not read: `follow` asks that. Events
of other accounts of the same app come to the same address; they are acknowledged, and are about nothing of this account's.
Source: apifox.com/apidoc/docs-site/1106400/doc-895911 and doc-895917; the signature: open.bilibili.com, 消息推送概述, as
public code tells it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

from kitestring.connectorkit.hooks import Door, Heard, Knock
from kitestring.connectors.bilibili.client import is_article

ENDS: Final = {"video_open", "video_fail"}
TRIAL: Final = "verify_webhooks"


def verify(knock: Knock, door: Door) -> Heard | None:
    """By x-bilibili-signature. The trial of an address may come without one: its number is said back, nothing else is done."""
    if knock.method != "POST":
        return None
    given = knock.headers.get("x-bilibili-signature", "")
    genuine = _genuine(given, knock.body, door.keys.get("client_secret", ""))
    if given and not genuine:
        return None
    told = _told(knock.body)
    content = told.get("content")
    inside = content if isinstance(content, Mapping) else {}
    if told.get("event") == TRIAL:
        number = inside.get("data")
        return Heard(json.dumps({"data": number})) if type(number) is int else None
    return Heard(about=_about(told, inside, door)) if genuine and told else None


def names(handle: str) -> tuple[str, ...]:
    """The video's name once it was submitted; Bilibili calls about no article."""
    done = json.loads(handle) if handle else {}
    made = str(done.get("id") or "") if isinstance(done, dict) else ""
    return (made,) if made and not is_article(made) else ()


def _genuine(given: str, body: bytes, secret: str) -> bool:
    made = hashlib.sha1(secret.encode() + body).hexdigest()  # noqa: S324 - the channel's own choice
    return bool(secret and given) and hmac.compare_digest(made.encode(), given.encode("utf-8", "replace"))


def _told(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _about(told: Mapping[str, Any], inside: Mapping[str, Any], door: Door) -> tuple[str, ...]:
    made = str(inside.get("resource_id") or "")
    ours = str(inside.get("openid") or "").strip() == door.remote_id
    return (made,) if told.get("event") in ENDS and ours and made else ()
