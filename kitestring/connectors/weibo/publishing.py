"""Publishing on Weibo, which takes no key of ours: what stands there is kept first, then it is posted.

After a lost answer it is the eldest newer one with these words. Through the share interface a picture travels with the post; its
place on our disk is in the handle, since the step that posts is given no files.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectors.weibo import comments, drafting, finding, words
from kitestring.connectors.weibo.client import SHARE, Api, api, number
from kitestring.kit.http.call import Part

check = drafting.check
ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Bring the pictures there, and keep what stands there already. `follow` posts."""
    check(session, outgoing)
    caller, known = api(session), _known(outgoing)
    if outgoing.kind == SHARE:
        known["file"] = [[str(one.path), one.mime] for one in outgoing.media]
    elif outgoing.media:
        known["pics"] = [await _picture(caller, outgoing, place) for place in range(len(outgoing.media))]
    if "since" not in known:
        known["since"] = await (comments.mark(caller) if outgoing.kind == "reply" else finding.mark(caller))
    return Processing(json.dumps(known), poll_after=0.0, handed_over=False)


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Post it. A refusal because the same words stand there already is looked into: they may be ours."""
    caller, known = api(session), _known(outgoing)
    try:
        return await _post(caller, session, outgoing, known)
    except Rejected as error:
        found = await _find(caller, outgoing, known) if error.reason == "duplicate" else None
        if found is None:
            raise
        return Published(found, address(session, found))


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """What is newer than the handle says, with these words; None when there is none.

    Without a handle nothing was sent, unless the handle was lost with what came after a backup: then a person looks.
    """
    caller, known = api(session), _known(outgoing)
    if "since" not in known and not outgoing.restored:
        return None
    found = await _find(caller, outgoing, known)
    if found is None:
        return None
    done = Published(found, address(session, found))
    if "since" not in known:
        raise Ambiguous("handle_lost", said=done.url)
    return done


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete the post or comment; one already gone is fine.

    Raises Rejected("", "delete_by_hand") where Weibo lets this app delete nothing.
    """
    spot, caller = comments.spot_of(remote_id), api(session)
    try:
        if spot.comment:
            await caller.change("comments/destroy", {"cid": spot.comment})
        else:
            await caller.change("statuses/destroy", {"id": spot.post})
    except Rejected as error:
        if error.reason in ("app_not_allowed", "version_retired"):
            raise Rejected("", "delete_by_hand", said=error.said) from error
        if error.reason != "not_there":
            raise


def address(session: Session, remote_id: str) -> str:
    """Where a person reads the post, or the post that a comment hangs on."""
    return post_address(session.urls["web"], session.remote_id, comments.spot_of(remote_id).post)


def post_address(web: str, author: str, post: str) -> str:
    return f"{web}/{author}/{words.short_id(post)}"


async def _post(caller: Api, session: Session, outgoing: Outgoing, known: dict[str, Any]) -> Published:
    if outgoing.kind == "reply":
        made = await comments.write(caller, session, outgoing, drafting.wording(outgoing))
        return Published(made, address(session, made))
    form = drafting.form(session, outgoing)
    if outgoing.kind == SHARE:
        row = await caller.post("statuses/share", form, file=_file(known))
    elif pics := known.get("pics"):
        row = await caller.post("statuses/upload_url_text", {**form, "pic_id": ",".join(pics)})
    else:
        row = await caller.post("statuses/update", form)
    return Published(number(row), address(session, number(row)))


async def _find(caller: Api, outgoing: Outgoing, known: dict[str, Any]) -> str | None:
    text, since = drafting.wording(outgoing), int(known.get("since") or 0)
    if outgoing.kind == "reply":
        return await comments.find(caller, outgoing, text, since)
    return await finding.find(caller, text, since)


async def _picture(caller: Api, outgoing: Outgoing, place: int) -> str:
    """The name Weibo gave a picture, sent once. Nobody sees it before it is in a post."""
    media, where = outgoing.media[place], str(place)
    if kept := outgoing.uploads.get(media, where):
        return kept.handle
    told = await caller.change("statuses/upload_pic", {}, file=_part(media.path, media.mime))
    made = str(told.get("pic_id") or "") if isinstance(told, dict) else ""
    if not made:
        raise RetryLater("not_itself", said=str(told)[:200])
    await outgoing.uploads.keep(media, made, place=where)
    return made


def _file(known: dict[str, Any]) -> Part | None:
    for path, mime in known.get("file") or ():
        return _part(Path(path), mime)
    return None


def _part(path: Path, mime: str) -> Part:
    return Part("pic", path, f"picture.{ENDINGS.get(mime, 'jpg')}", mime)


def _known(outgoing: Outgoing) -> dict[str, Any]:
    try:
        found = json.loads(outgoing.handle or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
