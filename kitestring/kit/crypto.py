"""Secrets at rest: sealed with the first key, opened with any, so keys can be rotated."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SealBroken(Exception):
    """A sealed value cannot be opened with the keys of this instance."""


class Vault:
    """Seals JSON-able mappings into text and opens them again."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("A vault needs at least one key (KITESTRING_CRYPTO_KEYS).")
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, value: Mapping[str, Any]) -> str:
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False).encode()).decode()

    def open(self, sealed: str) -> dict[str, Any]:
        """Raise `SealBroken` when the key that sealed it is gone."""
        try:
            opened = json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken as error:
            raise SealBroken("The stored grant cannot be opened: its key is missing.") from error
        return dict(opened)

    def rotate(self, sealed: str) -> str:
        """The same value, sealed with the first key."""
        try:
            return self._fernet.rotate(sealed.encode()).decode()
        except InvalidToken as error:
            raise SealBroken("The stored grant cannot be opened: its key is missing.") from error


def new_key() -> str:
    return Fernet.generate_key().decode()
