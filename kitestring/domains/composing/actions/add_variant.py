"""Gives a post a variant for an account, or takes one away."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions._kinds import fitting
from kitestring.domains.composing.actions._touch import touch
from kitestring.domains.composing.models import Variant
from kitestring.domains.composing.queries import post_for, variant_for, variants_of
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal
from kitestring.ui.marks import account_name


@transaction.atomic
def add_variant(member: Member, post_id: UUID, account: Account, kind: str = "") -> Variant:
    """The post's variant for `account`; asking twice returns the same one.

    `kind` "" = the channel's first, or the only one that carries the post's files.
    """
    require(member, "post.write")
    post = post_for(member, post_id, lock=True)
    if account.brand_id != post.brand_id:
        raise Refusal(_("This account belongs to another brand. Nothing was added."))
    present = next((v for v in variants_of(post) if v.account_id == account.pk), None)
    if present is not None:
        return present
    kinds = registry.get(account.channel).manifest.kinds_for(account.account_type)
    if not kinds:
        said = _("%(account)s cannot publish. Nothing was added. Settings, Accounts says why.")
        raise Refusal(said % {"account": account_name(account)})
    chosen = kind if kind in {k.key for k in kinds} else kinds[0].key
    variant = Variant(post=post, account=account, kind=chosen, kind_chosen=bool(kind) and chosen == kind)
    if not kind:
        mimes = [row.asset.mime for row in post.assets.select_related("asset")]
        variant.kind = fitting(variant, mimes) or chosen
    variant.save(force_insert=True)
    touch(post, member)
    record(
        member, "post.write", variant, after={"account": account.handle or account.name, "kind": variant.kind}
    )
    return variant


@transaction.atomic
def add_variants(member: Member, post_id: UUID, accounts: Sequence[Account]) -> list[Variant]:
    """The post's variants for all these accounts, or for none where one of them is refused."""
    return [add_variant(member, post_id, account) for account in accounts]


@transaction.atomic
def remove_variant(member: Member, variant_id: UUID) -> None:
    """Take a variant away. Deliveries are not its business: a person takes an account off by `publishing.take_off`."""
    require(member, "post.write")
    variant = variant_for(member, variant_id)
    post = post_for(member, variant.post_id, lock=True)
    # Of the post: the variant is gone in a moment, and its line would be about nothing.
    gone = {"account": variant.account.handle or variant.account.name, "text": variant.said}
    record(member, "post.write", post, before=gone)
    variant.delete()
    touch(post, member)
