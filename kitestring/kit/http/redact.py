"""Addresses and headers as they may be written to a log: secrets blanked."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yarl import URL

SECRET_NAMES = re.compile(
    r"token|secret|passw|key|code|sig|auth|credential|cookie|session|nonce|hmac|proof|jwt|ticket", re.I
)
_BOT_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{10,}")
# A part of a path as long as this, with letters and digits, is no name anybody chose: webhooks carry their secret there.
_LONG_PART = re.compile(
    r"(?<=/)(?:[A-Za-z0-9_.~=-]{60,}|(?=[^/]*[0-9])(?=[^/]*[A-Z])(?=[^/]*[a-z])[A-Za-z0-9_-]{24,})(?=/|$)"
)
_LONG_VALUE = re.compile(r"[A-Za-z0-9_.~=+/-]{60,}")
BLANK = "***"


def redact_url(url: str) -> str:
    """The address without user info, with secret query values, bot tokens and overlong parts of the path blanked."""
    try:
        parsed = URL(url)
    except ValueError:
        return BLANK
    shown = f"{parsed.scheme}://{parsed.host}" + (f":{parsed.explicit_port}" if parsed.explicit_port else "")
    shown += _LONG_PART.sub(BLANK, _BOT_TOKEN.sub(BLANK, parsed.path))
    if parsed.query:
        pairs = (
            f"{k}={BLANK if SECRET_NAMES.search(k) or _LONG_VALUE.search(v) else v}"
            for k, v in parsed.query.items()
        )
        shown += "?" + "&".join(pairs)
    return shown


def redact_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers with every value blanked whose name speaks of a secret."""
    return {k: BLANK if SECRET_NAMES.search(k) else v for k, v in headers.items()}
