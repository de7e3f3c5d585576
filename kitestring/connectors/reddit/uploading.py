"""Files go to a bucket that Reddit lends a place in: ask for the place, bring the file there, name it in the post.

A file shows nowhere until a post names it. The call that lends the place stands in no document of Reddit.
Sources: github.com/praw-dev/asyncpraw, _upload_media; github.com/Pyprohly/reddit-api-doc-notes, submission.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Media, Outgoing
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.reddit.client import Api
from kitestring.kit.http import Part

SLOWEST: Final = 250_000  # bytes in a second that an upload is given
ENDINGS: Final = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "video/mp4": "mp4", "video/quicktime": "mov",
}  # fmt: skip


@dataclass(frozen=True)
class File:
    """What Reddit calls a file it has: its asset, and the address a post names it by."""

    asset: str
    url: str

    def kept(self) -> str:
        return json.dumps([self.asset, self.url])


def opened(handle: str) -> File:
    asset, url = json.loads(handle)
    return File(str(asset), str(url))


async def sent(caller: Api, outgoing: Outgoing, place: int) -> File:
    """The file at `place`: as an earlier try left it there, or brought now."""
    return await _kept(caller, outgoing, outgoing.media[place], str(place))


async def cover(caller: Api, outgoing: Outgoing) -> File | None:
    """The still of a video, which Reddit wants beside it; None where no video has one."""
    path = outgoing.media[0].cover if outgoing.media else None
    if path is None:
        return None
    data = await asyncio.to_thread(path.read_bytes)
    still = Media(path, "image/jpeg", len(data), sha256(data).hexdigest())
    return await _kept(caller, outgoing, still, "cover")


async def forget(outgoing: Outgoing) -> None:
    """What Reddit does not take from where it lies is brought anew next time."""
    for place, media in enumerate(outgoing.media):
        await outgoing.uploads.forget(media, str(place))


async def _kept(caller: Api, outgoing: Outgoing, media: Media, place: str) -> File:
    kept = outgoing.uploads.get(media, place)
    if kept is not None:
        return opened(kept.handle)
    file = await _brought(caller, media)
    await outgoing.uploads.keep(media, file.kept(), place=place)
    return file


async def _brought(caller: Api, media: Media) -> File:
    name = f"{media.sha256[:16]}.{ENDINGS.get(media.mime, 'jpg')}"
    try:
        told = await caller.ask("api/media/asset.json", {"filepath": name, "mimetype": media.mime})
    except Rejected as error:
        if error.reason == "refused":  # a bare 400: a type that is not taken
            raise Rejected("media", "file_refused", said=error.said) from error
        raise
    place, fields, asset = _lent(caller, told)
    parts = [Part(key, value) for key, value in fields.items()]
    parts.append(Part("file", Path(media.path), name, media.mime))
    answer = await calls.send(
        caller.http,
        "POST",
        place,
        write=False,
        parts=parts,
        headers={"User-Agent": caller.headers["User-Agent"]},
        timeout=max(60.0, media.size / SLOWEST),
    )
    if answer.ok:
        return File(asset, f"{place}/{fields['key']}")
    said = calls.words(answer)
    if "EntityTooLarge" in answer.text():
        raise Rejected("media", "file_refused", said=said)
    raise RetryLater("upload_refused", said=said)


def _lent(caller: Api, told: Mapping[str, Any]) -> tuple[str, dict[str, str], str]:
    """(where the file goes, the fields that go with it, the asset's name)."""
    try:
        args, asset = told["args"], str(told["asset"]["asset_id"])
        action = str(args["action"])
        fields = {str(one["name"]): str(one["value"]) for one in args["fields"]}
        fields["key"]
    except (KeyError, TypeError) as error:
        raise RetryLater("not_itself", said=str(told)[:200]) from error
    scheme = urlsplit(caller.urls["upload"]).scheme
    place = action if "://" in action else f"{scheme}:{action}"
    return place.rstrip("/"), fields, asset
