"""Reads the figure out of a brief's measure of success, where its words leave no choice."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

NAMES: Final[dict[str, str]] = {
    "engagement": r"engagements?|interactions?|reactions?|互动|tương tác",
    "views": r"views?|plays?|播放|浏览|阅读|观看|lượt xem",
    "reach": r"people reached|reach|触达|覆盖|người tiếp cận|tiếp cận",
    "likes": r"likes?|点赞|lượt thích",
    "replies": r"repl(?:y|ies)|comments?|评论|回复|留言|bình luận|trả lời",
    "reposts": r"reposts?|转发|đăng lại",
    "quotes": r"quotes?|引用|trích dẫn",
    "saves": r"saves?|bookmarks?|收藏|lượt lưu",
    "clicks": r"clicks?|点击|lượt bấm|lượt nhấp",
    "shares": r"shares?|分享|chia sẻ",
}
TIMES: Final = {"k": 1e3, "千": 1e3, "nghìn": 1e3, "ngàn": 1e3, "万": 1e4, "m": 1e6, "triệu": 1e6}
NUMBER: Final = (
    r"(?<![\d.,])(?P<n>\d{1,3}(?:[., \u202f]\d{3})+|\d+)(?![\d%％]|[.,]\d| ?[%％])"
    r"(?: ?(?P<times>k|千|nghìn|ngàn|万|m|triệu)(?![a-zà-ỹ]))?"
)
# A share of something, an amount per post or week, or what counts as a no, is no goal of the whole campaign.
PARTS: Final = re.compile(
    r"率|每|不到|低于|不足|(?<!不)少于|\b(?:rate|per|each|every|mỗi|tỷ lệ|tỉ lệ)\b|\b(?:a|one) (?:day|week|month|post)\b"
    r"|\b(?:under|below|less than|fewer than|dưới|ít hơn)\b",
    re.IGNORECASE,
)
MIDDLE: Final = {
    "after": r" ?(?:次|个|more |new |lượt )?",
    "before": r"(?:数|量)?(?:达到|超过|不少于|至少|到|过|达)?[:：]? ?",
}


def figure_in(words: str, offered: Collection[str]) -> tuple[str, float] | None:
    """The metric and its value, of the `offered` ones; None unless the words name exactly one."""
    found: dict[str, float] = {}
    for sentence in re.split(r"[;；。！!?？\n]|\.(?:\s|$)", words):
        if PARTS.search(sentence):
            continue
        for metric, names in NAMES.items():
            for value in _values(sentence, names):
                if found.setdefault(metric, value) != value:
                    return None
    if len(found) != 1:
        return None
    (figure,) = found.items()
    return figure if figure[0] in offered else None


def _values(sentence: str, names: str) -> list[float]:
    after = rf"{NUMBER}{MIDDLE['after']}(?:{names})(?![a-zà-ỹ])"
    before = rf"(?:{names}){MIDDLE['before']}{NUMBER}"
    hits = [hit for way in (after, before) for hit in re.finditer(way, sentence, re.IGNORECASE)]
    return [float(re.sub(r"\D", "", hit["n"])) * TIMES.get((hit["times"] or "").lower(), 1) for hit in hits]
