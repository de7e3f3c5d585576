"""The address under which a channel fetches a file itself: signed, for one delivery, good for a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core import signing

SALT: Final = "kitestring.fetched"
GOOD_FOR: Final = 24 * 3600  # seconds; and never longer than its delivery is under way
PLACE: Final = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{2,5}")


@dataclass(frozen=True)
class Ticket:
    """Which file, of which delivery; `path` under the media folder."""

    delivery: UUID
    path: str
    mime: str


def written(ticket: Ticket) -> str:
    """The ticket as it stands in an address."""
    return signing.dumps([str(ticket.delivery), ticket.path, ticket.mime], salt=SALT)


def read(token: str) -> Ticket | None:
    """None for what we did not write, what is too old, and what names no file of ours."""
    try:
        delivery, path, mime = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
        ticket = Ticket(UUID(delivery), str(path), str(mime))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return ticket if PLACE.fullmatch(ticket.path) else None
