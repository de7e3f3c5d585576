"""What Facebook calls about Pages of the app: somebody commented, named the Page, or wrote to it. A bell, and no more.

Source: developers.facebook.com/docs/graph-api/webhooks/reference/page; .../messenger-platform/webhooks
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kitestring.connectorkit.hooks import AppDoor, Knock, Ring, Rung
from kitestring.connectorkit.signing import text
from kitestring.providers.meta import webhooks


def hear(knock: Knock, door: AppDoor) -> Rung | None:
    """By X-Hub-Signature-256; the trial of an address by the verify token."""
    return webhooks.hear(knock, door, lambda body: webhooks.of_object(body, "page", _rings))


def names(handle: str) -> tuple[str, ...]:
    """Facebook calls about nothing that is under way."""
    return ()


def _rings(entry: Mapping[str, Any]) -> Iterator[Ring]:
    page = text(entry, "id")
    for name, value in webhooks.changes(entry):
        if name == "feed" and text(value, "item") == "comment" and text(value, "post_id"):
            yield Ring(page, words=True, posts=(text(value, "post_id"),))
        elif name == "mention":
            yield Ring(page, words=True)
