"""What Slack calls about channels its app is in: an answer in a thread, or a message that names the bot. A bell, and no more.

A private message comes with the talk's own id and does not say which channels here it concerns: those are asked for in the round.
Source: docs.slack.dev, authentication/verifying-requests-from-slack; docs.slack.dev, apis/events-api
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kitestring.connectorkit.hooks import AppDoor, Knock, Ring, Rung
from kitestring.connectorkit.signing import hexed, part, recent, same, text, told

GOOD_FOR: Final = 300  # seconds; as the manifest says
LONGEST: Final = 200  # letters of a challenge
SAID: Final = {"", "file_share", "thread_broadcast", "me_message", "bot_message"}


def hear(knock: Knock, door: AppDoor) -> Rung | None:
    """By X-Slack-Signature: v0=HMAC-SHA256 of "v0:time:body" with the app's signing secret."""
    secret, at = door.keys.get("signing_secret", ""), knock.headers.get("x-slack-request-timestamp", "")
    if knock.method != "POST" or not secret or not recent(at, GOOD_FOR):
        return None
    made = "v0=" + hexed(secret, f"v0:{at}:".encode() + knock.body)
    body = told(knock.body)
    if not body or not same(made, knock.headers.get("x-slack-signature", "")):
        return None
    if text(body, "type") == "url_verification":
        asked = text(body, "challenge")
        return Rung(json.dumps({"challenge": asked})) if 0 < len(asked) <= LONGEST else None
    return Rung("", tuple(_rings(body)))


def names(handle: str) -> tuple[str, ...]:
    """Slack calls about nothing that is under way."""
    return ()


def _rings(body: Mapping[str, Any]) -> Iterator[Ring]:
    event = part(body, "event")
    kind, channel, thread = text(event, "type"), text(event, "channel"), text(event, "thread_ts")
    if text(body, "type") != "event_callback" or not channel or text(event, "subtype") not in SAID:
        return
    if kind == "message" and thread and thread != text(event, "ts"):
        yield Ring(channel, words=True, posts=(thread,))
    elif kind == "app_mention":
        yield Ring(channel, words=True)
