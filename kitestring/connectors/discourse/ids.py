"""What we call things there: a topic by its number, a post within it by "topic/post"."""

from __future__ import annotations

import re
from typing import Final

from kitestring.connectorkit.errors import Rejected

TOPIC: Final = re.compile(r"[0-9]{1,18}")
POST: Final = re.compile(r"([0-9]{1,18})/([0-9]{1,18})")


def post_in(remote_id: str) -> tuple[str, str]:
    """(topic, post) of a post's id; post "" for a topic. Raises Rejected("reply_to", "deleted") for what is neither."""
    if found := POST.fullmatch(remote_id):
        return found[1], found[2]
    if TOPIC.fullmatch(remote_id):
        return remote_id, ""
    raise Rejected("reply_to", "deleted")
