"""What the walk reads of the instance's database, to prove what the pages only say."""

from __future__ import annotations

from uuid import UUID

from kitestring.domains.analytics.models import Sample
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post, Variant
from kitestring.domains.ideas.models import Brief, Idea
from kitestring.domains.inbox.models import Conversation, Direction, Message
from kitestring.domains.planning.models import Campaign
from kitestring.domains.publishing.models import Attempt, Delivery
from kitestring.domains.reports.models import Report
from kitestring.domains.reviewing.models import Approval
from kitestring.domains.workspaces.models import Member


def member(email: str) -> Member:
    return Member.objects.select_related("workspace", "user").get(user__email=email)


def brief(brief_id: UUID | str) -> Brief:
    return Brief.objects.get(pk=brief_id)


def idea_with(brief_id: UUID | str, words: str) -> Idea:
    return Idea.objects.filter(brief_id=brief_id, text__startswith=words).order_by("number")[:1].get()


def idea_count(brief_id: UUID | str) -> int:
    return Idea.objects.filter(brief_id=brief_id).count()


def campaign_of(brief_id: UUID | str) -> Campaign:
    return Campaign.objects.get(decision__brief_id=brief_id)


def posts_of(campaign_id: UUID | str) -> list[Post]:
    return list(Post.objects.filter(campaign_id=campaign_id).order_by("created_at"))


def post(post_id: UUID | str) -> Post:
    return Post.objects.select_related("brand").get(pk=post_id)


def variants(post_id: UUID | str) -> dict[str, Variant]:
    """By channel."""
    return {v.account.channel: v for v in Variant.objects.filter(post_id=post_id).select_related("account")}


def accounts() -> dict[str, Account]:
    return {a.channel: a for a in Account.objects.all()}


def approvals(post_id: UUID | str) -> list[Approval]:
    """The newest first."""
    found = Approval.objects.filter(revision__post_id=post_id).select_related(
        "revision", "decided_by", "voided_by"
    )
    return list(found.order_by("-asked_at"))


def deliveries(post_id: UUID | str) -> dict[str, Delivery]:
    """By channel."""
    found = Delivery.objects.filter(revision__post_id=post_id).select_related(
        "account__brand", "account__workspace"
    )
    return {d.account.channel: d for d in found}


def delivery_of(message_id: UUID) -> Delivery | None:
    return Delivery.objects.filter(subject_id=message_id).first()


def tries(delivery_id: UUID) -> list[tuple[str, str, str]]:
    """(step, outcome, reason) of each attempt."""
    found = Attempt.objects.filter(delivery_id=delivery_id).order_by("number")
    return list(found.values_list("step", "outcome", "reason"))


def owed_on(delivery_id: UUID) -> Conversation | None:
    return Conversation.objects.filter(delivery_id=delivery_id, owed_since__isnull=False).first()


def last_words(conversation_id: UUID) -> Message:
    return Message.objects.filter(conversation_id=conversation_id).order_by("-at", "-id")[:1].get()


def our_words(conversation_id: UUID, text: str) -> Message:
    return Message.objects.get(conversation_id=conversation_id, direction=Direction.OUT, text=text)


def incoming_copies(conversation_id: UUID, text: str) -> int:
    """How often our own words came back as somebody else's."""
    return Message.objects.filter(conversation_id=conversation_id, direction=Direction.IN, text=text).count()


def samples(delivery_id: UUID) -> list[Sample]:
    """The oldest first."""
    return list(Sample.objects.filter(delivery_id=delivery_id).order_by("at"))


def report(report_id: UUID | str) -> Report:
    return Report.objects.get(pk=report_id)
