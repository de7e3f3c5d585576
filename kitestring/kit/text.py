"""Makes any typed or pasted text storable without losing what the person meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

import regex

CONTROL = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]|[\ud800-\udfff]")
UNSTORABLE = regex.compile(r"[\x00\ud800-\udfff]")
INVISIBLE = regex.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f]")
NOT_WORD = regex.compile(r"[\p{P}\p{S}\p{Z}\p{C}]+")
ENCODINGS = ("utf-8-sig", "gb18030", "cp1258")


def storable(text: str) -> str:
    """As it came, without the two things the database cannot keep: NUL and halves of a surrogate pair."""
    return UNSTORABLE.sub("", text)


def storable_in(value: Any) -> Any:
    """The same of every text in lists and objects that go into a JSON column, their names included."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {storable_in(key): storable_in(one) for key, one in value.items()}
    return [storable_in(one) for one in value] if isinstance(value, list | tuple) else value


def clean(text: str) -> str:
    """Composed (NFC), newlines as `\\n`, without control characters; scripts, joiners and directions stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", CONTROL.sub("", text)).strip()


def same_words(text: str) -> str:
    """A key equal for texts that differ only in case, width, spaces, punctuation, emoji or invisible letters."""
    folded = unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).casefold()
    return NOT_WORD.sub("", folded) or folded.strip()


def decode(raw: bytes) -> str:
    """Text of an uploaded file: by its mark, else UTF-8, else GB 18030 (Chinese), else Windows-1258 (Vietnamese).

    Raises `UnicodeDecodeError` when it is none of these.
    """
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16")
    for encoding in ENCODINGS[:-1]:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode(ENCODINGS[-1])
