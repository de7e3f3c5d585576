"""Weibo's calls over our guarded client, and what its answers mean to us.

Two families of one shape: the open one (`api`) and the commercial one (`commercial`, a contract), whose paths end in /biz. The
token goes in a header. Source: open.weibo.com/wiki, 2/... and C/2/.../biz; the header: public client libraries.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.connectors.weibo import refusals
from kitestring.kit import clock
from kitestring.kit.http import Answer, Client, NotJson
from kitestring.kit.http.call import Part

MANIFEST = load(Path(__file__).parent)
VERSION: Final = "2"  # of the API, the first part of every path: open.weibo.com/wiki, 新版接口迁移指南
COMMERCIAL: Final = "commercial"
SHARE: Final = "share"


class Api:
    """One account's calls. Each raises the four outcomes and nothing else."""

    def __init__(self, http: Client, urls: dict[str, str], token: str, *, commercial: bool = False) -> None:
        self.http, self.urls, self.token, self.commercial = http, urls, token, commercial

    def address(self, name: str, *, open_: bool = False) -> str:
        """The address of a call ("statuses/count") in this account's family; `open_`: in the open one."""
        if self.commercial and not open_:
            return f"{self.urls['commercial']}/{VERSION}/{name}/biz.json"
        return f"{self.urls['api']}/{VERSION}/{name}.json"

    async def get(self, name: str, *, open_: bool = False, **params: str) -> Any:
        """The answer's JSON, whatever it is."""
        return await self._call("GET", self.address(name, open_=open_), write=False, params=params)

    async def rows(self, name: str, under: str, *, bare: bool = False, **params: str) -> list[dict[str, Any]]:
        """The objects of an answer's list `under` ("statuses"). Raises RetryLater where there is no such list.

        `bare`: take {} and [] for an empty list, as some of its servers tell one. Not where "nothing is there" means that
        something is sent again.
        """
        body = await self._call("GET", self.address(name), write=False, params=params)
        found = body.get(under) if isinstance(body, dict) else None
        if bare and found is None and body in ({}, []):
            return []
        if not isinstance(found, list):
            raise RetryLater("not_itself", said=str(body)[:200])
        return [row for row in found if isinstance(row, dict)]

    async def post(self, name: str, form: dict[str, str], *, file: Part | None = None) -> dict[str, Any]:
        """Put something live: the object made, with its id. Raises Ambiguous where nobody knows."""
        made = await self._call("POST", self.address(name), write=True, **_body(form, file))
        if not isinstance(made, dict) or not number(made):
            raise Ambiguous("not_itself", said=str(made)[:200])
        return made

    async def change(self, name: str, form: dict[str, str], *, file: Part | None = None) -> Any:
        """A deed that may be done twice without harm (delete, a picture that no post shows): lost, it is only later."""
        return await self._call("POST", self.address(name), write=False, **_body(form, file))

    async def user(self, uid: str) -> dict[str, Any]:
        """Who an account is, with its numbers."""
        found = await self.get("users/show", open_=True, uid=uid)
        if not isinstance(found, dict) or not number(found):
            raise RetryLater("not_itself", said=str(found)[:200])
        return found

    async def token_info(self) -> dict[str, Any]:
        """What Weibo knows of the token: `appkey`, `scope`, and `expire_in`, the seconds it still lives."""
        url = f"{self.urls['auth']}/oauth2/get_token_info"
        found = await self._call("POST", url, write=False, form={"access_token": self.token})
        return found if isinstance(found, dict) else {}

    async def _call(self, method: str, url: str, *, write: bool, **more: Any) -> Any:
        headers = {"Authorization": f"OAuth2 {self.token}"}
        read = partial(_known, write=write)
        answer = await calls.send(self.http, method, url, write=write, known=read, headers=headers, **more)
        return calls.settled(answer, write=write)


def api(session: Session) -> Api:
    token = str(session.grant.secrets.get("access_token", ""))
    return Api(session.http, dict(session.urls), token, commercial=session.account_type == COMMERCIAL)


def number(row: dict[str, Any]) -> str:
    """The id of a status, comment or user, as text; "" where there is none. As a number it may be too long for others."""
    told = str(row.get("idstr") or row.get("id") or "")
    return told if told.isdecimal() and told != "0" else ""


def newest(rows: Sequence[dict[str, Any]]) -> int:
    """The highest id, 0 of none: ids grow with time (since_id, open.weibo.com/wiki/2/comments/timeline)."""
    return max((int(number(row) or 0) for row in rows), default=0)


def _body(form: dict[str, str], file: Part | None) -> dict[str, Any]:
    if file is None:
        return {"form": form}
    return {"parts": [*(Part(key, value) for key, value in form.items()), file]}


def _known(answer: Answer, *, write: bool) -> None:
    """Raise what Weibo's own words mean, whatever the status; leave the rest to the common rules."""
    try:
        body = answer.json()
    except NotJson:
        return
    if not isinstance(body, dict) or not refusals.code_of(body):
        return
    row, told = refusals.row_of(body), refusals.said(body)
    if row is None:
        if answer.status >= 500 or answer.status in (401, 410, 426, 429):
            return
        raise Rejected("", "refused", said=told)
    if row.what == "ended":
        raise GrantExpired(row.reason, said=told)
    if row.what == "later":
        raise RetryLater(row.reason, after=_wait(answer, row), said=told)
    if row.what == "unclear":
        raise calls.unclear(write, row.reason, told)
    raise Rejected(row.field, row.reason, said=told)


def _wait(answer: Answer, row: refusals.Row) -> float:
    """Seconds: Retry-After, the row's own, else until the next full hour."""
    told = calls.retry_after(answer.headers)
    if told is not None:
        return told
    if row.after is not None:
        return row.after
    now = clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return (hour - now).total_seconds()
