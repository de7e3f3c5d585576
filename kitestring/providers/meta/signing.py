"""Meta's two signatures: the proof that a call comes from the app, and the mark on what Meta pushes.

Source: developers.facebook.com/docs/graph-api/guides/secure-requests, .../webhooks/getting-started
"""

from __future__ import annotations

import hashlib
import hmac

PREFIX = "sha256="


def proof(token: str, secret: str) -> str:
    """`appsecret_proof`: a stolen token alone opens nothing then."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def signature(body: bytes, secret: str) -> str:
    """The value of X-Hub-Signature-256 for this body."""
    return PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, header: str, secret: str) -> bool:
    """Whether the body was signed with the app's secret. Compared in constant time; an empty secret signs nothing."""
    expected = signature(body, secret).encode()
    return bool(secret) and hmac.compare_digest(expected, header.encode("utf-8", "replace"))
