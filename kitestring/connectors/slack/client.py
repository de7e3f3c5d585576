"""Slack's Web API: one call, and what its errors mean. They come as 200 with {"ok": false, "error": "a_word"}."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Media, Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.kit.http import Answer, Client

MANIFEST = load(Path(__file__).parent)

# Source of the words: slackapi/slack-api-specs, web-api/slack_web_openapi_v2.json (the enum of each method), and the pages of the
# methods at docs.slack.dev. tests/fixtures/errors.json says which is documented and which assumed.
ENDED: Final[Mapping[str, str]] = {
    "not_authed": "token_ended", "invalid_auth": "token_ended", "token_revoked": "token_ended",
    "token_expired": "token_ended", "account_inactive": "token_ended", "team_access_not_granted": "token_ended",
}  # fmt: skip
# Nothing of the account can go out until somebody acts in Slack; where it is only read, that alone fails.
SHUT_OUT: Final[Mapping[str, str]] = {
    "not_in_channel": "not_in_channel", "channel_not_found": "channel_gone", "is_archived": "channel_archived",
    "restricted_action": "posting_restricted", "restricted_action_read_only_channel": "posting_restricted",
    "restricted_action_thread_only_channel": "posting_restricted", "ekm_access_denied": "posting_restricted",
    "missing_scope": "scope_missing",
    "no_permission": "scope_missing", "not_allowed_token_type": "scope_missing",
}  # fmt: skip
# The two of an organisation say that a workspace is being moved into it, and is closed until that is done.
LATER: Final = {"ratelimited", "rate_limited", "request_timeout", "team_added_to_org", "org_login_required"}
# "It's possible some aspect of the operation succeeded before the error was raised" (fatal_error).
UNSURE: Final = {"fatal_error", "internal_error", "service_unavailable"}
RETIRED: Final = {"method_deprecated", "deprecated_endpoint", "unknown_method", "upgrade_required"}
REFUSED: Final[Mapping[str, tuple[str, str]]] = {
    "already_reacted": ("", "done_already"),
    "no_reaction": ("", "done_already"),
    "too_many_emoji": ("", "reaction_refused"),
    "too_many_reactions": ("", "reaction_refused"),
    "message_not_found": ("", "not_there"),
    "bad_timestamp": ("", "not_there"),
    "invalid_ts_latest": ("", "not_there"),
    "invalid_ts_oldest": ("", "not_there"),
    "user_not_found": ("", "not_there"),
    "user_not_visible": ("", "not_there"),
    "thread_not_found": ("reply_to", "comment_gone"),
    "cannot_reply_to_message": ("reply_to", "comment_gone"),
    "restricted_action_non_threadable_channel": ("reply_to", "no_threads_here"),
    "msg_too_long": ("text", "too_long_there"),
    "no_text": ("text", "text_required"),
    "cant_update_message": ("", "not_ours"),
    "cant_delete_message": ("", "not_ours"),
    "edit_window_closed": ("", "edit_window_closed"),
    "compliance_exports_prevent_deletion": ("", "kept_by_rule"),
    "file_not_found": ("media", "file_lost"),
    "file_uploads_disabled": ("media", "files_off"),
    "file_uploads_except_images_disabled": ("media", "files_off"),
    "slack_connect_file_upload_sharing_blocked": ("media", "files_off"),
    "messages_tab_disabled": ("", "messages_off"),
    "cannot_dm_bot": ("", "messages_off"),
}


@dataclass(frozen=True)
class Workspace:
    """A bot's token in its workspace."""

    http: Client
    base: str
    token: str = field(repr=False)

    async def call(
        self, method: str, *, write: bool = False, posting: bool = False, **params: str
    ) -> dict[str, Any]:
        """The body of {"ok": true}. `write`: it could put something live; `posting`: into the account's own channel.

        Raises the four outcomes; what is not there is Rejected("", "not_there").
        """
        url, headers = f"{self.base}/{method}", {"Authorization": f"Bearer {self.token}"}
        answer = await calls.send(self.http, "POST", url, write=write, headers=headers, form=params)
        return _settled(answer, write=write, posting=posting)

    async def read(self, method: str, **params: str) -> dict[str, Any]:
        return (await self.told(method, **params))[0]

    async def told(self, method: str, **params: str) -> tuple[dict[str, Any], Answer]:
        """The body of a reading call, and the whole answer (its headers name the token's rights)."""
        url, headers = f"{self.base}/{method}", {"Authorization": f"Bearer {self.token}"}
        answer = await calls.send(self.http, "GET", url, write=False, headers=headers, params=params)
        return _settled(answer, write=False, posting=False), answer

    async def upload(self, media: Media, name: str) -> str:
        """Bring a file to Slack and return its id. Nobody sees it until `files.completeUploadExternal` shares it."""
        asked: dict[str, Any] = {"filename": name, "length": str(media.size)}
        if media.alt:
            asked["alt_txt"] = media.alt
        place = await self.call("files.getUploadURLExternal", **asked)
        answer = await calls.send(
            self.http, "POST", str(place["upload_url"]), write=False, content=media.path,
            headers={"Content-Type": media.mime},
        )  # fmt: skip
        if not answer.ok:
            calls.settled(answer, write=False)
        if answer.mime == "text/html":
            raise RetryLater("not_itself", said=calls.words(answer))
        return str(place["file_id"])


def workspace(session: Session) -> Workspace:
    return Workspace(session.http, session.urls["api"], str(session.grant.secrets.get("bot_token", "")))


def _settled(answer: Answer, *, write: bool, posting: bool) -> dict[str, Any]:
    """What is not Slack's own JSON (a proxy's page, whatever its status) proves nothing of the consent."""
    body = calls.json_of(answer, write=write)
    if not isinstance(body, dict) or "ok" not in body:
        raise calls.unclear(write, "not_itself", calls.words(answer))
    if body["ok"] is True:
        return body
    raise refusal(body, write=write, posting=posting, after=calls.retry_after(answer.headers))


def refusal(
    body: Mapping[str, Any], *, write: bool, posting: bool, after: float | None = None
) -> ConnectorError:
    """What {"ok": false} means. Raised by every call."""
    word = str(body.get("error") or "")
    said = f"{word} (needed: {body['needed']})" if body.get("needed") else word
    if word in ENDED:
        return GrantExpired(ENDED[word], said=said)
    if word in SHUT_OUT:
        reason = SHUT_OUT[word]
        return GrantExpired(reason, said=said) if posting else Rejected("account", reason, said=said)
    if word in LATER:
        return RetryLater("busy", after=after, said=said)
    if word in UNSURE:
        return calls.unclear(write, "broken", said)
    if word in RETIRED:
        return Rejected("", "version_retired", said=said)
    field, reason = REFUSED.get(word, ("", "refused"))
    return Rejected(field, reason, said=said)
