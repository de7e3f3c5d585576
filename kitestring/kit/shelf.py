"""What must not be lost between an answer and its commit: on disk first, sealed, until the database has it.

A token that renews once is spent the moment the channel answers. If we die, or the database goes away, between that and
the commit, the only copy of the new one would be gone with us.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from kitestring.kit.crypto import SealBroken, Vault

KIND: Final = ".kept"


class ShelfBroken(Exception):
    """What lies there cannot be opened: a key is missing, a disk is in trouble. It is left as it is."""


@dataclass(frozen=True)
class Shelf:
    """A folder of sealed JSON values by id, readable by this user alone. What is put there survives a crash."""

    folder: Path
    vault: Vault

    def put(self, key: UUID, value: Mapping[str, Any]) -> None:
        """Returns when it is on the disk. Raises OSError when it cannot be."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._file(key).with_suffix(f".{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            out.write(self.vault.seal(value))
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self._file(key))
        held = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)

    def get(self, key: UUID) -> dict[str, Any] | None:
        """What was put there; None when there is nothing. Raises ShelfBroken when it is there and cannot be opened now."""
        try:
            return self.vault.open(self._file(key).read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, SealBroken) as error:
            raise ShelfBroken(f"{self._file(key).name}: {type(error).__name__}") from error

    def seal_anew(self) -> None:
        """Seal with the vault's first key what can be opened; what cannot is left, and hinders nothing."""
        for key in list(self.keys()):
            with contextlib.suppress(ShelfBroken):
                if (value := self.get(key)) is not None:
                    self.put(key, value)

    def drop(self, key: UUID) -> None:
        """The database has it, or something later."""
        with contextlib.suppress(OSError):
            self._file(key).unlink(missing_ok=True)

    def keys(self) -> Iterator[UUID]:
        """What lies here."""
        for found in sorted(self.folder.glob(f"*{KIND}")):
            with contextlib.suppress(ValueError):
                yield UUID(found.stem)

    def _file(self, key: UUID) -> Path:
        return self.folder / f"{key}{KIND}"
