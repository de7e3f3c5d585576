"""What the surroundings say: the data folder, the secrets, the database's address.

Read once by `settings`; every name here is documented in docs/operators/settings.md.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

# Seconds (milliseconds in the last). A server that is gone without a word, its machine or the line, is noticed within half a
# minute instead of hours.
LOST: Final = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
# Whoever stands still in the middle of a transaction (a machine asleep, a process stopped) holds up all that wait for its
# rows and names: the server ends it, and what it had not committed is undone.
HELD_UP: Final = "-c idle_in_transaction_session_timeout=30s"


def flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def home() -> Path:
    """The data folder: KITESTRING_HOME, else the user's own data folder."""
    chosen = os.environ.get("KITESTRING_HOME")
    if chosen:
        return Path(chosen).expanduser().resolve()
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "kitestring"


def secrets(folder: Path) -> tuple[str, list[str]]:
    """(secret key, sealing keys): from the environment, else from secrets.json in the data folder."""
    key = os.environ.get("KITESTRING_SECRET_KEY", "")
    sealing = [k for k in os.environ.get("KITESTRING_CRYPTO_KEYS", "").split(",") if k]
    stored = folder / "secrets.json"
    if (not key or not sealing) and stored.exists():
        saved: dict[str, Any] = json.loads(stored.read_text())
        key = key or saved["secret_key"]
        sealing = sealing or list(saved["crypto_keys"])
    return key, sealing


def database(url: str) -> dict[str, Any]:
    """Django's database entry from a `postgresql://` address; a socket folder comes as `?host=`.

    What stands behind the question mark goes to libpq, before what we would ask for ourselves (`LOST`, `HELD_UP`).
    """
    parts = urlsplit(url)
    query = LOST | {k: v[0] for k, v in parse_qs(parts.query).items()}
    query["options"] = f"{HELD_UP} {query.get('options', '')}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "kitestring",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": query.pop("port", None) or (str(parts.port) if parts.port else ""),
        "OPTIONS": query,
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
    }


def channel_urls() -> dict[str, dict[str, str]]:
    """Base addresses that replace a manifest's own, by channel: for emulators and private set-ups."""
    return dict(json.loads(os.environ.get("KITESTRING_CHANNEL_URLS") or "{}"))


@dataclass(frozen=True)
class Mail:
    """Where mail leaves. `starttls` asks for encryption after greeting, `tls` speaks it from the first byte."""

    backend: str = "django.core.mail.backends.console.EmailBackend"
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False


def mail(url: str) -> Mail:
    """From `smtp://user:password@host:587` (STARTTLS), `smtps://...:465`, or `smtp+plain://host:25`; "" writes to the log."""
    if not url:
        return Mail()
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps", "smtp+plain") or not parts.hostname:
        raise ValueError("KITESTRING_EMAIL_URL must look like smtp://user:password@mail.example:587")
    usual = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
    return Mail(
        backend="django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or usual[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=parts.scheme == "smtp",
        tls=parts.scheme == "smtps",
    )
