"""Reads a text as its author wrote it, and tells whether two texts say the same.

X escapes & < >, puts a t.co address in the place of each link, one more for the files at the end, and the names of those
answered in front. Source: xdevplatform/docs, Data dictionary (Post: text, entities).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from html import unescape
from typing import Any

import regex

from kitestring.connectorkit.links import links

_NAMES = regex.compile(r"(?:@\w{1,15}\s+)+")
_SCHEME = regex.compile(r"^https?://", regex.IGNORECASE)
_OWN_FILE = regex.compile(r"/status/\d+/(?:photo|video)/\d+$")


def text_of(post: Mapping[str, Any]) -> str:
    """The words of a post or a message. A long post has them whole in a field of its own."""
    long = post.get("note_post") or post.get("note_tweet") or {}
    text = unescape(str(long.get("text") or post.get("text") or ""))
    quoted = referenced(post, "quoted")
    for part in (long, post):
        for link in (part.get("entities") or {}).get("urls") or ():
            short, whole = str(link.get("url") or ""), str(link.get("expanded_url") or "")
            shown = link.get("media_key") or _OWN_FILE.search(whole)
            if shown or (quoted and whole.endswith(f"/status/{quoted}")):
                whole = ""
            elif not whole:
                continue
            text = text.replace(short, whole) if short else text
    return text.strip()


def said(post: Mapping[str, Any]) -> str:
    """The words without the names in front that only say whom they answer."""
    text = text_of(post)
    return without_names(text) if referenced(post, "replied_to") else text


def without_names(text: str) -> str:
    """The text without the @names it begins with, unless it is nothing else."""
    found = _NAMES.match(text)
    return text[found.end() :] if found else text


def referenced(post: Mapping[str, Any], how: str) -> str:
    """The id of the post that this one answers ("replied_to") or quotes ("quoted"); "" when it is none."""
    for one in post.get("referenced_posts") or post.get("referenced_tweets") or ():
        if one.get("type") == how:
            return str(one.get("id") or "")
    return ""


def names(post: Mapping[str, Any], user_id: str, handle: str) -> bool:
    """Whether the post names this account by its @handle."""
    for mention in (post.get("entities") or {}).get("mentions") or ():
        if str(mention.get("id") or "") == user_id:
            return True
        if str(mention.get("username") or "").lower() == handle.lower():
            return True
    return False


def same(ours: str, theirs: str) -> bool:
    """Whether two texts say the same, links compared by where they lead and white space left out."""
    return _bare(ours) == _bare(theirs)


def _bare(text: str) -> tuple[str, tuple[str, ...]]:
    text = unicodedata.normalize("NFC", text)
    rest, at, found = [], 0, []
    for span in links(text):
        rest.append(text[at : span.start])
        found.append(_SCHEME.sub("", span.text).rstrip("/").lower())
        at = span.end
    rest.append(text[at:])
    return "".join("\0".join(rest).split()), tuple(found)
