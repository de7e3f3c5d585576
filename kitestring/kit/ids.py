"""Keys made in Python: UUID version 7 (RFC 9562), so rows sort by the time they were made."""

from __future__ import annotations

import os
from uuid import UUID

from kitestring.kit.clock import now


def uuid7() -> UUID:
    """A new key: 48 bits of milliseconds, then 74 random bits."""
    millis = int(now().timestamp() * 1000)
    tail = int.from_bytes(os.urandom(10), "big")
    value = (millis & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76 | (tail >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | tail & ((1 << 62) - 1)
    return UUID(int=value)
