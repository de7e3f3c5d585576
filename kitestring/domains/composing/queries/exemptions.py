"""Reads of the exemptions that somebody claimed for a post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kitestring.domains.composing.models import Exemption, Post
from kitestring.rulepacks import canonical


def exemptions_of(post: Post) -> list[Exemption]:
    """Every one of the post, whoever claimed it, in order of rule and words."""
    found = Exemption.objects.filter(post=post).select_related("claimed_by")
    return list(found.order_by("rule", "words", "id"))


def exemption_on(post: Post, rule: str, words: str) -> Exemption | None:
    """The one for these words, if there is one."""
    return Exemption.objects.filter(post=post, rule=rule, words=words).first()


def frozen_with(content: Mapping[str, Any], claimed: Sequence[Exemption]) -> list[dict[str, Any]]:
    """Those that speak of what one account carries: words that are gone need no exemption."""
    if not claimed:
        return []
    parts = (part["text"] for part in content.get("parts", ()))
    whole = "\n".join(canonical(text) for text in (content["title"], content["text"], *parts))
    return [one.frozen() for one in claimed if one.words in whole]
