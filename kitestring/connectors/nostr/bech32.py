"""Keys and events as people see them: npub1..., nsec1..., nevent1... Source: NIP-19, BIP-173 (bech32, without the m)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

LETTERS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATORS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
CHECKSUM: Final = 6
SPECIAL, RELAY, AUTHOR, KIND = 0, 1, 2, 3


def encode(prefix: str, data: bytes) -> str:
    words = _regrouped(data, 8, 5, pad=True)
    check = _polymod([*_expanded(prefix), *words, *[0] * CHECKSUM]) ^ 1
    words += [(check >> 5 * (CHECKSUM - 1 - place)) & 31 for place in range(CHECKSUM)]
    return f"{prefix}1" + "".join(LETTERS[word] for word in words)


def decode(text: str) -> tuple[str, bytes]:
    """(prefix, bytes). Raises ValueError."""
    low = text.strip().lower()
    prefix, mark, rest = low.rpartition("1")
    if not mark or not prefix or len(rest) < CHECKSUM or any(letter not in LETTERS for letter in rest):
        raise ValueError(text[:8])
    words = [LETTERS.index(letter) for letter in rest]
    if _polymod([*_expanded(prefix), *words]) != 1:
        raise ValueError(prefix)
    return prefix, bytes(_regrouped(words[:-CHECKSUM], 5, 8, pad=False))


def key_of(text: str, prefix: str) -> str:
    """The 32 bytes behind `prefix`, in hex. Raises ValueError."""
    found, data = decode(text)
    if found != prefix or len(data) != 32:
        raise ValueError(found)
    return data.hex()


def npub(pubkey: str) -> str:
    return encode("npub", bytes.fromhex(pubkey))


def nevent(event_id: str, relays: Iterable[str] = (), author: str = "", kind: int | None = None) -> str:
    """An event with where to look for it, who wrote it and of which kind it is."""
    parts = [(SPECIAL, bytes.fromhex(event_id))]
    parts += [(RELAY, relay.encode("ascii", "ignore")[:255]) for relay in relays]
    parts += [(AUTHOR, bytes.fromhex(author))] if author else []
    parts += [(KIND, kind.to_bytes(4, "big"))] if kind is not None else []
    return encode("nevent", b"".join(bytes([name, len(value)]) + value for name, value in parts))


def special(text: str) -> str:
    """What an npub, note, nprofile or nevent is about: 32 bytes in hex. Raises ValueError."""
    prefix, data = decode(text)
    if prefix in ("npub", "note") and len(data) == 32:
        return data.hex()
    while prefix in ("nprofile", "nevent") and len(data) >= 2:
        name, length = data[0], data[1]
        if name == SPECIAL and length == 32 and len(data) >= 34:
            return data[2:34].hex()
        data = data[2 + length :]
    raise ValueError(prefix)


def _expanded(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _polymod(words: Iterable[int]) -> int:
    check = 1
    for word in words:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ word
        for place, generator in enumerate(GENERATORS):
            check ^= generator if (top >> place) & 1 else 0
    return check


def _regrouped(data: Iterable[int], from_: int, to: int, *, pad: bool) -> list[int]:
    held, bits, found = 0, 0, []
    for value in data:
        held = (held << from_ | value) & 0xFFF
        bits += from_
        while bits >= to:
            bits -= to
            found.append(held >> bits & (1 << to) - 1)
    if pad and bits:
        found.append(held << to - bits & (1 << to) - 1)
    elif not pad and (bits >= from_ or held & (1 << bits) - 1):
        raise ValueError("padding")
    return found
