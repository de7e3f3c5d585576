"""Worker doors of this domain."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from kitestring.domains.composing.events import PostEdited
from kitestring.domains.composing.queries import post_for
from kitestring.domains.reviewing.actions.void_stale import void_stale
from kitestring.domains.reviewing.queries import held_post, stale_posts
from kitestring.domains.workspaces.queries import member_by_id
from kitestring.kit.events import subscribe

VOID = "reviewing.void_stale"
subscribe(PostEdited, VOID)


@app.task(name=VOID)
def void_after_edit(post_id: str, member_id: str, digest: str = "") -> None:
    """An edit voids what was asked or approved before it. Running twice changes nothing."""
    member = member_by_id(UUID(member_id))
    if member is None:
        return
    with transaction.atomic():
        void_stale(post_for(member, UUID(post_id), lock=True), member)


@app.periodic(cron="* * * * * */20")
@app.task(name="reviewing.round", queueing_lock="reviewing.round")
def void_forgotten(timestamp: int) -> None:
    """What an emptied queue lost: a yes to words that changed since is void, by the name of who saved them."""
    for post_id in stale_posts():
        with transaction.atomic():
            post = held_post(post_id)
            if post is not None:
                void_stale(post, post.saved_by)
