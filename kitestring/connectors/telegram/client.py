"""The Telegram Bot API: one call, and what its refusals mean. The token is part of the address and goes nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.kit.http import Answer, Client, NotJson, Part

MANIFEST = load(Path(__file__).parent)

# The Bot API has no error codes beyond HTTP's; its descriptions have been stable for years (assumed fixtures).
# Each row: words of the description in lower case, our field, our reason.
REFUSALS: tuple[tuple[str, str, str], ...] = (
    ("replied not found", "reply_to", "comment_gone"),
    ("message to reply not found", "reply_to", "comment_gone"),
    ("message to delete not found", "", "gone"),
    ("message to edit not found", "", "gone"),
    ("message to react not found", "", "gone"),
    ("message_id_invalid", "", "gone"),
    ("message can't be deleted", "", "too_old_to_delete"),
    ("message can't be edited", "", "cannot_edit"),
    ("there is no caption", "", "cannot_edit"),
    ("there is no text", "", "no_text_there"),
    ("not modified", "", "same_words"),
    ("reaction_invalid", "", "reaction_not_allowed"),
    ("poll", "options.poll", "poll_refused"),
    ("caption is too long", "text", "too_long_there"),
    ("message is too long", "text", "too_long_there"),
    ("text is empty", "text", "text_empty"),
    ("video_", "media", "media_refused"),
    ("photo_invalid_dimensions", "media", "media_refused"),
    ("image_process_failed", "media", "media_refused"),
    ("file is too big", "media", "media_refused"),
    ("wrong type", "media", "media_refused"),
    ("entity too large", "media", "media_refused"),
)
# The bot is there no more, or may not write. In the account's own chat nothing can go out until a person has acted;
# elsewhere it is the trouble of one talk (`within`).
SHUT_OUT = (
    "chat not found",
    "not a member",
    "was kicked",
    "not enough rights",
    "administrator rights",
    "have no rights",
    "write_forbidden",
    "admin_required",
)
# Of a private talk alone: the person is no longer to be written to; the account itself is well.
PERSON_GONE = (
    "blocked by the user",
    "user is deactivated",
    "can't initiate conversation",
    "can't send messages to bots",
)


@dataclass(frozen=True)
class Bot:
    """A bot by its token."""

    http: Client
    base: str
    token: str = field(repr=False)

    async def call(
        self, method: str, *, write: bool = False, parts: Sequence[Part] | None = None, **params: Any
    ) -> Any:
        """The `result` of a Bot API method. Raises the four outcomes and nothing else."""
        url = f"{self.base}/bot{self.token}/{method}"
        try:
            body: dict[str, Any] = (
                {"parts": [*_texts(params), *parts]} if parts else {"json": params} if params else {}
            )
            answer = await calls.send(self.http, "POST", url, write=write, known=_known, **body)
            result = calls.json_of(answer, write=write)
        except ConnectorError as error:
            error.hide(self.token)
            raise
        if not isinstance(result, dict) or not result.get("ok"):
            raise refusal(answer.status, result if isinstance(result, dict) else {})
        return result["result"]


def bot(session: Session) -> Bot:
    """The session's bot."""
    return Bot(session.http, session.urls["api"], session.grant.secrets["bot_token"])


@contextmanager
def within(session: Session, chat: int) -> Iterator[None]:
    """What is called inside concerns this chat. Of a person or of the discussion group, being shut out ends no consent:
    it is raised as Rejected("reply_to", "person_gone" | "comment_gone")."""
    try:
        yield
    except GrantExpired as error:
        if chat == int(session.remote_id) or error.reason != "bot_shut_out":
            raise
        reason = "person_gone" if chat > 0 else "comment_gone"
        raise Rejected("reply_to", reason, said=error.said) from error


def _texts(params: Mapping[str, Any]) -> list[Part]:
    return [
        Part(k, v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)) for k, v in params.items()
    ]


def _known(answer: Answer) -> None:
    """Telegram tells the wait in the body; a proxy on the way may tell it in the header."""
    if answer.status != 429:
        return
    try:
        told = float(answer.json()["parameters"]["retry_after"])
    except (NotJson, KeyError, TypeError, ValueError):
        told = None
    raise RetryLater("busy", after=calls.retry_after(answer.headers) or told, said=calls.words(answer))


def refusal(status: int, body: Mapping[str, Any]) -> ConnectorError:
    """What {"ok": false} means. Raised by `Bot.call`."""
    said = str(body.get("description") or "")
    words = said.lower()
    moved = (body.get("parameters") or {}).get("migrate_to_chat_id")
    if moved:
        return Rejected("account", "group_moved", said=said, params={"chat": int(moved)})
    # 404 is how the Bot API answers a token it cannot read; no method we call is unknown to it.
    if status in (401, 404):
        return GrantExpired("bot_token_ended", said=said)
    if any(word in words for word in PERSON_GONE):
        return Rejected("reply_to", "person_gone", said=said)
    if status == 403 or any(word in words for word in SHUT_OUT):
        return GrantExpired("bot_shut_out", said=said)
    if status == 410:
        return Rejected("", "version_retired", said=said)
    if status == 409:
        return Rejected("account", "read_elsewhere", said=said)
    for word, wrong, reason in REFUSALS:
        if word in words:
            return Rejected(wrong, reason, said=said)
    return Rejected("media" if status == 413 else "", "refused", said=said)
