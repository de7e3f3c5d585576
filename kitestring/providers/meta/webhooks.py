"""What Meta calls the address of an app with: the challenge when it is saved, and what changed, signed with the app's secret.

It names accounts, and posts under which people wrote; nothing of what it says they wrote is read. Calls carry no time: one that
is told again makes us ask again.
Source: developers.facebook.com/docs/graph-api/webhooks/getting-started; .../webhooks/reference/page and .../instagram
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from kitestring.connectorkit.hooks import AppDoor, Knock, Ring, Rung
from kitestring.connectorkit.signing import rows, same, text, told
from kitestring.providers.meta.signing import is_signed

LONGEST: Final = 200  # letters of a challenge
TAKEN: Final = "EVENT_RECEIVED"
Reader = Callable[[Mapping[str, Any]], Iterator[Ring]]


def hear(knock: Knock, door: AppDoor, read: Reader) -> Rung | None:
    """None when it is not surely from Meta. `read` finds whom a body names."""
    if knock.method == "GET":
        return _challenged(knock, door)
    given = knock.headers.get("x-hub-signature-256", "")
    if not is_signed(knock.body, given, door.keys.get("client_secret", "")):
        return None
    body = told(knock.body)
    return Rung(TAKEN, tuple(read(body))) if body else None


def _challenged(knock: Knock, door: AppDoor) -> Rung | None:
    asked = knock.query
    challenge = asked.get("hub.challenge", "")
    sound = challenge.isascii() and challenge.isalnum() and len(challenge) <= LONGEST
    agreed = same(door.secrets.get("verify_token", ""), asked.get("hub.verify_token", ""))
    return Rung(challenge) if asked.get("hub.mode") == "subscribe" and agreed and sound else None


def of_object(body: Mapping[str, Any], name: str, read: Reader) -> Iterator[Ring]:
    """The rings of a call about objects of this sort; of each entry `read` finds what it says."""
    if text(body, "object") != name:
        return
    for entry in rows(body, "entry"):
        if not text(entry, "id"):
            continue
        yield from read(entry)
        if rows(entry, "messaging"):
            yield Ring(text(entry, "id"), words=True)


def changes(entry: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(field, what is said of it)."""
    for change in rows(entry, "changes"):
        value = change.get("value")
        if isinstance(value, Mapping):
            yield text(change, "field"), value
