"""Pinterest's REST calls (v5) over our guarded client, and what its refusals mean to us.

Source: github.com/pinterest/api-description, v5/openapi.json 5.23.0, and the examples of errors in it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit import calls, shapes
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.kit.http import Answer, Client, NotJson

MANIFEST: Final = load(Path(__file__).parent)
VERSION: Final = "v5"  # github.com/pinterest/api-description: servers of v5/openapi.json
PAGE: Final = 250  # the largest page_size
PAGES: Final = 40  # so many are read, then a list counts as too long to know whole
# Words of a 400, as its message names the parameter: our field.
FIELDS: Final = (
    ("sponsor", "options.sponsor_id"),
    ("board", "options.board"),
    ("title", "title"),
    ("description", "text"),
    ("link", "link"),
    ("alt_text", "media"),
    ("image", "media"),
    ("video", "media"),
    ("media", "media"),
)
# (status, Pinterest's own code): field and reason. A code of 0 stands for every other one of that status.
REFUSALS: Final[Mapping[tuple[int, int], tuple[str, str]]] = {
    (403, 29): ("", "not_permitted"),
    (403, 0): ("", "not_yours"),
    (404, 40): ("options.board", "board_gone"),
    (404, 50): ("", "not_there"),
    (404, 0): ("", "not_there"),
    (409, 0): ("options.board", "board_busy"),
    (413, 0): ("media", "refused"),
}


class Api:
    """Pinterest as one token sees it. Each call raises the four outcomes and nothing else."""

    def __init__(self, http: Client, base: str, token: str) -> None:
        self.http, self.base, self.token = http, base, token

    async def call(self, method: str, path: str, *, write: bool = False, **more: Any) -> Any:
        """The JSON of a 2xx answer of `path` ("pins"); None where it has no body."""
        sent = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.base}/{VERSION}/{path}"
        answer = await calls.send(self.http, method, url, write=write, known=known, headers=sent, **more)
        return None if answer.status == 204 else calls.settled(answer, write=write)

    async def read(self, path: str, params: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
        found = await self.call("GET", path, params=params)
        if not isinstance(found, dict):
            raise RetryLater("not_itself", said=str(found)[:200])
        return found

    async def listed(self, path: str) -> AsyncIterator[dict[str, Any]]:
        """Everything of a list, page by page. Raises RetryLater("list_too_long") where there is no end in sight."""
        bookmark = ""
        for _ in range(PAGES):
            more = (("bookmark", bookmark),) if bookmark else ()
            page = await self.read(path, (("page_size", str(PAGE)), *more))
            for row in shapes.rows(page, "items"):
                yield dict(row)
            bookmark = str(page.get("bookmark") or "")
            if not bookmark:
                return
        raise RetryLater("list_too_long")


def api(session: Session) -> Api:
    return Api(session.http, session.urls["api"], str(session.grant.secrets.get("access_token", "")))


def pin_path(remote_id: str) -> str:
    """Raises Rejected("", "not_there") for what cannot be the id of a pin."""
    if not (remote_id.isascii() and remote_id.isdecimal()):
        raise Rejected("", "not_there")
    return f"pins/{remote_id}"


def known(answer: Answer) -> None:
    """Raise what Pinterest's own words mean; leave the rest to the common rules."""
    if answer.status == 429:
        raise RetryLater("busy", after=_wait(answer), said=calls.words(answer))
    if 400 <= answer.status < 500 and (error := _refusal(answer)):
        raise error


def _refusal(answer: Answer) -> ConnectorError | None:
    code, said = _told(answer)
    if answer.status in (401, 403) and "scope" in said.lower():
        return GrantExpired("scope_missing", said=said)
    if answer.status == 404 and code not in (40, 50) and said.lower().startswith("board"):
        code = 40  # analytics and sections repeat the status in place of a code of their own
    if answer.status == 400:
        field = next((field for word, field in FIELDS if word in said.lower()), "")
        return Rejected(field, "refused", said=said)
    found = REFUSALS.get((answer.status, code)) or REFUSALS.get((answer.status, 0))
    return Rejected(*found, said=said) if found else None


def _told(answer: Answer) -> tuple[int, str]:
    """(Pinterest's code, its sentence); 0 where it gives none."""
    try:
        body = answer.json()
    except NotJson:
        return 0, calls.words(answer)
    code = body.get("code") if isinstance(body, dict) else None
    return (code if isinstance(code, int) else 0), calls.words(answer)


def _wait(answer: Answer) -> float | None:
    """Seconds to wait: Retry-After, else X-RateLimit-Reset, which counts seconds."""
    told = calls.retry_after(answer.headers)
    if told is not None:
        return told
    reset = answer.headers.get("x-ratelimit-reset", "").partition(",")[0].strip()
    return float(reset) if reset.isdecimal() else None
