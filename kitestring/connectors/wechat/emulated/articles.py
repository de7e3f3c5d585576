"""The emulated WeChat's articles: draft box, mass send, publishing, next-day totals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kitestring.connectorkit.articles import to_text
from kitestring.connectorkit.emulation import Item
from kitestring.connectors.wechat.emulated import bulk
from kitestring.connectors.wechat.emulated.world import BEIJING, Refused, World

A_MONTH = 4
CONFIRM_WITHIN = timedelta(minutes=30)
REMEMBERED = timedelta(hours=24)
_IMG = re.compile(r'<img[^>]*src="([^"]*)"[^>]*>')
_SCRIPT = re.compile(r"<(script|style|iframe)\b.*?</\1>", re.DOTALL)
_NAMES = re.compile(r'\s(?:id|class|on[a-z]+)="[^"]*"')
_LINK = re.compile(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
# Links to the account's own and others' articles stay, all else are words (general knowledge).
_OURS = "https://mp.weixin.qq.com/"


def add_draft(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A draft; scripts, names, and pictures and links to elsewhere are dropped as WeChat does."""
    (article,) = asked["articles"]
    if article.get("article_type") == "newspic":
        return _kept(world, bulk.picture_post(world, article))
    if article.get("thumb_media_id") not in world.part("pictures"):
        raise Refused(40007, "invalid media_id")
    content = str(article.get("content", ""))
    if not content or len(content) >= 20_000:
        raise Refused(45002, "content size out of limit")
    ours = f"{world.origin}/mmbiz/"
    kept = _NAMES.sub("", _SCRIPT.sub("", content))
    kept = _IMG.sub(lambda found: found[0] if found[1].startswith(ours) else "", kept)
    kept = _LINK.sub(lambda found: found[0] if found[1].startswith(_OURS) else found[2], kept)
    return _kept(world, {**article, "content": kept})


def _kept(world: World, draft: Mapping[str, Any]) -> dict[str, Any]:
    if not 0 < len(draft.get("title", "")) <= 32:
        raise Refused(45003, "title size out of limit")
    number = f"draft-{world.next()}"
    world.drafts[number] = {**draft, "who": world.who}
    return {"media_id": number}


def get_draft(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"news_item": [_draft(world, asked)]}


