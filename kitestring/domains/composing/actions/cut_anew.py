"""Cuts the threads of a post anew, to the limits that hold now; without that they stay as they were frozen."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kitestring.domains.composing.actions._touch import touch
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require


@transaction.atomic
def cut_anew(member: Member, post_id: UUID) -> Post:
    """The words stay. What was approved or scheduled of it is no longer what the post says, as after any change.

    Quiet where they are cut so already. Raises Refusal (not permitted), Post.DoesNotExist.
    """
    require(member, "post.write")
    post = post_for(member, post_id, lock=True)
    before = post.digest
    touch(post, member)
    if post.digest != before:
        record(member, "post.write", post, before={"cut": before}, after={"cut": post.digest})
    return post
