"""Takes out of a picture's file what it says beside the picture, its colours and how it moves; nothing is drawn anew.

What may stay is named, all else goes: remarks, the camera's notes, private pieces, and whatever follows the end.
Sources: JPEG (ITU T.81, annex B), PNG (W3C, third edition, 11), GIF89a, WebP (RFC 9649).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, Literal

__all__ = ["WAYS", "without"]

JPEG_KEPT: Final = {0xFFE0: b"JFIF\0", 0xFFE2: b"ICC_PROFILE\0", 0xFFEE: b"Adobe"}
JFIF_PLAIN: Final = 18  # bytes of the piece without the small picture it may hold
SCAN_END: Final = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")  # the next marker that is none of a scan's own
PNG_KEPT: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sRGB sBIT bKGD pHYs hIST cICP mDCV cLLI acTL fcTL fdAT".split()
)
WEBP_KEPT: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
WEBP_FRAME: Final = 16  # bytes of an ANMF piece before the pieces inside it
WEBP_SAYS: Final = 0x08 | 0x04  # of VP8X: there are a camera's notes, there is XMP
GIF_KEPT: Final = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"})
REMARK, OF_PROGRAM = 0xFE, 0xFF


def without(data: bytes, form: str) -> bytes:
    """The same bytes where nothing is said. Raises KeyError for a form that `WAYS` has not, ValueError for a damaged file."""
    try:
        return b"".join(WAYS[form](data))
    except IndexError as error:
        raise ValueError(f"a {form} that ends too early") from error


def _jpeg(data: bytes) -> Iterator[bytes]:
    """Up to the first end: what follows is other pictures, or a film of the moment before."""
    if data[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    yield data[:2]
    at = 2
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:  # it may be filled up
            at += 1
        marker = int.from_bytes(data[at : at + 2], "big")
        if marker == 0xFFD9:
            yield data[at : at + 2]
            return
        end = at + 2 + _number(data, at + 2, 2, "big")
        if marker < 0xFFC0 or end < at + 4 or end > len(data):
            raise ValueError("a piece without an end")
        if marker == 0xFFDA:
            found = SCAN_END.search(data, end)
            if found is None:
                raise ValueError("no end")
            end = found.start()
        if _of_the_picture(marker, data[at:end]):
            yield data[at:end]
        at = end


def _of_the_picture(marker: int, piece: bytes) -> bool:
    if marker in JPEG_KEPT:
        return piece[4:].startswith(JPEG_KEPT[marker]) and (marker != 0xFFE0 or len(piece) <= JFIF_PLAIN)
    return marker < 0xFFE0


def _png(data: bytes) -> Iterator[bytes]:
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("no PNG")
    yield data[:8]
    at, name = 8, b""
    while name != b"IEND":
        name, end = data[at + 4 : at + 8], at + 12 + _number(data, at, 4, "big")
        if end > len(data):
            raise ValueError("a piece without an end")
        if name in PNG_KEPT:
            yield data[at:end]
        at = end


def _webp(data: bytes) -> Iterator[bytes]:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise ValueError("no WebP")
    size = _number(data, 4, 4, "little")
    if size + 8 > len(data):
        raise ValueError("a piece without an end")
    inside = b"".join(_riff(data[12 : 8 + size]))
    yield b"RIFF" + (len(inside) + 4).to_bytes(4, "little") + b"WEBP"
    yield inside


def _riff(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        name, size = data[at : at + 4], _number(data, at + 4, 4, "little")
        body = data[at + 8 : at + 8 + size]
        if len(body) < size:
            raise ValueError("a piece without an end")
        at += 8 + size + size % 2
        if name not in WEBP_KEPT:
            continue
        if name == b"VP8X":
            body = bytes([body[0] & ~WEBP_SAYS]) + body[1:]
        elif name == b"ANMF":
            body = body[:WEBP_FRAME] + b"".join(_riff(body[WEBP_FRAME:]))
        yield name + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def _gif(data: bytes) -> Iterator[bytes]:
    if data[:6] not in {b"GIF87a", b"GIF89a"}:
        raise ValueError("no GIF")
    at = 13 + _colours(data[10])
    yield data[:at]
    while at < len(data) and data[at] != 0x3B:
        begun = at
        if data[at] == 0x2C:
            at = _blocks_end(data, at + 11 + _colours(data[at + 9]))
        elif data[at] == 0x21:
            at = _blocks_end(data, at + 2)
        else:
            raise ValueError("no piece of a GIF")
        if not _said_in_gif(data[begun:at]):
            yield data[begun:at]
    yield data[at : at + 1]


def _said_in_gif(piece: bytes) -> bool:
    if piece[0] != 0x21:
        return False
    return piece[1] == REMARK or (piece[1] == OF_PROGRAM and piece[3:14] not in GIF_KEPT)


def _colours(flags: int) -> int:
    """Bytes of the table of colours that these flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _number(data: bytes, at: int, length: int, order: Literal["big", "little"]) -> int:
    piece = data[at : at + length]
    if len(piece) < length:
        raise ValueError("a piece without an end")
    return int.from_bytes(piece, order)


WAYS: Final[dict[str, Callable[[bytes], Iterator[bytes]]]] = {
    "JPEG": _jpeg, "PNG": _png, "GIF": _gif, "WEBP": _webp,
}  # fmt: skip
