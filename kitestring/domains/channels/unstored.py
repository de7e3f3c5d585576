"""Grants that a channel has just given and the database may not have yet: on disk first, sealed, until it has them.

A token that renews once is spent the moment the channel answers. If we die, or the database goes away, between that and
the commit, the only copy of the new one would be gone with us. `stamp`: the `renewed_at` of the grant it took the place of.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from kitestring.connectorkit.contract import Grant
from kitestring.kit.crypto import SealBroken, Vault


def _folder() -> Path:
    return Path(settings.HOME) / "grants"


def _file(account_id: UUID) -> Path:
    return _folder() / f"{account_id}.grant"


def set_down(vault: Vault, account_id: UUID, stamp: datetime, grant: Grant) -> None:
    """Write it where it survives us, before anything else is done with it. Raises OSError when the disk is full."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ends = grant.expires_at.isoformat() if grant.expires_at else None
    told = {"secrets": dict(grant.secrets), "scopes": list(grant.scopes), "ends": ends}
    fresh = _file(account_id).with_suffix(f".{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(vault.seal(told | {"stamp": stamp.isoformat()}))
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(_file(account_id))
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def picked_up(vault: Vault, account_id: UUID, stamp: datetime) -> Grant | None:
    """The grant that was set down for the one of this `stamp`; None when there is none, or a later one is stored."""
    try:
        told = vault.open(_file(account_id).read_text("utf-8"))
    except (OSError, ValueError, SealBroken):
        return None
    if datetime.fromisoformat(told["stamp"]) != stamp:
        return None
    ends = datetime.fromisoformat(told["ends"]) if told["ends"] else None
    return Grant(told["secrets"], tuple(told["scopes"]), ends)


def let_go(account_id: UUID) -> None:
    """The database has it, or a later one."""
    with contextlib.suppress(OSError):
        _file(account_id).unlink(missing_ok=True)


def set_down_here() -> Iterator[UUID]:
    """The accounts with a grant set down on this machine."""
    for found in sorted(_folder().glob("*.grant")) if _folder().is_dir() else ():
        with contextlib.suppress(ValueError):
            yield UUID(found.stem)
