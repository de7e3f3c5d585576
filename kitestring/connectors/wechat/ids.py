"""How articles and comments are named here: the parts by which WeChat's different interfaces know the same thing.

An article: "<msg_data_id>_<number>:m<msg_id>" (mass sent) or "...:a<article_id>" (published); what stands before the
colon is the `msgid` of the statistics. Number 0 is no article: words, pictures or a video mass sent; "...:t<msg_id>" cannot
be deleted. A comment: "<article>#<user_comment_id>"; our reply to it: the same with an "r".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kitestring.connectorkit.errors import Rejected

_ARTICLE = re.compile(r"(\d+)(?:_(\d+))?(?::([mat])(.+))?")
_COMMENT = re.compile(r"(.+)#(\d+)(r?)")


@dataclass(frozen=True)
class Article:
    """`data` 0: WeChat never told it (an adopted send, or no article), so comments and numbers cannot be asked for.

    `fixed`: once it is out WeChat deletes it no more (words and pictures mass sent).
    """

    data: int
    number: int = 1
    msg_id: str = ""
    article_id: str = ""
    fixed: bool = False

    @property
    def index(self) -> int:
        """The comments interface counts articles of one send from 0, the statistics from 1."""
        return self.number - 1

    @property
    def msgid(self) -> str:
        return f"{self.data}_{self.number}"

    def __str__(self) -> str:
        sent = f":{'t' if self.fixed else 'm'}{self.msg_id}" if self.msg_id else ""
        tail = sent or (f":a{self.article_id}" if self.article_id else "")
        return f"{self.msgid}{tail}"


def is_message(remote_id: str) -> bool:
    """A private message: "<openid>:<number>"."""
    return ":" in remote_id and not remote_id[0].isdecimal()


def article(remote_id: str) -> Article:
    """The article of a post's remote id. Raises Rejected("", "gone") for what is no such id."""
    found = _ARTICLE.fullmatch(remote_id)
    if found is None:
        raise Rejected("", "gone")
    data, number, way, tail = found.groups()
    sent, published = (tail, "") if way in {"m", "t"} else ("", tail or "")
    return Article(int(data), int(number or 1), sent, published, fixed=way == "t")


def comment(remote_id: str) -> tuple[Article, int]:
    """Article and number of a comment (or of our reply to it). Raises Rejected("reply_to", "comment_gone")."""
    found = _COMMENT.fullmatch(remote_id)
    if found is None:
        raise Rejected("reply_to", "comment_gone")
    return article(found[1]), int(found[2])
