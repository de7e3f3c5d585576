"""Writes one post as it was in the past: source, variants, the revision that was approved, the deliveries it owes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post, PostAsset, Revision, Variant
from kitestring.domains.composing.queries.content import content_of
from kitestring.domains.composing.rules import digest_of
from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState
from kitestring.domains.reviewing.models import Approval, ApprovalState
from kitestring.sandbox.seed.desk import Desk, kind_for
from kitestring.sandbox.seed.queries import insert


@dataclass(frozen=True)
class Written:
    """A post with the deliveries of its variants, not yet stored, and the account of each."""

    post: Post
    revision: Revision
    deliveries: list[Delivery]


def past_post(desk: Desk, brand: str, entry: dict[str, Any], due: datetime) -> Written:
    """The post two days before it was due, approved the evening before, scheduled at once after."""
    campaign, idea = desk.series.get(entry.get("series", ""), (None, None))
    written, writer = due - timedelta(days=2, hours=3), desk.writer(brand)
    post = Post(
        brand=desk.brand(brand),
        campaign=campaign,
        idea=idea,
        title=entry.get("title", ""),
        text=entry["text"],
        language=entry.get("language") or desk.brand(brand).language,
        planned_for=due,
        written_by=writer,
        created_at=written,
        saved_at=written + timedelta(hours=1),
        saved_by=writer,
        version=3,
    )
    post.save(force_insert=True)
    asset = desk.picture(brand, entry["picture"])
    PostAsset(post=post, asset=asset, position=0, alt=asset.alt).save(force_insert=True)
    accounts = desk.on(brand, entry)
    variants = [Variant(post=post, account=a, kind=kind_for(a, entry, [asset])) for a in accounts]
    insert(variants)
    content = content_of(post)
    post.digest = digest_of(content)
    post.save(update_fields=["digest"])
    # What `freeze` makes of a post's first content, without asking for the revisions that a new post cannot have.
    revision = Revision(
        post=post,
        number=1,
        digest=post.digest,
        content=content,
        made_by=writer,
        made_at=written + timedelta(hours=1),
    )
    revision.save(force_insert=True)
    Approval(
        revision=revision,
        state=ApprovalState.APPROVED,
        asked_by=writer,
        asked_at=written + timedelta(hours=1),
        decided_by=desk.approver(brand),
        decided_at=due - timedelta(hours=14),
    ).save(force_insert=True)
    return Written(
        post,
        revision,
        [_owed(desk, brand, v, a, revision, due) for v, a in zip(variants, accounts, strict=True)],
    )


def _owed(
    desk: Desk, brand: str, variant: Variant, account: Account, revision: Revision, due: datetime
) -> Delivery:
    return Delivery(
        account=account,
        kind=DeliveryKind.VARIANT,
        subject_id=variant.post_id,
        publish_kind=variant.kind,
        payload=revision.content["variants"][str(variant.pk)],
        revision=revision,
        state=DeliveryState.SCHEDULED,
        due_at=due,
        stamp=due - timedelta(hours=13),
        needs_approval=True,
        made_by=desk.writer(brand),
        made_at=due - timedelta(hours=13),
        changed_at=due,
    )
