"""Uploads that go on where they broke: a session at an address of its own, the file in pieces, Google's count before ours.

Source: developers.google.com/youtube/v3/guides/using_resumable_upload_protocol (read as a stored copy; the page carries no date)
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Media
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.kit.http import Answer
from kitestring.providers.google.api import Api

PIECE: Final = 16 * 1024 * 1024  # a multiple of 256 KiB, as every piece but the last must be
PATIENCE: Final = 600.0  # seconds for one piece
INCOMPLETE: Final = 308


@dataclass(frozen=True)
class Stand:
    """How far an upload is: `taken` bytes, or `done` with what was made of the file. `lost`: the session is over."""

    taken: int = 0
    done: Mapping[str, Any] | None = None
    lost: bool = False


async def begin(api: Api, path: str, media: Media, body: Mapping[str, Any], **params: str) -> str:
    """The address of a new session. Raises as `Api.send`."""
    answer = await api.send(
        "POST",
        f"{api.base}/{path}",
        write=False,
        params={"uploadType": "resumable", **params},
        json=body,
        headers={"X-Upload-Content-Length": str(media.size), "X-Upload-Content-Type": media.mime},
    )
    address = answer.headers.get("location", "")
    if not answer.ok:
        calls.settled(answer, write=False)
    if not address:
        raise RetryLater("not_itself", said=calls.words(answer))
    return address


async def stand(api: Api, session: str, media: Media) -> Stand:
    """Ask the session how far it is."""
    return await _put(api, session, {"Content-Range": f"bytes */{media.size}"}, b"")


async def piece(api: Api, session: str, media: Media, offset: int) -> Stand:
    """Send the piece that begins at `offset`. An upload publishes nothing: trouble is RetryLater."""
    data = await asyncio.to_thread(_read, media.path, offset)
    if not data:
        raise Rejected("media", "file_gone")
    last = offset + len(data) - 1
    headers = {"Content-Range": f"bytes {offset}-{last}/{media.size}", "Content-Type": media.mime}
    return await _put(api, session, headers, data)


async def _put(api: Api, session: str, headers: Mapping[str, str], data: bytes) -> Stand:
    try:
        answer = await api.send(
            "PUT", session, write=False, headers=dict(headers), content=data, timeout=PATIENCE
        )
    except Rejected as error:
        if error.reason == "not_there":
            return Stand(lost=True)
        raise
    if answer.status == INCOMPLETE:
        return Stand(_taken(answer))
    if answer.status == 404:
        return Stand(lost=True)
    made = calls.settled(answer, write=False)
    if not isinstance(made, dict) or not made.get("id"):
        raise RetryLater("not_itself", said=calls.words(answer))
    return Stand(done=made)


def _taken(answer: Answer) -> int:
    """ "bytes=0-524287" is 524288; no header is nothing at all."""
    found = re.fullmatch(r"bytes=0-(\d+)", answer.headers.get("range", "").strip())
    return int(found[1]) + 1 if found else 0


def _read(path: Path, offset: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(PIECE)
    except OSError as error:
        raise Rejected("media", "file_gone", said=str(error)) from error
