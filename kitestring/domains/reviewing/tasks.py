"""Worker doors of this domain."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from kitestring.domains.composing.events import PostEdited
from kitestring.domains.composing.queries import post_for
from kitestring.domains.reviewing.actions.void_stale import void_stale
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
