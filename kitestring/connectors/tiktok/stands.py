"""How far a post on its way is, by the number that TikTok gave for it.

The number outlives every lost answer: while an upload is not whole nothing can appear, afterwards TikTok says what became
of it. The id of a public post is told only when moderation is through with it; of any other post it is never told.
Source: developers.tiktok.com/doc/content-posting-api-reference-get-video-status (August 2026).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, Rejected
from kitestring.connectors.tiktok.client import address, api
from kitestring.connectors.tiktok.creator import PUBLIC
from kitestring.connectors.tiktok.refusals import FAILED, Row
from kitestring.kit import clock

POLL: Final = 10.0  # seconds; thirty questions a minute are allowed
BY_HAND: Final = 300.0  # seconds between questions while a person is asked to finish a draft
MODERATION: Final = timedelta(
    minutes=10
)  # "usually within one minute": after that the post is called live without its id
YOUNG: Final = timedelta(
    days=1
)  # ours: for so long a number that is not known there was never used, unless it is the handle
OVER: Final = "FAILED"


@dataclass(frozen=True)
class Known:
    """What is kept of it: TikTok's number, where its file goes, bytes of the file and of a piece, when it was begun, and
    when TikTok first called it complete."""

    publish: str
    url: str = ""
    size: int = 0
    piece: int = 0
    at: str = ""
    done: str = ""

    @property
    def text(self) -> str:
        return json.dumps({key: value for key, value in asdict(self).items() if value})


@dataclass(frozen=True)
class Told:
    """TikTok's answer: its word for the state, why it failed, the ids of what everybody sees, bytes it has of the file."""

    status: str
    reason: str = ""
    posts: tuple[str, ...] = ()
    uploaded: int = 0


def known_of(text: str) -> Known | None:
    """What was kept, read again; None where it is nothing of ours."""
    try:
        found: Any = json.loads(text or "null")
    except ValueError:
        return None
    if not isinstance(found, dict) or not found.get("publish"):
        return None
    words = {key: str(found.get(key) or "") for key in ("publish", "url", "at", "done")}
    return Known(**words, size=_number(found.get("size")), piece=_number(found.get("piece")))


def all_known(outgoing: Outgoing) -> Iterator[Known]:
    """Every number this duty was ever given, as far as it is kept: the handle's, and those of its uploads."""
    texts = [outgoing.handle, *(upload.handle for upload in outgoing.uploads.every())]
    seen = set()
    for found in map(known_of, texts):
        if found is not None and found.publish not in seen:
            seen.add(found.publish)
            yield found


async def asked(session: Session, known: Known) -> Told | None:
    """What TikTok says now; None where it does not know a number that is young: nothing came of it while its file is not whole.

    Raises Ambiguous("asked_by_another") where the number is another's, or too old for that.
    """
    try:
        body = await api(session).ask("post/publish/status/fetch", {"publish_id": known.publish})
    except Rejected as error:
        if error.reason == "not_there" and known.at and clock.now() - _moment(known.at) < YOUNG:
            return None
        if error.reason in ("not_there", "asked_by_another"):
            raise Ambiguous("asked_by_another", said=error.said) from error
        raise
    return told_of(body)


def told_of(body: Mapping[str, Any]) -> Told:
    # The vendor's own spelling; the right one is read too, should they mend it.
    posts = body.get("publicaly_available_post_id") or body.get("publicly_available_post_id") or ()
    return Told(
        str(body.get("status") or ""),
        str(body.get("fail_reason") or ""),
        tuple(str(one) for one in posts) if isinstance(posts, list) else (),
        _number(body.get("uploaded_bytes")),
    )


def outcome(session: Session, outgoing: Outgoing, known: Known, told: Told) -> Outcome | None:
    """What it is to us; None while its file is not whole there, or when it failed."""
    if told.status == OVER or (told.status == "PROCESSING_UPLOAD" and told.uploaded < known.size):
        return None
    if told.posts:
        return Published(told.posts[0], address(session, told.posts[0], outgoing.kind))
    if told.status == "SEND_TO_USER_INBOX":
        return Processing(known.text, poll_after=BY_HAND, waits_for="finish_in_app")
    if told.status != "PUBLISH_COMPLETE":
        return Processing(known.text, poll_after=POLL)
    # Of a draft nobody tells who may see what the person made of it.
    may_show = outgoing.options.get("privacy") in (PUBLIC, None)
    since = known.done or clock.now().isoformat()
    if not may_show or clock.now() - _moment(since) >= MODERATION:
        return Published(known.publish)
    return Processing(replace(known, done=since).text, poll_after=POLL)


def failure(told: Told) -> ConnectorError:
    """Why it failed: surely nothing of it is live."""
    row = FAILED.get(told.reason, Row("refused", "processing_failed", "media"))
    return row.outcome(told.reason, write=False)


def is_number(remote_id: str) -> bool:
    """Whether a remote id is TikTok's number of a post on its way, and not the id of a post that everybody sees."""
    return not remote_id.isdecimal()


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return clock.now()
    return found if found.tzinfo else clock.now()


def _number(value: Any) -> int:
    text = str(value if value is not None else "")
    return int(text) if text.isascii() and text.isdecimal() else 0
