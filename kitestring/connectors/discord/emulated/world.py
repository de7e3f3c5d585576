"""Discord's world behind the emulator: one server, one channel, one bot and one webhook for every account name."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from aiohttp import web

from kitestring.connectorkit.emulation import Item, Platform, latin
from kitestring.connectors.discord.ids import first_of

KEPT: Final = timedelta(
    minutes=5
)  # "the past few minutes" in which a nonce is enforced; the documents name no number
LONGEST, EMBED, TOGETHER, FILES, LARGEST = 2000, 4096, 6000, 10, 10 * 1024 * 1024
BUCKET: Final = {
    "X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "4", "X-RateLimit-Reset": "1796000000.000",
    "X-RateLimit-Reset-After": "1.000", "X-RateLimit-Bucket": "abcd1234",
}  # fmt: skip


class Refused(Exception):
    """An error body of Discord's."""

    def __init__(self, status: int, code: int, message: str, **errors: Any) -> None:
        super().__init__(message)
        self.answer = refuse(status, code, message, **errors)


def refuse(status: int, code: int, message: str, **errors: Any) -> web.Response:
    body: dict[str, Any] = {"message": message, "code": code}
    if errors:
        body["errors"] = errors
    return web.json_response(body, status=status)


def too_long(field: str, most: int) -> Refused:
    told = {"code": "BASE_TYPE_MAX_LENGTH", "message": f"Must be {most} or fewer in length."}
    return Refused(400, 50035, "Invalid Form Body", **{field: {"_errors": [told]}})


def slow_down() -> web.Response:
    told = {"message": "You are being rate limited.", "retry_after": 0.64, "global": False, "code": 0}
    return web.json_response(told, status=429, headers={**BUCKET, "X-RateLimit-Scope": "user"})


def number(name: str) -> int:
    return 100_000_000_000_000_000 + int(sha256(name.encode()).hexdigest()[:12], 16) * 16


def guild(name: str) -> str:
    return str(number(name) + 1)


def channel(name: str) -> str:
    return str(number(name) + 2)


def bot_id(name: str) -> str:
    return str(number(name) + 3)


def hook_id(name: str) -> str:
    return str(number(name) + 4)


def person(author: str) -> str:
    return str(900_000_000_000_000_000 + int(sha256(author.encode()).hexdigest()[:12], 16))


def _spelt(name: str, salt: str) -> str:
    letters = urlsafe_b64encode(name.encode()).decode().rstrip("=")
    return f"{letters}_{sha256((salt + letters).encode()).hexdigest()[:44]}"


def _read(token: str, salt: str) -> str | None:
    letters = token[:-45]
    try:
        name = urlsafe_b64decode(letters + "=" * (-len(letters) % 4)).decode()
    except ValueError:
        return None
    return name if name and token == _spelt(name, salt) else None


def bot_token(name: str) -> str:
    return f"{urlsafe_b64encode(bot_id(name).encode()).decode().rstrip('=')}.sandbox.{_spelt(name, 'bot')}"


def hook_token(name: str) -> str:
    return _spelt(name, "hook")


def bot_of(header: str) -> str:
    """The account of an Authorization header. Raises Refused as Discord does for a token it does not know."""
    kind, _, token = header.partition(" ")
    name = _read(token.rpartition(".")[2], "bot") if kind == "Bot" else None
    if name is None:
        raise Refused(401, 0, "401: Unauthorized")
    return name


def hook_of(hook: str, token: str) -> str:
    """The account of a webhook's address. Raises Refused."""
    name = _read(token, "hook")
    if name is None:
        raise Refused(401, 50027, "Invalid Webhook Token")
    if hook != hook_id(name):
        raise Refused(404, 10015, "Unknown Webhook")
    return name


def snowflake(item: Item) -> str:
    """An item's number there: our own are called by it, people's are made of their time and their place."""
    last = item.id.rpartition(":")[2]
    if len(last) >= 15:
        return last
    return str(int(first_of(datetime.fromisoformat(item.at))) + int(last))


def new_id(platform: Platform) -> str:
    return str(int(first_of(platform.clock())) + int(platform.next_id()))


def user(name: str, number_: str, *, robot: bool = False) -> dict[str, Any]:
    spelt = latin(name) or f"user{number_[-6:]}"
    return {
        "id": number_, "username": spelt, "avatar": None, "discriminator": "0", "public_flags": 0, "flags": 0,
        "global_name": name, "primary_guild": None, "bot": robot,
    }  # fmt: skip


def standing(platform: Platform, name: str, channel_id: str) -> list[Item]:
    """The messages of a channel or of a thread (called as the post it hangs on), oldest first."""
    found = []
    for item in platform.items.values():
        post = platform.items.get(item.root) if item.parent else item
        thread = str(item.extra.get("thread", ""))
        if item.kind == "mention":
            here = channel_id == item.extra["of"] == channel(name)
        else:
            ours = post is not None and post.author == name
            here = ours and channel_id == (thread or channel(name))
        if here and item.visible:
            found.append(item)
    return sorted(found, key=lambda item: int(snowflake(item)))


def threads(platform: Platform, name: str) -> list[str]:
    """The posts of an account that have a thread with something in it."""
    found = [i.extra["thread"] for i in platform.items.values() if i.extra.get("thread")]
    return [post for post in dict.fromkeys(found) if platform.items[post].author == name]
