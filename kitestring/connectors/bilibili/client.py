"""Bilibili's calls over our guarded client: signed, and its answers taken out of {"code": 0, "message": "0", "data": ...}."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit import calls, shapes
from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.manifest import load
from kitestring.connectors.bilibili.refusals import refusal
from kitestring.connectors.bilibili.signing import signed
from kitestring.kit.http import Answer, Client, NotJson, Part

MANIFEST: Final = load(Path(__file__).parent)
BASE: Final = "/arcopen/fn"


@dataclass(frozen=True)
class Bili:
    """The open platform as an account uses it: by the operator's app and the account's token."""

    http: Client
    base: str
    client_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)

    async def read(self, path: str, **asked: str) -> Any:
        """The `data` of a read."""
        return await self._call("GET", path, write=False, params=asked, headers=self._signed())

    async def post(self, path: str, body: Mapping[str, Any], *, write: bool, **asked: str) -> Any:
        """The `data` of a call with a JSON body. `write`: whether it could put something up."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        told = {**self._signed(content), "content-type": "application/json"}
        return await self._call("POST", path, write=write, params=asked, headers=told, content=content)

    async def form(
        self, path: str, parts: Sequence[Part], *, write: bool, timeout: float | None = None
    ) -> Any:
        """The `data` of a call with a form, files in it or not."""
        return await self._call(
            "POST", path, write=write, headers=self._signed(), parts=parts, timeout=timeout
        )

    def _signed(self, body: bytes = b"") -> dict[str, str]:
        return signed(self.client_id, self.secret, self.token, body)

    async def _call(self, method: str, path: str, *, write: bool, **more: Any) -> Any:
        return await asked(self.http, method, f"{self.base}{BASE}{path}", write=write, **more)


async def asked(http: Client, method: str, url: str, *, write: bool, **more: Any) -> Any:
    """The `data` of an answer, signed or not. Raises what its number means."""
    answer = await calls.send(http, method, url, write=write, known=known(write), **more)
    body = calls.settled(answer, write=write)
    if not isinstance(body, dict) or body.get("code") != 0:
        raise calls.unclear(write, "not_itself", str(body)[:200])
    return body.get("data")


def known(write: bool) -> Callable[[Answer], None]:
    """Raises what a number in the body means, whatever the status it came with."""

    def look(answer: Answer) -> None:
        try:
            body = answer.json()
        except NotJson:
            return
        code = body.get("code") if isinstance(body, dict) else None
        if isinstance(code, int) and code != 0 and answer.status < 500:
            raise refusal(code, str(body.get("message") or ""), answer, write=write)

    return look


def bili(session: Session) -> Bili:
    return of_app(session.http, session.urls, session.app, str(session.grant.secrets.get("access_token", "")))


def of_app(http: Client, urls: Mapping[str, str], app: Mapping[str, str], token: str) -> Bili:
    return Bili(http, urls["api"], app.get("client_id", ""), app.get("client_secret", ""), token)


def is_article(remote_id: str) -> bool:
    """Articles are named cv123, videos BV1xx411c7mD."""
    return remote_id.startswith("cv")


def address(session: Session, remote_id: str) -> str:
    """Where people see it."""
    return f"{session.urls['web']}/{'read' if is_article(remote_id) else 'video'}/{remote_id}"


def tags(outgoing: Outgoing) -> str:
    """The tags as they are sent, with plain commas between them; a hash before one is not part of it."""
    given = outgoing.options.get("tags", "").replace("，", ",").replace("、", ",").split(",")
    return ",".join(dict.fromkeys(tag for one in given if (tag := one.strip().lstrip("#").strip())))


def same(one: object, other: str) -> bool:
    """Whether two texts say the same, however they are spaced, and whether or not & is told as &amp;."""
    return "".join(unescape(str(one or "")).split()) == "".join(other.split())


def rows(told: Any, name: str) -> list[Mapping[str, Any]]:
    """The list called `name` in what was told; null is Bilibili's empty list. Raises RetryLater("not_itself") where it is
    not named at all."""
    if name in (named := shapes.told(told)) and named[name] is None:
        return []
    return shapes.rows(told, name)
