"""LinkedIn's calls over our guarded client, and what its answers mean to us.

Each call names the month of the API it speaks (LinkedIn-Version). LinkedIn keeps a month for a year at least; then it is 426.
Source: learn.microsoft.com/linkedin/marketing/versioning; Rest.li Protocol 2.0.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit import calls, shapes
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.connectors.linkedin import refusals
from kitestring.kit import clock
from kitestring.kit.http import Answer, Client, NotJson

MANIFEST = load(Path(__file__).parent)
# The newest month that a source names as open: gitroomhq/postiz-app issue 2005 (2026-09-01).
VERSION: Final = "202608"
PAGE: Final = 100  # rows of one answer


class Api:
    """One account's calls. Each raises the four outcomes and nothing else."""

    def __init__(self, http: Client, urls: Mapping[str, str], token: str) -> None:
        self.http, self.urls, self.token = http, urls, token

    async def call(
        self,
        method: str,
        path: str,
        query: str = "",
        *,
        write: bool = False,
        restli: str = "",
        body: Any = None,
    ) -> Answer:
        """The 2xx answer of `path` ("posts"), whose names are encoded already. What is not there is Rejected("", "not_there")."""
        headers = self._headers() | ({"X-RestLi-Method": restli} if restli else {})
        url = f"{self.urls['api']}/rest/{path}{'?' if query else ''}{query}"
        answer = await calls.send(
            self.http, method, url, write=write, known=_known, headers=headers, json=body
        )
        if not answer.ok:
            calls.settled(answer, write=write)
        return answer

    async def read(self, path: str, query: str = "", *, restli: str = "") -> dict[str, Any]:
        return _object(await self.call("GET", path, query, restli=restli), write=False)

    async def change(
        self, method: str, path: str, query: str = "", *, restli: str = "", body: Any = None
    ) -> None:
        """A deed that may be done twice without harm (delete, like, edit): lost, it is only later."""
        answer = await self.call(method, path, query, restli=restli, body=body)
        if answer.mime == "text/html":
            raise RetryLater("not_itself", said=calls.words(answer))

    async def begin(self, what: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Begin an upload of `what` ("images", "videos"): the answer's `value`. Nothing of it can be seen yet."""
        told = {"initializeUploadRequest": dict(body)}
        answer = await self.call("POST", what, "action=initializeUpload", body=told)
        value = _object(answer, write=False).get("value")
        if not isinstance(value, dict):
            raise RetryLater("not_itself", said=calls.words(answer))
        return value

    async def put(self, url: str, content: bytes | Path, *, token: bool) -> Answer:
        """Bytes to an address that LinkedIn gave. Videos' addresses take no token, pictures' ask for one."""
        headers = {"Content-Type": "application/octet-stream"}
        headers |= {"Authorization": f"Bearer {self.token}"} if token else {}
        answer = await calls.send(
            self.http, "PUT", url, write=False, known=_known, headers=headers, content=content
        )
        if answer.mime == "text/html":
            raise RetryLater("not_itself", said=calls.words(answer))
        if not answer.ok:
            calls.settled(answer, write=False)
        return answer

    async def userinfo(self) -> dict[str, Any]:
        """Who agreed, by OpenID Connect; this address has no version."""
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.urls['api']}/v2/userinfo"
        answer = await calls.send(self.http, "GET", url, write=False, known=_known, headers=headers)
        found = calls.settled(answer, write=False)
        if not isinstance(found, dict) or not found.get("sub"):
            raise RetryLater("not_itself", said=calls.words(answer))
        return found

    def _headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "LinkedIn-Version": VERSION,
            "X-Restli-Protocol-Version": "2.0.0",
        }


def api(session: Session) -> Api:
    return Api(session.http, session.urls, str(session.grant.secrets.get("access_token", "")))


def rows(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The objects of an answer's `elements`. Raises RetryLater("not_itself") where it has none."""
    return [dict(row) for row in shapes.rows(body, "elements")]


async def pages(
    caller: Api, path: str, query: str, *, most: int = 10, restli: str = ""
) -> list[dict[str, Any]]:
    """The rows of up to `most` answers, one after another; ends at one that is not full."""
    found: list[dict[str, Any]] = []
    for page in range(most):
        told = "&".join(one for one in (query, f"start={page * PAGE}&count={PAGE}") if one)
        some = rows(await caller.read(path, told, restli=restli))
        found += some
        if len(some) < PAGE:
            break
    return found


def _object(answer: Answer, *, write: bool) -> dict[str, Any]:
    found = calls.json_of(answer, write=write)
    if not isinstance(found, dict):
        raise calls.unclear(write, "not_itself", calls.words(answer))
    return found


def _known(answer: Answer) -> None:
    """Raise what LinkedIn's own words mean; leave the rest to the common rules."""
    if answer.ok or answer.status >= 500:
        return
    try:
        body = answer.json()
    except NotJson:
        body = None
    told = body if isinstance(body, dict) else {}
    if answer.status == 429:
        raise RetryLater(*_busy(told), after=_wait(answer, told), said=refusals.said(told))
    row = refusals.row_of(told)
    if row is not None:
        raise _outcome(row, told)
    if answer.status == 401 and told:
        raise GrantExpired(said=refusals.said(told))
    if answer.status == 403 and told:
        raise Rejected("", "not_permitted", said=refusals.said(told))
    if answer.status == 404:
        raise Rejected("", "not_there", said=refusals.said(told))
    if answer.status == 409:
        raise Rejected("", "conflict", said=refusals.said(told))
    if answer.status in (400, 413, 415, 422) and told:
        field = refusals.field_of(told) or ("media" if answer.status in (413, 415) else "")
        raise Rejected(field, "refused", said=refusals.said(told))


def _outcome(row: refusals.Row, body: Mapping[str, Any]) -> ConnectorError:
    text = refusals.said(body)
    if row.what == "ended":
        return GrantExpired(row.reason, said=text)
    if row.what == "later":
        return RetryLater(row.reason, after=row.after, said=text)
    return Rejected(row.field, row.reason, said=text)


def _busy(body: Mapping[str, Any]) -> tuple[str]:
    return ("day_used",) if "DAY limit" in refusals.said(body) else ("busy",)


def _wait(answer: Answer, body: Mapping[str, Any]) -> float | None:
    """Seconds to wait: Retry-After, else until midnight in UTC, when LinkedIn's days begin; None when nothing is told."""
    told = calls.retry_after(answer.headers)
    if told is not None or "DAY limit" not in refusals.said(body):
        return told
    now = clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return (midnight - now).total_seconds()
