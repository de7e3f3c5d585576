"""Freezes a post as it stands into a revision; the same content is the same revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from kitestring.domains.composing.models import Post, Revision
from kitestring.domains.composing.queries import latest_revision, revision_with
from kitestring.domains.composing.queries.content import content_of
from kitestring.domains.composing.queries.desk import sides_of
from kitestring.domains.composing.rules import digest_of
from kitestring.domains.workspaces.models import Member

CUT: Final = ("parts", "text", "numbered")


@transaction.atomic
def freeze(post: Post, by: Member | None) -> Revision:
    """The revision of the post's present content, made if there is none yet. Call with the post locked.

    A limit that changed since the last save cuts a thread otherwise: what is frozen already stays while its parts still fit,
    and so does the yes to it; else the post has the digest of what is frozen now.
    """
    content = content_of(post)
    digest = digest_of(content)
    if post.digest != digest:
        kept = revision_with(post, post.digest)
        if kept is not None and _only_cut_otherwise(content, kept.content) and _still_fits(post):
            return kept
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


def _only_cut_otherwise(content: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
    return _uncut(content) == _uncut(kept)


def _uncut(content: Mapping[str, Any]) -> dict[str, Any]:
    """All of it but what cutting makes. The words themselves are told from the digest, which every change of them renews."""
    variants: dict[str, dict[str, Any]] = content["variants"]
    rest = {pk: {key: one[key] for key in one if key not in CUT} for pk, one in variants.items()}
    return {**content, "variants": rest}


def _still_fits(post: Post) -> bool:
    return all(piece.count.fits for side in sides_of(post, post.language) for piece in side.pieces)
