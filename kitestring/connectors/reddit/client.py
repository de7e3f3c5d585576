"""Reddit's calls over our guarded client, and what its answers mean to us.

Most refusals of a form come with status 200 as `json.errors`: [code, words, field]; newer ones as 400 with `reason`.
Sources: github.com/Pyprohly/reddit-api-doc-notes; github.com/reddit-archive/reddit, r2/lib/errors.py and its wiki (API, OAuth2);
github.com/praw-dev/praw and asyncpraw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from pathlib import Path
from typing import Any

from kitestring.connectorkit import calls, shapes
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.connectors.reddit import refusals
from kitestring.kit import clock
from kitestring.kit.http import Answer, Client, NotJson
from kitestring.kit.http.client import AGENT

MANIFEST = load(Path(__file__).parent)
Params = Sequence[tuple[str, str]]


def agent(app: Mapping[str, str]) -> str:
    """The User-Agent Reddit asks for: platform, app, version, and who answers for it. Plain ones are throttled or blocked."""
    version = AGENT.partition("/")[2]
    return f"web:kitestring.{app.get('client_id', '')}:v{version} (by /u/{owner(app)})"


def owner(app: Mapping[str, str]) -> str:
    """The developer's name as typed, without u/."""
    return app.get("developer", "").strip().rpartition("/")[2] or "unknown"


class Api:
    """One account's calls. Each raises the four outcomes and nothing else."""

    def __init__(self, http: Client, urls: Mapping[str, str], app: Mapping[str, str], token: str) -> None:
        self.http, self.urls = http, urls
        self.headers = {"Authorization": f"Bearer {token}", "User-Agent": agent(app)}

    async def call(self, method: str, path: str, *, write: bool = False, **more: Any) -> Answer:
        """The 2xx answer of `path` ("api/v1/me"). What is not there is Rejected("", "not_there")."""
        url = f"{self.urls['api']}/{path}"
        answer = await calls.send(
            self.http, method, url, write=write, known=_known, headers=self.headers, **more
        )
        if not answer.ok:
            calls.settled(answer, write=write)
        return answer

    async def get(self, path: str, params: Params = ()) -> Answer:
        """A GET; letters come as they are, not as entities (`raw_json`)."""
        return await self.call("GET", path, params=[*params, ("raw_json", "1")])

    async def read(self, path: str, params: Params = ()) -> Any:
        """The JSON of a GET."""
        return calls.json_of(await self.get(path, params), write=False)

    async def things(self, path: str, params: Params = ()) -> list[dict[str, Any]]:
        """The `data` of each thing of a listing, one page, with its kind as "kind"."""
        return rows(await self.read(path, params))

    async def write(self, path: str, form: Mapping[str, str]) -> dict[str, Any]:
        """Put something live: the answer's `json.data`. Raises Ambiguous where nobody knows."""
        told = {**form, "api_type": "json", "raw_json": "1"}
        return _made(await self.call("POST", path, write=True, form=told), write=True)

    async def write_json(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The same for what Reddit takes as JSON."""
        told = {**body, "api_type": "json"}
        return _made(await self.call("POST", path, write=True, json=told), write=True)

    async def change(self, path: str, form: Mapping[str, str]) -> dict[str, Any]:
        """A deed that may be done twice without harm: lost, it is only later. The answer's `json.data`."""
        told = {**form, "api_type": "json", "raw_json": "1"}
        return _made(await self.call("POST", path, form=told), write=False)

    async def ask(self, path: str, form: Mapping[str, str]) -> dict[str, Any]:
        """A POST that shows nothing to anybody (a place for a file): its whole answer."""
        found = calls.json_of(await self.call("POST", path, form=form), write=False)
        if not isinstance(found, dict):
            raise RetryLater("not_itself", said=str(found)[:200])
        return found


def api(session: Session) -> Api:
    return Api(session.http, session.urls, session.app, str(session.grant.secrets.get("access_token", "")))


def rows(listing: Any) -> list[dict[str, Any]]:
    """The things of a listing: their `data`, with "kind" beside it; what is none is left out. Raises RetryLater("not_itself")
    for what is no listing."""
    return unwrapped(shapes.rows(listing, "data", "children"))


def unwrapped(things: Any) -> list[dict[str, Any]]:
    """`data` of each of these things, with its kind."""
    return [
        {**one["data"], "kind": str(one.get("kind") or "")}
        for one in (things if isinstance(things, list) else [])
        if isinstance(one, dict) and isinstance(one.get("data"), dict)
    ]


def told_at(answer: Answer) -> datetime:
    """Reddit's own time as the answer tells it (its Date); ours when it tells none."""
    try:
        when = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return clock.now()
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def at_of(row: Mapping[str, Any]) -> datetime:
    """When a thing was made."""
    told = row.get("created_utc")
    sound = isinstance(told, int | float) and isfinite(told)
    return datetime.fromtimestamp(float(told or 0), UTC) if sound else clock.now()


def _made(answer: Answer, *, write: bool) -> dict[str, Any]:
    body = calls.json_of(answer, write=write)
    if not isinstance(body, dict):
        raise calls.unclear(write, "not_itself", calls.words(answer))
    told = body.get("json")
    table = told if isinstance(told, dict) else body
    if errors := table.get("errors"):
        raise refusals.outcome_of(errors, table.get("ratelimit"))
    data = table.get("data")
    return data if isinstance(data, dict) else {}


def _known(answer: Answer) -> None:
    """Raise what Reddit's own words mean; leave the rest to the common rules."""
    if answer.ok:
        return
    if answer.status == 429:
        raise RetryLater("busy", after=_wait(answer), said=calls.words(answer))
    if answer.status == 403 and "insufficient_scope" in answer.headers.get("www-authenticate", ""):
        raise GrantExpired("scope_missing", said=calls.words(answer))
    if answer.status == 404:
        raise Rejected("", "not_there", said=calls.words(answer))
    try:
        body = answer.json()
    except NotJson:
        body = None
    if not isinstance(body, dict):
        if answer.status == 403:
            raise Rejected("", "blocked", said=calls.words(answer))
        return
    if answer.status in (400, 403, 409):
        refusals.raise_for(answer.status, body)


def _wait(answer: Answer) -> float | None:
    """Seconds to wait: Retry-After, else the end of the window that is used up."""
    told = calls.retry_after(answer.headers)
    if told is not None:
        return told
    try:
        seconds = float(answer.headers.get("x-ratelimit-reset", ""))
    except ValueError:
        return None
    return max(1.0, seconds) if isfinite(seconds) else None
