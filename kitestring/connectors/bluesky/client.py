"""The AT protocol's calls (XRPC) over our guarded client, and what its refusals mean to us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kitestring.connectorkit import calls, dpop
from kitestring.connectorkit.contract import Media, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.kit import clock
from kitestring.kit.http import Answer, Client, NotJson

MANIFEST = load(Path(__file__).parent)
POST = "app.bsky.feed.post"
# Which service of the network the account's server hands a call on to (atproto.com/specs/xrpc, service proxying).
CHAT = "did:web:api.bsky.chat#bsky_chat"
ENDED = {
    "InvalidToken", "AuthMissing", "AuthenticationRequired", "InvalidGrant", "TokenRevoked",
    "invalid_token",
}  # fmt: skip
GONE = {"AccountTakedown", "AccountDeactivated", "RepoTakendown", "RepoDeactivated", "RepoSuspended"}
ABSENT = {"RecordNotFound", "NotFound", "RepoNotFound"}
# What the token has no right to: an app password without private messages, a consent with fewer scopes.
NARROW = ("Bad token method", "Missing required scope")


@dataclass(frozen=True)
class Caller:
    """Who asks whom. `key`: the private key the token is bound to (by consent); `proxy`: the service behind the server.

    `foreign`: `base` is not the account's own server; like a `proxy`, it cannot say that the consent has ended.
    """

    http: Client
    base: str
    token: str = field(default="", repr=False)
    key: Mapping[str, str] = field(default_factory=dict, repr=False)
    proxy: str = ""
    foreign: bool = False

    async def ask(self, method: str, params: Sequence[tuple[str, str]] = ()) -> Any:
        """A reading call. Raises the four outcomes; Rejected("", "not_there") when the thing is absent."""
        with self._only_ours_ends():
            answer = await self._send("GET", method, write=False, params=params)
            return calls.settled(answer, write=False)

    async def do(self, method: str, body: Mapping[str, Any] | None = None, *, write: bool) -> Any:
        """A changing call. `write` says whether it could put something live (a session or a deletion does not)."""
        with self._only_ours_ends():
            answer = await self._send("POST", method, write=write, json=body)
            return calls.settled(answer, write=write) if answer.body or not answer.ok else {}

    async def give(self, method: str, file: Media, **more: Any) -> Any:
        """Bring a file to the server. It shows nowhere until a post names it."""
        told = {"Content-Type": file.mime}
        with self._only_ours_ends():
            answer = await self._send("POST", method, write=False, content=file.path, headers=told, **more)
            # 409: the video service has this very file, and says which job it is.
            read = calls.json_of if answer.status == 409 else calls.settled
            return read(answer, write=False)

    @contextmanager
    def _only_ours_ends(self) -> Iterator[None]:
        """Another service's refusal of our word is its trouble, whose wording we cannot mend: RetryLater in its place."""
        try:
            yield
        except GrantExpired as error:
            if not (self.foreign or self.proxy):
                raise
            raise RetryLater("busy", said=error.said) from error

    async def _send(
        self, verb: str, method: str, *, write: bool, headers: Mapping[str, str] | None = None, **more: Any
    ) -> Answer:
        told = {**(headers or {}), **({"atproto-proxy": self.proxy} if self.proxy else {})}
        url = f"{self.base}/xrpc/{method}"
        if self.key:
            return await dpop.send(
                self.http, verb, url, key=self.key, token=self.token, write=write, known=known, headers=told, **more
            )  # fmt: skip
        if self.token:
            told["Authorization"] = f"Bearer {self.token}"
        return await calls.send(self.http, verb, url, write=write, known=known, headers=told, **more)


def pds(session: Session) -> Caller:
    """The account's own server, asked as the account."""
    secrets = session.grant.secrets
    token = str(secrets.get("access") or secrets.get("access_token") or "")
    return Caller(session.http, session.urls["api"], token, dict(secrets.get("key") or {}))


def network(session: Session) -> Caller:
    """The view of the whole network: by the account's own server, unless an AppView's address is set."""
    appview = session.urls.get("appview", "")
    own = pds(session)
    return own if not appview or appview == own.base else Caller(session.http, appview, foreign=True)


def chat(session: Session) -> Caller:
    """Private messages, handed on by the account's own server."""
    return replace(pds(session), proxy=CHAT)


def known(answer: Answer) -> None:
    """Raise what the server's own error names mean; leave the rest to the common rules."""
    if answer.ok:
        return
    name, message = _error(answer)
    if answer.status == 429:
        raise RetryLater("busy", after=_wait(answer), said=message)
    if name == "ExpiredToken" or (name == "invalid_token" and '"exp"' in message):
        raise RetryLater("renewing", after=5, said=message)
    if name in dpop.NOT_THE_GRANT:
        raise RetryLater("not_itself", said=message)
    if name == "AuthFactorTokenRequired":
        raise Rejected("app_password", "needs_app_password", said=message)
    if name in GONE:
        raise GrantExpired("account_gone", said=message)
    if message.startswith(NARROW) or name == "insufficient_scope":
        raise Rejected("", "scope_missing", said=message)
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
    said = body.get("message") or body.get("error_description") or body.get("error") or ""
    return str(body.get("error", "")), str(said)


def _wait(answer: Answer) -> float | None:
    """Seconds to wait: Retry-After, or the server's own `ratelimit-reset` (a moment in Unix seconds)."""
    told = calls.retry_after(answer.headers)
    reset = answer.headers.get("ratelimit-reset", "")
    if told is None and reset.isdecimal():
        return max(1.0, int(reset) - clock.now().timestamp())
    return told
