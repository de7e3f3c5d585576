"""An account's tags on the people who follow it, where the channel keeps them: whom a post or a menu can be for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kitestring.connectorkit.counting import measure
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.manifest import Manifest


@dataclass(frozen=True)
class Tag:
    """`key` is the channel's; `people`: how many have it (None: not told). `fixed`: the channel's own, not to be changed."""

    key: str
    name: str
    people: int | None = None
    fixed: bool = False


def choices_of(tags: Sequence[Tag]) -> list[dict[str, str]]:
    """As the account's setting `TagFacts.listed` keeps them."""
    return [
        {"value": one.key, "label": one.name if one.people is None else f"{one.name} · {one.people}"}
        for one in tags
    ]


def check_tag_name(manifest: Manifest, name: str) -> None:
    """Raise Rejected("name") for what the channel would not take as a tag's name. Makes no call."""
    facts = manifest.tags
    if facts is None:
        raise Rejected("", "tags_not_here")
    if not name.strip():
        raise Rejected("name", "tag_name_missing")
    found = measure(name, facts.label)
    if not found.fits:
        params = {"count": found.count, "limit": found.limit, "over": found.over}
        raise Rejected(
            "name", "tag_name_bytes" if facts.label.unit == "utf8" else "tag_name_long", params=params
        )
