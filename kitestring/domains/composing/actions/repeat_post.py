"""Starts a new draft from a post that went out: its words, files and accounts; what has left stays as it is."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kitestring.domains.channels.models import AccountState
from kitestring.domains.composing.actions._touch import touch
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post, PostAsset, Variant, VariantAsset
from kitestring.domains.composing.queries import post_for, variants_of
from kitestring.domains.composing.queries.exemptions import exemptions_of
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.ids import uuid7


@transaction.atomic
def repeat_post(member: Member, post_id: UUID) -> Post:
    """The new draft. Accounts that are not connected any more are left out; nothing is scheduled or approved."""
    require(member, "post.write")
    first = post_for(member, post_id)
    made = write_post(
        member,
        first.brand,
        title=first.title,
        text=first.text,
        language=first.language,
        campaign=first.campaign,
        idea=first.idea,
    )
    made.link, made.about = first.link, dict(first.about)
    for row in first.assets.select_related("asset"):
        PostAsset(post=made, asset=row.asset, position=row.position, alt=row.alt).save(force_insert=True)
    for variant in variants_of(first):
        if variant.account.state == AccountState.CONNECTED:
            _again(variant, made)
    for claimed in exemptions_of(first):
        # Still of whoever claimed it, and of the day they did: its document grows no younger.
        claimed.pk, claimed._state.adding = uuid7(), True
        claimed.post = made
        claimed.save(force_insert=True)
    touch(made, member)
    record(member, "post.write", made, after={"post": str(first)})
    return made


def _again(variant: Variant, post: Post) -> None:
    made = Variant(
        post=post,
        account=variant.account,
        kind=variant.kind,
        kind_chosen=variant.kind_chosen,
        text=variant.text,
        title=variant.title,
        language=variant.language,
        own_media=variant.own_media,
        options=variant.options,
        sequence=variant.sequence,
        numbered=variant.numbered,
        first_comment=variant.first_comment,
    )
    made.save(force_insert=True)
    for row in variant.assets.all():
        VariantAsset(variant=made, asset=row.asset, position=row.position, alt=row.alt).save(
            force_insert=True
        )
