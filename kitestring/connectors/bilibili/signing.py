"""The open platform's signature, version 2.0: HMAC-SHA256 under the app's secret over the six x-bili headers, in order.

Source: bilibili.apifox.cn/doc-885734 (接口签名实现标准). The MD5 is that of a JSON body; for a form it is taken of nothing
(what the document says of files, and what public code does with all forms).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final
from uuid import uuid4

from kitestring.kit import clock

VERSION: Final = "2.0"
SKEW: Final = 600  # seconds by which the two clocks may differ
SIGNED: Final = (
    "x-bili-accesskeyid",
    "x-bili-content-md5",
    "x-bili-signature-method",
    "x-bili-signature-nonce",
    "x-bili-signature-version",
    "x-bili-timestamp",
)


def signature(secret: str, headers: Mapping[str, str]) -> str:
    """What goes into Authorization for these headers (their names in lower case). Raises KeyError when one is missing."""
    text = "\n".join(f"{name}:{headers[name]}" for name in SIGNED)
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def content_md5(body: bytes) -> str:
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


def signed(client_id: str, secret: str, token: str, body: bytes = b"") -> dict[str, str]:
    """The headers of one call. `body`: the JSON as it is sent; empty for a read and for a form."""
    headers = {
        "x-bili-accesskeyid": client_id,
        "x-bili-content-md5": content_md5(body),
        "x-bili-signature-method": "HMAC-SHA256",
        "x-bili-signature-nonce": uuid4().hex,
        "x-bili-signature-version": VERSION,
        "x-bili-timestamp": str(int(clock.now().timestamp())),
    }
    told = {"accept": "application/json", "access-token": token, "authorization": signature(secret, headers)}
    return {**headers, **told}
