"""What every change of a post ends with: a new version, the digest of its content, and the news of it."""

from __future__ import annotations

from kitestring.domains.composing.events import PostEdited
from kitestring.domains.composing.models import TAB, Post
from kitestring.domains.composing.queries.content import content_of
from kitestring.domains.composing.rules import digest_of
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.events import announce


def touch(post: Post, member: Member, tab: str = "") -> Post:
    """Save the locked post with version + 1, from the open page `tab`; announce `PostEdited` when its content really changed."""
    post.version += 1
    post.saved_by = member
    post.saved_tab = tab[:TAB]
    post.saved_at = now()
    post.save()
    # After saving: variants read what they inherit from the stored post.
    digest = digest_of(content_of(post))
    if digest != post.digest:
        post.digest = digest
        post.save(update_fields=["digest"])
        announce(PostEdited(post.pk, digest, member.pk))
    return post
