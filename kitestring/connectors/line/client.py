"""LINE's Messaging API over our guarded client, and what its refusals mean to us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.kit.http import Answer, Client, NotJson

MANIFEST = load(Path(__file__).parent)

# (status, words of the message or of its details in lower case, our outcome, its field, its reason). The words are those of
# developers.line.biz/en/reference/messaging-api, "Error responses"; the first row that fits counts.
REFUSALS: Final[tuple[tuple[int, str, type[ConnectorError], str, str], ...]] = (
    (401, "", GrantExpired, "", "token_ended"),
    (403, "not available for your account", Rejected, "account", "plan_lacks"),
    (403, "", Rejected, "account", "plan_lacks"),
    (400, "failed to send messages", Rejected, "reply_to", "person_gone"),
    (400, "the property, 'to'", Rejected, "options", "recipients_refused"),
    (400, "contenturl", Rejected, "media", "address_refused"),
    (400, "previewimageurl", Rejected, "media", "address_refused"),
    (400, ".text", Rejected, "text", "refused"),
    (400, "recipient", Rejected, "options", "audience_refused"),
    (400, "audience", Rejected, "options", "audience_refused"),
    (400, "filter", Rejected, "options", "audience_refused"),
    (404, "", Rejected, "", "not_there"),
    (413, "", Rejected, "text", "refused"),
    (429, "monthly limit", Rejected, "account", "month_used_up"),
)


@dataclass(frozen=True)
class Sent:
    """What LINE took: the id of the request that it accepted ("" when it does not say), and its answer."""

    request: str
    body: Mapping[str, Any] = field(default_factory=dict)


class Channel:
    """A Messaging API channel and the token it knows us by. Each call raises the four outcomes and nothing else."""

    def __init__(self, http: Client, base: str, token: str) -> None:
        self.http, self.base, self.token = http, base, token

    async def read(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The answer of a GET. A thing that is not there is Rejected("", "not_there")."""
        return await self._plain("GET", path, params=list((params or {}).items()))

    async def change(self, method: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A setting of the channel's, or a trial of one: nobody gets anything by it, and twice is once."""
        return await self._plain(method, path, json=dict(body))

    async def validate(self, way: str, messages: list[dict[str, Any]]) -> None:
        """Have LINE look the messages over; nothing is sent by it. Raises Rejected at what it names."""
        await self._plain("POST", f"/v2/bot/message/validate/{way}", json={"messages": messages})

    async def send(self, way: str, body: Mapping[str, Any], key: str) -> Sent:
        """Send under a retry key. The same key within 24 hours is the same request: LINE then names the one it accepted."""
        headers = {"Authorization": f"Bearer {self.token}", "X-Line-Retry-Key": key}
        url = f"{self.base}/v2/bot/message/{way}"
        answer = await calls.send(
            self.http, "POST", url, write=True, known=_known_write, headers=headers, json=body
        )
        if answer.status == 409:
            told = _body(answer)
            return Sent(answer.headers.get("x-line-accepted-request-id", ""), told)
        found = calls.settled(answer, write=True)
        if not isinstance(found, dict):
            raise Ambiguous("not_itself", said=calls.words(answer))
        return Sent(answer.headers.get("x-line-request-id", ""), found)

    async def _plain(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await calls.send(
            self.http, method, f"{self.base}{path}", write=False, known=known, headers=headers, **more
        )
        found = calls.settled(answer, write=False)
        if not isinstance(found, dict):
            raise RetryLater("not_itself", said=calls.words(answer))
        return found


def channel(session: Session) -> Channel:
    """The session's channel."""
    return Channel(session.http, session.urls["api"], str(session.grant.secrets.get("token", "")))


def known(answer: Answer) -> None:
    """Raise what LINE's own words mean; leave the rest to the common rules."""
    if answer.ok:
        return
    body = _body(answer)
    details = [one for one in body.get("details") or () if isinstance(one, Mapping)]
    told = [str(body.get("message") or body.get("error") or "")]
    told += [f"{one.get('property', '')}: {one.get('message', '')}" for one in details]
    said = "; ".join(filter(None, told)) or calls.words(answer)
    low = said.lower()
    for status, words, kind, place, reason in REFUSALS:
        if answer.status == status and words in low:
            raise (
                GrantExpired(reason, said=said)
                if kind is GrantExpired
                else Rejected(place, reason, said=said)
            )


def _known_write(answer: Answer) -> None:
    """The same for what puts something live, where 409 is no refusal."""
    if answer.status != 409:
        known(answer)


def _body(answer: Answer) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except NotJson:
        return {}
    return found if isinstance(found, Mapping) else {}
