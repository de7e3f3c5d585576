"""Reads of the exemptions that somebody claimed for a post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kitestring.domains.composing.models import Exemption, Post
from kitestring.rulepacks import canonical, rules


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


def exemption_words(frozen: Mapping[str, str], language: str) -> str:
    """The words, why the rule does not hold for them, the document and the reason."""
    rule = rules().get(frozen["rule"])
    ground = rule.exemption(frozen["ground"]) if rule else None
    told = ground.label.in_(language) if ground else frozen["ground"]
    if said := _(", ").join(filter(None, (frozen["evidence"], frozen["reason"]))):
        told = _("%(ground)s (%(evidence)s)") % {"ground": told, "evidence": said}
    return _("“%(words)s”: %(told)s") % {"words": frozen["words"], "told": told} if frozen["words"] else told
