"""Saves one account's version of a post; None gives a field back to the source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.domains.composing.actions._out import refuse_out
from kitestring.domains.composing.actions._touch import touch
from kitestring.domains.composing.actions.save_post import checked, refuse_older
from kitestring.domains.composing.models import Variant
from kitestring.domains.composing.queries import post_for, variant_for
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal

LONGEST: Final = 4000
FIELDS: Final = ("text", "title", "language", "kind", "options", "sequence", "numbered", "first_comment")


@transaction.atomic
def save_variant(
    member: Member, variant_id: UUID, values: Mapping[str, Any], version: int, tab: str = ""
) -> Variant:
    """Write the given `FIELDS`; `version` is the post's. Raises Conflict or Refusal (it is out too), nothing is applied then."""
    require(member, "post.write")
    variant = variant_for(member, variant_id)
    post = post_for(member, variant.post_id, lock=True)
    refuse_older(post, version, member, tab)
    wanted = {name: _checked(variant, name, values[name]) for name in FIELDS if name in values}
    before = {name: getattr(variant, name) for name in wanted if getattr(variant, name) != wanted[name]}
    if not before:
        return variant
    refuse_out(variant, next(iter(before)))
    for name in before:
        setattr(variant, name, wanted[name])
    # What a person chose stays, whatever files come and go: that they do not fit is said beside it.
    variant.kind_chosen = variant.kind_chosen or "kind" in before
    variant.save()
    variant.post = touch(post, member, tab)
    record(member, "post.write", variant, before=before, after={name: wanted[name] for name in before})
    return variant


def _checked(variant: Variant, name: str, value: Any) -> Any:
    if name == "kind":
        kinds = registry.get(variant.account.channel).manifest.kinds_for(variant.account.account_type)
        if value not in {kind.key for kind in kinds}:
            raise Refusal(_("This account cannot publish in that way. The old choice was kept."), field=name)
        return value
    if name == "options":
        return _settled(variant, value)
    if name in ("sequence", "numbered"):
        return bool(value)
    return None if value is None or (name == "language" and not value) else checked(name, value)


def _settled(variant: Variant, given: Mapping[str, Any]) -> dict[str, str]:
    """What was chosen before, changed by what is given: a save carries only what its page shows.

    "" takes a choice back; where there is a default it stays as "", for then nothing is what was chosen.
    """
    kinds = registry.get(variant.account.channel).manifest.kinds
    switches = {
        option.key for kind in kinds for option in kind.options if option.means in ("paid", "ai_made")
    }
    defaults = {option.key: option.default for kind in kinds for option in kind.options}
    fresh = {str(key): str(value).strip()[:LONGEST] for key, value in given.items() if key in defaults}
    # A "no" is kept where it is one: against a default, or against what the post's declarations could switch on.
    said_no = {key for key, one in defaults.items() if one} | switches
    return {key: value for key, value in {**variant.options, **fresh}.items() if value or key in said_no}
