"""What a forum's webhook posts: a post that somebody wrote. Signed over the whole body with the secret typed in there.

It sees as the forum's system does, so it also tells of private talks among others. None of those is read here: private
messages come by asking, as the account may see them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping

from kitestring.connectorkit.hooks import Door, Heard, Knock
from kitestring.connectors.discourse.incoming import Reader, message_of


def verify(knock: Knock, door: Door) -> Heard | None:
    """By X-Discourse-Event-Signature: "sha256=" and the HMAC of the body, in hexadecimal."""
    secret, given = door.secrets.get("secret", ""), knock.headers.get("x-discourse-event-signature", "")
    if knock.method != "POST" or not secret or not given:
        return None
    made = "sha256=" + hmac.new(secret.encode(), knock.body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(made.encode(), given.encode("utf-8", "replace")):
        return None
    try:
        told = json.loads(knock.body)
    except ValueError:
        return None
    post = told.get("post") if isinstance(told, dict) else None
    if knock.headers.get("x-discourse-event") != "post_created" or not isinstance(post, Mapping):
        return Heard()
    if post.get("topic_archetype") != "regular" or post.get("post_number") == 1:
        return Heard()  # private, or somebody started a topic: no answer to us
    message = message_of(post, Reader(str(door.settings.get("username") or "")), "comment")
    return Heard(messages=(message,) if message is not None else ())


def names(handle: str) -> tuple[str, ...]:
    """A forum calls about nothing that is under way by a name we would know."""
    return ()
