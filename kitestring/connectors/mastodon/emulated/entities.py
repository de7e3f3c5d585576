"""Mastodon's entities (4.7) made from the platform's items. Every field its description requires is there."""

from __future__ import annotations

from html import escape
from typing import Any
from zlib import crc32

import regex

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectorkit.links import spans

LETTERS, URL_WEIGHT, FILES, ALT = 500, 23, 4, 1500
IMAGE_BYTES, VIDEO_BYTES = 16_777_216, 103_809_024
MIMES = ["image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/webm", "video/quicktime"]
EARLIER = "2024-01-01T00:00:00.000Z"
BLANK = "https://mastodon.test/missing.png"


class Entities:
    """Accounts and posts as the API shows them. `home`: where a post's own page is."""

    def __init__(self, platform: Platform, domain: str) -> None:
        self._platform = platform
        self._domain = domain
        self.home = f"https://{domain}"

    def number(self, name: str) -> str:
        """An account's id: a number made from its name."""
        return str(100_000 + crc32(name.encode()) % 1_000_000_000)

    def user(self, name: str) -> str:
        return regex.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_") or "somebody"

    def title(self, name: str) -> str:
        return name.replace("-", " ").title()

    def account(self, name: str, title: str = "") -> dict[str, Any]:
        user = self.user(name)
        return {
            "id": self.number(name),
            "username": user,
            "acct": user,
            "display_name": title or self.title(name),
            "uri": f"https://{self._domain}/users/{user}",
            "url": f"https://{self._domain}/@{user}",
            "avatar": BLANK,
            "avatar_static": BLANK,
            "header": BLANK,
            "header_static": BLANK,
            "note": "",
            "bot": False,
            "group": False,
            "locked": False,
            "indexable": True,
            "discoverable": True,
            "created_at": EARLIER,
            "emojis": [],
            "fields": [],
            **self._numbers(name),
            "last_status_at": None,
        }

    def remote_id(self, name: str) -> str:
        """By what the platform knows the account, as our connector does."""
        return f"{self.number(name)}@{self._domain}"

    def _numbers(self, name: str) -> dict[str, int]:
        told = self._platform.numbers(self.remote_id(name))
        written = sum(1 for i in self._platform.items.values() if i.author == name)
        return {
            "followers_count": told.get("followers", 0),
            "following_count": told.get("following", 0),
            "statuses_count": told.get("posts", written),
        }

    def credentials(self, name: str) -> dict[str, Any]:
        """The account with what only its owner sees."""
        role = {"id": "-99", "name": "", "color": "", "permissions": "0", "highlighted": False}
        source = {
            "note": "",
            "fields": [],
            "privacy": "public",
            "sensitive": False,
            "language": "",
            "follow_requests_count": 0,
            "indexable": True,
            "attribution_domains": [],
            "quote_policy": "public",
        }
        return {**self.account(name), "role": role, "source": source}

    def file(self, media_id: str, ready: bool) -> dict[str, Any]:
        found = self._platform.memory["files"][media_id]
        address = f"https://{self._domain}/files/{media_id}" if ready else None
        kind = "video" if found["mime"].startswith("video/") else "image"
        return {
            "id": media_id,
            "type": kind,
            "url": address,
            "preview_url": address,
            "remote_url": None,
            "description": found["alt"] or None,
            "blurhash": None,
            "meta": {},
        }

    def above(self, item: Item) -> Item | None:
        """What it answers. People's private messages answer the one before them, as their apps make them do."""
        if item.parent or item.kind != "message":
            return self._platform.items.get(item.parent)
        earlier = [one for one in self._platform.talk(item.root) if one.at <= item.at and one is not item]
        return earlier[-1] if earlier and item.id != self._platform.talk(item.root)[0].id else None

    def status(self, item: Item) -> dict[str, Any]:
        user = self.user(item.author)
        parent = self.above(item)
        return {
            "id": item.id,
            "created_at": item.at.replace("+00:00", "Z"),
            "in_reply_to_id": parent.id if parent else None,
            "in_reply_to_account_id": self.number(parent.author) if parent else None,
            "sensitive": bool(item.extra.get("sensitive")),
            "spoiler_text": item.extra.get("spoiler_text") or "",
            "visibility": item.extra.get("visibility") or ("direct" if item.kind == "message" else "public"),
            "language": item.extra.get("language"),
            "uri": f"https://{self._domain}/users/{user}/statuses/{item.id}",
            "url": f"{self.home}/@{user}/{item.id}",
            "replies_count": self._platform.replies(item.id),
            "reblogs_count": item.counts.get("reposts", 0),
            "favourites_count": item.counts.get("likes", 0),
            "quotes_count": item.counts.get("quotes", 0),
            "edited_at": item.extra.get("edited_at"),
            "favourited": bool(item.extra.get("liked")),
            "content": html_of(item.text),
            "reblog": None,
            "account": self.account(item.author, item.author_name),
            "media_attachments": [self.file(i, True) for i in item.extra.get("files", [])],
            "mentions": self._mentions(item),
            "tags": [],
            "emojis": [],
            "card": None,
            "poll": item.extra.get("poll"),
        }

    def _mentions(self, item: Item) -> list[dict[str, str]]:
        named = [s.text[1:].partition("@")[0] for s in spans(item.text) if s.kind == "mention"]
        known = {self.user(i.author): i.author for i in self._platform.items.values()} if named else {}
        shown = [self.account(known[name]) for name in dict.fromkeys(named) if name in known]
        if of := item.extra.get("of"):
            shown += [
                one for one in (self._named(of),) if one and one["acct"] not in {s["acct"] for s in shown}
            ]
        return [{key: one[key] for key in ("id", "username", "url", "acct")} for one in shown]

    def _named(self, remote_id: str) -> dict[str, Any] | None:
        """The account with this remote id, once it has been seen."""
        seen: list[str] = self._platform.memory.setdefault("accounts", [])
        name = next((one for one in seen if self.remote_id(one) == remote_id), None)
        return self.account(name) if name else None


