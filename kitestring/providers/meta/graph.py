"""The Graph API over our guarded client. The version stands in the base address, which is data of the manifest."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kitestring.connectorkit import calls, shapes
from kitestring.connectorkit.errors import Rejected
from kitestring.kit.http import Answer, Client, Part
from kitestring.providers.meta.errors import Row, knows
from kitestring.providers.meta.signing import proof

PAGES: Final = 10  # of one list, at most: what is older is read by nobody


@dataclass(frozen=True)
class Graph:
    """One token at work. `secret`: the app's, for the proof. `rows`: what this channel's own codes mean, looked at first.
    `in_query`: the token goes as a parameter, where the documents know no header.

    Each call raises the four outcomes and nothing else; an object that is not there is Rejected("", "not_there").
    """

    http: Client
    base: str
    token: str = field(repr=False)
    secret: str = field(default="", repr=False)
    rows: tuple[Row, ...] = ()
    in_query: bool = False

    async def get(self, path: str, **params: Any) -> dict[str, Any]:
        return await self.call("GET", path, params=params)

    async def post(
        self, path: str, *, write: bool, parts: Sequence[Part] | None = None, **form: Any
    ) -> dict[str, Any]:
        """`write`: whether it puts something live. An upload, a draft or a container does not."""
        return await self.call("POST", path, write=write, form=form, parts=parts)

    async def delete(self, path: str) -> dict[str, Any]:
        return await self.call("DELETE", path)

    async def pages(self, path: str, *, most: int = PAGES, **params: Any) -> AsyncIterator[list[Any]]:
        """A list, page by page, `most` of them."""
        after = ""
        for _ in range(most):
            body = await self.get(path, after=after, **params)
            yield shapes.rows(body, "data")
            paging = body.get("paging") or {}
            after = str((paging.get("cursors") or {}).get("after") or "")
            if not paging.get("next") or not after:
                return

    async def call(
        self,
        method: str,
        path: str,
        *,
        write: bool = False,
        params: Mapping[str, Any] | None = None,
        form: Mapping[str, Any] | None = None,
        parts: Sequence[Part] | None = None,
    ) -> dict[str, Any]:
        query = {**plain(params or {}), **self._proof()}
        headers = {} if self.in_query else {"Authorization": f"Bearer {self.token}"}
        if self.in_query:
            query["access_token"] = self.token
        body: dict[str, Any] = {}
        if parts is not None:
            body["parts"] = [*(Part(key, text) for key, text in plain(form or {}).items()), *parts]
        elif form:
            body["form"] = plain(form)
        answer = await calls.send(
            self.http,
            method,
            f"{self.base}/{path}",
            write=write,
            known=knows(self.rows, write=write),
            headers=headers,
            params=query,
            **body,
        )
        return object_of(answer, write=write)

    def _proof(self) -> dict[str, str]:
        return {"appsecret_proof": proof(self.token, self.secret)} if self.secret and self.token else {}


def object_of(answer: Answer, *, write: bool) -> dict[str, Any]:
    """The JSON object of a 2xx answer; what else there may be raises."""
    found = calls.settled(answer, write=write)
    if not isinstance(found, dict):
        raise calls.unclear(write, "not_itself", str(found)[:200])
    return found


def plain(values: Mapping[str, Any]) -> dict[str, str]:
    """As the API takes them: true and false in words, lists and objects as JSON; what is empty is left out."""
    return {key: _text(value) for key, value in values.items() if value not in (None, "", (), [])}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def number(remote_id: str) -> str:
    """An object's id as it stands in a path: digits, joined by underscores. Raises Rejected("", "not_there")."""
    bare = remote_id.removeprefix("t_").removeprefix("m_")
    if not remote_id.isascii() or not bare.replace("_", "").replace("-", "").replace("=", "").isalnum():
        raise Rejected("", "not_there")
    return remote_id
