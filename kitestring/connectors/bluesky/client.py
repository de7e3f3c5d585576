"""The AT protocol's calls (XRPC) over our guarded client, and what its refusals mean to us."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Media, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.kit import clock
from kitestring.kit.http import Answer, Client, NotJson

MANIFEST = load(Path(__file__).parent)
POST = "app.bsky.feed.post"
ENDED = {"InvalidToken", "AuthMissing", "AuthenticationRequired", "InvalidGrant", "TokenRevoked"}
GONE = {"AccountTakedown", "AccountDeactivated", "RepoTakendown", "RepoDeactivated", "RepoSuspended"}
ABSENT = {"RecordNotFound", "NotFound", "RepoNotFound"}


async def query(http: Client, base: str, method: str, token: str, params: Sequence[tuple[str, str]]) -> Any:
    """A reading call. Raises the four outcomes; Rejected("", "not_there") when the thing is absent."""
    answer = await calls.send(
        http, "GET", f"{base}/xrpc/{method}", write=False, known=_known, params=params, headers=_bearer(token)
    )
    return calls.settled(answer, write=False)


async def procedure(
    http: Client, base: str, method: str, token: str, body: dict[str, Any] | None = None, *, write: bool
) -> Any:
    """A changing call. `write` says whether it could put something live (a session or a deletion does not)."""
    answer = await calls.send(
        http, "POST", f"{base}/xrpc/{method}", write=write, known=_known, json=body, headers=_bearer(token)
    )
    return calls.settled(answer, write=write) if answer.body or not answer.ok else {}


async def view(session: Session, method: str, *params: tuple[str, str]) -> Any:
    """A reading call about the whole network: the AppView's, by the account's own server unless one is set."""
    own, appview = session.urls["api"], session.urls.get("appview", "")
    token = "" if appview and appview != own else access(session)
    return await query(session.http, appview or own, method, token, params)


async def record(session: Session, repo: str, rkey: str) -> dict[str, Any] | None:
    """A post's record on the account's own server; None when it surely is not there."""
    params = (("repo", repo), ("collection", POST), ("rkey", rkey))
    try:
        found = await query(
            session.http, session.urls["api"], "com.atproto.repo.getRecord", access(session), params
        )
    except Rejected as error:
        if error.reason == "not_there":
            return None
        raise
    return dict(found)


async def upload(session: Session, media: Media) -> dict[str, Any]:
    """Bring a file to the server and return its blob reference. It shows nowhere until a post names it."""
    answer = await calls.send(
        session.http,
        "POST",
        f"{session.urls['api']}/xrpc/com.atproto.repo.uploadBlob",
        write=False,
        known=_known,
        content=media.path,
        headers={"Content-Type": media.mime, **_bearer(access(session))},
    )
    return dict(calls.settled(answer, write=False)["blob"])


def access(session: Session) -> str:
    return str(session.grant.secrets.get("access", ""))


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _known(answer: Answer) -> None:
    """Raise what the server's own error names mean; leave the rest to the common rules."""
    if answer.ok:
        return
    name, message = _error(answer)
    if answer.status == 429:
        raise RetryLater("busy", after=_wait(answer), said=message)
    if name == "ExpiredToken":
        raise RetryLater("renewing", after=5, said=message)
    if name == "AuthFactorTokenRequired":
        raise Rejected("app_password", "needs_app_password", said=message)
    if name in GONE:
        raise GrantExpired("account_gone", said=message)
    if name in ENDED:
        raise GrantExpired(said=message)
    if name == "InvalidSwap":
        raise Rejected("", "key_taken", said=message)
    if name in ABSENT or (answer.status == 400 and "could not locate record" in message.lower()):
        raise Rejected("", "not_there", said=message)
    if name in {"BlobTooLarge", "BlobNotFound", "InvalidMimeType"}:
        raise Rejected("media", "refused", said=message)
    if name in {"InvalidRecord", "InvalidRequest"} and answer.status == 400:
        raise Rejected("", "wrong_shape", said=message)


def _error(answer: Answer) -> tuple[str, str]:
    try:
        body = answer.json()
    except NotJson:
        return "", calls.words(answer)
    if not isinstance(body, dict):
        return "", calls.words(answer)
    return str(body.get("error", "")), str(body.get("message") or body.get("error") or "")


def _wait(answer: Answer) -> float | None:
    """Seconds to wait: Retry-After, or the server's own `ratelimit-reset` (a moment in Unix seconds)."""
    told = calls.retry_after(answer.headers)
    reset = answer.headers.get("ratelimit-reset", "")
    if told is None and reset.isdecimal():
        return max(1.0, int(reset) - clock.now().timestamp())
    return told
