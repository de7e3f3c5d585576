"""Starts a post: empty, or from an idea and its campaign."""

from __future__ import annotations

from django.db import transaction

from kitestring.domains.brands.models import Brand
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries.content import content_of
from kitestring.domains.composing.rules import LONGEST_TITLE, digest_of
from kitestring.domains.ideas.models import Idea
from kitestring.domains.planning.models import Campaign
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.text import clean


@transaction.atomic
def write_post(
    member: Member,
    brand: Brand,
    *,
    title: str = "",
    text: str = "",
    language: str = "",
    campaign: Campaign | None = None,
    idea: Idea | None = None,
) -> Post:
    """A new draft of `brand` in `language` (the brand's own when empty)."""
    require(member, "post.write")
    post = Post(
        brand=brand,
        title=clean(title)[:LONGEST_TITLE],
        text=clean(text),
        language=language or brand.language,
        campaign=campaign,
        idea=idea,
        written_by=member,
        saved_by=member,
    )
    post.save(force_insert=True)
    post.digest = digest_of(content_of(post))
    post.save(update_fields=["digest"])
    record(member, "post.write", post, after={"title": post.title, "idea": idea.text if idea else None})
    return post
