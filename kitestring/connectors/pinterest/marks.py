"""How a pin of ours is known again: by the colour that is shown until its picture is there, made from the delivery's key.

Pinterest keeps no key of ours, but takes a `dominant_color` with a pin and lists it again. Ours are pale (each part from C0 to
FF): eighteen bits, ten of the key and eight that follow from those. A colour Pinterest picked by itself passes for one
of ours once in 16,000 times. Source: github.com/pinterest/api-description, v5/openapi.json 5.23.0, PinCreate and Pin.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final
from uuid import UUID

PALE: Final = 0xC0
HEX: Final = re.compile(r"#?([0-9a-fA-F]{6})")


def colour(key: UUID) -> str:
    """The colour of this delivery's pin, "#D4C8F1"."""
    ten = int.from_bytes(sha256(key.bytes).digest()[:2]) >> 6
    bits = ten << 8 | _check(ten)
    parts = (bits >> 12 & 0x3F, bits >> 6 & 0x3F, bits & 0x3F)
    return "#" + "".join(f"{PALE | part:02X}" for part in parts)


def is_marked(shown: str) -> bool:
    """Whether this is a colour that `colour` gives for some key."""
    found = HEX.fullmatch(shown)
    if found is None:
        return False
    parts = bytes.fromhex(found[1])
    if any(part < PALE for part in parts):
        return False
    bits = (parts[0] & 0x3F) << 12 | (parts[1] & 0x3F) << 6 | parts[2] & 0x3F
    return _check(bits >> 8) == bits & 0xFF


def same(shown: str, wanted: str) -> bool:
    return shown.lstrip("#").upper() == wanted.lstrip("#").upper()


def _check(ten: int) -> int:
    return sha256(b"pin" + ten.to_bytes(2)).digest()[0]
