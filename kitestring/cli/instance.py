"""One instance on this machine: its data folder, its secrets, and what its processes find in their surroundings."""

from __future__ import annotations

import base64
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kitestring.cli.trouble import CommandFailed
from kitestring.config.environment import home
from kitestring.kit.postgres.folders import make
from kitestring.kit.postgres.lock import Lock

DEFAULT_BIND = "127.0.0.1:8420"
# Every process the supervisor starts carries this, with the data folder as value, so that strays are recognised.
MARK = "KITESTRING_CHILD_OF"
# The file whose lock keeps the pages back until the schema is right; see web.py.
GATE = "KITESTRING_WEB_GATE"
SETTINGS = "kitestring.config.settings"
# What these hold counts over secrets.json.
KEY_NAMES = ("KITESTRING_SECRET_KEY", "KITESTRING_CRYPTO_KEYS")


@dataclass(frozen=True)
class Address:
    """Where the pages are served."""

    host: str
    port: int

    @property
    def url(self) -> str:
        shown = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - only shown
        return f"http://[{shown}]:{self.port}" if ":" in shown else f"http://{shown}:{self.port}"


def read_address(text: str) -> Address:
    """`host:port`, `[::1]:port` or a bare port."""
    host, _, port = text.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise CommandFailed(f"{text} is not an address. Write it as 127.0.0.1:8420 or as a port alone.")
    return Address(host.strip("[]") or "127.0.0.1", int(port))


class Instance:
    """The data folder and what stands in it."""

    def __init__(self, folder: Path | None = None) -> None:
        self.home = (folder or home()).absolute()
        self.lock = Lock(self.home / "up.lock")

    @property
    def secrets_file(self) -> Path:
        return self.home / "secrets.json"

    @property
    def media(self) -> Path:
        return self.home / "media"

    @property
    def reports(self) -> Path:
        return self.home / "reports"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    def make_folders(self) -> None:
        """The folders of an instance, closed to others; a folder that is there keeps its rights, but for the reports."""
        try:
            # Root's database runs as somebody else, who must be able to walk through; nothing can be listed.
            make(self.home, 0o711 if os.geteuid() == 0 else 0o700)
            for folder in (self.media, self.logs, self.reports):
                make(folder, 0o700)
            with suppress(PermissionError):  # somebody else's folder is theirs to close
                self.reports.chmod(0o700)  # earlier versions left it open
        except OSError as error:
            raise CommandFailed(
                f"The data folder {self.home} cannot be made or written: {error.strerror}. "
                "Choose another one with KITESTRING_HOME."
            ) from error

    def make_secrets(self) -> bool:
        """Write secrets.json (600) at the first start; True if that was now."""
        if self.secrets_file.exists() or _secrets_from_environment():
            return False
        key = base64.urlsafe_b64encode(os.urandom(32)).decode()  # the form of a Fernet key
        self.write_secrets({"secret_key": secrets.token_urlsafe(50), "crypto_keys": [key]})
        return True

    def read_secrets(self) -> dict[str, Any]:
        return dict(json.loads(self.secrets_file.read_text()))

    def write_secrets(self, content: dict[str, object]) -> None:
        """Put secrets.json in place, whole or not at all, readable by its owner only."""
        draft = self.secrets_file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            json.dump(content, handle, indent=1)
            handle.flush()
            os.fsync(handle.fileno())
        draft.rename(self.secrets_file)

    def surroundings(self, database_url: str) -> dict[str, str]:
        """What a process of this instance finds in its environment."""
        return {
            **os.environ,
            "KITESTRING_HOME": str(self.home),
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "PYTHONUNBUFFERED": "1",
        }


def _secrets_from_environment() -> bool:
    return all(os.environ.get(name) for name in KEY_NAMES)
