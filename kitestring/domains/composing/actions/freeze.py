"""Freezes a post as it stands into a revision; the same content is the same revision."""

from __future__ import annotations

from django.db import transaction

from kitestring.domains.composing.models import Post, Revision
from kitestring.domains.composing.queries import latest_revision, revision_with
from kitestring.domains.composing.queries.content import content_of
from kitestring.domains.composing.rules import digest_of
from kitestring.domains.workspaces.models import Member


@transaction.atomic
def freeze(post: Post, by: Member | None) -> Revision:
    """The revision of the post's present content, made if there is none yet. Call with the post locked.

    A channel's limit that changed since the last save cuts a thread otherwise: the post then has the digest of what is frozen.
    """
    content = content_of(post)
    digest = digest_of(content)
    if post.digest != digest:
        post.digest = digest
        post.save(update_fields=["digest"])
    known = revision_with(post, digest)
    if known is not None:
        return known
    last = latest_revision(post)
    number = last.number + 1 if last else 1
    revision = Revision(post=post, number=number, digest=digest, content=content, made_by=by)
    revision.save(force_insert=True)
    return revision
