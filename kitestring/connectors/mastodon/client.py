"""Mastodon's REST calls over our guarded client, and what its refusals mean to us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Media, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.kit import clock
from kitestring.kit.http import Answer, Client, NotJson, Part

MANIFEST = load(Path(__file__).parent)
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "video/mp4": "mp4",
}
# Words of a 422 (config/locales/en.yml of mastodon/mastodon): our field and reason.
REFUSALS = (
    ("character limit", "text", "refused"),
    ("poll", "options.poll", "refused"),
    ("text can't be blank", "text", "text_required"),
    ("cannot attach", "media", "refused"),
    ("file", "media", "refused"),
    ("media", "media", "refused"),
    ("language", "text", "refused"),
)


class Server:
    """A server and the token it knows us by. Each call raises the four outcomes and nothing else."""

    def __init__(self, http: Client, base: str, token: str) -> None:
        self.http, self.base, self.token = http, base, token

    async def call(
        self,
        method: str,
        path: str,
        *,
        write: bool = False,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Answer:
        """The 2xx answer of `path` ("/api/v1/statuses"). A thing not there is Rejected("", "not_there")."""
        sent = {**({"Authorization": f"Bearer {self.token}"} if self.token else {}), **(headers or {})}
        answer = await calls.send(
            self.http, method, f"{self.base}{path}", write=write, known=_known, headers=sent, **more
        )
        if not answer.ok:
            calls.settled(answer, write=write)
        return answer

    async def read(self, path: str, params: Sequence[tuple[str, str]] = ()) -> Any:
        return calls.json_of(await self.call("GET", path, params=params), write=False)

    async def write(self, path: str, body: Mapping[str, Any], key: str) -> dict[str, Any]:
        """Put something live under an idempotency key."""
        answer = await self.call("POST", path, write=True, json=body, headers={"Idempotency-Key": key})
        found = calls.json_of(answer, write=True)
        return found if isinstance(found, dict) else {}

    async def change(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Change what is there; the same change twice is one."""
        more = {} if body is None else {"json": body}
        found = calls.json_of(await self.call(method, path, write=True, **more), write=True)
        return found if isinstance(found, dict) else {}

    async def upload(self, media: Media, number: int) -> tuple[str, bool]:
        """(media id, whether it is ready). A file shows nowhere until a post names it."""
        name = f"{media.sha256[:12] or number}.{ENDINGS.get(media.mime, 'bin')}"
        parts = [Part("file", media.path, name, media.mime), Part("description", media.alt)]
        answer = await self.call("POST", "/api/v2/media", parts=parts)
        return str(calls.json_of(answer, write=False)["id"]), answer.status == 200

    async def ready(self, media_id: str) -> bool:
        """Whether an uploaded file has been processed. Raises Rejected("media") when it failed."""
        try:
            answer = await self.call("GET", f"/api/v1/media/{media_id}")
        except Rejected as error:
            raise Rejected("media", "processing_failed", said=error.said) from error
        return answer.status == 200


def number(remote_id: str, reason: str = "not_there") -> str:
    """A status id as it stands in a path. Raises Rejected("", reason) for what cannot be one."""
    if not remote_id.isalnum():
        raise Rejected("", reason)
    return remote_id


def server(session: Session) -> Server:
    return Server(session.http, session.urls["api"], str(session.grant.secrets.get("token", "")))


def _known(answer: Answer) -> None:
    """Raise what the server's own words mean; leave the rest to the common rules."""
    if answer.ok:
        return
    said = _said(answer)
    if answer.status == 429:
        raise RetryLater("busy", after=_wait(answer), said=said)
    if answer.status == 403 and "scope" in said.lower():
        # Of this one deed: servers before 4.3 do not tell a token's scopes, so one is met only where it is needed.
        raise Rejected("", "scope_missing", said=said)
    if answer.status == 403 and ("disabled" in said.lower() or "suspended" in said.lower()):
        raise GrantExpired("account_gone", said=said)
    if answer.status == 404:
        raise Rejected("", "not_there", said=said)
    if answer.status == 413:
        raise Rejected("media", "refused", said=said)
    if answer.status == 422:
        low = said.lower()
        field, reason = next(((f, r) for words, f, r in REFUSALS if words in low), ("", "refused"))
        raise Rejected(field, reason, said=said, params={"status": 422})


def _said(answer: Answer) -> str:
    try:
        body = answer.json()
    except NotJson:
        return calls.words(answer)
    return str(body.get("error", "")) if isinstance(body, dict) else calls.words(answer)


def _wait(answer: Answer) -> float | None:
    """Seconds to wait: Retry-After, or the server's own X-RateLimit-Reset (a moment, ISO 8601)."""
    told = calls.retry_after(answer.headers)
    if told is not None:
        return told
    try:
        reset = datetime.fromisoformat(answer.headers.get("x-ratelimit-reset", ""))
    except ValueError:
        return None
    return max(1.0, (reset - clock.now()).total_seconds()) if reset.tzinfo else None
