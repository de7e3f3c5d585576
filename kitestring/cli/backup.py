"""`kitestring backup FILE`: database, media and secrets in one file, while the instance runs or not."""

from __future__ import annotations

import argparse
import json
import os
import tarfile
import tempfile
from pathlib import Path

from kitestring.cli import archive
from kitestring.cli.database import reachable, run_tool
from kitestring.cli.instance import Instance
from kitestring.cli.trouble import CommandFailed
from kitestring.cli.version import running_version
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
    secrets = (
        instance.secrets_file if not arguments.without_secrets and instance.secrets_file.exists() else None
    )
    with tempfile.TemporaryDirectory(prefix=".kitestring-", dir=target.parent) as working:
        dump = Path(working) / archive.DUMP
        with reachable(instance) as url:
            run_tool(
                "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", dump, "--dbname", url
            )
        # After the dump: files are only ever added, so every file the rows name is there.
        files = _write(Path(working) / "backup.tar", dump, instance.media, secrets)
        (Path(working) / "backup.tar").rename(target)
    print(f"Wrote {target}: the database, {files} media files{' and the secrets' if secrets else ''}.")
    if secrets:
        print(
            "Whoever has this file can read everything in the instance, connected accounts too: keep it safe."
        )
    else:
        print(
            "It holds no secrets. Without this instance's keys, connected accounts must be connected again."
        )
    return 0


def _write(path: Path, dump: Path, media: Path, secrets: Path | None) -> int:
    about = {"form": archive.FORM, "version": running_version(), "made_at": clock.now().isoformat()}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        with tarfile.open(fileobj=handle, mode="w", format=tarfile.PAX_FORMAT) as tar:
            archive.add_text(tar, archive.ABOUT, json.dumps(about))
            tar.add(dump, archive.DUMP)
            if secrets:
                archive.add_text(tar, archive.SECRETS, secrets.read_text())
            files = archive.add_folder(tar, media, archive.MEDIA) if media.is_dir() else 0
        handle.flush()
        os.fsync(handle.fileno())
    return files
