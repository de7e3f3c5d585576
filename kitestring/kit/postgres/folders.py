"""Making folders with the exact rights asked for, and never changing a folder that was there before."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from kitestring.kit.postgres.owner import Owner

# Where root keeps what an unprivileged owner must reach when the data folder cannot be walked into.
SHARED_BASES = (Path("/var/lib/kitestring"), Path("/opt/kitestring"), Path("/var/tmp/kitestring"))  # noqa: S108 - the folder inside is private


def make(folder: Path, mode: int, owner: Owner | None = None) -> None:
    """Make the folder (and missing parents, 755) with this mode; one that exists stays as it is."""
    if folder.is_dir():
        return
    if not folder.parent.is_dir():
        make(folder.parent, 0o755)
    folder.mkdir(mode=0o700, exist_ok=True)
    give(folder, owner)
    folder.chmod(mode)


def give(path: Path, owner: Owner | None) -> None:
    if owner is not None and not owner.is_me:
        os.chown(path, owner.uid, owner.gid, follow_symlinks=False)


def claim_private(folder: Path, owner: Owner) -> bool:
    """Have `folder` as a 700 folder of the owner's; False if somebody else sits on the name."""
    try:
        folder.mkdir(mode=0o700)
        give(folder, owner)
    except FileExistsError:
        pass
    except OSError:
        return False
    found = folder.lstat()
    mine = stat.S_ISDIR(found.st_mode) and found.st_uid == owner.uid
    return mine and stat.S_IMODE(found.st_mode) == 0o700


def shared_base(owner: Owner) -> Path | None:
    """The first base that is root's alone and that the owner can walk into; made if absent."""
    for base in SHARED_BASES:
        try:
            make(base, 0o755)
            found = base.lstat()
        except OSError:
            continue
        safe = stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and not found.st_mode & 0o022
        if safe and owner.reaches(base):
            return base
    return None
