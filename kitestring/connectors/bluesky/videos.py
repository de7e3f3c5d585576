"""A video on its way into a post: handed to the network's video service, which works on it and lays it on the account's server.

Where no such service is set (`urls["video"]`), the file goes to the account's server itself, and the network works on it when
the post is out. Source: github.com/bluesky-social/bsky-docs, tutorials/video; lexicons app.bsky.video.*.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from yarl import URL

from kitestring.connectorkit.contract import Media, Outgoing, Processing, Session
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.bluesky.client import Caller, pds
from kitestring.connectors.bluesky.drafting import blob, shape
from kitestring.kit import clock

POLL: Final = 5.0
JOB: Final = "job"  # what is kept of a file is the service's job, not the server's blob
BYTES_A_SECOND: Final = 200_000  # a line as slow as that is still waited for
LONG: Final = 1800  # seconds a token for the service lives: the service uses it when it is done
UPLOAD: Final = "app.bsky.video.uploadVideo"
FAILED: Final = "JOB_STATE_FAILED"
LIMITS: Final = "app.bsky.video.getUploadLimits"


async def ready(session: Session, outgoing: Outgoing) -> dict[str, Any] | Processing:
    """The embed of the post's video, or that it is still worked on."""
    [media] = outgoing.media
    told = {"alt": media.alt, **shape(media)}
    if not session.urls.get("video"):
        return _embed(await blob(session, outgoing, media), told)
    if kept := outgoing.uploads.get(media, JOB):
        try:
            return await _state(session, {"job": kept.handle, **told})
        except Rejected as error:
            # What failed, or is not known there any more, goes up anew.
            if error.reason not in ("processing_failed", "not_there"):
                raise
            await outgoing.uploads.forget(media, JOB)
    job = await _handed_over(session, media)
    await outgoing.uploads.keep(media, job, place=JOB)
    return await _state(session, {"job": job, **told})


async def followed(session: Session, handle: str) -> dict[str, Any] | Processing:
    """The same for a video whose job was stored. Raises Rejected("media", "processing_failed")."""
    try:
        told = dict(json.loads(handle))
    except (ValueError, TypeError) as error:
        raise Rejected("media", "handle_lost") from error
    return await _state(session, told)


async def left(session: Session) -> dict[str, Any]:
    """What the service says of the account's allowance today ({"canUpload", "remainingDailyVideos", ...})."""
    host = URL(session.urls["video"])
    token = await _token(session, _did(host), LIMITS, 60)
    return dict(await _service(session, token).ask(LIMITS))


async def _handed_over(session: Session, media: Media) -> str:
    """The job that works on the file. The service lays it on the account's server, so the token is for that server."""
    own = await _server(session)
    token = await _token(session, _did(URL(own)), "com.atproto.repo.uploadBlob", LONG)
    caller = _service(session, token)
    name = f"{media.sha256[:24] or 'video'}.mp4"
    params = (("did", session.remote_id), ("name", name))
    wait = max(60.0, media.size / BYTES_A_SECOND)
    status = _job(await caller.give(UPLOAD, media, params=params, timeout=wait))
    job = str(status.get("jobId") or "")
    if not job:
        raise RetryLater("not_itself", said=str(status)[:300])
    return job


async def _state(session: Session, told: Mapping[str, Any]) -> dict[str, Any] | Processing:
    status = _job(await _service(session).ask("app.bsky.video.getJobStatus", (("jobId", str(told["job"])),)))
    if isinstance(status.get("blob"), dict):
        return _embed(status["blob"], told)
    if status.get("state") == FAILED:
        said = str(status.get("message") or status.get("error") or status.get("failureCode") or "")
        raise Rejected("media", "processing_failed", said=said)
    return Processing(json.dumps(dict(told)), poll_after=POLL, handed_over=False)


def _service(session: Session, token: str = "") -> Caller:
    return Caller(session.http, session.urls["video"], token, foreign=True)


def _job(answer: Any) -> dict[str, Any]:
    """The status; the service leaves out the lexicon's frame around it."""
    if not isinstance(answer, dict):
        raise RetryLater("not_itself", said=str(answer)[:300])
    inner = answer.get("jobStatus")
    return dict(inner if isinstance(inner, dict) else answer)


def _embed(video: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    more = {key: told[key] for key in ("alt", "aspectRatio") if told.get(key)}
    return {"$type": "app.bsky.embed.video", "video": dict(video), **more}


async def _server(session: Session) -> str:
    """The server that really holds the account: a big provider has one door and many servers behind it."""
    found = await pds(session).ask("com.atproto.server.getSession")
    document = found.get("didDoc")
    rows = document.get("service") if isinstance(document, dict) else None
    for row in rows or ():
        if isinstance(row, dict) and str(row.get("id", "")).endswith("#atproto_pds"):
            return str(row.get("serviceEndpoint") or session.urls["api"])
    return session.urls["api"]


def _did(url: URL) -> str:
    """A server's permanent name, made of its host (did:web); a port's colon is written as %3A."""
    port = "" if url.is_default_port() or url.explicit_port is None else f"%3A{url.explicit_port}"
    return f"did:web:{url.host}{port}"


async def _token(session: Session, audience: str, method: str, seconds: int) -> str:
    """The account's word to another service that it may do this one thing."""
    ends = int(clock.now().timestamp()) + seconds
    params = (("aud", audience), ("lxm", method), ("exp", str(ends)))
    return str((await pds(session).ask("com.atproto.server.getServiceAuth", params))["token"])
