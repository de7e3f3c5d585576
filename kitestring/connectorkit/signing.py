"""The marks by which channels sign their calls: HMAC-SHA256 under a shared secret, and the time in what was signed.

An empty secret signs nothing. Everything is compared in constant time.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from kitestring.kit.clock import now


def hexed(secret: str, words: bytes) -> str:
    """The HMAC-SHA256 of these words in hexadecimal digits."""
    return hmac.new(secret.encode(), words, hashlib.sha256).hexdigest()


def base64ed(secret: str, words: bytes) -> str:
    """The same in Base64."""
    return base64.b64encode(hmac.new(secret.encode(), words, hashlib.sha256).digest()).decode()


def same(made: str, given: str) -> bool:
    """Whether two marks are the same and are any."""
    return bool(made and given) and hmac.compare_digest(made.encode(), given.encode("utf-8", "replace"))


def recent(stamp: str, good_for: int) -> bool:
    """Whether a time in whole seconds since 1970 is no further from ours than so many seconds."""
    sound = stamp.isascii() and stamp.isdigit() and len(stamp) <= 12
    return sound and abs(now().timestamp() - int(stamp)) <= good_for


def told(body: bytes) -> Mapping[str, Any]:
    """The object that a body is; an empty one when it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def rows(of: Any, key: str) -> list[Mapping[str, Any]]:
    """The objects in the list that stands under this key; none when it is no list."""
    found = of.get(key) if isinstance(of, Mapping) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def part(of: Any, *keys: str) -> Any:
    """What stands under these keys, one inside the other; "" when that is not there."""
    for key in keys:
        of = of.get(key, "") if isinstance(of, Mapping) else ""
    return of


def text(of: Any, *keys: str) -> str:
    """The same as text: of a name or number, "" of anything else."""
    found = part(of, *keys)
    return str(found) if isinstance(found, str) or type(found) is int else ""
