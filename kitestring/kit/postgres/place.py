"""Where a cluster lives: inside the data folder, or, if its owner cannot walk in there, in a shared place.

In `<home>/postgres`: `owner.lock`, `postgresql.conf`, `server.log`, and the owner's two private folders `data`
and `run` (the socket). If the cluster had to go elsewhere, `place.json` there says where; the key in that path is
made from the home's path, so the same home always finds the same cluster.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from kitestring.kit.postgres.folders import claim_private, make, shared_base
from kitestring.kit.postgres.owner import Owner, choose
from kitestring.kit.postgres.trouble import Trouble

SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # sun_path is 108 bytes with its closing zero, unix(7)
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True)
class Place:
    """A cluster's folder and its owner."""

    folder: Path
    owner: Owner

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def name(self) -> str:
        """PostgreSQL's cluster_name: shown in process titles, so that strays can be told from strangers."""
        return f"ks-{_key(self.folder)}"


def noted_folder(home: Path) -> Path:
    """The folder this home's cluster is in, or would be in; makes and checks nothing."""
    own = home / "postgres"
    note = own / "place.json"
    return Path(json.loads(note.read_text())["folder"]) if note.exists() else own


def find(home: Path) -> Place:
    """The place of the cluster of this home; made on the first call."""
    own = home / "postgres"
    note = own / "place.json"
    if note.exists():
        return _noted(home, noted_folder(home))
    owner = choose(own / "data")
    if (own / "data").exists():
        _check_rights(own, owner)
        return Place(own, owner)
    make(home, 0o700 if owner.is_me else 0o711)
    if owner.reaches(home):
        make(own, 0o700 if owner.is_me else 0o711)
        if owner.reaches(own):
            return Place(own, owner)
    return _elsewhere(home, owner, note)


def _check_rights(folder: Path, owner: Owner) -> None:
    theirs = (folder / "data").stat().st_uid
    if owner.uid != theirs:
        raise Trouble(
            f"The database in {folder} belongs to the user with number {theirs}, not to {owner.name}. "
            "Nothing was changed. Start Kitestring as that user, or choose another KITESTRING_HOME."
        )
    if not owner.reaches(folder):
        raise Trouble(
            f"The database in {folder} belongs to the user {owner.name}, who cannot walk into that folder. "
            "Nothing was changed. Move the data folder to where that user can read, or set DATABASE_URL."
        )


def _noted(home: Path, folder: Path) -> Place:
    if not folder.is_dir():
        raise Trouble(
            f"The database of {home} is kept in {folder}, and that folder is gone. Nothing was changed. "
            f"Put it back, or delete {home / 'postgres' / 'place.json'} to begin with an empty database "
            "and bring a backup back with `kitestring restore`."
        )
    owner = choose(folder / "data")
    if (folder / "data").exists():
        _check_rights(folder, owner)
    return Place(folder, owner)


def _elsewhere(home: Path, owner: Owner, note: Path) -> Place:
    base = shared_base(owner)
    if base is None:
        raise Trouble(
            f"PostgreSQL does not run as root, and the user {owner.name} cannot walk into {home}. "
            "Choose a KITESTRING_HOME that user can reach, start Kitestring as an ordinary user, "
            "or set DATABASE_URL to a PostgreSQL of your own."
        )
    folder = base / "clusters" / _key(home)
    make(folder, 0o711)
    (folder / "belongs-to.txt").write_text(f"{home}\n")
    make(note.parent, 0o700)
    draft = note.with_suffix(".new")
    draft.write_text(json.dumps({"folder": str(folder)}) + "\n")
    draft.rename(note)
    return Place(folder, owner)


def sockets(place: Place) -> Path:
    """A private folder short enough for a socket's path; inside the cluster's folder if that will do."""
    inside = place.folder / "run"
    fits = len(os.fsencode(inside / SOCKET)) <= LONGEST_SOCKET_PATH
    for folder in _socket_folders(place, inside if fits and PLAIN.fullmatch(str(inside)) else None):
        if claim_private(folder, place.owner) and place.owner.reaches(folder):
            return folder
    raise Trouble(
        "No private folder for the database's socket could be made in XDG_RUNTIME_DIR, /run, /tmp or /dev/shm. "
        "Free one of them, choose a shorter KITESTRING_HOME in plain letters, or set DATABASE_URL."
    )


def _socket_folders(place: Place, inside: Path | None) -> list[Path]:
    name = f"kitestring-{place.owner.uid}-{_key(place.folder)}"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "") if place.owner.is_me else "/run"
    bases = [runtime, "/tmp", "/dev/shm"]  # noqa: S108 - the folder inside is private
    return [*([inside] if inside else []), *(Path(base) / name for base in bases if PLAIN.fullmatch(base))]


def _key(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]
