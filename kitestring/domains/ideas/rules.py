"""Pure decisions about briefs and ideas: what blocks a decision, a second wanted response, how a paste becomes ideas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Final

import regex

from kitestring.kit.text import clean, same_words

LONGEST_ANSWER: Final = 5_000
LONGEST_IDEA: Final = 2_000
MOST_AT_ONCE: Final = 500
NEEDED: Final = ("key_message", "response")
HEADINGS: Final = frozenset({"idea", "ideas", "text", "点子", "想法", "内容", "ý tưởng", "nội dung"})
BULLET = regex.compile(r"^\s*(?:[-*•·–—▪●○◦]+|\(?\d{1,3}[.)、．）:]|[①-⑳])\s*")

# Verbs by the response they ask for. English and Vietnamese match on word borders, Chinese anywhere.
VERBS: Final[Mapping[str, tuple[str, ...]]] = {
    "read": ("read", "watch", "save", "阅读", "读完", "看完", "观看", "收藏", "đọc", "xem", "lưu lại"),
    "reply": ("reply", "comment", "answer", "tell us", "评论", "留言", "回复", "bình luận", "trả lời", "kể cho"),
    "share": ("share", "repost", "tag", "forward", "转发", "分享", "chia sẻ", "gắn thẻ"),
    "follow": ("follow", "关注", "theo dõi"),
    "sign_up": ("sign up", "register", "subscribe", "book", "报名", "注册", "预约", "订阅", "đăng ký", "đặt chỗ", "đặt bàn"),
    "visit": ("visit", "come to", "drop by", "go to", "click", "到店", "来店", "逛", "打开", "点击", "ghé", "đến quán"),
    "buy": ("buy", "order", "purchase", "购买", "下单", "买", "mua", "đặt hàng"),
    "own": ("make their own", "remix", "create", "二创", "自己做", "tự làm", "sáng tạo"),
}  # fmt: skip


def _spans(sentence: str, verb: str) -> Iterable[tuple[int, int]]:
    border = "" if regex.search(r"\p{Han}", verb) else r"\b"
    pattern = f"{border}{regex.escape(verb)}{border}"
    return (m.span() for m in regex.finditer(pattern, sentence, flags=regex.IGNORECASE))


def second_verbs(sentence: str, response: str) -> list[str]:
    """Every word in `sentence` that asks for something else than `response`, each once, in the order they stand there.

    Where words overlap the longer counts: in “购买” there is no second “买”.
    """
    spans = sorted(
        ((span, kind) for kind, verbs in VERBS.items() for verb in verbs for span in _spans(sentence, verb)),
        key=lambda found: (found[0][0] - found[0][1], found[0][0]),
    )
    taken: list[tuple[tuple[int, int], str]] = []
    for (start, end), kind in spans:
        if all(end <= begun or start >= ended for (begun, ended), _kind in taken):
            taken.append(((start, end), kind))
    words: dict[str, str] = {}
    for span, kind in sorted(taken):
        if kind != response:
            words.setdefault(sentence[slice(*span)].casefold(), sentence[slice(*span)])
    return list(words.values())


def holes(answers: Mapping[str, str]) -> list[str]:
    """The answers a decision waits for that are still empty, of `NEEDED`."""
    return [name for name in NEEDED if not answers.get(name, "").strip()]


def lines_of(pasted: str) -> list[str]:
    """Ideas from pasted text: one a line, bullets and numbers taken off, empty lines skipped, order kept."""
    stripped = (BULLET.sub("", line).strip() for line in clean(pasted).split("\n"))
    return [line for line in stripped if same_words(line)]


def rows_of(table: str) -> list[str]:
    """Ideas from CSV text: the column headed idea (in any of the three languages), else the first; header skipped."""
    text = clean(table)
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:4096], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    # A quote that never closes makes one cell of all that follows: it is read whole, and told to be too long.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    rows = [row for row in csv.reader(io.StringIO(text), dialect) if any(cell.strip() for cell in row)]
    if not rows:
        return []
    heads = [cell.strip().casefold() for cell in rows[0]]
    column = next((i for i, head in enumerate(heads) if head in HEADINGS), None)
    body = rows if column is None else rows[1:]
    at = column or 0
    return [row[at].strip() for row in body if len(row) > at and row[at].strip()]


def repeats(new: Iterable[str], known: Mapping[str, int]) -> list[int | None]:
    """For each new text the place of the earlier one with the same words: an index into `known`'s values, or None.

    `known` maps `same_words` keys to places; texts repeated within `new` point at the first of them.
    """
    seen = dict(known)
    next_place = max(seen.values(), default=-1) + 1
    found: list[int | None] = []
    for text in new:
        key = same_words(text)
        found.append(seen.get(key))
        seen.setdefault(key, next_place)
        next_place += 1
    return found
