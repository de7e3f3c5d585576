"""Reads of posts, variants and revisions; each starts from the member who asks."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from kitestring.domains.brands.models import Brand
from kitestring.domains.composing.models import Post, Revision, Variant
from kitestring.domains.ideas.models import Idea
from kitestring.domains.planning.models import Campaign
from kitestring.domains.workspaces.models import Member


def posts_visible_to(member: Member, brand: Brand | None = None) -> QuerySet[Post]:
    """The workspace's posts (of one brand), newest first, with campaign, idea and variants loaded."""
    posts = Post.objects.filter(brand__workspace_id=member.workspace_id)
    if brand is not None:
        posts = posts.filter(brand=brand)
    variants = Prefetch("variants", queryset=Variant.objects.select_related("account").order_by("id"))
    return (
        posts.select_related("brand", "campaign", "idea__brief", "written_by", "saved_by")
        .prefetch_related(variants)
        .order_by("-saved_at", "-id")
    )


def with_pictures(posts: QuerySet[Post]) -> QuerySet[Post]:
    """The same posts with their files loaded: what a list of posts shows."""
    return posts.prefetch_related("assets__asset")


def on_account(posts: QuerySet[Post], account_id: UUID | str) -> QuerySet[Post]:
    """Those of the posts that have a variant for the account."""
    return posts.filter(Exists(Variant.objects.filter(post=OuterRef("pk"), account_id=account_id)))


def in_language(posts: QuerySet[Post], language: str) -> QuerySet[Post]:
    """Those of the posts whose source or one of whose variants is in the language."""
    theirs = Exists(Variant.objects.filter(post=OuterRef("pk"), language=language))
    return posts.filter(Q(language=language) | theirs)


def post_for(member: Member, post_id: UUID, *, lock: bool = False) -> Post:
    """One post. `lock`: held until the transaction ends. Raises Post.DoesNotExist outside the workspace."""
    if lock:
        return Post.objects.select_for_update().get(brand__workspace_id=member.workspace_id, pk=post_id)
    return posts_visible_to(member).get(pk=post_id)


def variants_of(post: Post) -> list[Variant]:
    """The post's variants in the order they were added, each with account, own files and the post."""
    found = (
        Variant.objects.filter(post=post)
        .select_related("account", "post__campaign")
        .prefetch_related("assets__asset")
        .order_by("id")
    )
    return list(found)


def variants_visible_to(member: Member) -> QuerySet[Variant]:
    """The workspace's variants with their posts, brands and accounts."""
    found = Variant.objects.filter(post__brand__workspace_id=member.workspace_id)
    return found.select_related("account", "post__brand", "post__campaign")


def variant_for(member: Member, variant_id: UUID) -> Variant:
    """One variant. Raises Variant.DoesNotExist outside the workspace."""
    found = Variant.objects.select_related("account", "post__brand", "post__campaign").prefetch_related(
        "assets__asset"
    )
    return found.get(post__brand__workspace_id=member.workspace_id, pk=variant_id)


def latest_revision(post: Post) -> Revision | None:
    return Revision.objects.filter(post=post).order_by("-number").first()


def revision_with(post: Post, digest: str) -> Revision | None:
    return Revision.objects.filter(post=post, digest=digest).first()


def revisions_of(post: Post) -> QuerySet[Revision]:
    return Revision.objects.filter(post=post).select_related("made_by").order_by("-number")


def posts_from_idea(member: Member, idea: Idea) -> QuerySet[Post]:
    return posts_visible_to(member).filter(idea=idea)


def posts_of_campaign(member: Member, campaign: Campaign) -> QuerySet[Post]:
    return posts_visible_to(member).filter(campaign=campaign)


def revision_for(member: Member, revision_id: UUID) -> Revision:
    """One revision. Raises Revision.DoesNotExist outside the workspace."""
    found = Revision.objects.select_related("post__brand")
    return found.get(post__brand__workspace_id=member.workspace_id, pk=revision_id)
