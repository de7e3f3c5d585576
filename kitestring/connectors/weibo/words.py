"""Weibo's ways with words: links become t.cn addresses, long texts are cut in lists, times are written as in old mails.

Source: the answers shown at open.weibo.com/wiki/2/comments/timeline; short numbers: jermic.cc/posts/weibo-url-mid-convert; cut
texts: assumed.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

_LINK: Final = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_CUT: Final = re.compile(r"(?:\.\.\.|…)全文[：:]?$")
_ANSWERS: Final = re.compile(r"^回复@[^:：]{1,40}[:：]")
_WHEN: Final = re.compile(r"\w{3} (\w{3}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) (\d{4})")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIGNS: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SEVEN: Final = 10_000_000
SHORTEST: Final = 20  # letters of a cut text that say enough to know it again


def bare(text: str) -> str:
    """What stays of a text after Weibo's dressing: no links, no blanks."""
    return "".join(_LINK.sub("", html.unescape(text)).replace("\u200b", "").split())


def same(ours: str, theirs: str) -> bool:
    """Whether a text that Weibo shows is ours. Of a long one it shows the beginning, then "...全文"."""
    mine, shown = bare(ours), _ANSWERS.sub("", bare(theirs))
    if _CUT.search(shown):
        begins = _CUT.sub("", shown)
        return len(begins) >= SHORTEST and mine.startswith(begins)
    return mine == shown


def at(told: object) -> datetime:
    """A time as Weibo writes it: "Tue May 31 17:46:55 +0800 2011". What cannot be read is 1970."""
    found = _WHEN.match(str(told))
    if found is None or found[1] not in _MONTHS:
        return datetime.fromtimestamp(0, UTC)
    east = timedelta(hours=int(found[7]), minutes=int(found[8])) * (1 if found[6] == "+" else -1)
    day = (int(found[9]), _MONTHS.index(found[1]) + 1, int(found[2]))
    hour = (int(found[3]), int(found[4]), int(found[5]))
    try:
        return datetime(*day, *hour, tzinfo=timezone(east)).astimezone(UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def short_id(number: str) -> str:
    """The id as it stands in a post's address: each seven digits from the right as four signs of 62."""
    rest, found = int(number), ""
    while rest:
        rest, part = divmod(rest, _SEVEN)
        signs = ""
        while part:
            part, place = divmod(part, 62)
            signs = _SIGNS[place] + signs
        found = (signs.rjust(4, "0") if rest else signs) + found
    return found
