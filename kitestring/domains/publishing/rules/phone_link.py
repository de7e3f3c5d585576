"""A link that opens one hand-off on a phone that is not signed in: signed, bound to the hand-off and to who made it, short-lived.

It is an address, so whoever sees it may use it while it opens (`OPENS`). The phone that opened it then keeps a cookie of its
own for as long as publishing by hand may take (`KEEPS`). A changed password ends both.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, Literal
from uuid import UUID

from django.core.signing import BadSignature, Signer

OPENS: Final = timedelta(minutes=10)
KEEPS: Final = timedelta(hours=12)
MARK: Final = 6  # bytes of what a changed password changes
LENGTH: Final = 16 + 16 + 4 + MARK
Use = Literal["link", "cookie"]


@dataclass(frozen=True)
class PhoneLink:
    """What a link or cookie says: whose, for which hand-off, made when, under which password (`mark`)."""

    delivery: UUID
    member: UUID
    made_at: datetime
    mark: bytes

    def lasts(self, moment: datetime, how_long: timedelta) -> bool:
        return timedelta(0) <= moment - self.made_at < how_long


def mark_of(session_hash: str) -> bytes:
    """A few bytes that are others as soon as the person's password is."""
    return sha256(f"phone:{session_hash}".encode()).digest()[:MARK]


def minute_of(moment: datetime) -> datetime:
    """When a link made now counts as made: within a minute it is the same link, so that a code on the screen stands still."""
    return moment.replace(second=0, microsecond=0)


def cookie_name(delivery: UUID) -> str:
    """One cookie for each hand-off: several may be open on a phone."""
    return f"hand_off_{delivery.hex}"


def write(use: Use, delivery: UUID, member: UUID, moment: datetime, mark: bytes) -> str:
    """The link's or cookie's text: letters, digits, "-", "_" and one "."."""
    made_at = int(minute_of(moment).timestamp())
    packed = delivery.bytes + member.bytes + made_at.to_bytes(4, "big") + mark
    return _signer(use).sign(urlsafe_b64encode(packed).decode().rstrip("="))


def read(use: Use, text: str) -> PhoneLink | None:
    """What it says; None when we did not write it for this use."""
    try:
        packed = urlsafe_b64decode(_signer(use).unsign(text) + "==")
    except (BadSignature, ValueError):
        return None
    if len(packed) != LENGTH:
        return None
    made_at = datetime.fromtimestamp(int.from_bytes(packed[32:36], "big"), UTC)
    return PhoneLink(UUID(bytes=packed[:16]), UUID(bytes=packed[16:32]), made_at, packed[36:])


def _signer(use: Use) -> Signer:
    return Signer(sep=".", salt=f"publishing.phone.{use}")
