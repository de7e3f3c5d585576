"""One of Google's JSON APIs, called as somebody: by the address it lives at and the token of a grant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kitestring.connectorkit import calls, shapes
from kitestring.connectorkit.contract import Session
from kitestring.kit.http import Answer, Client
from kitestring.providers.google.errors import Row, knows

EMPTY: Final = 204


@dataclass(frozen=True)
class Api:
    """`base`: the address before a call's own path. `rows`: what this API's own errors mean."""

    http: Client
    base: str
    token: str = field(repr=False)
    rows: Sequence[Row] = ()

    async def read(self, path: str, **params: str) -> dict[str, Any]:
        """The answer to a GET. Raises as `calls.send` and the rows say; a lost answer is RetryLater."""
        return await self.call("GET", path, write=False, params=params)

    async def write(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, **params: str
    ) -> dict[str, Any]:
        """As `call`; a lost answer is Ambiguous."""
        return await self.call(method, path, write=True, params=params, body=body)

    async def call(
        self,
        method: str,
        path: str,
        *,
        write: bool,
        params: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The JSON object of the answer, {} where it is empty by right. `params` without a value stay out."""
        answer = await self.send(method, f"{self.base}/{path}", write=write, params=params, json=body)
        if answer.status == EMPTY:
            return {}
        found = calls.settled(answer, write=write)
        if not isinstance(found, dict):
            raise calls.unclear(write, "not_itself", str(found)[:200])
        return found

    async def send(self, method: str, url: str, *, write: bool, **more: Any) -> Answer:
        """The answer as it came; what a 4xx says in its body is raised."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        params = {key: value for key, value in (more.pop("params", None) or {}).items() if value}
        if more.get("json") is None:
            more.pop("json", None)
        if params:
            more["params"] = params
        return await calls.send(
            self.http, method, url, write=write, known=knows(self.rows), headers=headers, **more
        )

    async def pages(self, path: str, *, most: int = 20, **params: str) -> AsyncIterator[list[dict[str, Any]]]:
        """The `items` of a list, a page each, `most` pages of it."""
        token = ""
        for _ in range(most):
            body = await self.read(path, **params, pageToken=token)
            yield items(body)
            token = str(body.get("nextPageToken") or "")
            if not token:
                return


def items(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The `items` of an answer. Google leaves out what is empty, and counts it: `pageInfo.totalResults` 0.

    Raises RetryLater("not_itself") where the answer says neither.
    """
    if "items" not in body and shapes.told(body, "pageInfo").get("totalResults") == 0:
        return []
    return [dict(row) for row in shapes.rows(body, "items")]


def api(session: Session, name: str, rows: Sequence[Row] = ()) -> Api:
    """The API at the address called `name`, as the session's account."""
    token = str(session.grant.secrets.get("access_token", ""))
    return Api(session.http, session.urls[name], token, rows)
