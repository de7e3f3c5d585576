"""Limits that somebody knows better for an account than the manifest does: a paid plan, a larger server, a pilot.

Keys are "kind.what": "post.text" (the limit of the text), "post.title", "post.files" (how many), "post.bytes" (the largest).
People override those, of "reply" and "message" too. A connector that finds the figures of an account's own server when
connecting puts them into `Connected.settings["own_limits"]`, with the same keys and those of `FOUND`.

The later parts of a thread leave as replies and are posts to whoever reads them: where the manifest gives both one limit of
the text, what is said of the post's holds for the reply's, unless the reply has a figure of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kitestring.connectorkit.manifest import Fact, Manifest, PublishKind, TextLimit

REPLY_TEXT: Final = "reply.text"

WHAT: dict[str, tuple[str, str]] = {
    "text": ("text", "limit"),
    "title": ("title", "limit"),
    "files": ("media", "count"),
    "bytes": ("media", "bytes"),
}
FOUND: dict[str, tuple[str, str]] = {
    **WHAT,
    "link": ("text", "url_weight"),
    "alt": ("media", "alt"),
    "video_bytes": ("media", "video_bytes"),
}
_made: dict[tuple[int, tuple[tuple[str, int], ...]], tuple[Manifest, Manifest]] = {}


def known_limits(manifest: Manifest, account_type: str) -> Iterator[tuple[str, PublishKind, str, int, Fact]]:
    """(key, kind, what, the manifest's figure, the fact it is from) of everything that can be overridden."""
    answers = (kind for kind in (manifest.reply, manifest.message) if kind is not None)
    for kind in (*manifest.kinds_for(account_type), *answers):
        for what, (part, field) in WHAT.items():
            fact = getattr(kind, part)
            value = getattr(fact, field, None) if fact is not None else None
            if isinstance(value, int) and value:
                yield f"{kind.key}.{what}", kind, what, value, fact


def overridden(manifest: Manifest, limits: Mapping[str, int]) -> Manifest:
    """The manifest with these limits in place of its own; the same object again for the same limits."""
    if not limits:
        return manifest
    sign = (id(manifest), tuple(sorted(limits.items())))
    if sign not in _made:
        limits = {**_followed(manifest, limits), **limits}
        changed: dict[str, object] = {"kinds": tuple(_kind(kind, limits) for kind in manifest.kinds)}
        changed |= {
            kind.key: _kind(kind, limits) for kind in (manifest.reply, manifest.message) if kind is not None
        }
        # The manifest is kept beside what was made of it, so that its id stays its own.
        _made[sign] = (manifest, manifest.model_copy(update=changed))
    return _made[sign][1]


def _followed(manifest: Manifest, limits: Mapping[str, int]) -> dict[str, int]:
    """The limit of a thread's later parts, where it is the post's own by another name; of several kinds the narrowest."""
    if manifest.reply is None or manifest.sequence is None:
        return {}
    later = _counted(manifest.reply.text)
    same = [f"{kind.key}.text" for kind in manifest.kinds if _counted(kind.text) == later]
    said = [limits[key] for key in same if key in limits]
    return {REPLY_TEXT: min(said)} if said else {}


def _counted(text: TextLimit) -> tuple[int, str, int | None]:
    return text.limit, text.unit, text.also_bytes


def _kind(kind: PublishKind, limits: Mapping[str, int]) -> PublishKind:
    changed: dict[str, Fact] = {}
    for what, (part, field) in FOUND.items():
        value = limits.get(f"{kind.key}.{what}")
        fact = changed.get(part) or getattr(kind, part)
        if value is not None and fact is not None:
            changed[part] = fact.model_copy(update={field: value})
    return kind.model_copy(update=changed) if changed else kind
