"""What the server checks before it takes a record: the lexicon of posts, its keys and its blobs."""

from __future__ import annotations

import json
from base64 import b32encode
from datetime import datetime
from hashlib import sha256
from typing import Any

import regex

from kitestring.connectorkit.counting import count

POST, LIKE = "app.bsky.feed.post", "app.bsky.feed.like"
THREADGATE, POSTGATE = "app.bsky.feed.threadgate", "app.bsky.feed.postgate"
GATES = (THREADGATE, POSTGATE)
HIDDEN, RULES = 300, 5
# Limits of the lexicons app.bsky.feed.post, app.bsky.embed.images, app.bsky.richtext.facet.
TEXT_GRAPHEMES, TEXT_BYTES, IMAGES, IMAGE_BYTES, LANGS = 300, 3000, 4, 2_000_000, 3
THUMB_BYTES, VIDEO_BYTES, LABELS = 1_000_000, 300_000_000, 10
BAD = "Invalid app.bsky.feed.post record:"
_TID = regex.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")


class Invalid(Exception):
    """The server's own name and words for what is wrong with the input (recorded on a real one)."""

    def __init__(self, message: str, name: str = "InvalidRequest") -> None:
        super().__init__(message)
        self.name = name


def cid_of(content: Any) -> str:
    """A content address: the same for the same content."""
    data = content if isinstance(content, bytes) else json.dumps(content, sort_keys=True).encode()
    return "bafyrei" + b32encode(sha256(data).digest()).decode().lower().rstrip("=")


def check_rkey(rkey: str) -> None:
    if not _TID.fullmatch(rkey):
        raise Invalid(f'Invalid record key (got "{rkey}") at $.rkey')


def check_record(record: Any, blobs: dict[str, Any]) -> dict[str, Any]:
    """The record, if it is a post the server would take. Raises Invalid."""
    if not isinstance(record, dict) or record.get("$type") != "app.bsky.feed.post":
        raise Invalid("Invalid $type: expected app.bsky.feed.post")
    text = record.get("text")
    if not isinstance(text, str):
        raise Invalid('Invalid app.bsky.feed.post record: Record must have the property "text"')
    if len(text.encode()) > TEXT_BYTES:
        raise Invalid(f"{BAD} string too big (maximum 3000, got {len(text.encode())}) at $.record.text")
    if count(text, "grapheme") > TEXT_GRAPHEMES:
        raise Invalid(f"{BAD} grapheme too big (maximum 300, got {count(text, 'grapheme')}) at $.record.text")
    try:
        stamped = datetime.fromisoformat(str(record.get("createdAt")))
    except ValueError as error:
        raise Invalid("Record/createdAt must be an valid atproto datetime") from error
    if stamped.tzinfo is None:
        raise Invalid("Record/createdAt must be an valid atproto datetime")
    if len(record.get("langs") or []) > LANGS:
        raise Invalid("Record/langs must not have more than 3 elements")
    _check_facets(record.get("facets") or [], len(text.encode()))
    _check_embed(record.get("embed") or {}, blobs)
    labels = (record.get("labels") or {}).get("values") or []
    if len(labels) > LABELS or not all(isinstance(one.get("val"), str) for one in labels):
        raise Invalid("Record/labels must be self-labels, 10 at most")
    return record


def check_beside(record: Any, collection: str, post: str) -> dict[str, Any]:
    """A like or a gate, if the server would take it. `post`: the one a gate under this key stands beside. Raises Invalid."""
    if collection not in (LIKE, *GATES):
        raise Invalid("This emulator keeps posts, likes and gates only")
    if not isinstance(record, dict) or record.get("$type") != collection:
        raise Invalid(f"Invalid $type: expected {collection}")
    if not record.get("createdAt"):
        raise Invalid('Record must have the property "createdAt"')
    if collection == LIKE:
        subject = record.get("subject") or {}
        if not all(isinstance(subject.get(key), str) for key in ("uri", "cid")):
            raise Invalid("Record/subject must have uri and cid")
    elif record.get("post") != post:
        # Stricter than the real server, which takes it and shows nothing of it.
        raise Invalid("Record/post must be the post under the same key")
    if len(record.get("hiddenReplies") or []) > HIDDEN or len(record.get("allow") or []) > RULES:
        raise Invalid("Record has too many elements")
    return record


def _check_facets(facets: list[dict[str, Any]], size: int) -> None:
    """Stricter than the real server, which takes any numbers: a facet outside the text is our own mistake."""
    for facet in facets:
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        if not 0 <= start < end <= size:
            raise Invalid("Record/facets/index lies outside the text")


def _check_embed(embed: dict[str, Any], blobs: dict[str, Any]) -> None:
    if embed.get("$type") == "app.bsky.embed.external":
        external = embed.get("external") or {}
        if not all(isinstance(external.get(key), str) for key in ("uri", "title", "description")):
            raise Invalid("Record/embed/external must have uri, title and description")
        if "thumb" in external:
            _check_blob(external["thumb"], blobs, "image/", THUMB_BYTES)
        return
    if embed.get("$type") == "app.bsky.embed.video":
        _check_blob(embed.get("video") or {}, blobs, "video/mp4", VIDEO_BYTES)
        return
    images = embed.get("images") or []
    if len(images) > IMAGES:
        raise Invalid("Record/embed/images must not have more than 4 elements")
    for image in images:
        if not isinstance(image.get("alt"), str):
            raise Invalid('Record/embed/images must have the property "alt"')
        _check_blob(image["image"], blobs, "image/", IMAGE_BYTES)


def _check_blob(named: dict[str, Any], blobs: dict[str, Any], mime: str, most: int) -> None:
    blob = blobs.get((named.get("ref") or {}).get("$link", ""))
    if blob is None:
        raise Invalid("Could not find blob", "BlobNotFound")
    if blob["size"] > most:
        raise Invalid(f"This file is too large. It is {blob['size']} B but the maximum size is {most} B.")
    if not blob["mime"].startswith(mime):
        raise Invalid(f"Wrong type of file. It is {blob['mime']} but it must match {mime}*.")
