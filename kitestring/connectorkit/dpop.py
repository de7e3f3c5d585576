"""Tokens bound to a key of ours (DPoP): each call carries a proof, signed anew, that whoever calls holds that key.

A server may want a number of its own in the proof (a nonce); it refuses the first call, says its number, and has done nothing.
Source: RFC 9449; RFC 7515 and 7518 for the signature (ES256), RFC 7638 for the thumbprint.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from yarl import URL

from kitestring.connectorkit import calls
from kitestring.connectorkit.errors import RetryLater
from kitestring.kit import clock
from kitestring.kit.http import Answer, Client, NotJson

Key = Mapping[str, str]  # a JWK of the curve P-256; with "d" it is the private one
WANTED: Final = "use_dpop_nonce"
# Refusals of a proof, not of the token: a number that turned meanwhile, or a clock of ours that is wrong.
NOT_THE_GRANT: Final = frozenset((WANTED, "invalid_dpop_proof"))
TRIES: Final = 4  # servers behind one door may each want a number of their own
MOST: Final = 2000  # servers whose last number is remembered
_numbers: dict[str, str] = {}


class _WantsNumber(Exception):
    """The server refused the proof for the number in it, and did nothing. `said`: its words."""


def new_key() -> dict[str, str]:
    """A new private key as a JWK."""
    return _as_jwk(ec.generate_private_key(ec.SECP256R1()))


def key_from(number: int) -> dict[str, str]:
    """The private key that this number is: the same each time, for emulators."""
    return _as_jwk(ec.derive_private_key(number, ec.SECP256R1()))


def _as_jwk(made: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    number = made.private_numbers()
    public = number.public_numbers
    names = {"x": public.x, "y": public.y, "d": number.private_value}
    return {"kty": "EC", "crv": "P-256", **{k: b64(v.to_bytes(32, "big")) for k, v in names.items()}}


def public(key: Key) -> dict[str, str]:
    """The part of a key that anybody may know."""
    return {name: key[name] for name in ("kty", "crv", "x", "y")}


def thumbprint(key: Key) -> str:
    """The key's name, made of itself (RFC 7638)."""
    told = json.dumps(public(key), sort_keys=True, separators=(",", ":"))
    return b64(hashlib.sha256(told.encode()).digest())


def signed(key: Key, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    """A JWT of these claims, signed by ES256."""
    own = ec.derive_private_key(int.from_bytes(unb64(key["d"]), "big"), ec.SECP256R1())
    parts = [b64(json.dumps(part).encode()) for part in ({**header, "alg": "ES256"}, claims)]
    text = ".".join(parts)
    r, s = decode_dss_signature(own.sign(text.encode(), ec.ECDSA(SHA256())))
    return f"{text}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def opened(token: str, key: Key | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """(header, claims) of a JWT signed by `key`, or by the key its own header names. Raises ValueError."""
    try:
        head, middle, mark = token.split(".")
        header, claims = json.loads(unb64(head)), json.loads(unb64(middle))
        own = key or header["jwk"]
        x, y = (int.from_bytes(unb64(own[name]), "big") for name in ("x", "y"))
        raw = unb64(mark)
        signature = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        known = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        known.verify(signature, f"{head}.{middle}".encode(), ec.ECDSA(SHA256()))
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature) as error:
        raise ValueError("no JWT signed by this key") from error
    return header, claims


def proof(key: Key, method: str, url: str, *, nonce: str = "", token: str = "") -> str:
    """The proof for one call. `token`: the access token that goes with it, bound into the proof."""
    claims: dict[str, Any] = {
        "jti": secrets.token_urlsafe(16),
        "htm": method,
        "htu": str(URL(url).with_query(None).with_fragment(None)),
        "iat": int(clock.now().timestamp()),
    }
    if nonce:
        claims["nonce"] = nonce
    if token:
        claims["ath"] = b64(hashlib.sha256(token.encode()).digest())
    return signed(key, {"typ": "dpop+jwt", "jwk": public(key)}, claims)


async def send(
    http: Client,
    method: str,
    url: str,
    *,
    key: Key,
    write: bool,
    token: str = "",
    known: Callable[[Answer], None] | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Answer:
    """As `calls.send`, with a proof by `key`; said anew where the server wants its number in it.

    Raises RetryLater("not_itself") where it is never content: surely nothing was done.
    """
    origin = str(URL(url).origin())

    def read(answer: Answer) -> None:
        if number := answer.headers.get("dpop-nonce", ""):
            if len(_numbers) >= MOST:
                _numbers.clear()
            _numbers[origin] = number
        if _wants_number(answer):
            raise _WantsNumber(calls.words(answer))
        if known is not None:
            known(answer)

    async def once() -> Answer:
        shown = proof(key, method, url, nonce=_numbers.get(origin, ""), token=token)
        told = {**(headers or {}), "DPoP": shown, **({"Authorization": f"DPoP {token}"} if token else {})}
        return await calls.send(http, method, url, write=write, known=read, headers=told, **more)

    said = ""
    for _ in range(TRIES):
        try:
            return await once()
        except _WantsNumber as wanted:
            said = str(wanted)
    raise RetryLater("not_itself", said=said)


def _wants_number(answer: Answer) -> bool:
    if answer.status not in (400, 401):
        return False
    if WANTED in answer.headers.get("www-authenticate", ""):
        return True
    try:
        body = answer.json()
    except NotJson:
        return False
    return isinstance(body, dict) and body.get("error") == WANTED


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
