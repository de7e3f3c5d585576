"""Reads of briefs and ideas; each starts from the member who asks."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from kitestring.domains.brands.models import Brand
from kitestring.domains.ideas.models import Brief, Decision, Idea, Vote
from kitestring.domains.workspaces.models import Member


def briefs_visible_to(member: Member, brand: Brand | None = None) -> QuerySet[Brief]:
    """The workspace's briefs (of one brand), newest first, with their decision at hand."""
    briefs = Brief.objects.filter(brand__workspace_id=member.workspace_id).select_related(
        "brand", "written_by"
    )
    if brand is not None:
        briefs = briefs.filter(brand=brand)
    return briefs.select_related("decision__idea", "decision__campaign").order_by("-created_at", "-id")


def briefs_with_counts(member: Member, brand: Brand | None) -> QuerySet[Brief]:
    return briefs_visible_to(member, brand).annotate(idea_count=Count("ideas", distinct=True))


def brief_for(member: Member, brief_id: UUID, *, lock: bool = False) -> Brief:
    """One brief. `lock`: held until the transaction ends. Raises Brief.DoesNotExist outside the workspace."""
    if lock:
        return Brief.objects.select_for_update().get(brand__workspace_id=member.workspace_id, pk=brief_id)
    return briefs_visible_to(member).get(pk=brief_id)


def ideas_of(brief: Brief, member: Member) -> QuerySet[Idea]:
    """The brief's ideas with `vote_count` and `mine` (this member voted), in the order they came."""
    mine = Vote.objects.filter(idea=OuterRef("pk"), member=member)
    return (
        Idea.objects.filter(brief=brief)
        .annotate(
            vote_count=Count("votes", distinct=True),
            mine=Exists(mine),
        )
        .select_related("added_by", "repeats")
        .order_by("number")
    )


def ideas_visible_to(member: Member, brand: Brand | None = None) -> QuerySet[Idea]:
    """The workspace's ideas (of one brand) with their briefs, the newest first; repeats left out."""
    found = Idea.objects.filter(brief__brand__workspace_id=member.workspace_id, repeats=None)
    if brand is not None:
        found = found.filter(brief__brand=brand)
    return found.select_related("brief").order_by("-added_at", "-id")


def ideas_with_repeats(member: Member) -> QuerySet[Idea]:
    """Every idea of the workspace, repeats among them, with brief and brand."""
    found = Idea.objects.filter(brief__brand__workspace_id=member.workspace_id)
    return found.select_related("brief__brand")


def decisions_visible_to(member: Member) -> QuerySet[Decision]:
    found = Decision.objects.filter(brief__brand__workspace_id=member.workspace_id)
    return found.select_related("brief__brand")


def idea_for(member: Member, idea_id: UUID) -> Idea:
    return Idea.objects.select_related("brief__brand").get(
        brief__brand__workspace_id=member.workspace_id, pk=idea_id
    )


def voters(brief: Brief) -> int:
    """How many members have voted on this brief at all."""
    return Vote.objects.filter(idea__brief=brief).values("member").distinct().count()


def has_voted(member: Member, idea_id: UUID) -> bool:
    """Whether the member has a vote on any idea of this idea's brief."""
    return Vote.objects.filter(member=member, idea__brief__ideas=idea_id).exists()


def vote_of(member: Member, idea: Idea) -> Vote | None:
    return Vote.objects.filter(idea=idea, member=member).first()


def shortlist_of(brief: Brief) -> QuerySet[Idea]:
    return Idea.objects.filter(brief=brief, shortlisted_at__isnull=False).order_by("shortlisted_at", "id")


def decision_of(brief: Brief) -> Decision | None:
    return Decision.objects.filter(brief=brief).select_related("idea", "decided_by").first()
