"""A Discourse forum's calls over our guarded client, and what its refusals mean to us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Media, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.kit.http import Answer, Client, NotJson, Part

MANIFEST = load(Path(__file__).parent)
KEY_WRONG: Final = "api username or key is invalid"
# Words of a refusal in lower case (config/locales/server.en.yml of discourse/discourse), our field and reason; the first
# that fits counts. A forum in another language words them otherwise: those end in the general sentence, with its own words.
REFUSALS: Final[tuple[tuple[str, str, str], ...]] = (
    ("too similar to what you recently posted", "text", "duplicate"),
    ("title has already been used", "title", "title_used"),
    ("external has already been taken", "", "key_used"),
    ("external id has already been taken", "", "key_used"),
    ("title", "title", "refused"),
    ("body", "text", "refused"),
    ("category", "options", "category_refused"),
    ("tag", "options", "tags_refused"),
    ("recipient", "options", "refused"),
    ("image", "media", "refused"),
    ("file", "media", "refused"),
    ("upload", "media", "refused"),
)


class Forum:
    """A forum, and the key and name it knows us by. Each call raises the four outcomes and nothing else."""

    def __init__(self, http: Client, base: str, key: str, username: str) -> None:
        self.http, self.base, self.key, self.username = http, base, key, username

    async def call(self, method: str, path: str, *, write: bool = False, **more: Any) -> Answer:
        """The 2xx answer of `path`, or the redirect of one that is looked up. Not there: Rejected("", "not_there")."""
        headers = {"Api-Key": self.key, "Api-Username": self.username}
        answer = await calls.send(
            self.http, method, f"{self.base}{path}", write=write, known=known, headers=headers, **more
        )
        if not answer.ok and answer.status not in (301, 302):
            calls.settled(answer, write=write)
        return answer

    async def read(self, path: str, params: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
        answer = await self.call("GET", path, params=list(params))
        if not answer.ok:
            calls.settled(answer, write=False)
        found = calls.json_of(answer, write=False)
        if not isinstance(found, dict):
            raise RetryLater("not_itself", said=calls.words(answer))
        return found

    async def write(self, method: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Put something live, or change it."""
        answer = await self.call(method, path, write=True, json=body)
        found = calls.json_of(answer, write=True)
        if not answer.ok or not isinstance(found, dict):
            raise calls.unclear(True, "not_itself", calls.words(answer))
        return found

    async def upload(self, media: Media, name: str) -> dict[str, Any]:
        """What the forum calls the file. Nobody sees it until a post shows it."""
        parts = [Part("upload_type", "composer"), Part("synchronous", "true")]
        parts.append(Part("file", media.path, name, media.mime))
        answer = await self.call("POST", "/uploads.json", parts=parts)
        found = calls.json_of(answer, write=False)
        if not isinstance(found, dict) or not found.get("short_url"):
            raise RetryLater("not_itself", said=calls.words(answer))
        return found


def forum(session: Session) -> Forum:
    """The session's forum."""
    secrets = session.grant.secrets
    return Forum(
        session.http, session.urls["api"], str(secrets.get("key", "")), str(secrets.get("username", ""))
    )


def known(answer: Answer) -> None:
    """Raise what the forum's own words mean; leave the rest to the common rules."""
    if answer.ok:
        return
    body = _body(answer)
    listed = body.get("errors")
    said = "; ".join(map(str, listed)) if isinstance(listed, list) else str(listed or "")
    low = said.lower()
    if answer.status == 429:
        raise RetryLater("busy", after=_wait(answer, body), said=said)
    if answer.status in (401, 403) and (KEY_WRONG in low or not (body or calls.is_page(answer))):
        raise GrantExpired("key_ended", said=said or calls.words(answer))
    if answer.status in (401, 403):
        raise Rejected("account", "not_permitted", said=said)
    if answer.status == 404:
        raise Rejected("", "not_there", said=said)
    if answer.status in (400, 413, 422):
        place, reason = next(((f, r) for words, f, r in REFUSALS if words in low), ("", "refused"))
        raise Rejected("media" if answer.status == 413 else place, reason, said=said or calls.words(answer))


def _wait(answer: Answer, body: Mapping[str, Any]) -> float | None:
    """Seconds to wait: Retry-After, or the forum's own extras.wait_seconds."""
    told = calls.retry_after(answer.headers)
    if told is not None:
        return told
    extras = body.get("extras")
    try:
        return float(extras["wait_seconds"]) if isinstance(extras, Mapping) else None
    except (KeyError, TypeError, ValueError):
        return None


def _body(answer: Answer) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except NotJson:
        return {}
    return found if isinstance(found, Mapping) else {}
