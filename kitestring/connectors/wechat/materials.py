"""Files among the account's lasting materials (素材): sent once, looked for there, sent anew when they were cleared away.

An account has room for so many of each (100,000 pictures, 1,000 videos), and people see them on WeChat's own page.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final, TypeVar

from kitestring.connectorkit.contract import Media, Outgoing
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectors.wechat.client import App, listed, named
from kitestring.kit.http import Part

Made = TypeVar("Made")
# As many of the newest as one call lists.
NEWEST: Final = 20


def part(media: Media) -> Part:
    return Part("media", media.path, media.path.name, media.mime)


async def lasting(caller: App, outgoing: Outgoing, media: Media, place: str) -> str:
    """The material's id: what an earlier try left, or a new one."""
    if kept := outgoing.uploads.get(media, place):
        return kept.handle
    sort, parts = "image", [part(media)]
    if media.mime.startswith("video/"):
        sort = "video"
        told = {"title": outgoing.title.strip(), "introduction": outgoing.text}
        parts.append(Part("description", json.dumps(told, ensure_ascii=False)))
    made = await caller.call("/cgi-bin/material/add_material", write=True, parts=parts, type=sort)
    name = named(made, "media_id")
    await outgoing.uploads.keep(media, name, place=place, stays=True)
    return name


async def present(caller: App, names: Collection[str], sort: str) -> bool:
    """Whether all of them are among the newest materials. One further down is sent anew, which is a waste and no harm."""
    asked = {"type": sort, "offset": 0, "count": NEWEST}
    told = await caller.call("/cgi-bin/material/batchget_material", asked)
    return set(names) <= {str(one.get("media_id")) for one in listed(told, "item", "total_count")}


async def anew(outgoing: Outgoing, places: Sequence[str], make: Callable[[], Awaitable[Made]]) -> Made:
    """What `make` makes. Where WeChat no longer has a file (40007), all go up again, in the same try.

    Nothing of it is visible to a reader, so an unclear answer is only tried again.
    """
    try:
        try:
            return await make()
        except Rejected as error:
            if error.reason != "draft_gone":
                raise
        await forget(outgoing, places)
        return await make()
    except Ambiguous as error:
        raise RetryLater(error.reason, said=error.said) from error


async def forget(outgoing: Outgoing, places: Sequence[str]) -> None:
    for media in outgoing.media:
        for place in places:
            await outgoing.uploads.forget(media, place)
