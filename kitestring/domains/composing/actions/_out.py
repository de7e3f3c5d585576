"""What is out on an account stays as it went out: a save says no to it, and a change of the source passes it by."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from kitestring.domains.composing.models import Post, Variant, VariantAsset
from kitestring.domains.composing.queries import variants_of
from kitestring.domains.composing.queries.out import out_on
from kitestring.kit.refusals import Refusal
from kitestring.ui.marks import account_name


def refuse_out(variant: Variant, field: str = "text") -> None:
    """Raise Refusal when the variant is out. Call with the post locked."""
    if variant.account_id in out_on(variant.post):
        told = _(
            "It is out on %(account)s, so nothing about it can be changed there. This was not saved; what you wrote is "
            "still here. To say it otherwise, repeat it as a new post."
        )
        raise Refusal(told % {"account": account_name(variant.account)}, reason="out", field=field)


def keep_out(post: Post, field: str, *, files: bool = False) -> None:
    """Before the source of the locked post changes: give what is out, and says the same, the source's words as its own.

    `files`: and the source's files. Raises Refusal when it is out on every account: nobody would read the change.
    """
    out = out_on(post)
    if not out:
        return
    variants = variants_of(post)
    if {variant.account_id for variant in variants} <= out:
        told = _(
            "This post is out on every account, so its words stay as they went out. This was not saved; what you wrote "
            "is still here. To say it otherwise, repeat it as a new post."
        )
        raise Refusal(told, reason="out", field=field)
    for variant in variants:
        if variant.account_id in out:
            _pin(post, variant, files=files)


def writable(post: Post) -> Collection[Variant]:
    """The variants whose words may still change."""
    out = out_on(post)
    return [variant for variant in variants_of(post) if variant.account_id not in out]


def _pin(post: Post, variant: Variant, *, files: bool) -> None:
    variant.text = post.text if variant.text is None else variant.text
    variant.title = post.title if variant.title is None else variant.title
    variant.language = variant.language or post.language
    if files and not variant.own_media:
        variant.own_media = True
        for row in post.assets.all():
            VariantAsset(variant=variant, asset_id=row.asset_id, position=row.position, alt=row.alt).save(
                force_insert=True
            )
    variant.save()
