"""What the emulated WeChat mass sends besides articles (words, pictures, a video), to whom, and picture posts for the draft box.

Documented are the requests; that a picture post's words may be 1,000 letters, a mass-sent text 2,048 bytes, and that the first
picture is listed as the cover, is assumed. `"bare_list": true` in `platform.memory["wechat"]` lists no covers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kitestring.connectors.wechat.emulated.world import Refused, World

TAGS = [
    {"id": 1, "name": "黑名单", "count": 3},
    {"id": 2, "name": "星标组", "count": 0},
    {"id": 100, "name": "老客", "count": 320},
]
PICTURES = 20
CAPTION = 1000
LARGEST = 2048
_TAG = re.compile(r"<[^>]*>")


def tags(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"tags": world.setting("tags", TAGS)}


def audience(world: World, asked: Mapping[str, Any]) -> int | None:
    """The tag it goes to; None for everybody. Raises Refused 45159 for a tag that is none."""
    chosen = asked.get("filter") or {}
    if chosen.get("is_to_all") is True:
        return None
    tag = int(chosen.get("tag_id") or 0)
    if tag not in {one["id"] for one in world.setting("tags", TAGS)}:
        raise Refused(45159, "invalid tag_id")
    return tag


def content(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent, in the shape of a draft. Raises Refused for what is none of ours."""
    kind = asked.get("msgtype")
    if kind == "text":
        text = str((asked.get("text") or {}).get("content", ""))
        if not text or len(text.encode()) > LARGEST:
            raise Refused(45002, "content size out of limit")
        return {"title": "", "plain": text, "files": []}
    if kind == "image":
        told = asked.get("images") or {}
        return {
            "title": "",
            "plain": str(told.get("recommend", "")),
            "files": _pictures(world, told.get("media_ids") or []),
            "need_open_comment": told.get("need_open_comment", 0),
        }
    if kind == "mpvideo":
        ready = world.part("ready").get(str((asked.get("mpvideo") or {}).get("media_id")))
        if ready is None:
            raise Refused(40007, "invalid media_id")
        return {"title": ready["title"], "plain": ready["description"], "files": [ready["address"]]}
    raise Refused(40008, "invalid message type")


def picture_post(world: World, article: Mapping[str, Any]) -> dict[str, Any]:
    """A draft of the type newspic: pictures from the materials, the first its cover; of the words only plain ones stay."""
    listed = (article.get("image_info") or {}).get("image_list") or []
    words = _TAG.sub("", str(article.get("content", "")))
    if not words or len(words) > CAPTION:
        raise Refused(45002, "content size out of limit")
    files = _pictures(world, [one.get("image_media_id") for one in listed])
    return {**article, "plain": words, "files": files, "thumb_media_id": listed[0]["image_media_id"]}


def upload_video(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A video of the materials, made ready for a mass send under an id of its own."""
    video = world.part("videos").get(str(asked.get("media_id")))
    if video is None:
        raise Refused(40007, "invalid media_id")
    number = f"ready-{world.next()}"
    told = {name: str(asked.get(name, "")) for name in ("title", "description")}
    world.part("ready")[number] = {**told, "address": video}
    return {"type": "video", "media_id": number, "created_at": int(world.now().timestamp())}


def materials(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The account's materials of a sort, the newest first."""
    if not 0 < int(asked.get("count", 0)) <= 20:
        raise Refused(40035, "invalid parameter")
    kept = world.part("videos" if asked.get("type") == "video" else "pictures")
    names = list(reversed(kept))[int(asked.get("offset", 0)) :][: int(asked["count"])]
    rows = [{"media_id": name, "name": name, "url": kept[name]} for name in names]
    return {"total_count": len(kept), "item_count": len(rows), "item": rows}


def _pictures(world: World, names: list[Any]) -> list[str]:
    """Their addresses. Raises Refused 40007 for one that is not (or no longer) a material."""
    kept = world.part("pictures")
    if not names or any(name not in kept for name in names):
        raise Refused(40007, "invalid media_id")
    if len(names) > PICTURES:
        raise Refused(40035, "invalid parameter")
    return [str(kept[name]) for name in names]
