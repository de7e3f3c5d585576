"""Puts restored things in the place of what an instance holds: what was there is kept, and one failure undoes it all.

The media folder itself is never moved: it may be a mount point, or a link to one; only what lies in it moves.
Each function notes in `undo` how to take its steps back, and raises OSError.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from kitestring.cli.instance import Instance


def take_media(instance: Instance, restored: Path, stamp: str, undo: ExitStack) -> Path | None:
    """Fill the media folder with the restored files; where the former ones are kept, None when there were none."""
    aside = None
    if any(instance.media.iterdir()):
        aside = instance.home / f"media.before-{stamp}"
        aside.mkdir(mode=0o700)
        undo.callback(aside.rmdir)
        _move_contents(instance.media, aside, undo)
    _move_contents(restored, instance.media, undo)
    return aside


def _move_contents(source: Path, target: Path, undo: ExitStack) -> None:
    for entry in sorted(source.iterdir()):
        place = target / entry.name
        undo.callback(_move_back, place, entry)
        shutil.move(entry, place)


def _move_back(place: Path, entry: Path) -> None:
    """A move between file systems that broke off left the whole at its old place and a piece at the new one."""
    if entry.exists() or entry.is_symlink():
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
    elif place.exists() or place.is_symlink():
        shutil.move(place, entry)


def take_secrets(instance: Instance, restored: dict[str, Any], stamp: str, undo: ExitStack) -> None:
    """The backup's keys open the restored grants; keys made since stay, behind them."""
    file = instance.secrets_file
    if not file.exists():
        undo.callback(file.unlink, missing_ok=True)
        instance.write_secrets(restored)
        return
    present = instance.read_secrets()
    if present == restored:
        return
    aside = file.with_name(f"secrets.before-{stamp}.json")
    shutil.copy2(file, aside)
    undo.callback(aside.replace, file)
    keys = [*restored["crypto_keys"], *present["crypto_keys"]]
    instance.write_secrets({**restored, "crypto_keys": list(dict.fromkeys(keys))})
