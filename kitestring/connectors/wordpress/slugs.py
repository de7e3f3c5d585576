"""The mark by which our posts are found again: a readable slug that ends in the delivery's key.

WordPress keeps no idempotency key, but a slug is ours to choose and can be asked for exactly.
"""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

LONGEST = 60


def mark(key: UUID) -> str:
    """The end of every slug of this delivery: its key's random half, 13 letters."""
    number = int.from_bytes(key.bytes[8:], "big")
    letters = ""
    for _ in range(13):
        number, rest = divmod(number, 36)
        letters += "0123456789abcdefghijklmnopqrstuvwxyz"[rest]
    return letters


def slug(title: str, key: UUID) -> str:
    """ "Bánh mì mới" -> "banh-mi-moi-<mark>"; titles without Latin letters give "post-<mark>"."""
    plain = unicodedata.normalize("NFKD", title.lower().replace("đ", "d"))
    words = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode())
    return f"{words[:LONGEST].strip('-') or 'post'}-{mark(key)}"
