"""Record keys made from a delivery's key: the same for every try, different for every delivery."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"


def tid(key: UUID, stamp: datetime) -> str:
    """A timestamp identifier of the AT protocol (13 letters): the stamp's millisecond and 20 bits of the key.

    Source: atproto.com/specs/tid: one zero bit, 53 bits of microseconds, 10 bits of a clock's number.
    """
    micros = int(stamp.timestamp() * 1000) * 1000 + key.int % 1000
    value = (micros & ((1 << 53) - 1)) << 10 | (key.int // 1000) & 0x3FF
    return "".join(LETTERS[value >> shift & 31] for shift in range(60, -1, -5))


def parts(uri: str) -> tuple[str, str]:
    """(repository, record key) of "at://did/collection/rkey". Raises ValueError when it is none."""
    pieces = uri.removeprefix("at://").split("/")
    if not uri.startswith("at://") or len(pieces) != 3 or not all(pieces):
        raise ValueError(f"no address of a record: {uri[:100]}")
    return pieces[0], pieces[2]
