"""What Threads calls about accounts of the app: an answer under a post, or a post that names the account. A bell, and no more.

An answer tells whose post it stands under (`root_post.owner_id`). The document does not say clearly whether
`target_id` is an account or a post: it is looked for as an account, and what is none of ours is passed over.
Source: developers.facebook.com/docs/threads/webhooks
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kitestring.connectorkit.hooks import AppDoor, Knock, Ring, Rung
from kitestring.connectorkit.signing import part, text
from kitestring.providers.meta import webhooks


def hear(knock: Knock, door: AppDoor) -> Rung | None:
    """By X-Hub-Signature-256; the trial of an address by the verify token."""
    return webhooks.hear(knock, door, _rings)


def names(handle: str) -> tuple[str, ...]:
    """Threads calls about no container."""
    return ()


def _rings(body: Mapping[str, Any]) -> Iterator[Ring]:
    told = part(body, "values")
    name, value = text(told, "field"), part(told, "value")
    if name == "replies":
        post = text(value, "root_post", "id")
        for account in dict.fromkeys((text(value, "root_post", "owner_id"), text(body, "target_id"))):
            if account and post:
                yield Ring(account, words=True, posts=(post,))
    elif name == "mentions" and text(body, "target_id"):
        yield Ring(text(body, "target_id"), words=True)
