"""Publishing in two steps: the video goes up private and its id is stored; when it is processed, one word puts it live.

An upload may break, be lost or be repeated, and nobody sees it. The second step sets the whole state of one known video,
so that it can be asked for and said again: no video appears twice. Comments have no such step; see `comments`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.counting import tags_length
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected
from kitestring.connectors.youtube import comments, playlists
from kitestring.connectors.youtube.client import MANIFEST, address, data, is_video, one
from kitestring.connectors.youtube.uploading import cover, uploaded
from kitestring.connectors.youtube.wording import PARTS, description, privacy, resource, tags

POLL: Final = 30.0
UNVERIFIED: Final = 15 * 60  # seconds of a video, where the channel's owner has not proved who they are
TAGS: Final = 500
STATE: Final = "status,processingDetails"
BROKEN: Final = {
    "duplicate": "video_known",
    "length": "duration_refused",
    "copyright": "rights_refused",
    "claim": "rights_refused",
    "trademark": "rights_refused",
    "inappropriate": "rules_refused",
    "termsOfUse": "rules_refused",
    "legal": "rules_refused",
}


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, angle brackets, too many tags, and a video too long for this channel."""
    if outgoing.kind == "reply":
        check_outgoing(MANIFEST, outgoing, session.account_type)
        return
    check_outgoing(MANIFEST, replace(outgoing, text=description(outgoing)), session.account_type)
    refuse_words(outgoing)
    known = session.settings.get("long_uploads")
    if known in ("eligible", "disallowed") and any(m.duration > UNVERIFIED for m in outgoing.media):
        raise Rejected("media.0", "channel_not_verified")


def refuse_words(outgoing: Outgoing) -> None:
    """Refuse words that YouTube does not take and the manifest cannot tell."""
    for field, words in (("title", outgoing.title), ("text", description(outgoing))):
        if "<" in words or ">" in words:
            raise Rejected(field, "angle_brackets")
    over = tags_length(tags(outgoing)) - TAGS
    if over > 0:
        raise Rejected("options.tags", "tags_too_long", params={"over": over, "limit": TAGS})


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """A comment goes out at once. A video goes up unseen, and `follow` puts it live."""
    check(session, outgoing)
    if outgoing.kind == "reply":
        return await comments.send(session, outgoing)
    if (video := _video(outgoing)) and (state := await _state(session, outgoing, video)) is not None:
        return state
    video = await uploaded(session, outgoing)
    await cover(session, outgoing, video)
    return Processing(json.dumps({"video": video}), poll_after=POLL, handed_over=False)


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Ask how far YouTube is with it; once it is processed, put it into its list and live."""
    video = _video(outgoing)
    state = await _state(session, outgoing, video)
    if state is None:
        raise Rejected("media", "file_lost")
    unseen = privacy(outgoing) == "private"  # such a video is where it should be as soon as it is processed
    if (isinstance(state, Published) and not unseen) or (isinstance(state, Processing) and state.poll_after):
        return state
    await playlists.put(session, outgoing.options.get("playlist", ""), video)
    if isinstance(state, Published):
        return state
    body = {"id": video, **resource(outgoing)}
    made = await data(session).write("PUT", "videos", body, part=PARTS)
    if made.get("id") != video:
        raise Ambiguous("not_itself", said=str(made)[:200])
    if (made.get("status") or {}).get("privacyStatus") != privacy(outgoing):
        raise Rejected("options.privacy", "kept_private")
    return Published(video, address(session, video, outgoing.kind))


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """Whether the stored video is live; None when it surely is not."""
    if outgoing.kind == "reply":
        return await comments.find(session, outgoing)
    video = _video(outgoing)
    if not video:
        if outgoing.restored:
            raise Ambiguous("handle_lost")
        return None
    found = await _state(session, outgoing, video)
    return found if isinstance(found, Published) else None


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete the video or our comment; one already gone is fine."""
    try:
        await data(session).write("DELETE", "videos" if is_video(remote_id) else "comments", id=remote_id)
    except Rejected as error:
        if error.reason != "not_there":
            raise


def _video(outgoing: Outgoing) -> str:
    done = json.loads(outgoing.handle) if outgoing.handle else {}
    return str(done.get("video") or "") if isinstance(done, dict) else ""


async def _state(session: Session, outgoing: Outgoing, video: str) -> Published | Processing | None:
    """Live, being processed (asked again later), or processed and waiting for its word; None: it is gone."""
    found = await one(session, video, STATE)
    status: dict[str, Any] = (found or {}).get("status") or {}
    stage = status.get("uploadStatus")
    if found is None or stage == "deleted":
        return None
    _refuse_broken(status)
    if stage == "processed" and status.get("privacyStatus") == privacy(outgoing):
        return Published(video, address(session, video, outgoing.kind))
    wait = 0.0 if stage == "processed" else POLL
    return Processing(json.dumps({"video": video}), poll_after=wait, handed_over=False)


def _refuse_broken(status: dict[str, Any]) -> None:
    """Raise what YouTube found wrong with the file."""
    if status.get("uploadStatus") == "failed":
        raise Rejected("media", "processing_failed", said=str(status.get("failureReason") or ""))
    if status.get("uploadStatus") == "rejected":
        why = str(status.get("rejectionReason") or "")
        if why.startswith("uploaderAccount"):
            raise GrantExpired("account_gone", said=why)
        raise Rejected("media", BROKEN.get(why, "processing_failed"), said=why)
