"""X's calls over our guarded client, and what its answers mean to us. API v2 throughout.

Two vocabularies are in use there: "post.fields", which answers with `referenced_posts` and `repost_count`, and the older
"tweet.fields" with `referenced_tweets` and `retweet_count`. We ask in the newer one and read both.
Source: github.com/xdevplatform/xdk, specs/openapi.json 2.167.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from kitestring.connectorkit import calls, shapes
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.connectors.x import refusals
from kitestring.kit import clock
from kitestring.kit.http import Answer, Client, NotJson, Part

MANIFEST = load(Path(__file__).parent)
VERSION = "2"  # of the API, the first part of every path: xdevplatform/docs, X API, Versioning
# (how many are left, when they are given anew): of this address, of the person in a day, of the app in a day.
WINDOWS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
Params = Sequence[tuple[str, str]]


class Api:
    """One account's calls. Each raises the four outcomes and nothing else."""

    def __init__(self, http: Client, urls: Mapping[str, str], token: str) -> None:
        self.http, self.urls, self.token = http, urls, token

    async def call(
        self, method: str, path: str, *, write: bool = False, base: str = "api", **more: Any
    ) -> Answer:
        """The 2xx answer of `path` ("tweets"). What is not there is Rejected("", "not_there")."""
        url = f"{self.urls[base]}/{VERSION}/{path}"
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await calls.send(self.http, method, url, write=write, known=_known, headers=headers, **more)
        if not answer.ok:
            calls.settled(answer, write=write)
        return answer

    async def read(self, path: str, params: Params = (), *, base: str = "api") -> dict[str, Any]:
        """The whole answer of a GET: `data`, `includes`, `meta`, and `errors` about some of what was asked for."""
        answer = await self.call("GET", path, params=params, base=base)
        return _object(answer, write=False)

    async def pages(self, path: str, params: Params, *, most: int = 50) -> list[dict[str, Any]]:
        """The answers one after another, newest first. Ends where a page brings nothing new, whatever its token says."""
        found: list[dict[str, Any]] = []
        seen, token = set[str](), ""
        while len(found) < most:
            page = await self.read(path, [*params, *([("pagination_token", token)] if token else [])])
            ids = {str(row.get("id")) for row in rows(page)}
            if ids <= seen:
                break
            seen |= ids
            found.append(page)
            token = str((page.get("meta") or {}).get("next_token") or "")
            if not token:
                break
        return found

    async def change(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A deed that may be done twice without harm (hide, like, delete, describe a file): lost, it is only later."""
        answer = await self.call(method, path, json=dict(body) if body is not None else None)
        return _data(_object(answer, write=False))

    async def write(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Put something live: the `data` of the answer. Raises Ambiguous where nobody knows."""
        answer = await self.call("POST", path, write=True, json=dict(body))
        found = _object(answer, write=True)
        if not _data(found):
            _raise(found)
            raise Ambiguous("not_itself", said=calls.words(answer))
        return _data(found)

    async def upload(self, path: str, parts: Sequence[Part]) -> None:
        """A piece of a file. It shows nowhere until a post names it."""
        await self.call("POST", path, base="upload", parts=parts)

    async def media(self, method: str, path: str, *, params: Params = (), body: Any = None) -> dict[str, Any]:
        """A step of an upload other than its bytes: the `data` of the answer."""
        answer = await self.call(method, path, base="upload", params=params or None, json=body)
        return _data(_object(answer, write=False))


def api(session: Session) -> Api:
    return Api(session.http, session.urls, str(session.grant.secrets.get("access_token", "")))


def rows(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The objects of an answer's `data`. X leaves it out where there is nothing, and counts that: `meta.result_count` 0.

    Raises RetryLater("not_itself") where the answer says neither.
    """
    if "data" not in body and shapes.told(body, "meta").get("result_count") == 0:
        return []
    return [dict(row) for row in shapes.rows(body, "data")]


def rows_by_id(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The objects of what was asked for by id; what is not there is left out, all of it it may be."""
    return rows(body) if "data" in body else []


def one(body: Mapping[str, Any]) -> dict[str, Any]:
    """The one object that was asked for. Raises what the answer says in its place, else RetryLater("not_itself")."""
    found = _data(body)
    if not found:
        _raise(body)
        raise RetryLater("not_itself", said=str(body)[:200])
    return found


def told_at(answer: Answer) -> datetime:
    """X's own time as the answer tells it (its Date); ours when it tells none."""
    try:
        when = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return clock.now()
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _object(answer: Answer, *, write: bool) -> dict[str, Any]:
    found = calls.json_of(answer, write=write)
    if not isinstance(found, dict):
        raise calls.unclear(write, "not_itself", calls.words(answer))
    return found


def _data(body: Mapping[str, Any]) -> dict[str, Any]:
    found = body.get("data")
    return found if isinstance(found, dict) else {}


def _known(answer: Answer) -> None:
    """Raise what X's own words mean; leave the rest to the common rules."""
    if answer.ok:
        return
    try:
        body = answer.json()
    except NotJson:
        body = None
    if not isinstance(body, dict):
        if answer.status == 402:
            raise RetryLater("no_credits", after=refusals.NO_CREDITS.after, said=calls.words(answer))
        if answer.status == 429:
            raise RetryLater("busy", after=_wait(answer), said=calls.words(answer))
        return
    if answer.status == 402:
        raise _outcome(refusals.NO_CREDITS, body)
    if answer.status == 429:
        row = refusals.row_of(body)
        reason = row.reason if row and row.what == "later" else "busy"
        raise RetryLater(
            reason, after=_wait(answer) or (row.after if row else None), said=refusals.said(body)
        )
    if answer.status in (400, 403, 404, 409, 413, 422):
        _raise(body)
    if answer.status == 404:
        raise Rejected("", "not_there", said=refusals.said(body))
    if answer.status == 413:
        raise Rejected("media", "refused", said=refusals.said(body))
    if answer.status in (400, 422):
        raise Rejected(refusals.field_of(body), "refused", said=refusals.said(body))


def _raise(body: Mapping[str, Any]) -> None:
    """Raise the outcome of a problem that the table knows."""
    row = refusals.row_of(body)
    if row is not None:
        raise _outcome(row, body)


def _outcome(row: refusals.Row, body: Mapping[str, Any]) -> ConnectorError:
    text = refusals.said(body)
    if row.what == "ended":
        return GrantExpired(row.reason, said=text)
    if row.what == "later":
        return RetryLater(row.reason, after=row.after, said=text)
    minutes = re.search(r"longer than (\d+) minute", text)
    return Rejected(row.field, row.reason, said=text, params={"minutes": minutes[1]} if minutes else None)


def _wait(answer: Answer) -> float | None:
    """Seconds to wait: Retry-After, else the latest end of a window of which nothing is left."""
    told = calls.retry_after(answer.headers)
    if told is not None:
        return told
    ends = []
    for name in WINDOWS:
        left, reset = answer.headers.get(f"{name}-remaining"), answer.headers.get(f"{name}-reset", "")
        if left in (None, "0") and reset.isdecimal():
            ends.append(int(reset) - clock.now().timestamp())
    return max(1.0, *ends) if ends else None
