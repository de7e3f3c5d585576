"""Pictures and videos: kept by a Blossom server under the hash of their bytes. Source: BUD-01, BUD-02.

The address of a file follows from its bytes, so to send it again is no second file.
"""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Media, Outgoing, Session
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.nostr.client import key_of
from kitestring.connectors.nostr.events import UPLOAD
from kitestring.kit import clock
from kitestring.kit.http import Answer

PLACE: Final = "files"
PROOF_LIFE: Final = 600  # seconds
REFUSED: Final = {
    401: "files_refused",
    402: "files_cost",
    403: "files_refused",
    413: "files_too_big",
    415: "files_type",
}


async def uploaded(session: Session, outgoing: Outgoing, number: int) -> dict[str, str]:
    """What a post says of its file (NIP-92: url, m, x, dim, alt), which lies there now."""
    media, where = outgoing.media[number], str(number)
    address = ""
    if kept := outgoing.uploads.get(media, where):
        if await _there(session, media):
            address = kept.handle
        else:
            await outgoing.uploads.forget(media, where)
    if not address:
        address = await _sent(session, media)
        await outgoing.uploads.keep(media, address, place=where)
    told = {"url": address, "m": media.mime, "x": media.sha256, "size": str(media.size)}
    if media.width and media.height:
        told["dim"] = f"{media.width}x{media.height}"
    if media.alt.strip():
        told["alt"] = " ".join(media.alt.split())
    return told


async def _there(session: Session, media: Media) -> bool:
    answer = await calls.send(
        session.http, "HEAD", f"{session.urls[PLACE]}/{media.sha256}", write=False, known=_known
    )
    return answer.ok


async def _sent(session: Session, media: Media) -> str:
    headers = {"Authorization": _proof(session, media), "Content-Type": media.mime}
    answer = await calls.send(
        session.http, "PUT", f"{session.urls[PLACE]}/upload", write=False, known=_known,
        content=media.path, headers=headers,
    )  # fmt: skip
    found: Any = calls.settled(answer, write=False)
    if not isinstance(found, dict) or not str(found.get("url", "")).startswith("http"):
        raise RetryLater("not_itself", said=str(found)[:200])
    if (
        found.get("sha256") != media.sha256
    ):  # it changed the file: its address would not be the same next time
        raise Rejected("media", "files_changed", said=str(found.get("sha256"))[:80])
    return str(found["url"])


def _proof(session: Session, media: Media) -> str:
    now = int(clock.now().timestamp())
    tags = [["t", "upload"], ["x", media.sha256], ["expiration", str(now + PROOF_LIFE)]]
    event = key_of(session).sign(UPLOAD, "Upload a file", tags, now)
    return "Nostr " + base64.b64encode(json.dumps(event.body()).encode()).decode()


def _known(answer: Answer) -> None:
    if answer.status in REFUSED:
        said = answer.headers.get("blossom-upload-message") or answer.headers.get("x-reason") or ""
        raise Rejected("media", REFUSED[answer.status], said=said or calls.words(answer))
