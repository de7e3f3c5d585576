"""Discord's API v10 for a bot or for an incoming webhook, and what its error codes mean to us.

A webhook's token is part of the address: it goes nowhere else, and into no message of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.connectors.discord import ids
from kitestring.kit.http import Answer, Client, NotJson, Part

MANIFEST = load(Path(__file__).parent)
WEBHOOK: Final = "webhook"

# Source of the codes: discord/discord-api-docs, developers/topics/opcodes-and-status-codes.mdx (JSON error codes).
ENDED: Final[Mapping[int, str]] = {
    10003: "channel_gone", 10004: "channel_gone", 10015: "webhook_gone", 50001: "bot_shut_out",
    50014: "bot_token_ended", 50027: "webhook_gone",
}  # fmt: skip
OF_A_CHANNEL: Final = frozenset({"channel_gone", "bot_shut_out"})
# The right to write is gone: nothing of the account can go out. The right to one deed is another matter.
NO_RIGHT: Final = {50013}
# Surely not posted, and the same may be taken later.
LATER: Final = {20016, 20022, 20028, 20029, 30046, 40003, 40004, 40006, 40062, 110001, 130000}
REFUSED: Final[Mapping[int, tuple[str, str]]] = {
    10008: ("", "not_there"),
    20009: ("media", "explicit"),
    30010: ("", "reaction_refused"),
    30015: ("media", "media_refused"),
    40005: ("media", "media_refused"),
    40058: ("account", "forum_needs_thread"),
    50005: ("", "not_ours"),
    50006: ("text", "text_required"),
    50008: ("account", "channel_kind"),
    50041: ("", "version_retired"),
    50045: ("media", "media_refused"),
    50046: ("media", "media_refused"),
    50083: ("account", "thread_archived"),
    90001: ("", "reaction_refused"),
    160002: ("reply_to", "no_history"),
    160005: ("account", "thread_archived"),
    200000: ("text", "blocked_by_automod"),
    220001: ("account", "forum_needs_thread"),
    240000: ("text", "harmful_link"),
}
# Where an invalid form body (50035) went wrong, by the name of the field in `errors`.
FIELDS: Final = (
    ("message_reference", "reply_to", "comment_gone"),
    ("content", "text", "refused"),
    ("embeds", "text", "refused"),
    ("attachments", "media", "media_refused"),
    ("files", "media", "media_refused"),
)


@dataclass(frozen=True)
class Caller:
    """Who calls: a bot by its token, or nobody where the webhook's own address is the secret.

    `home`: the channel the account publishes to. A thread that is gone or shut is no end of the account.
    """

    http: Client
    base: str
    token: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    home: str = ""

    async def call(
        self,
        method: str,
        path: str,
        *,
        write: bool = False,
        posting: bool = False,
        params: Sequence[tuple[str, str]] = (),
        json: Any = None,
        parts: Sequence[Part] | None = None,
    ) -> Answer:
        """The 2xx answer. `posting`: a missing right is the end of the account's consent, not of one deed.

        Raises the four outcomes; a message that is not there is Rejected("", "not_there").
        """
        headers = {"Authorization": f"Bot {self.token}"} if self.token else {}
        body: dict[str, Any] = {"parts": parts} if parts else {} if json is None else {"json": json}
        try:
            return await calls.send(
                self.http, method, f"{self.base}{path}", write=write, params=params, headers=headers, **body,
                known=partial(_known, write=write, posting=posting, hooked=not self.token),
            )  # fmt: skip
        except ConnectorError as error:
            error.hide(self.token, self.secret)
            if isinstance(error, GrantExpired) and error.reason in OF_A_CHANNEL and self._elsewhere(path):
                raise Rejected("", "not_there", said=error.said) from error
            raise

    def _elsewhere(self, path: str) -> bool:
        """Whether the call goes to another channel than the account's own: a thread, or a talk with a person."""
        named = path.split("/")
        return bool(self.home) and named[1] == "channels" and named[2] != self.home

    async def do(self, method: str, path: str, params: Sequence[tuple[str, str]] = ()) -> None:
        """A deed that may be done twice. Discord answers it with nothing; a page in place of that is not its answer."""
        answer = await self.call(method, path, params=params)
        if answer.body:
            calls.json_of(answer, write=False)

    async def read(self, path: str, params: Sequence[tuple[str, str]] = ()) -> Any:
        return calls.json_of(await self.call("GET", path, params=params), write=False)


def caller(session: Session) -> Caller:
    secrets = session.grant.secrets
    return Caller(
        session.http, session.urls["api"], str(secrets.get("bot_token", "")), str(secrets.get("webhook", "")),
        ids.home(session),
    )  # fmt: skip


def is_webhook(session: Session) -> bool:
    return session.account_type == WEBHOOK


def hook_path(session: Session) -> str:
    """The webhook's own path, its token included."""
    return f"/webhooks/{session.remote_id}/{session.grant.secrets['webhook']}"


def _known(answer: Answer, *, write: bool, posting: bool, hooked: bool) -> None:
    """Raise what Discord's own words mean. What is not its own (a proxy's page) proves nothing of the consent."""
    if answer.ok:
        return
    body = _body(answer)
    said = str(body.get("message") or "") or calls.words(answer)
    if answer.status == 429:
        raise RetryLater("busy", after=_wait(answer, body), said=said)
    if "code" not in body:
        if answer.status < 500:
            raise calls.unclear(write, "not_itself", said)
        return
    code = int(body["code"]) if str(body["code"]).isdecimal() else 0
    if answer.status == 401 or code in ENDED:
        fallback = "webhook_gone" if hooked else "bot_token_ended"
        raise GrantExpired(ENDED.get(code, fallback), said=said)
    if code in NO_RIGHT:
        raise GrantExpired("bot_shut_out", said=said) if posting else Rejected("", "not_allowed", said=said)
    if code in LATER:
        raise RetryLater("busy", after=calls.retry_after(answer.headers), said=said)
    if answer.status >= 500:
        return
    field, reason = _where(body) if code == 50035 else REFUSED.get(code, ("", "refused"))
    if answer.status == 413:
        field, reason = "media", "media_refused"
    raise Rejected(field, reason, said=said)


def _where(body: Mapping[str, Any]) -> tuple[str, str]:
    errors = body.get("errors")
    named = errors if isinstance(errors, Mapping) else {}
    return next(((field, reason) for name, field, reason in FIELDS if name in named), ("", "refused"))


def _body(answer: Answer) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except NotJson:
        return {}
    return found if isinstance(found, dict) else {}


def _wait(answer: Answer, body: Mapping[str, Any]) -> float | None:
    """Seconds to wait: the header's, or the more exact ones of the body."""
    told = calls.retry_after(answer.headers)
    if told is not None:
        return told
    try:
        return float(body["retry_after"])
    except (KeyError, TypeError, ValueError):
        return None


def spent(answer: Answer) -> bool:
    """Whether the next call of this kind would be refused: the bucket's own count, never a number of ours."""
    return answer.headers.get("x-ratelimit-remaining", "") == "0"
