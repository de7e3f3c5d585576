"""What the emulated WeChat remembers: tokens, pictures, drafts, jobs; all of it JSON in the platform's memory."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Item, Platform

BEIJING = timezone(timedelta(hours=8))
HOLDS = 7200


class Refused(Exception):
    """An errcode with its words; `more` travels beside them."""

    def __init__(self, code: int, said: str, **more: Any) -> None:
        super().__init__(said)
        self.code = code
        self.more = more


def refusal(code: int, said: str, **more: Any) -> web.Response:
    """WeChat's refusals come with status 200."""
    return web.json_response({"errcode": code, "errmsg": said, **more})


class World:
    """The memory of one emulator. `who` is the account of the request being answered, `origin` its own address."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.who = ""
        self.origin = ""

    def at(self, origin: str) -> World:
        self.origin = origin
        return self

    def part(self, name: str) -> dict[str, Any]:
        memory: dict[str, Any] = self.platform.memory.setdefault("wechat", {})
        found: dict[str, Any] = memory.setdefault(name, {})
        return found

    @property
    def jobs(self) -> dict[str, Any]:
        """Mass sends by msg_id and publishings by publish_id."""
        return self.part("jobs")

    @property
    def drafts(self) -> dict[str, Any]:
        return self.part("drafts")

    def setting(self, name: str, default: Any) -> Any:
        return self.platform.memory.get("wechat", {}).get(name, default)

    def now(self) -> datetime:
        return self.platform.clock().astimezone(BEIJING)

    def next(self) -> str:
        return self.platform.next_id()

    # Tokens

    def login(self, app_id: str, secret: str) -> str:
        """Raises Refused for an app id or secret that is not the account's."""
        if not app_id.startswith("wx") or not self._name(app_id):
            raise Refused(40013, "invalid appid")
        if secret != sha256(app_id.encode()).hexdigest()[:32]:
            raise Refused(40125, "invalid appsecret")
        return app_id

    def _name(self, app_id: str) -> str:
        try:
            return bytes.fromhex(app_id.removeprefix("wx")).decode()
        except ValueError:
            return ""

    def new_token(self, app_id: str, way: str) -> str:
        """A token; the one of the same way before it is dead from now on."""
        token = f"{self.next()}_{sha256(f'{app_id}{way}{self.now()}'.encode()).hexdigest()[:40]}"
        until = (self.platform.clock() + timedelta(seconds=HOLDS)).isoformat()
        self.part("tokens")[f"{app_id} {way}"] = [token, until]
        return token

    def stable_token(self, app_id: str, force: bool) -> tuple[str, int]:
        held = self.part("tokens").get(f"{app_id} stable")
        if held and not force:
            left = (datetime.fromisoformat(held[1]) - self.platform.clock()).total_seconds()
            # The platform renews five minutes early; whoever asks has at least so long.
            if left > 300:
                return str(held[0]), int(left)
        return self.new_token(app_id, "stable"), HOLDS

    def admit(self, token: str) -> None:
        """Whose token it is. Raises Refused 40001 for a dead one, 42001 for one past its time."""
        for name, (held, until) in self.part("tokens").items():
            if held == token:
                if datetime.fromisoformat(until) <= self.platform.clock():
                    raise Refused(42001, "access_token expired")
                self.who = self._name(name.split()[0])
                return
        raise Refused(40001, "invalid credential, access_token is invalid or not latest")

    # Pictures and articles

    def keep_picture(self, filename: str, inside: bool) -> dict[str, str]:
        number = self.next()
        address = f"{self.origin}/mmbiz/{number}/{filename}"
        if inside:
            return {"url": address}
        self.part("pictures")[number] = address
        return {"media_id": number, "url": address}

    def keep_video(self, filename: str) -> dict[str, str]:
        number = self.next()
        self.part("videos")[number] = f"{self.origin}/mmbiz/{number}/{filename}"
        return {"media_id": number}

    def item(self, data: str) -> Item | None:
        """The article of a msg_data_id; history may be named by that number alone."""
        for item in self.platform.posts():
            if item.id.split(":")[0].split("_")[0] == data:
                return item
        return None
