"""What can be clicked in a text, as Bluesky wants it: stretches counted in UTF-8 bytes, not letters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import regex

from kitestring.connectorkit.counting import count
from kitestring.connectorkit.links import Span, spans

_HANDLE = regex.compile(r"@((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z][a-zA-Z0-9-]*)$")
TAG_GRAPHEMES, TAG_BYTES = 64, 640  # lexicon app.bsky.richtext.facet#tag


def handles(text: str) -> list[str]:
    """The handles mentioned in the text, each once, in order: "@hien.bsky.social" gives "hien.bsky.social"."""
    found = (_HANDLE.match(span.text) for span in spans(text) if span.kind == "mention")
    return list(dict.fromkeys(match.group(1).lower() for match in found if match))


def facets(text: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """The facets of a text. `dids`: handle -> DID; a mention of any other handle stays plain text."""
    made, at, bytes_at = [], 0, 0
    for span in spans(text):
        bytes_at += len(text[at : span.start].encode())
        end = bytes_at + len(span.text.encode())
        at = span.end
        if feature := _feature(span, dids):
            index = {"byteStart": bytes_at, "byteEnd": end}
            made.append({"index": index, "features": [feature]})
        bytes_at = end
    return made


def _feature(span: Span, dids: Mapping[str, str]) -> dict[str, str] | None:
    if span.kind == "link":
        uri = span.text if regex.match(r"https?://", span.text, regex.I) else f"https://{span.text}"
        return {"$type": "app.bsky.richtext.facet#link", "uri": uri}
    if span.kind == "mention" and (match := _HANDLE.match(span.text)):
        did = dids.get(match.group(1).lower())
        return {"$type": "app.bsky.richtext.facet#mention", "did": did} if did else None
    if span.kind == "hashtag":
        tag = span.text.strip("#＃")
        fits = count(tag, "grapheme") <= TAG_GRAPHEMES and len(tag.encode()) <= TAG_BYTES
        if fits and not tag.isdecimal():
            return {"$type": "app.bsky.richtext.facet#tag", "tag": tag}
    return None
