"""Videos as Bilibili keeps them ("archives"): submitted once for review, found again by title, open when the review is through.

States: 0 is open, -2 is returned, as the documents tell (事件列表, 查询单一视频稿件详情). -4 (locked) and -100 (deleted)
are others' notes of the site's own numbers. Whatever else it says is still under review.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.bilibili.client import bili, rows, same, tags
from kitestring.connectors.bilibili.refusals import GONE

OPEN: Final = 0
RETURNED: Final = {-2, -4}
DELETED: Final = -100
PAGE: Final = 50  # the most that the list takes
PAGES: Final = 2


async def submit(session: Session, outgoing: Outgoing, done: Mapping[str, Any]) -> str:
    """Hand the uploaded video in. Whatever it says to it, it says once."""
    options = outgoing.options
    body: dict[str, Any] = {
        "title": outgoing.title.strip(),
        "tid": int(options.get("category") or 0),
        "tag": tags(outgoing),
        "desc": wording(outgoing),
        "copyright": int(options.get("copyright") or 1),
        "no_reprint": int(bool(options.get("no_reprint"))),
    }
    if done.get("cover"):
        body["cover"] = done["cover"]
    if options.get("copyright") == "2":
        body["source"] = options.get("source", "").strip()
    told = await bili(session).post(
        "/archive/add-by-utoken", body, write=True, upload_token=str(done.get("token") or "")
    )
    made = str(told.get("resource_id") or "") if isinstance(told, Mapping) else ""
    if not made:
        raise Ambiguous("not_itself", said=str(told)[:200])
    return made


def wording(outgoing: Outgoing) -> str:
    """The introduction, with the post's link behind it where it is not in it."""
    text = outgoing.text.strip()
    if outgoing.link and outgoing.link not in text:
        text = f"{text}\n{outgoing.link}".strip()
    return text


async def named(session: Session, title: str) -> list[str]:
    """The account's newest videos of this title, in whatever state."""
    found = []
    for page in range(1, PAGES + 1):
        told = await bili(session).read("/archive/viewlist", pn=str(page), ps=str(PAGE), status="all")
        listed = rows(told, "list")
        found += [str(row.get("resource_id")) for row in listed if same(row.get("title"), title)]
        if len(listed) < PAGE:
            break
    return found


async def state(session: Session, archive: str) -> str:
    """ "open" or "waiting". Raises Rejected when it was returned, locked or deleted there."""
    try:
        told = await bili(session).read("/archive/view", resource_id=archive)
    except Rejected as error:
        if error.reason == GONE:
            raise Rejected("", "work_gone", said=error.said) from error
        raise
    found = told.get("addit_info") if isinstance(told, Mapping) else None
    info = found if isinstance(found, Mapping) else {}
    number, why = _number(info.get("state")), str(info.get("reject_reason") or "")
    if number == OPEN:
        return "open"
    if number == DELETED:
        raise Rejected("", "work_gone", said=str(info.get("state_desc") or ""))
    if number in RETURNED or why:
        raise Rejected("", "review_refused", said=why or str(info.get("state_desc") or ""))
    return "waiting"


def _number(told: Any) -> int | None:
    """The state, also where it is told as a text; None where it is not told."""
    try:
        return int(told)
    except (TypeError, ValueError):
        return None


async def remove(session: Session, archive: str) -> None:
    await bili(session).post("/archive/delete", {"resource_id": archive}, write=False)
