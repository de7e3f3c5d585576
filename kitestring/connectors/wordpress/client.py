"""The WordPress REST API: one authenticated call, and what its refusals mean to us."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.kit.http import Answer, Client, NotJson

MANIFEST = load(Path(__file__).parent)

# What the codes of WordPress 6.1 mean (recorded on a real one, November 2026): our field and reason.
REFUSALS: dict[str, tuple[str, str]] = {
    "rest_no_route": ("account", "no_rest"),
    "rest_cannot_create": ("account", "no_right"),
    "rest_cannot_publish": ("account", "no_right"),
    "rest_cannot_edit": ("account", "no_right"),
    "rest_cannot_delete": ("account", "no_right"),
    "rest_forbidden": ("account", "no_right"),
    "rest_forbidden_context": ("account", "no_right"),
    "rest_forbidden_param": ("account", "no_right"),
    "rest_cannot_assign_sticky": ("options.sticky", "no_sticky"),
    "rest_cannot_assign_term": ("options.category", "no_right"),
    "rest_cannot_edit_others": ("account", "no_right"),
    # Plugins that shut the interface to whoever is not signed in, or to all (assumed, from their own sources).
    "rest_cannot_access": ("account", "rest_closed"),
    "rest_login_required": ("account", "rest_closed"),
    "rest_disabled": ("account", "rest_closed"),
    "itsec_rest_api_access_restricted": ("account", "rest_closed"),
    "rest_comment_closed": ("reply_to", "comments_closed"),
    "rest_comment_invalid_id": ("reply_to", "comment_gone"),
    "rest_comment_invalid_post_id": ("reply_to", "post_gone"),
    "rest_comment_trash_post": ("reply_to", "post_gone"),
    "rest_comment_draft_post": ("reply_to", "post_gone"),
    "comment_content_column_length": ("text", "text_refused"),
    "rest_comment_content_invalid": ("text", "text_refused"),
    "empty_content": ("text", "text_refused"),
    "comment_duplicate": ("text", "said_already"),
    "rest_post_invalid_id": ("", "gone"),
    "rest_already_trashed": ("", "gone"),
    "rest_upload_no_data": ("media", "media_refused"),
}
FIELDS = {
    "content": "text",
    "title": "title",
    "featured_media": "media",
    "parent": "reply_to",
    "categories": "options.category",
    "tags": "options.tags",
}


@dataclass(frozen=True)
class Site:
    """A WordPress and who we are there. `plain` sites (no pretty addresses) take the route as a query."""

    http: Client
    base: str
    user: str
    password: str = field(repr=False)
    plain: bool = False

    async def call(
        self,
        method: str,
        route: str,
        *,
        write: bool = False,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Answer:
        """The 2xx answer of `route` ("wp/v2/posts"). Raises the four outcomes and nothing else."""
        query = {"rest_route": f"/{route}", **(params or {})} if self.plain else dict(params or {})
        url = f"{self.base}/" if self.plain else f"{self.base}/wp-json/{route}"
        # Spaces are how WordPress shows the password; it takes it with or without them.
        secret = b64encode(f"{self.user}:{self.password.replace(' ', '')}".encode()).decode()
        answer = await calls.send(
            self.http,
            method,
            url,
            write=write,
            known=_known,
            params=query,
            headers={"Authorization": f"Basic {secret}", **(headers or {})},
            **more,
        )
        if not answer.ok:
            raise refusal(answer)
        return answer

    async def read(self, route: str, **params: str) -> Any:
        """The JSON of a GET."""
        return calls.json_of(await self.call("GET", route, params=params), write=False)

    async def write(self, route: str, body: Mapping[str, Any]) -> Any:
        """The JSON of a POST that may put something live."""
        return calls.json_of(await self.call("POST", route, write=True, json=dict(body)), write=True)


def site(session: Session) -> Site:
    """The session's WordPress."""
    secrets = session.grant.secrets
    plain = bool(session.settings.get("plain_addresses"))
    return Site(session.http, session.urls["api"], secrets["user"], secrets["app_password"], plain)


def moderates(session: Session) -> bool:
    """Whether we may see held comments; without that right WordPress refuses to be asked about them."""
    return bool(session.settings.get("moderates"))


def own_number(session: Session) -> int:
    """Our own user's number on the site (0 when it is not known)."""
    return int(session.settings.get("user_id") or 0)


def _known(answer: Answer) -> None:
    """The two 5xx of WordPress that surely stored nothing: closed for an update, and a file it does not take."""
    if answer.status < 500:
        return
    code, message, _ = _code(answer)
    if answer.status == 503 and code == "wp_die" and "retry-after" in answer.headers:
        raise RetryLater("maintenance", after=calls.retry_after(answer.headers), said=message)
    if code.startswith("rest_upload_"):
        raise Rejected("media", "media_refused", said=message)


def refusal(answer: Answer) -> Exception:
    """What a 3xx or 4xx answer means."""
    code, message, named = _code(answer)
    if answer.status == 401 and REFUSALS.get(code, ("", ""))[1] != "rest_closed":
        return GrantExpired(said=message)
    if code in REFUSALS:
        field, reason = REFUSALS[code]
        return Rejected(field, reason, said=message)
    if code == "term_exists":
        return Rejected("options.tags", "tag_exists", said=message, params=_term(answer))
    if code == "comment_flood":
        return RetryLater("busy", after=20, said=message)
    if code == "rest_invalid_param":
        return Rejected(next((FIELDS[n] for n in named if n in FIELDS), ""), "refused", said=message)
    if 300 <= answer.status < 400:
        return Rejected("url", "moved", said=calls.moved_to(answer))
    if answer.status == 413:
        return Rejected("media", "media_refused", said=message)
    if not code and answer.status == 403:
        return Rejected("account", "firewall", said=message)
    if not code and answer.status == 404:
        return Rejected("account", "no_rest", said=message)
    return Rejected("", "refused", said=message)


def _term(answer: Answer) -> dict[str, str | int]:
    """The number of the tag that is there already, where WordPress tells it."""
    data = answer.json().get("data")
    there = data.get("term_id") if isinstance(data, dict) else None
    return {"term": there} if isinstance(there, int) else {}


def _code(answer: Answer) -> tuple[str, str, tuple[str, ...]]:
    """WordPress's own code and words, and the parameters it names; ("", page's words, ()) when it was not WordPress."""
    try:
        body = answer.json()
    except NotJson:
        return "", calls.words(answer)[:200], ()
    if not isinstance(body, dict):
        return "", "", ()
    data = body.get("data")
    named = data.get("params") if isinstance(data, dict) else None
    return (
        str(body.get("code", "")),
        str(body.get("message", "")),
        tuple(named) if isinstance(named, dict) else (),
    )
