"""What Instagram calls about accounts of the app: a comment, a name in a caption or comment, a message. A bell, and no more.

What only a call can tell (a name in a caption) is not taken from it: asking finds the posts in which the account is tagged.
Source: developers.facebook.com/docs/graph-api/webhooks/reference/instagram; .../instagram-platform/webhooks
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kitestring.connectorkit.hooks import AppDoor, Knock, Ring, Rung
from kitestring.connectorkit.signing import text
from kitestring.providers.meta import webhooks


def hear(knock: Knock, door: AppDoor) -> Rung | None:
    """By X-Hub-Signature-256; the trial of an address by the verify token."""
    return webhooks.hear(knock, door, lambda body: webhooks.of_object(body, "instagram", _rings))


def names(handle: str) -> tuple[str, ...]:
    """Instagram calls about no container."""
    return ()


def _rings(entry: Mapping[str, Any]) -> Iterator[Ring]:
    account = text(entry, "id")
    for name, value in webhooks.changes(entry):
        if name == "comments" and text(value, "media", "id"):
            yield Ring(account, words=True, posts=(text(value, "media", "id"),))
        elif name == "mentions":
            yield Ring(account, words=True)
