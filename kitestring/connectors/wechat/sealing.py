"""How WeChat signs what it pushes, and seals it in safe mode.

Signature: SHA-1 of token, timestamp and nonce (and, in safe mode, the sealed text), sorted and joined. Seal: AES-256-CBC
under EncodingAESKey, of 16 random bytes, the length, the message and the AppID, padded to 32 bytes.
"""

from __future__ import annotations

import hmac
import os
import struct
from base64 import b64decode, b64encode
from hashlib import sha1

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
SALT = 16


def signature(*parts: str) -> str:
    """As WeChat makes it; SHA-1 is its choice."""
    return sha1("".join(sorted(parts)).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def signed(given: str, *parts: str) -> bool:
    return hmac.compare_digest(signature(*parts).encode(), given.encode("utf-8", "surrogatepass"))


def seal(message: str, key: str, app_id: str) -> str:
    """As WeChat does it, for its emulator."""
    inside = message.encode()
    plain = os.urandom(SALT) + struct.pack(">I", len(inside)) + inside + app_id.encode()
    padding = BLOCK - len(plain) % BLOCK
    encryptor = _cipher(key).encryptor()
    return b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()


def opened(sealed: str, key: str, app_id: str) -> str:
    """The message inside. Raises ValueError when it was not sealed with this key, or not for this account."""
    try:
        data = b64decode(sealed, validate=True)
        decryptor = _cipher(key).decryptor()
        plain = decryptor.update(data) + decryptor.finalize()
        plain = plain[: -plain[-1]] if plain and 1 <= plain[-1] <= BLOCK else b""
        (size,) = struct.unpack(">I", plain[SALT : SALT + 4])
        end = SALT + 4 + size
        message, whose = plain[SALT + 4 : end].decode(), plain[end:].decode()
    except (ValueError, struct.error) as error:
        raise ValueError("not sealed with this key") from error
    if len(plain) < end or not hmac.compare_digest(whose.encode(), app_id.encode()):
        raise ValueError("sealed for another account")
    return message


def _cipher(key: str) -> Cipher[modes.CBC]:
    secret = b64decode(f"{key}=")
    return Cipher(algorithms.AES(secret), modes.CBC(secret[:16]))
