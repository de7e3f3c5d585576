"""Zalo's calls over our guarded client. Its errors come as 200 with {"error": -216, ...}: what each means to us stands here."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.kit.http import Answer, Client, NotJson

MANIFEST: Final = load(Path(__file__).parent)
# From public code and tables of others: the official list was not read (fixtures/errors.json names each source).
ENDED: Final = {-216, -124, 190, 452}
LATER: Final = {-32: "busy", -18: "busy", -200: "broken", -100: "broken"}
REFUSED: Final = {
    -201: ("", "values_refused"),
    -205: ("", "right_missing"),
    -209: ("", "version_retired"),
    -210: ("text", "values_refused"),
    -212: ("", "right_missing"),
    -213: ("reply_to", "not_following"),
    -217: ("reply_to", "not_following"),
    -221: ("", "needs_verification"),
    -224: ("", "needs_package"),
    -227: ("reply_to", "not_following"),
    -230: ("reply_to", "reply_window_over"),
    -232: ("reply_to", "reply_window_over"),
    -234: ("", "night"),
    -237: ("reply_to", "reply_window_over"),
    -240: ("", "version_retired"),
    -244: ("reply_to", "not_following"),
    -305: ("", "quota_used"),
    -320: ("", "needs_package"),
    -321: ("", "needs_package"),
}
NOT_THERE: Final = -241


@dataclass(frozen=True)
class Oa:
    """The account's API, by its token."""

    http: Client
    base: str
    token: str = field(repr=False)

    async def get(self, path: str, **asked: Any) -> Any:
        """The `data` of a read. What is asked for in one JSON goes as `data=`."""
        params = {key: json.dumps(v) if isinstance(v, Mapping) else str(v) for key, v in asked.items()}
        return await self._call("GET", path, write=False, params=params)

    async def post(self, path: str, body: Mapping[str, Any], *, write: bool) -> Any:
        return await self._call("POST", path, write=write, json=dict(body))

    async def _call(self, method: str, path: str, *, write: bool, **more: Any) -> Any:
        answer = await calls.send(
            self.http,
            method,
            f"{self.base}{path}",
            write=write,
            known=known,
            headers={"access_token": self.token},
            **more,
        )
        body = calls.settled(answer, write=write)
        if not isinstance(body, dict) or "error" not in body:
            raise calls.unclear(write, "not_itself", str(body)[:200])
        return body.get("data")


def oa(session: Session) -> Oa:
    return Oa(session.http, session.urls["api"], str(session.grant.secrets.get("access_token", "")))


def known(answer: Answer, *, only: Collection[int] = ()) -> None:
    """Raise what an error in the body means, whatever the status it came with; with `only`, just these numbers."""
    try:
        body = answer.json()
    except NotJson:
        return
    code = body.get("error") if isinstance(body, dict) else None
    if isinstance(code, str) and code.lstrip("-").isdigit():
        code = int(code)
    if isinstance(code, int) and code != 0 and answer.status < 500 and (not only or code in only):
        raise refusal(code, str(body.get("message") or ""), answer)


def refusal(code: int, said: str, answer: Answer) -> ConnectorError:
    words = f"{said} ({code})".strip()
    if code in ENDED:
        return GrantExpired(said=words)
    if code in LATER:
        return RetryLater(LATER[code], after=calls.retry_after(answer.headers), said=words)
    if code == NOT_THERE:
        return Rejected("", "not_there", said=words)
    field, reason = REFUSED.get(code, ("", "refused"))
    return Rejected(field, reason, said=words)
