"""An event: what is signed, its id, its signature. Source: NIP-01, BIP-340 (Schnorr on secp256k1, by libsecp256k1).

The id is the hash of who, when, what and its tags: the same event made again has the same id, and a relay keeps it once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from coincurve import PrivateKey, PublicKeyXOnly

from kitestring.connectors.nostr import bech32

NO_AUX: Final = bytes(32)  # the signature then follows from key and event alone
PROFILE, NOTE, FOLLOWS, DELETION, REPOST, REACTION, ANY_REPOST = 0, 1, 3, 5, 6, 7, 16
COMMENT, AUTH, UPLOAD, ARTICLE = 1111, 22242, 24242, 30023
Tags = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Event:
    """`created_at` in seconds since 1970; ids, keys and signatures in hex."""

    id: str
    pubkey: str
    created_at: int
    kind: int
    tags: tuple[tuple[str, ...], ...]
    content: str
    sig: str

    @classmethod
    def read(cls, body: Any) -> Self | None:
        """The event a relay sent, None when it is none or nobody signed it: relays are not believed."""
        if not isinstance(body, Mapping):
            return None
        try:
            tags = tuple(tuple(str(part) for part in tag) for tag in body["tags"])
            found = cls(
                str(body["id"]), str(body["pubkey"]), int(body["created_at"]), int(body["kind"]), tags,
                str(body["content"]), str(body["sig"]),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError):
            return None
        return found if found.genuine() else None

    def genuine(self) -> bool:
        """Whether its id is that of what it says, and the signature its author's."""
        if digest(self.pubkey, self.created_at, self.kind, self.tags, self.content) != self.id:
            return False
        try:
            author = PublicKeyXOnly(bytes.fromhex(self.pubkey))
            return bool(author.verify(bytes.fromhex(self.sig), bytes.fromhex(self.id)))
        except ValueError:
            return False

    def body(self) -> dict[str, Any]:
        """As it is sent."""
        return {
            "id": self.id,
            "pubkey": self.pubkey,
            "created_at": self.created_at,
            "kind": self.kind,
            "tags": [list(tag) for tag in self.tags],
            "content": self.content,
            "sig": self.sig,
        }

    def values(self, name: str) -> Iterator[str]:
        """The values of the tags with this name."""
        return (tag[1] for tag in self.tags if len(tag) > 1 and tag[0] == name)

    def first(self, name: str) -> str:
        return next(self.values(name), "")

    @property
    def address(self) -> str:
        """What an article is called through all its versions."""
        return f"{self.kind}:{self.pubkey}:{self.first('d')}"


def digest(pubkey: str, created_at: int, kind: int, tags: Tags, content: str) -> str:
    told = [0, pubkey, created_at, kind, [list(tag) for tag in tags], content]
    written = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


class Key:
    """A private key, from nsec1... or hex. Raises ValueError."""

    def __init__(self, typed: str) -> None:
        text = typed.strip()
        try:
            secret = bech32.key_of(text, "nsec") if text.lower().startswith("nsec1") else text
            if len(secret) != 64:
                raise ValueError("length")
            self._private = PrivateKey(bytes.fromhex(secret))
        except ValueError as error:
            raise ValueError("not a key") from error
        self.secret = secret.lower()
        self.pubkey = PublicKeyXOnly.from_secret(self._private.secret).format().hex()

    def sign(self, kind: int, content: str, tags: Tags, created_at: int) -> Event:
        """The event; the same words at the same moment are the same event, down to its signature."""
        event_id = digest(self.pubkey, created_at, kind, tags, content)
        sig = self._private.sign_schnorr(bytes.fromhex(event_id), NO_AUX).hex()
        kept = tuple(tuple(tag) for tag in tags)
        return Event(event_id, self.pubkey, created_at, kind, kept, content, sig)
