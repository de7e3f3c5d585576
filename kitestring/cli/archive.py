"""The form of a backup: one tar with what it is, the database by pg_dump, the media, and the secrets.

about.json      version of Kitestring and of this form, when it was made
database.dump   pg_dump's custom format
secrets.json    the keys the instance worked with, from its file or its environment; absent if it was asked to be
media/...       every file of the media folder
"""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from kitestring.cli.trouble import CommandFailed
from kitestring.cli.version import is_newer, running_version

FORM = 1
ABOUT, DUMP, SECRETS, MEDIA = "about.json", "database.dump", "secrets.json", "media"


def add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def add_folder(tar: tarfile.TarFile, folder: Path, name: str) -> int:
    """Add every plain file under `folder`; returns how many. Links are not followed and not kept."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    for path in files:
        tar.add(path, f"{name}/{path.relative_to(folder).as_posix()}", recursive=False)
    return len(files)


@dataclass(frozen=True)
class Unpacked:
    """A backup laid out in a folder of ours."""

    folder: Path
    about: dict[str, Any]

    @property
    def dump(self) -> Path:
        return self.folder / DUMP

    @property
    def media(self) -> Path:
        return self.folder / MEDIA

    @property
    def secrets(self) -> dict[str, Any] | None:
        path = self.folder / SECRETS
        return dict(json.loads(path.read_text())) if path.exists() else None


def unpack(file: Path, folder: Path) -> Unpacked:
    """Lay a backup out in `folder`. A file that is not a whole backup is refused before anything is changed."""
    refusal = CommandFailed(f"{file} is not a whole backup of Kitestring. Nothing was changed.")
    try:
        with tarfile.open(file) as tar:
            for entry, target in _targets(tar, folder):
                source = tar.extractfile(entry)
                if source is None:
                    raise refusal
                target.parent.mkdir(parents=True, exist_ok=True)
                with source, target.open("wb") as written:
                    shutil.copyfileobj(source, written)
        about = json.loads((folder / ABOUT).read_text())
        secrets = json.loads((folder / SECRETS).read_text()) if (folder / SECRETS).exists() else None
    except FileNotFoundError as error:
        raise refusal if file.exists() else CommandFailed(f"There is no file {file}.") from error
    except (
        FileExistsError,
        NotADirectoryError,
        IsADirectoryError,
    ) as error:  # a file and a folder of one name
        raise refusal from error
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise refusal from error
    except OSError as error:
        raise CommandFailed(
            f"{file} could not be unpacked: {error.strerror}. Nothing was changed."
        ) from error
    if not (folder / DUMP).is_file() or not _sound(about, ("made_at",)):
        raise refusal
    if secrets is not None and not _sound(secrets, ("secret_key", "crypto_keys")):
        raise refusal
    if about.get("form") != FORM or is_newer(str(about.get("version"))):
        raise CommandFailed(
            f"{file} was made by a newer Kitestring ({about.get('version')}; this is {running_version()}). "
            "Nothing was changed. Install that version and restore it there."
        )
    (folder / MEDIA).mkdir(exist_ok=True)
    return Unpacked(folder, about)


def _sound(told: Any, names: tuple[str, ...]) -> bool:
    return isinstance(told, dict) and all(name in told for name in names)


def _targets(tar: tarfile.TarFile, folder: Path) -> Iterator[tuple[tarfile.TarInfo, Path]]:
    """Plain files of the known names only, and none that would land outside."""
    for entry in tar:
        parts = PurePosixPath(entry.name).parts
        known = entry.name in {ABOUT, DUMP, SECRETS} or (len(parts) > 1 and parts[0] == MEDIA)
        if not entry.isfile() or not known or ".." in parts:
            raise CommandFailed(
                f"The backup holds {entry.name}, which does not belong there. Nothing was changed."
            )
        yield entry, folder / entry.name
