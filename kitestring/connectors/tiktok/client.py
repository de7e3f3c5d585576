"""TikTok's calls over our guarded client, and what its answers mean to us.

Every answer has an `error`, also a good one ("ok"), and some refusals come with status 200: the body is read first.
Source: developers.tiktok.com/doc/tiktok-api-v2-error-handling (read as a stored copy; the page carries no date).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Grant, Session
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.connectors.tiktok.refusals import CODES
from kitestring.kit.http import Answer, Client, NotJson

MANIFEST = load(Path(__file__).parent)
VERSION: Final = "v2"  # of the API, the first part of every path
POSTS, DRAFTS, LISTS, STATS, NAMES = (
    "video.publish",
    "video.upload",
    "video.list",
    "user.info.stats",
    "user.info.profile",
)
JSON: Final = "application/json; charset=UTF-8"
SLOWEST: Final = 100_000.0  # bytes a second that an uplink brings at least; a piece is waited for as long
ENDED: Final = re.compile(r"bytes 0-(\d+)/\d+")


@dataclass(frozen=True)
class Stood:
    """What an upload answered to a piece: `done`, or the number of bytes it says it has (None: it says nothing).

    `lost`: its address is over. `refused`: this was not the piece that it waits for.
    """

    done: bool = False
    told: int | None = None
    lost: bool = False
    refused: bool = False


class Api:
    """One account's calls. Each raises the four outcomes and nothing else."""

    def __init__(self, http: Client, urls: Mapping[str, str], token: str) -> None:
        self.http, self.urls, self.token = http, urls, token

    async def ask(
        self, path: str, body: Mapping[str, Any] | None = None, *, fields: str = "", write: bool = False
    ) -> dict[str, Any]:
        """The `data` of a POST of `path` ("post/publish/status/fetch"). `write`: it may put something live."""
        return await self._call("POST", path, write=write, fields=fields, json=dict(body or {}))

    async def get(self, path: str, fields: str) -> dict[str, Any]:
        """The `data` of a GET."""
        return await self._call("GET", path, write=False, fields=fields)

    async def _call(self, method: str, path: str, *, write: bool, fields: str, **more: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        if method == "POST":
            headers["Content-Type"] = JSON
        answer = await calls.send(
            self.http,
            method,
            f"{self.urls['api']}/{VERSION}/{path}/",
            write=write,
            known=lambda told: _known(told, write=write),
            headers=headers,
            params={"fields": fields} if fields else None,
            **more,
        )
        body = calls.settled(answer, write=write)
        found = body.get("data") if isinstance(body, dict) else None
        if not isinstance(found, dict):
            raise calls.unclear(write, "not_itself", calls.words(answer))
        return found

    async def put(self, address: str, data: bytes, first: int, total: int, mime: str) -> Stood:
        """Send a piece of a file to the address that an upload was given. The last one is what posts it."""
        last = first + len(data) - 1
        write = last + 1 == total
        headers = {"Content-Type": mime, "Content-Range": f"bytes {first}-{last}/{total}"}
        timeout = self.http.timeout + len(data) / SLOWEST
        answer = await calls.send(
            self.http, "PUT", address, write=write, headers=headers, content=data, timeout=timeout
        )
        told = ENDED.fullmatch(answer.headers.get("content-range", "").strip())
        number = int(told[1]) if told else None
        if answer.status == 201:
            return Stood(done=True, told=number)
        if answer.status == 206:
            return Stood(told=number)
        if answer.status in (403, 404):
            return Stood(lost=True)
        if answer.status == 416:
            return Stood(refused=True, told=number)
        if answer.ok:
            raise calls.unclear(write, "not_itself", calls.words(answer))
        raise Rejected("media", "refused", said=calls.words(answer))


def api(session: Session) -> Api:
    return Api(session.http, session.urls, str(session.grant.secrets.get("access_token", "")))


def may(grant: Grant, scope: str) -> bool:
    """Whether the person gave this right; True where TikTok did not tell which they gave."""
    return not grant.scopes or scope in grant.scopes


def address(session: Session, post: str, kind: str = "video") -> str:
    """Where people see a post; "" where the account's user name is not known."""
    name = session.handle.removeprefix("@")
    shape = "photo" if kind.startswith("photo") else "video"
    return f"{session.urls['web']}/@{name}/{shape}/{post}" if re.fullmatch(r"[\w.]+", name) else ""


def _known(answer: Answer, *, write: bool) -> None:
    """Raise what TikTok's own code means, whatever the status; leave the rest to the common rules."""
    try:
        body = answer.json()
    except NotJson:
        return
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, Mapping):
        return
    code, said = str(error.get("code") or ""), _said(error)
    if code in ("", "ok"):
        return
    row = CODES.get(code)
    if answer.status == 429:
        after = calls.retry_after(answer.headers)
        raise RetryLater(
            row.reason if row else "busy", after=after or (row.after if row else None), said=said
        )
    if row is not None:
        raise row.outcome(said, write=write)
    if answer.status < 500 and answer.status != 401:
        raise Rejected("", "refused", said=said)


def _said(error: Mapping[str, Any]) -> str:
    """Their words, with the number by which their support finds the call."""
    words = str(error.get("message") or error.get("code") or "")
    log = str(error.get("log_id") or "")
    return f"{words} (log_id {log})" if log else words
