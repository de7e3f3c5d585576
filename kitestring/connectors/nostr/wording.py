"""What a post says, and its tags: all that follows from the duty and from what was fixed at the first step (`Fixed`)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.links import links, spans
from kitestring.connectors.nostr import bech32
from kitestring.connectors.nostr.events import ARTICLE, NOTE

OURS: Final = "kitestring"  # the tag that tells which duty an event is
KINDS: Final = {"post": NOTE, "article": ARTICLE}
_NAMED: Final = re.compile(r"nostr:((?:npub|nprofile)1[02-9ac-hj-np-z]+)")


@dataclass(frozen=True)
class Fixed:
    """The moment the event is dated (seconds since 1970), and what the post says of its files, in order."""

    at: int
    files: Sequence[dict[str, str]] = field(default_factory=tuple)

    def handle(self) -> str:
        return json.dumps(
            {"at": self.at, "files": list(self.files)}, separators=(",", ":"), ensure_ascii=False
        )


def fixed_in(handle: str) -> Fixed:
    found = json.loads(handle)
    return Fixed(int(found["at"]), tuple(found["files"]))


def mark(key: UUID) -> str:
    """The delivery's key as strangers may see it."""
    return hashlib.sha256(key.bytes).hexdigest()[:32]


def text_of(outgoing: Outgoing) -> str:
    """The text with its link at the end, unless it is in there already."""
    text = outgoing.text.strip()
    if outgoing.link and not any(span.text == outgoing.link for span in links(text, any_host=True)):
        return f"{text}\n\n{outgoing.link}".strip()
    return text


def content_of(outgoing: Outgoing, fixed: Fixed) -> str:
    """The text with the addresses of its files below, as pictures of a Markdown text in an article."""
    text = text_of(outgoing)
    if outgoing.kind == "article":
        shown = [f"![{_plain(one.get('alt', ''))}]({one['url']})" for one in fixed.files[1:]]
    else:
        shown = [one["url"] for one in fixed.files]
    return "\n\n".join(part for part in (text, "\n".join(shown)) if part)


def _plain(alt: str) -> str:
    return re.sub(r"[\[\]\\]", "", alt)


def tags_of(outgoing: Outgoing, fixed: Fixed) -> list[list[str]]:
    """Whose duty it is, topics, people named, files, language, a warning; of an article its title and cover."""
    tags = _article(outgoing, fixed) if outgoing.kind == "article" else []
    topics = dict.fromkeys(
        span.text[1:].rstrip("#＃").lower() for span in spans(outgoing.text) if span.kind == "hashtag"
    )
    tags += [["t", topic] for topic in topics if topic]
    tags += [["p", person] for person in people_in(outgoing.text)]
    tags += [["imeta", *(f"{name} {value}" for name, value in one.items())] for one in fixed.files]
    if code := outgoing.language.partition("-")[0].lower():
        tags += [["L", "ISO-639-1"], ["l", code, "ISO-639-1"]]
    if warning := outgoing.options.get("content_warning", "").strip():
        tags.append(["content-warning", warning])
    return [*tags, [OURS, mark(outgoing.key)]]


def _article(outgoing: Outgoing, fixed: Fixed) -> list[list[str]]:
    tags = [["d", mark(outgoing.key)], ["title", outgoing.title.strip()], ["published_at", str(fixed.at)]]
    if summary := outgoing.options.get("summary", "").strip():
        tags.append(["summary", summary])
    if fixed.files:
        tags.append(["image", fixed.files[0]["url"]])
    return tags


def people_in(text: str) -> list[str]:
    """The keys of the people named in it (NIP-27), each once; what is mistyped names nobody."""
    found: dict[str, None] = {}
    for match in _NAMED.finditer(text):
        try:
            found[bech32.special(match[1])] = None
        except ValueError:
            continue
    return list(found)
