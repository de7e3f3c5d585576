"""Accounts of the emulator: made when first asked for, with tokens that end, rotate and can be counted."""

from __future__ import annotations

import hmac
import json
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

from kitestring.connectorkit.emulation import Platform
from kitestring.connectors.bluesky.keys import LETTERS

ACCESS, PRIVILEGED, REFRESH = "com.atproto.appPass", "com.atproto.appPassPrivileged", "com.atproto.refresh"
LIFE = {ACCESS: 2 * 3600, PRIVILEGED: 2 * 3600, REFRESH: 90 * 86400}
# An account has two app passwords: one with private messages, one without.
PASSWORDS = {"app-": PRIVILEGED, "plain-": ACCESS}
# createSession: 30 in 5 minutes; points: 5,000 an hour, as the rate limits in bluesky-social/bsky-docs say
LOGINS, LOGIN_WINDOW = 30, 300
POINTS, POINT_WINDOW = 5000, 3600
_KEY = b"emulated, no secret"


def did_of(name: str) -> str:
    """The account's permanent name, made from its handle."""
    return f"did:plc:{b32encode(sha256(name.encode()).digest()).decode().lower()[:24]}"


class Accounts:
    """Handles, logins, tokens and allowances, kept in the platform's memory."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._kept: dict[str, Any] = platform.memory.setdefault(
            "accounts", {"handles": {}, "refresh": [], "logins": {}, "points": {}}
        )

    def login(self, identifier: str, password: str) -> tuple[str, str]:
        """(DID, what the app password opens) behind a right pair of handle (or DID) and app password; ("", "")."""
        handle = self._kept["handles"].get(identifier, identifier).lower()
        name = handle.removesuffix(".test")
        opens = next((scope for mark, scope in PASSWORDS.items() if password == f"{mark}{name}"), "")
        if not handle.endswith(".test") or not opens:
            return "", ""
        return self.known(handle), opens

    def known(self, handle: str) -> str:
        """The DID of the account, which is made where nobody had asked for it."""
        did = did_of(handle)
        self._kept["handles"][did] = handle
        return did

    def handle(self, did: str) -> str:
        return str(self._kept["handles"].get(did, ""))

    def did(self, handle: str) -> str:
        did = did_of(handle.lower())
        return did if did in self._kept["handles"] else ""

    def session(self, did: str, opens: str) -> dict[str, Any]:
        """A new pair of tokens; the pair before it ends with its refresh token."""
        return {
            "did": did,
            "handle": self.handle(did),
            "email": "owner@example.test",
            "active": True,
            "accessJwt": self._token(did, opens),
            "refreshJwt": self._token(did, REFRESH, opens),
        }

    def holder(self, token: str) -> tuple[dict[str, Any], str]:
        """(claims, "") for a good token, ({}, the protocol's error name) for another. A refresh token is good once."""
        try:
            head, middle, mark = token.split(".")
            claims = json.loads(urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        except ValueError:
            return {}, "InvalidToken"
        if not hmac.compare_digest(mark, _sign(f"{head}.{middle}")):
            return {}, "InvalidToken"
        if claims["exp"] <= self._platform.clock().timestamp():
            return {}, "ExpiredToken"
        if claims["scope"] == REFRESH:
            if claims["jti"] not in self._kept["refresh"]:
                return {}, "ExpiredToken"
            self._kept["refresh"].remove(claims["jti"])
        return dict(claims), ""

    def service_token(self, did: str, audience: str, method: str, ends: int) -> str:
        """The account's word to another service."""
        return self._signed({"iss": did, "aud": audience, "lxm": method, "exp": ends, "scope": "service"})

    def may_log_in(self, did: str) -> bool:
        return self._allow("logins", did, 1, LOGINS, LOGIN_WINDOW)

    def spend(self, did: str, points: int) -> bool:
        """Take points off the hour's allowance; False when it is used up."""
        return self._allow("points", did, points, POINTS, POINT_WINDOW)

    def next_tid(self) -> str:
        value = (
            int(self._platform.clock().timestamp() * 1_000_000) << 10 | int(self._platform.next_id()) & 1023
        )
        return "".join(LETTERS[value >> shift & 31] for shift in range(60, -1, -5))

    def _allow(self, what: str, did: str, amount: int, most: int, window: float) -> bool:
        now = self._platform.clock().timestamp()
        spent = [row for row in self._kept[what].get(did, []) if row[0] > now - window]
        if sum(row[1] for row in spent) + amount > most:
            return False
        self._kept[what][did] = [*spent, [now, amount]]
        return True

    def _token(self, did: str, kind: str, opens: str = "") -> str:
        now = int(self._platform.clock().timestamp())
        claims = {
            "scope": kind,
            "sub": did,
            "iat": now,
            "exp": now + LIFE[kind],
            "jti": self._platform.next_id(),
        }
        if kind == REFRESH:
            claims["opens"] = opens
            self._kept["refresh"].append(claims["jti"])
        return self._signed(claims)

    def _signed(self, claims: dict[str, Any]) -> str:
        head, middle = (
            _b64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "at+jwt"}, claims)
        )
        return f"{head}.{middle}.{_sign(f'{head}.{middle}')}"


def _sign(text: str) -> str:
    return _b64(hmac.digest(_KEY, text.encode(), "sha256"))


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
