"""A picture post (图片消息): up to twenty pictures to leaf through, the first its cover, with plain words. It is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kitestring.connectorkit.contract import Outcome, Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous
from kitestring.connectors.wechat import drafts, materials, publish_step
from kitestring.connectors.wechat.client import App

KEY = publish_step.KEY
start, ask = publish_step.start, publish_step.ask
PLACE: Final = "lasting"
# Two clocks may differ by so many seconds.
APART: Final = 120


async def make(session: Session, caller: App, outgoing: Outgoing) -> tuple[str, str]:
    """Its draft and the material that is its cover."""

    async def made() -> tuple[str, str]:
        files = [await materials.lasting(caller, outgoing, media, PLACE) for media in outgoing.media]
        article = {
            "article_type": "newspic",
            "title": outgoing.title.strip(),
            "content": outgoing.text,
            "image_info": {"image_list": [{"image_media_id": file} for file in files]},
            **drafts.comments(session, outgoing),
        }
        draft = await caller.call("/cgi-bin/draft/add", {"articles": [article]}, write=True)
        return str(draft["media_id"]), files[0]

    return await materials.anew(outgoing, [PLACE], made)


async def find(session: Session, caller: App, outgoing: Outgoing, done: dict[str, Any]) -> Outcome | None:
    """Among the newest published ones: by its cover; where the list tells no pictures, by its title since this post was made.

    Its draft has left the box, so it went out, was refused, or somebody deleted it. Raises Ambiguous where it cannot be told
    apart: a person looks then.
    """
    asked = {"offset": 0, "count": publish_step.NEWEST, "no_content": 0}
    told = await caller.call("/cgi-bin/freepublish/batchget", asked)
    since = outgoing.stamp.timestamp() - APART
    titled: list[Published] = []
    for item in told.get("item") or ():
        news = ((item.get("content") or {}).get("news_item") or [{}])[0]
        files = _files(news)
        if done.get("cover") in files:
            return publish_step.live(item, news)
        if (
            not files
            and news.get("title") == outgoing.title.strip()
            and float(item.get("update_time") or 0) >= since
        ):
            titled.append(publish_step.live(item, news))
    if len(titled) == 1:
        return titled[0]
    raise Ambiguous("picture_post_unheard")


def _files(news: Mapping[str, Any]) -> set[str]:
    pictures = (news.get("image_info") or {}).get("image_list") or ()
    told = [news.get("thumb_media_id"), *(one.get("image_media_id") for one in pictures)]
    return {str(one) for one in told if one}
