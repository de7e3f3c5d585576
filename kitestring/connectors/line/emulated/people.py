"""Names and ids as LINE has them, made from the platform's plain ones: the same name is the same id each time."""

from __future__ import annotations

from hashlib import md5

from kitestring.connectorkit.emulation import Platform


def user_id(name: str) -> str:
    """U and 32 hexadecimal digits, of a person or of an account's bot."""
    return "U" + md5(name.encode(), usedforsecurity=False).hexdigest()


def channel_id(account: str) -> str:
    """Digits from which the account's name can be read again."""
    return str(int.from_bytes(b"\x01" + account.encode(), "big"))


def account_of(channel: str) -> str | None:
    """The account's name; None for what is no channel id."""
    if not channel.isascii() or not channel.isdecimal():
        return None
    number = int(channel)
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    try:
        return raw[1:].decode() if raw[:1] == b"\x01" else None
    except UnicodeDecodeError:
        return None


def secret(account: str) -> str:
    """The channel secret: 32 hexadecimal digits."""
    return md5(b"secret of " + account.encode(), usedforsecurity=False).hexdigest()


def title(account: str) -> str:
    return account.replace("-", " ").title()


def person_behind(platform: Platform, wanted: str) -> str | None:
    """The platform's name of somebody who wrote here, by their user id; None for a stranger."""
    writers = {item.author for item in platform.items.values() if item.kind == "message"}
    return next((name for name in writers if user_id(name) == wanted), None)


def shown_name(platform: Platform, author: str) -> str:
    names = (i.author_name for i in platform.items.values() if i.author == author and i.author_name)
    return next(names, author)
