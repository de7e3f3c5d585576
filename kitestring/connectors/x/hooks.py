"""What X calls about accounts of the app: a post that names one, or answers it, and private messages. A bell, and no more.

X has us sign what it sends as a trial (CRC) with the very key that signs bodies, in the same way. So only the letters that its
trials are made of are signed: none of them opens a JSON object, and no signature made here fits a body.
Source: docs.x.com/x-api/webhooks/quickstart; .../x-api/activity/event-payloads; .../x-api/account-activity/introduction
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kitestring.connectorkit.hooks import AppDoor, Knock, Ring, Rung
from kitestring.connectorkit.signing import base64ed, rows, same, text, told

TRIAL: Final = re.compile(r"[A-Za-z0-9_=.+/-]{1,200}")
# What the X Activity API calls the words of others to an account.
WORDS: Final = {"post.mention.create", "post.reply.create", "dm.received"}


def hear(knock: Knock, door: AppDoor) -> Rung | None:
    """By x-twitter-webhooks-signature, made with the app's API key secret."""
    secret = door.keys.get("api_secret", "")
    if knock.method == "GET":
        asked = knock.query.get("crc_token", "")
        if not secret or not TRIAL.fullmatch(asked):
            return None
        return Rung(json.dumps({"response_token": _mark(secret, asked.encode())}), signed=False)
    given = knock.headers.get("x-twitter-webhooks-signature", "")
    body = told(knock.body)
    if not secret or not body or not same(_mark(secret, knock.body), given):
        return None
    return Rung("", tuple(_rings(body)))


def names(handle: str) -> tuple[str, ...]:
    """X calls about nothing that is under way."""
    return ()


def _mark(secret: str, words: bytes) -> str:
    return "sha256=" + base64ed(secret, words)


def _rings(body: Mapping[str, Any]) -> Iterator[Ring]:
    """Of the X Activity API, and of the older Account Activity API."""
    account = text(body, "data", "filter", "user_id")
    if account and text(body, "data", "event_type") in WORDS:
        yield Ring(account, words=True)
    account = text(body, "for_user_id")
    posts = [text(one, "user", "id_str") for one in rows(body, "tweet_create_events")]
    sent = [text(one, "message_create", "sender_id") for one in rows(body, "direct_message_events")]
    if account and any(who and who != account for who in (*posts, *sent)):
        yield Ring(account, words=True)