def _draft(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    draft = world.drafts.get(str(asked.get("media_id", "")))
    if draft is None or draft["who"] != world.who:
        raise Refused(40007, "invalid media_id")
    return dict(draft)


def send_all(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Start a mass send. The key is looked at before the draft (assumed), so that a repeat is told the first one."""
    if len(str(asked.get("clientmsgid", ""))) > 64:
        raise Refused(45067, "clientmsgid size out of limit")
    before = world.part("keys").get(f"{world.who} {asked.get('clientmsgid')}")
    if before and datetime.fromisoformat(before[1]) > world.now() - REMEMBERED:
        # Recorded by others: the first send's msg_id is told, its msg_data_id is not, so its sender never learns it.
        job = world.jobs[before[0]]
        job.setdefault("known_as", f"0_{job['number']}:{job['tail']}")
        raise Refused(45065, "clientmsgid exist", msg_id=int(before[0]))
    tag, article = bulk.audience(world, asked), asked.get("msgtype") == "mpnews"
    draft = _draft(world, asked["mpnews"]) if article else bulk.content(world, asked)
    month = world.now().astimezone(BEIJING).strftime("%Y-%m")
    if tag is None and len(_sent(world, month)) >= world.setting("mass_sends", A_MONTH):
        raise Refused(45028, "has no masssend quota")
    msg_id, data = world.next(), world.next() if article else "0"
    deletable = article or asked.get("msgtype") == "mpvideo"
    world.jobs[msg_id] = {
        "who": world.who, "month": month, "data": data, "draft": draft, "at": world.now().isoformat(), "asked": 0,
        "tail": f"{'m' if deletable else 't'}{msg_id}", "number": int(article), "tag": tag,
    }  # fmt: skip
    world.part("keys")[f"{world.who} {asked.get('clientmsgid')}"] = [msg_id, world.now().isoformat()]
    told = {"errmsg": "send job submission success", "msg_id": int(msg_id)}
    if article:
        world.drafts.pop(str(asked["mpnews"]["media_id"]))
        told["msg_data_id"] = int(data)
    return told


def _sent(world: World, month: str) -> list[dict[str, Any]]:
    """This account's sends to everybody in the month that did not fail."""
    return [
        job
        for job in world.jobs.values()
        if job["who"] == world.who
        and job["month"] == month
        and job.get("tag") is None
        and not job.get("failed")
    ]


def mass_status(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Waiting for the administrator, out, or failed for want of a yes within 30 minutes."""
    job = world.jobs.get(str(asked.get("msg_id", "")))
    if job is None or not is_send(job):
        raise Refused(40059, "invalid msg id")
    job["asked"] += 1
    by_hand = _waits(world, job)
    if job.get("live"):
        status = "SEND_SUCCESS" if _id(job) in world.platform.items else "DELETE"
    elif job.get("confirmed") or (not by_hand and job["asked"] > 1):
        _go_live(world, job)
        status = "SEND_SUCCESS"
    elif world.now() > datetime.fromisoformat(job["at"]) + CONFIRM_WITHIN:
        job["failed"] = True
        status = "SEND_FAIL"
    else:
        status = "SENDING"
    return {"msg_id": int(asked["msg_id"]), "msg_status": status}


def ended(world: World, job: dict[str, Any]) -> bool:
    """Whether the job came to its end without anybody asking: a publishing at once, a mass send with the administrator's yes."""
    if is_send(job):
        if not _waits(world, job) or job.get("confirmed"):
            _go_live(world, job)
    else:
        _go_live(world, job)
    return bool(job.get("live") or job.get("failed"))


def is_send(job: Mapping[str, Any]) -> bool:
    return bool(job["tail"].startswith(("m", "t")))


def _waits(world: World, job: Mapping[str, Any]) -> bool:
    """Whether the administrator's yes is waited for: to a send to everybody only."""
    return world.setting("confirm", "auto") == "by_hand" and job.get("tag") is None


def mass_delete(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Articles and videos only: words and pictures stay where they came."""
    job = world.jobs.get(str(asked.get("msg_id", "")))
    if job is None or job["tail"].startswith("t") or _id(job) not in world.platform.items:
        raise Refused(40059, "invalid msg id")
    world.platform.remove(_id(job))
    return {}


def submit(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Start publishing; the draft leaves the box at once (assumed)."""
    draft = _draft(world, asked)
    publish_id, data = world.next(), world.next()
    world.jobs[publish_id] = {
        "who": world.who, "month": "", "data": data, "draft": draft, "asked": 0, "tail": f"aARTICLE{publish_id}",
        "at": world.now().isoformat(),
    }  # fmt: skip
    world.drafts.pop(str(asked["media_id"]))
    return {"publish_id": publish_id, "msg_data_id": int(data)}


def publish_status(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Under way the first time it is asked, then live with its address."""
    publish_id = str(asked.get("publish_id", ""))
    job = world.jobs.get(publish_id)
    if job is None or not job["tail"].startswith("a"):
        raise Refused(53502, "invalid publish id")
    job["asked"] += 1
    if job["asked"] < 2 and not job.get("live"):
        return {"publish_id": publish_id, "publish_status": 1, "fail_idx": []}
    _go_live(world, job)
    if _id(job) not in world.platform.items:
        return {"publish_id": publish_id, "publish_status": 5, "fail_idx": []}
    detail = {"count": 1, "item": [{"idx": 1, "article_url": _address(world, job)}]}
    return {
        "publish_id": publish_id, "publish_status": 0, "article_id": job["tail"][1:], "article_detail": detail,
        "fail_idx": [],
    }  # fmt: skip


def published(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What was published (mass sends are not in this list), the newest first. Asking lets waiting ones finish."""
    found = []
    for job in reversed(
        [j for j in world.jobs.values() if j["who"] == world.who and j["tail"].startswith("a")]
    ):
        _go_live(world, job)
        if _id(job) in world.platform.items:
            news = {**job["draft"], "url": _address(world, job), "is_deleted": False}
            if world.setting("bare_list", False):
                # As others show it: of a picture post the list tells neither its type nor its pictures.
                news = {name: news[name] for name in ("title", "content", "url", "is_deleted")}
            at = int(datetime.fromisoformat(job["at"]).timestamp())
            found.append({"article_id": job["tail"][1:], "content": {"news_item": [news]}, "update_time": at})
    page = found[int(asked.get("offset", 0)) :][: int(asked.get("count", 20))]
    return {"total_count": len(found), "item_count": len(page), "item": page}


def publish_delete(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    for job in world.jobs.values():
        if job["tail"] == f"a{asked.get('article_id')}" and _id(job) in world.platform.items:
            world.platform.remove(_id(job))
            return {}
    raise Refused(53502, "invalid article id")


def _id(job: Mapping[str, Any]) -> str:
    """The article's id as its sender names it, fixed when it goes live."""
    return str(
        job.get("live") or job.get("known_as") or f"{job['data']}_{job.get('number', 1)}:{job['tail']}"
    )


def _address(world: World, job: Mapping[str, Any]) -> str:
    return f"{world.origin}/s?__biz=MzA5&mid={job['data']}&idx=1&sn={job['tail'][-8:]}"


def _go_live(world: World, job: dict[str, Any]) -> None:
    """Once; an article deleted since does not come back."""
    if job.get("live"):
        return
    job["live"], draft = _id(job), job["draft"]
    pictures = [world.part("pictures").get(draft.get("thumb_media_id"), "")]
    world.platform.add(
        Item(
            _id(job),
            job["who"],
            draft["plain"] if "plain" in draft else to_text(draft["content"]),
            world.platform.clock().isoformat(),
            author_name=job["who"],
            title=draft["title"],
            media=[{"url": address} for address in draft.get("files", pictures)],
            extra={
                "html": draft.get("content", ""),
                "comments": bool(draft.get("need_open_comment")),
                "followers_only": bool(draft.get("only_fans_can_comment")),
                "link": draft.get("content_source_url", ""),
                "pushed": is_send(job),
                "tag": job.get("tag"),
            },
        )
    )


def totals(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers up to yesterday of the articles that came out on the days asked for; from 08:00 of the next day."""
    now = world.now()
    yesterday = (now - timedelta(days=1)).date().isoformat()
    if asked["end_date"] > yesterday or asked["begin_date"] > asked["end_date"]:
        raise Refused(61501, "date range error")
    rows = []
    for item in world.platform.posts(world.who):
        out = datetime.fromisoformat(item.at).astimezone(BEIJING)
        ready = datetime(out.year, out.month, out.day, 8, tzinfo=BEIJING) + timedelta(days=1)
        if asked["begin_date"] <= out.date().isoformat() <= asked["end_date"] and now >= ready:
            rows.append(_total(world, item, out.date().isoformat(), yesterday))
    return {"list": rows, "is_delay": False}


def _total(world: World, item: Item, day: str, counted: str) -> dict[str, Any]:
    name = item.id.split(":")[0]
    numbers = {
        "stat_date": counted,
        "read_user": item.counts.get("views", 0),
        "share_user": item.counts.get("shares", 0),
        "zaikan_user": item.counts.get("reposts", 0),
        "like_user": item.counts.get("likes", 0),
        "comment_count": sum(1 for c in world.platform.comments(item.id) if c.author != item.author),
        "collection_user": item.counts.get("saves", 0),
    }
    return {
        "ref_date": day,
        "msgid": name if "_" in name else f"{name}_1",
        "title": item.title,
        "publish_type": 0 if item.extra.get("pushed") else 1,
        "detail_list": [numbers],
    }
