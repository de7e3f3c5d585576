"""Publishing on Reddit, which knows no keys of ours: look what stands there, keep that, and only then post.

The handle is JSON: {"at", "seen"} as `finding.mark` gives them, "files" [[asset, address]], "cover", and "sent" once Reddit took
a picture or video, whose post appears by itself when it is worked on. It is stored before anything is sent, so a lost answer is
found again among what is newer than that; and what has no handle was never sent.
"""

from __future__ import annotations

import json
from typing import Any, Final

from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected
from kitestring.connectors.reddit import drafting, finding, ids, uploading
from kitestring.connectors.reddit.client import Api, api, unwrapped
from kitestring.connectors.reddit.uploading import File

POLL: Final = 4.0  # seconds between looks for a post whose file is worked on
check = drafting.check


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Bring the files there and keep what stands on the account. `follow` posts."""
    check(session, outgoing)
    needed = "privatemessages" if outgoing.kind == "message" else "submit"
    if session.grant.scopes and needed not in session.grant.scopes:
        raise GrantExpired("scope_missing")
    caller, known = api(session), _known(outgoing)
    files = [await uploading.sent(caller, outgoing, place) for place in range(len(outgoing.media))]
    still = await uploading.cover(caller, outgoing) if outgoing.kind == "video" else None
    if "at" not in known:
        known = await finding.mark(caller, session, outgoing.kind)
    kept = {"at": known["at"], "seen": known["seen"], "files": [[one.asset, one.url] for one in files]}
    if still is not None:
        kept["cover"] = still.url
    return Processing(json.dumps(kept), poll_after=0.0, handed_over=False)


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Post; where it was taken and its file is worked on, look whether it is there."""
    caller, known = api(session), _known(outgoing)
    if "at" not in known:
        raise Ambiguous("handle_lost")
    if known.get("sent"):
        found = await finding.find(caller, session, outgoing, known["at"], known["seen"])
        return found or Processing(outgoing.handle, poll_after=POLL)
    if outgoing.kind in drafting.ANSWERS:
        form = {"thing_id": outgoing.reply_to, "text": drafting.body(outgoing)}
        return _answered(session, await caller.write("api/comment", form))
    try:
        made = await _post(caller, outgoing, known)
    except Rejected as error:
        if error.field == "media":
            await uploading.forget(outgoing)
        if error.reason == "not_there":  # a community that is private or banned
            raise Rejected("options.subreddit", "not_allowed_there", said=error.said) from error
        if error.reason == "refused" and not error.field and outgoing.options.get("flair"):
            # A flair that is none there is a bare 400.
            raise Rejected("options.flair", "flair_perhaps", said=error.said) from error
        raise
    if name := _name(made):
        return Published(name, finding.address(session, {"name": name, "permalink": made.get("url")}))
    if outgoing.kind in ("image", "video"):
        return Processing(json.dumps({**known, "sent": True}), poll_after=POLL)
    raise Ambiguous("not_itself", said=str(made)[:200])


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """What is newer than the handle says and is this one; None when there is none.

    Without a handle nothing was sent, unless the handle was lost with what came after a backup: then a person looks. What was
    taken and is not there yet is still worked on.
    """
    caller, known = api(session), _known(outgoing)
    if "at" not in known:
        if not outgoing.restored:
            return None
        at = int((outgoing.stamp - finding.SKEW).timestamp())
        if found := await finding.find(caller, session, outgoing, at, []):
            raise Ambiguous("handle_lost", said=found.url)
        return None
    found = await finding.find(caller, session, outgoing, known["at"], known["seen"])
    if found is None and known.get("sent"):
        return Processing(outgoing.handle, poll_after=POLL)
    return found


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete the post or comment; one already gone is fine. A message that was sent stays with who has it."""
    if ids.MESSAGE.fullmatch(remote_id):
        raise Rejected("", "message_stays")
    try:
        await api(session).change("api/del", {"id": remote_id})
    except Rejected as error:
        if error.reason != "not_there":
            raise


async def _post(caller: Api, outgoing: Outgoing, known: dict[str, Any]) -> dict[str, Any]:
    """Submit it as what it is. Reddit takes words with every kind."""
    form = drafting.form_of(outgoing)
    files = [File(str(asset), str(url)) for asset, url in known.get("files") or ()]
    if outgoing.kind == "gallery":
        return await caller.write_json("api/submit_gallery_post.json", _gallery(outgoing, form, files))
    form |= {"text": drafting.body(outgoing), "resubmit": "true"}
    if outgoing.kind == "text":
        return await caller.write("api/submit", {**form, "kind": "self"})
    if outgoing.kind == "link":
        return await caller.write("api/submit", {**form, "kind": "link", "url": drafting.link_of(outgoing)})
    form |= {"kind": outgoing.kind, "url": files[0].url}
    if outgoing.kind == "video":
        form["video_poster_url"] = str(known.get("cover") or "")
    return await caller.write("api/submit", form)


def _gallery(outgoing: Outgoing, form: dict[str, str], files: list[File]) -> dict[str, Any]:
    items = [
        {"media_id": file.asset, "caption": media.alt.strip(), "outbound_url": ""}
        for file, media in zip(files, outgoing.media, strict=True)
    ]
    switches = {key: form[key] == "true" for key in ("nsfw", "spoiler", "sendreplies", "validate_on_submit")}
    return {**form, **switches, "text": drafting.body(outgoing), "items": items, "show_error_list": True}


def _name(made: dict[str, Any]) -> str:
    """The post's full name, by whichever of its names the answer tells; "" where it tells none."""
    for told in (str(made.get("name") or ""), str(made.get("id") or "")):
        if ids.POST.fullmatch(told):
            return told
    return ids.post_in(str(made.get("url") or ""))


def _answered(session: Session, made: dict[str, Any]) -> Published:
    things = unwrapped(made.get("things"))
    name = str(things[0].get("name") or "") if things else ""
    if not name:
        raise Ambiguous("not_itself", said=str(made)[:200])
    return Published(name, finding.address(session, things[0]))


def _known(outgoing: Outgoing) -> dict[str, Any]:
    try:
        found = json.loads(outgoing.handle or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
