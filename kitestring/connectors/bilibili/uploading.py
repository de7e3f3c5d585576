"""Files on their way up: a video whole or in pieces under its token, its cover, the pictures of an article.

Nothing of it is seen by anybody, so trouble is only "later"; what Bilibili took once is not sent again. It cannot be asked how
much of a video it has: a piece is named by its number, so that one whose answer was lost is sent once more in its place.
Source: apifox.com/apidoc/docs-site/1106400, 文件上传预处理, 文件分片上传, 文件分片合片, 单个小视频文件上传, 封面上传,
专栏稿件图片上传.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit.contract import Media, Outgoing, Session
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectorkit.uploads import Upload
from kitestring.connectors.bilibili.client import asked, bili
from kitestring.connectors.bilibili.refusals import FILE_LOST
from kitestring.kit.http import Part

SMALL: Final = 100 * 1024 * 1024  # bytes that go up whole
PIECE: Final = 8 * 1024 * 1024  # bytes of every piece but the last
WHOLE: Final = "1"  # Bilibili's names for the two ways
PIECES: Final = "0"
PATIENCE: Final = 600.0  # seconds; a video is no small call
VIDEO: Final = "video"  # the place of the file itself among what is kept
COVER: Final = (960, 600)  # pixels, the least that a cover may have
ENDINGS: Final = {
    "video/mp4": "mp4",
    "video/x-flv": "flv",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
}


async def video(session: Session, outgoing: Outgoing) -> str:
    """The token of the video that Bilibili has whole. One that it knows no more is sent anew, once."""
    media = outgoing.media[0]
    kept = outgoing.uploads.get(media, VIDEO)
    if kept is not None and kept.taken is None:
        return kept.handle
    try:
        return await _sent(session, outgoing, media, kept)
    except Rejected as error:
        if kept is None or error.reason != FILE_LOST:
            raise
    await outgoing.uploads.forget(media, VIDEO)
    return await _sent(session, outgoing, media, None)


async def _sent(session: Session, outgoing: Outgoing, media: Media, kept: Upload | None) -> str:
    whole = media.size <= SMALL
    if kept is not None:
        token = kept.handle
    else:
        told = await bili(session).post(
            "/archive/video/init", {"name": _name(media), "utype": WHOLE if whole else PIECES}, write=False
        )
        token = _named(told, "upload_token")
        await outgoing.uploads.keep(media, token, place=VIDEO, taken=0)
    if whole:
        await _put(session, "/video/v2/upload", media.path, upload_token=token)
    else:
        await _pieces(session, outgoing, media, token, kept.taken or 0 if kept is not None else 0)
        await bili(session).post("/archive/video/complete", {}, write=False, upload_token=token)
    await outgoing.uploads.keep(media, token, place=VIDEO)
    return token


async def _pieces(session: Session, outgoing: Outgoing, media: Media, token: str, taken: int) -> None:
    """Piece after piece from where the last answer was heard; their numbers begin with one."""
    for start in range(taken // PIECE * PIECE, media.size, PIECE):
        data = await asyncio.to_thread(_read, media.path, start, min(PIECE, media.size - start))
        number = str(start // PIECE + 1)
        await _put(session, "/video/v2/part/upload", data, upload_token=token, part_number=number)
        await outgoing.uploads.keep(media, token, place=VIDEO, taken=start + len(data))


async def _put(session: Session, path: str, content: bytes | Path, **params: str) -> None:
    """To the host for files: the token says who sends it, no signature is asked for."""
    await asked(
        session.http,
        "POST",
        session.urls["upload"] + path,
        write=False,
        params=params,
        headers={"content-type": "application/octet-stream"},
        content=content,
        timeout=PATIENCE,
    )


def _read(path: Path, start: int, most: int) -> bytes:
    """Raises Rejected("media", "file_gone") when the file cannot be read, or ends before it should."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            data = file.read(most)
    except OSError as error:
        raise Rejected("media", "file_gone", said=type(error).__name__) from error
    if len(data) < most:
        raise Rejected("media", "file_gone")
    return data


async def cover(session: Session, outgoing: Outgoing) -> str:
    """The address of our still at Bilibili; "" where it is smaller than a cover may be: Bilibili then picks one itself."""
    media = outgoing.media[0]
    if media.cover is None or media.width < COVER[0] or media.height < COVER[1]:
        return ""
    if kept := outgoing.uploads.get(media, "cover"):
        return kept.handle
    part = Part("file", media.cover, f"{media.sha256[:12]}.jpg", "image/jpeg")
    told = await bili(session).form("/archive/cover/upload", [part], write=False, timeout=PATIENCE)
    url = _named(told, "url")
    await outgoing.uploads.keep(media, url, place="cover")
    return url


async def pictures(session: Session, outgoing: Outgoing) -> list[str]:
    """The addresses of an article's pictures at Bilibili, in their order."""
    found = []
    for number, media in enumerate(outgoing.media):
        place = f"picture-{number}"
        kept = outgoing.uploads.get(media, place)
        if kept is None:
            part = Part("file", media.path, _name(media), media.mime)
            told = await bili(session).form(
                "/article/upload/image", [part, Part("watermark", "0")], write=False, timeout=PATIENCE
            )
            kept = Upload(_named(told, "url"))
            await outgoing.uploads.keep(media, kept.handle, place=place)
        found.append(kept.handle)
    return found


def _name(media: Media) -> str:
    return f"{media.sha256[:12]}.{ENDINGS.get(media.mime, 'mp4')}"


def _named(told: Any, name: str) -> str:
    found = str(told.get(name) or "") if isinstance(told, Mapping) else ""
    if not found:
        raise RetryLater("not_itself", said=str(told)[:200])
    return found
