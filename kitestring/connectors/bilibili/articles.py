"""Articles (专栏): a form with the text as HTML and its pictures by address, reviewed, and listed by how the review went.

Source: apifox.com/apidoc/docs-site/1106400, 文章提交, 文章编辑; open.bilibili.com, 查询文章列表 (group 1 under way, 2 passed,
3 not passed), as public code tells it. How pictures stand in the HTML is assumed.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from kitestring.connectorkit.articles import to_html
from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.bilibili.client import bili, rows, same, tags
from kitestring.connectors.bilibili.refusals import GONE
from kitestring.kit.http import Part

ALL: Final = "0"  # the groups of the list
UNDER_WAY: Final = "1"
PASSED: Final = "2"
NOT_PASSED: Final = "3"
NEWEST: Final = "1"  # the order of the list
NO_COVER: Final = "5"  # template_id, by how many covers are given
ONE_COVER: Final = "4"
THREE_COVERS: Final = "3"
SUMMARY: Final = 200
PAGE: Final = 20
PAGES: Final = 3
PICTURE: Final = re.compile(r"<img\s[^<>]{1,2000}>")


def fields(outgoing: Outgoing, pictures: Sequence[str]) -> dict[str, str]:
    """The form of an article: what is added, and what an edit gives anew."""
    options = outgoing.options
    covers = pictures[:3] if len(pictures) >= 3 else pictures[:1]
    told = {
        "title": outgoing.title.strip(),
        "category": options.get("category", ""),
        "template_id": THREE_COVERS if len(covers) == 3 else ONE_COVER if covers else NO_COVER,
        "summary": options.get("summary", "").strip() or beginning(outgoing.text),
        "content": body(outgoing, pictures),
        "original": str(int(bool(options.get("original")))),
        "up_closed_reply": str(int(bool(options.get("no_comments")))),
        "image_urls": ",".join(covers),
        "tags": tags(outgoing),
    }
    return {key: value for key, value in told.items() if value}


def body(outgoing: Outgoing, pictures: Sequence[str]) -> str:
    """The text as HTML, its link behind it, the pictures below."""
    text = outgoing.text.strip()
    if outgoing.link and outgoing.link not in text:
        text = f"{text}\n\n{outgoing.link}".strip()
    alts = [media.alt for media in outgoing.media] + [""] * len(pictures)
    shown = [
        f'<p><img src="{escape(url)}" alt="{escape(alt)}"></p>'
        for url, alt in zip(pictures, alts, strict=False)
    ]
    return "\n".join([to_html(text), *shown] if text else shown)


def pictures_of(html: str) -> list[str]:
    """The pictures in an article's HTML, each in its line."""
    return [f"<p>{tag}</p>" for tag in PICTURE.findall(html)]


def beginning(text: str) -> str:
    """The first letters of a text without its marks: as many as a summary has."""
    return " ".join(text.replace("#", " ").replace("*", " ").split())[:SUMMARY]


async def submit(session: Session, outgoing: Outgoing, done: Mapping[str, Any]) -> str:
    told = await bili(session).form("/article/add", parts(fields(outgoing, done["pictures"])), write=True)
    made = str(told.get("id") or "") if isinstance(told, Mapping) else ""
    if not made.isdigit():
        raise Ambiguous("not_itself", said=str(told)[:200])
    return f"cv{made}"


def parts(told: Mapping[str, str]) -> list[Part]:
    return [Part(name, value) for name, value in told.items()]


async def named(session: Session, title: str) -> list[str]:
    """The account's newest articles of this title, drafts and deleted ones aside."""
    return [name(row) async for row in _listed(session, ALL) if same(row.get("title"), title)]


async def state(session: Session, article: str) -> str:
    """ "open" or "waiting". Raises Rejected when it was not passed, or was deleted there.

    What is under way is asked for first: a review that ends between two calls moves it on, never back. One that stands in
    no list is gone only when Bilibili says so itself.
    """
    if await _in(session, UNDER_WAY, article) is not None:
        return "waiting"
    if await _in(session, PASSED, article) is not None:
        return "open"
    refused = await _in(session, NOT_PASSED, article)
    if refused is not None:
        raise Rejected("", "review_refused", said=str(refused.get("reason") or ""))
    try:
        await bili(session).read("/article/detail", id=article.removeprefix("cv"))
    except Rejected as error:
        if error.reason == GONE:
            raise Rejected("", "work_gone", said=error.said) from error
        raise
    return "waiting"


async def _in(session: Session, group: str, article: str) -> Mapping[str, Any] | None:
    async for row in _listed(session, group):
        if name(row) == article:
            return row
    return None


async def _listed(session: Session, group: str) -> AsyncIterator[Mapping[str, Any]]:
    for page in range(1, PAGES + 1):
        told = await bili(session).read("/article/list", pn=str(page), ps=str(PAGE), sort=NEWEST, group=group)
        listed = rows(told, "articles")
        for row in listed:
            yield row
        if len(listed) < PAGE:
            return


def name(row: Mapping[str, Any]) -> str:
    return f"cv{row.get('id')}"


async def remove(session: Session, article: str) -> None:
    await bili(session).form("/article/delete", [Part("ids", article.removeprefix("cv"))], write=False)


def kept_fields(now: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What an edit must give back as it is: the collection the article stands in and the video at its head."""
    stands_in = now.get("list")
    if isinstance(stands_in, Mapping) and stands_in.get("id"):
        yield "list_id", str(stands_in["id"])
    for key in ("banner_url", "top_video_bvid"):
        if now.get(key):
            yield key, str(now[key])