def html_of(text: str) -> str:
    """The post as Mastodon writes it: paragraphs, line breaks, links whose middle alone is shown."""
    made, at = [], 0
    for span in spans(text):
        if span.kind != "link":
            continue
        made.append(escape(text[at : span.start], quote=False))
        scheme, mark, rest = span.text.rpartition("://")
        shown = escape(rest[:30], quote=False)
        made.append(
            f'<a href="{escape(span.text)}" rel="nofollow noopener"><span class="invisible">{scheme}{mark}</span>'
            f'<span class="ellipsis">{shown}</span><span class="invisible">{escape(rest[30:], quote=False)}</span></a>'
        )
        at = span.end
    made.append(escape(text[at:], quote=False))
    paragraphs = regex.split(r"\n{2,}", "".join(made))
    return "".join(f"<p>{p.replace(chr(10), '<br />')}</p>" for p in paragraphs)


def instance(domain: str) -> dict[str, Any]:
    """/api/v2/instance of a default server."""
    return {
        "domain": domain,
        "title": "Mastodon, emulated",
        "version": "4.7.0",
        "source_url": "https://github.com/mastodon/mastodon",
        "description": "For tests and the demo",
        "usage": {"users": {"active_month": 1}},
        "thumbnail": {"url": BLANK},
        "icon": [],
        "languages": ["en", "vi", "zh"],
        "rules": [],
        "registrations": {"enabled": False, "approval_required": False, "message": None, "url": None},
        "contact": {"email": "owner@mastodon.test", "account": None},
        "api_versions": {"mastodon": 7},
        "configuration": {
            "urls": {"streaming": f"wss://{domain}", "status": None},
            "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
            "statuses": {
                "max_characters": LETTERS,
                "max_media_attachments": FILES,
                "characters_reserved_per_url": URL_WEIGHT,
            },
            "media_attachments": {
                "supported_mime_types": MIMES,
                "description_limit": ALT,
                "image_size_limit": IMAGE_BYTES,
                "image_matrix_limit": 33_177_600,
                "video_size_limit": VIDEO_BYTES,
                "video_frame_rate_limit": 120,
                "video_matrix_limit": 8_294_400,
            },
            "polls": {
                "max_options": 4,
                "max_characters_per_option": 50,
                "min_expiration": 300,
                "max_expiration": 2_629_746,
            },
            "translation": {"enabled": False},
            "vapid": {"public_key": ""},
        },
    }
