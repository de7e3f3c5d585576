"""Limits that somebody knows better for an account than the manifest does: a paid plan, a larger server, a pilot.

Keys are "kind.what": "post.text" (the limit of the text), "post.title", "post.files" (how many), "post.bytes" (the largest).
People override those. A connector that finds the figures of an account's own server when connecting puts them into
`Connected.settings["own_limits"]`, with the same keys and those of `FOUND`, for "reply" and "message" too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kitestring.connectorkit.manifest import Fact, Manifest, PublishKind

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
    for kind in manifest.kinds_for(account_type):
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
        changed: dict[str, object] = {"kinds": tuple(_kind(kind, limits) for kind in manifest.kinds)}
        changed |= {
            kind.key: _kind(kind, limits) for kind in (manifest.reply, manifest.message) if kind is not None
        }
        # The manifest is kept beside what was made of it, so that its id stays its own.
        _made[sign] = (manifest, manifest.model_copy(update=changed))
    return _made[sign][1]


def _kind(kind: PublishKind, limits: Mapping[str, int]) -> PublishKind:
    changed: dict[str, Fact] = {}
    for what, (part, field) in FOUND.items():
        value = limits.get(f"{kind.key}.{what}")
        fact = changed.get(part) or getattr(kind, part)
        if value is not None and fact is not None:
            changed[part] = fact.model_copy(update={field: value})
    return kind.model_copy(update=changed) if changed else kind
