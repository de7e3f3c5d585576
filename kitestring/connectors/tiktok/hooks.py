"""What TikTok calls about accounts of the app: how a post on its way ended. It makes us ask sooner, and no more.

Signed with the client secret over the time and the body. That the rights were taken back is not read from a call:
the next question finds it. TikTok tells a call again for three days: one whose own time is
old is refused, and asking has found out long before.
Source: developers.tiktok.com/doc/webhooks-verification; .../webhooks-events; .../content-posting-api-reference-get-video-status
"""

from __future__ import annotations

from typing import Final

from kitestring.connectorkit.hooks import AppDoor, Knock, Ring, Rung
from kitestring.connectorkit.signing import hexed, recent, same, text, told
from kitestring.connectors.tiktok.stands import known_of

GOOD_FOR: Final = 300  # seconds; as the manifest says
ABOUT: Final = "post.publish."


def hear(knock: Knock, door: AppDoor) -> Rung | None:
    """By TikTok-Signature: t=seconds,s=HMAC-SHA256 of "t.body"."""
    secret = door.keys.get("client_secret", "")
    parts = [part.strip().partition("=") for part in knock.headers.get("tiktok-signature", "").split(",")[:4]]
    given = {name: value for name, _sign, value in parts}
    at = given.get("t", "")
    if knock.method != "POST" or not secret or not recent(at, GOOD_FOR):
        return None
    body = told(knock.body)
    if not body or not same(hexed(secret, at.encode() + b"." + knock.body), given.get("s", "")):
        return None
    account, number = text(body, "user_openid"), text(told(text(body, "content").encode()), "publish_id")
    named = account and number and text(body, "event").startswith(ABOUT)
    return Rung("", (Ring(account, about=(number,)),) if named else ())


def names(handle: str) -> tuple[str, ...]:
    """TikTok's number of the post on its way."""
    known = known_of(handle)
    return (known.publish,) if known is not None else ()
