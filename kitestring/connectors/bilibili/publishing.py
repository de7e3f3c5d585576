"""Publishing in two steps: the files go up and what stood there before is stored; then one call submits the work for review.

The handle is JSON: {"token", "cover"} of a video or {"pictures"} of an article, "before" (the works of this title that the
account had already), and "id" once it is submitted. After a lost answer the account's own list tells: a work of this title
that was not there before is ours. Until the review is through nobody sees it, and nothing is said to be published.
"""

from __future__ import annotations

import json
from typing import Any, Final

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.bilibili import archives, articles, uploading
from kitestring.connectors.bilibili.client import MANIFEST, address, is_article, tags
from kitestring.connectors.bilibili.refusals import FILE_LOST, GONE, TITLE_REPEATED

SOON: Final = 60.0  # seconds until the first look at a review; each further one waits twice as long
SELDOM: Final = (
    1800.0  # seconds between two looks at most: a review may take days, and calls are counted by the day
)
LISTS: Final = {"video": "categories", "article": "article_categories"}


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, a repost without its source, and what is no category of this account's."""
    check_outgoing(MANIFEST, outgoing, session.account_type)
    refuse_settings(session, outgoing)


def refuse_settings(session: Session, outgoing: Outgoing) -> None:
    """Refuse settings that the manifest alone cannot judge, and an introduction that is too long with its link."""
    options = outgoing.options
    listed = session.settings.get(LISTS.get(outgoing.kind, ""))
    known = {row.get("value") for row in listed} if isinstance(listed, list) else set()
    if known and options.get("category") not in known:
        raise Rejected("options.category", "category_refused")
    if outgoing.kind != "video":
        return
    if options.get("copyright") == "2" and not options.get("source", "").strip():
        raise Rejected("options.source", "source_missing")
    if not tags(outgoing):
        raise Rejected("options.tags", "tags_refused")
    limit = MANIFEST.kind("video").text.limit
    if (over := len(archives.wording(outgoing)) - limit) > 0:
        raise Rejected("text", "too_long_alone", params={"over": over, "count": limit + over, "limit": limit})


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """The files, and a look at what stands there already; `follow` submits. A file that is there no more is sent anew."""
    check(session, outgoing)
    done = _done(outgoing)
    if "before" not in done and not done.get("id"):
        return _step({**await _files(session, outgoing), "before": await _named(session, outgoing)})
    try:
        return await follow(session, outgoing)
    except Rejected as error:
        if error.reason != FILE_LOST or not outgoing.media:
            raise
    await outgoing.uploads.forget(outgoing.media[0], uploading.VIDEO)
    return _step({**done, **await _files(session, outgoing)})


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Submit what is there; once it is submitted, ask how the review goes."""
    done = _done(outgoing)
    if done.get("id"):
        return await _state(session, done)
    try:
        kind = articles if outgoing.kind == "article" else archives
        made = await kind.submit(session, outgoing, done)
    except Rejected as error:
        # Said too when an earlier try of ours arrived: Bilibili takes no title twice within a short time.
        if error.reason != TITLE_REPEATED:
            raise
        made = await _found(session, outgoing, done)
        if not made:
            raise
    return _waiting({**done, "id": made})


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """Whether it was submitted. What never came to its second step was not, unless the handle was lost with a backup."""
    done = _done(outgoing)
    if done.get("id"):
        return await _state(session, done)
    if "before" not in done:
        if outgoing.restored:
            raise Ambiguous("handle_lost")
        return None
    made = await _found(session, outgoing, done)
    return _waiting({**done, "id": made}) if made else None


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete it there; one already gone is fine."""
    try:
        await (articles if is_article(remote_id) else archives).remove(session, remote_id)
    except Rejected as error:
        if error.reason != GONE:
            raise


async def _files(session: Session, outgoing: Outgoing) -> dict[str, Any]:
    if outgoing.kind == "article":
        return {"pictures": await uploading.pictures(session, outgoing)}
    token = await uploading.video(session, outgoing)
    return {"token": token, "cover": await uploading.cover(session, outgoing)}


async def _named(session: Session, outgoing: Outgoing) -> list[str]:
    if outgoing.kind == "article":
        return await articles.named(session, outgoing.title)
    return await archives.named(session, outgoing.title)


async def _found(session: Session, outgoing: Outgoing, done: dict[str, Any]) -> str:
    """The work of this title that was not there before; "" when there is none. Raises Ambiguous when there are several."""
    before = done.get("before") or []
    new = [one for one in await _named(session, outgoing) if one not in before]
    if len(new) > 1:
        raise Ambiguous("several_of_this_title")
    return new[0] if new else ""


async def _state(session: Session, done: dict[str, Any]) -> Outcome:
    made = str(done["id"])
    kind = articles if is_article(made) else archives
    if await kind.state(session, made) == "open":
        return Published(made, address(session, made))
    return _waiting(done)


def _step(done: dict[str, Any]) -> Processing:
    return Processing(json.dumps(done), poll_after=0.0, handed_over=False)


def _waiting(done: dict[str, Any]) -> Processing:
    asked = int(done.get("asked") or 0)
    handle = json.dumps({"id": done["id"], "asked": asked + 1})
    wait = min(SELDOM, SOON * 2 ** min(asked, 10))
    return Processing(handle, poll_after=wait, waits_for="under_review")


def _done(outgoing: Outgoing) -> dict[str, Any]:
    done = json.loads(outgoing.handle) if outgoing.handle else {}
    return done if isinstance(done, dict) else {}
