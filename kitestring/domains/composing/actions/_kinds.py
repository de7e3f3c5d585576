"""Keeps each variant's publish kind in step with its files: one that cannot carry them gives way to one that can.

One that a person chose stays: a story that became a post by a second picture would go where nobody meant it to.
"""

from __future__ import annotations

from kitestring.connectorkit import registry
from kitestring.domains.composing.actions._out import writable
from kitestring.domains.composing.models import Post, Variant
from kitestring.domains.composing.rules import fitting_kind
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member


def fit_kinds(post: Post, member: Member) -> None:
    """Change the kind of every variant that cannot carry its files to the one that can. Call with the post locked."""
    source = [row.asset.mime for row in post.assets.select_related("asset")]
    for variant in writable(post):
        kind = "" if variant.kind_chosen else fitting(variant, source)
        if kind:
            before, variant.kind = variant.kind, kind
            variant.save(update_fields=["kind"])
            record(member, "post.write", variant, before={"kind": before}, after={"kind": kind})


def fitting(variant: Variant, source: list[str]) -> str:
    """The first kind of the variant's account that carries its files; "" where the present one does, or none does."""
    kinds = registry.get(variant.account.channel).manifest.kinds_for(variant.account.account_type)
    mimes = [row.asset.mime for row in variant.assets.all()] if variant.own_media else source
    return fitting_kind(
        kinds, variant.kind, mimes, variant.post.text if variant.text is None else variant.text
    )
