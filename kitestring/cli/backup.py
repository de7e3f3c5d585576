"""`kitestring backup FILE`: database, media and secrets in one file, while the instance runs or not."""

from __future__ import annotations

import argparse
import json
import os
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from kitestring.cli import archive
from kitestring.cli.database import reachable, run_tool
from kitestring.cli.instance import KEY_NAMES, Instance
from kitestring.cli.trouble import CommandFailed
from kitestring.cli.version import running_version
from kitestring.config.environment import secrets as secrets_of
from kitestring.kit import clock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="where to write the backup; must not exist yet")
    parser.add_argument(
        "--without-secrets",
        action="store_true",
        help="leave out the keys; restoring then needs them separately",
    )


def run(arguments: argparse.Namespace) -> int:
    instance, target = Instance(), arguments.file.absolute()
    if target.exists():
        raise CommandFailed(f"{target} exists already. Nothing was written. Choose another name.")
    if not instance.home.is_dir():
        raise CommandFailed(
            f"There is no instance in {instance.home}. Set KITESTRING_HOME to its data folder."
        )
    if not target.parent.is_dir():
        raise CommandFailed(f"There is no folder {target.parent}. Nothing was written.")
    secrets = None if arguments.without_secrets else _effective_secrets(instance)
    with tempfile.TemporaryDirectory(prefix=".kitestring-", dir=target.parent) as working:
        dump = Path(working) / archive.DUMP
        with reachable(instance) as url:
            run_tool("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", "--file", dump)
        # After the dump: files are only ever added, so every file the rows name is there.
        files = _write(Path(working) / "backup.tar", dump, instance.media, secrets)
        (Path(working) / "backup.tar").rename(target)
    print(f"Wrote {target}: the database, {files} media files{' and the secrets' if secrets else ''}.")
    if secrets:
        print(_whence(instance))
        print(
            "Whoever has this file can read everything in the instance, connected accounts too: keep it safe."
        )
    else:
        print(
            "It holds no secrets. Without this instance's keys, connected accounts must be connected again."
        )
    return 0


def _effective_secrets(instance: Instance) -> dict[str, Any] | None:
    """The keys this instance works with, wherever they come from; None when there are none."""
    key, sealing = secrets_of(instance.home)
    return {"secret_key": key, "crypto_keys": sealing} if key or sealing else None


def _whence(instance: Instance) -> str:
    named = [name for name in KEY_NAMES if os.environ.get(name)]
    if not named:
        return f"The secrets are those of {instance.secrets_file}."
    if len(named) == len(KEY_NAMES) or not instance.secrets_file.exists():
        return f"The secrets are those of the environment ({', '.join(named)})."
    return f"The secrets are those of the environment ({named[0]}), the rest of {instance.secrets_file}."


def _write(path: Path, dump: Path, media: Path, secrets: dict[str, Any] | None) -> int:
    about = {"form": archive.FORM, "version": running_version(), "made_at": clock.now().isoformat()}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        with tarfile.open(fileobj=handle, mode="w", format=tarfile.PAX_FORMAT) as tar:
            archive.add_text(tar, archive.ABOUT, json.dumps(about))
            tar.add(dump, archive.DUMP)
            if secrets:
                archive.add_text(tar, archive.SECRETS, json.dumps(secrets, indent=1))
            files = archive.add_folder(tar, media, archive.MEDIA) if media.is_dir() else 0
        handle.flush()
        os.fsync(handle.fileno())
    return files
