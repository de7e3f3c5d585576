"""A person's initials and a steady tint for the avatar."""

from __future__ import annotations

import re
import unicodedata
from zlib import crc32

TINTS = 6


def initials(name: str) -> str:
    """Two letters, or one Chinese character. Of three words the last two: Lê Thu Hà is TH."""
    words = [w for w in re.split(r"[\s._@…-]+", unicodedata.normalize("NFC", name.strip())) if w]
    if not words:
        return "?"
    if "一" <= words[0][0] <= "鿿":
        return words[0][0]
    if len(words) == 1:
        return words[0][:2].upper()
    first, second = (words[-2], words[-1]) if len(words) == 3 else (words[0], words[1])
    return (first[0] + second[0]).upper()


def tint(name: str) -> int:
    """A number from 1 to 6, the same for the same name everywhere."""
    return crc32(name.encode("utf-8")) % TINTS + 1
