"""Changing the words of a work that is there. Bilibili wants every field again, and reviews the work anew.

Tags, kind of work, source and the file of a video cannot be changed by a program.
Source: apifox.com/apidoc/docs-site/1106400, 视频稿件编辑, 文章编辑.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kitestring.connectorkit.checking import problems
from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.overriding import overridden
from kitestring.connectors.bilibili import archives, articles
from kitestring.connectors.bilibili.client import MANIFEST, address, bili, is_article, same, tags
from kitestring.connectors.bilibili.publishing import refuse_settings


async def edit(session: Session, remote_id: str, outgoing: Outgoing) -> Published:
    """Title, words and category; of an article its tags and summary too."""
    _check(session, outgoing)
    if is_article(remote_id):
        await _article(session, remote_id, outgoing)
    else:
        await _archive(session, remote_id, outgoing)
    return Published(remote_id, address(session, remote_id))


def _check(session: Session, outgoing: Outgoing) -> None:
    """Refuse words and settings that do not fit; the files are there already and are not looked at."""
    manifest = overridden(MANIFEST, outgoing.limits)
    words = (outgoing.kind, outgoing.text, outgoing.title)
    for problem in problems(manifest, *words, options=outgoing.options):
        spared = problem.field.startswith("media") or problem.reason in (
            "too_short_or_pictures",
            "text_required",
        )
        if problem.severity == "error" and not spared:
            raise Rejected(problem.field, problem.reason, params=problem.params)
    refuse_settings(session, outgoing)


async def _archive(session: Session, remote_id: str, outgoing: Outgoing) -> None:
    now = await bili(session).read("/archive/view", resource_id=remote_id)
    if not isinstance(now, Mapping):
        raise Rejected("", "work_gone", said=str(now)[:200])
    _refuse_fixed(now, outgoing)
    options = outgoing.options
    body: dict[str, Any] = {
        "resource_id": remote_id,
        "title": outgoing.title.strip(),
        "cover": now.get("cover") or "",
        "tid": int(options.get("category") or now.get("tid") or 0),
        "desc": archives.wording(outgoing),
        "no_reprint": int(bool(options.get("no_reprint"))),
    }
    await bili(session).post("/archive/edit", body, write=True)


def _refuse_fixed(now: Mapping[str, Any], outgoing: Outgoing) -> None:
    """Refuse a change of what cannot be changed; what Bilibili does not tell is taken to be the same."""
    if now.get("tag") and not same(now["tag"], tags(outgoing)):
        raise Rejected("options.tags", "fixed_once_sent")
    kind = str(now.get("copyright") or "")
    if kind and kind != outgoing.options.get("copyright", kind):
        raise Rejected("options.copyright", "fixed_once_sent")


async def _article(session: Session, remote_id: str, outgoing: Outgoing) -> None:
    now = await bili(session).read("/article/detail", id=remote_id.removeprefix("cv"))
    if not isinstance(now, Mapping):
        raise Rejected("", "work_gone", said=str(now)[:200])
    told = articles.fields(outgoing, ())
    shown = articles.pictures_of(str(now.get("content") or ""))
    told["content"] = "\n".join([told.get("content", ""), *shown]).strip()
    covers = now.get("image_urls")
    told["image_urls"] = ",".join(map(str, covers)) if isinstance(covers, list) else ""
    told["template_id"] = str(now.get("template_id") or told["template_id"])
    told |= dict(articles.kept_fields(now))
    parts = articles.parts({"id": remote_id.removeprefix("cv"), **{k: v for k, v in told.items() if v}})
    await bili(session).form("/article/edit", parts, write=True)
