"""What the lines of the record are about: the name a person knows it by, where it is, whose brand it belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.brands.queries import archived_brands, brands_of
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import any_accounts
from kitestring.domains.composing.models import Post, Variant
from kitestring.domains.composing.queries import posts_visible_to, variants_visible_to
from kitestring.domains.ideas.models import Brief, Decision, Idea
from kitestring.domains.ideas.queries import briefs_visible_to, decisions_visible_to, ideas_with_repeats
from kitestring.domains.inbox.models import Contact, Conversation
from kitestring.domains.inbox.queries import contacts_visible_to, conversations_visible_to
from kitestring.domains.library.models import Asset
from kitestring.domains.library.queries import assets_visible_to
from kitestring.domains.planning.models import Campaign
from kitestring.domains.planning.queries import campaigns_visible_to
from kitestring.domains.publishing.models import Delivery, DeliveryKind
from kitestring.domains.publishing.queries.deliveries import visible_to
from kitestring.domains.reports.models import Report
from kitestring.domains.reports.queries.reports import reports_visible_to
from kitestring.domains.reviewing.models import Approval
from kitestring.domains.reviewing.queries import approvals_visible_to
from kitestring.domains.workspaces.models import AuditEntry, Invitation, Member, Workspace
from kitestring.domains.workspaces.permissions import may
from kitestring.domains.workspaces.queries import everybody_ever, invitations_ever
from kitestring.ui.marks import account_name, person_name

LETTERS: Final = 80


@dataclass(frozen=True)
class Subject:
    """`account`: the one it is on, where it is on one."""

    name: str
    href: str = ""
    brand: Brand | None = None
    account: Account | None = None


def subjects_of(member: Member, entries: Iterable[AuditEntry]) -> dict[UUID, Subject]:
    """By the subject's id: one question a kind, however many lines. What is gone, or not for this member, is not named."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for entry in entries:
        wanted[entry.subject_kind].add(entry.subject_id)
    return {
        row.pk: NAMED[kind](row)
        for kind, ids in wanted.items()
        if kind in ROWS
        for row in ROWS[kind](member, ids)
    }


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"


def _called(post: Post) -> str:
    return post.title or _cut(post.text) or _("Untitled")


def _post(post: Post) -> Subject:
    return Subject(_called(post), reverse("composing:post", args=[post.pk]), post.brand)


def _variant(variant: Variant) -> Subject:
    href = reverse("composing:post", args=[variant.post_id]) + f"#side-{variant.pk}"
    return Subject(_called(variant.post), href, variant.post.brand, variant.account)


def _approval(approval: Approval) -> Subject:
    post = approval.revision.post
    return Subject(_called(post), reverse("reviewing:review", args=[approval.pk]), post.brand)


def _delivery(delivery: Delivery) -> Subject:
    """A post by its title, a reply by its words."""
    known = delivery.revision is not None and delivery.kind != DeliveryKind.REPLY
    name = _called(delivery.revision.post) if known and delivery.revision else _quoted(delivery.payload)
    href = reverse("publishing:delivery", args=[delivery.pk])
    return Subject(name, href, delivery.account.brand, delivery.account)


def _quoted(payload: dict[str, Any]) -> str:
    return f"“{_cut(str(payload.get('text') or ''))}”"


def _brief(brief: Brief) -> Subject:
    return Subject(brief.title or _("Untitled"), reverse("ideas:brief", args=[brief.pk]), brief.brand)


def _idea(idea: Idea) -> Subject:
    return Subject(_cut(idea.text), reverse("ideas:wall", args=[idea.brief_id]), idea.brief.brand)


def _decision(decision: Decision) -> Subject:
    return _brief(decision.brief)


def _campaign(campaign: Campaign) -> Subject:
    return Subject(campaign.name, reverse("planning:campaign", args=[campaign.pk]), campaign.brand)


def _conversation(one: Conversation) -> Subject:
    return Subject(
        person_name(one.contact_name, one.account),
        reverse("inbox:conversation", args=[one.pk]),
        one.brand,
        one.account,
    )


def _contact(contact: Contact) -> Subject:
    talk = next(iter(contact.conversations.all()), None)
    return Subject(
        person_name(contact.name, contact.channel),
        reverse("inbox:conversation", args=[talk.pk]) if talk else "",
        contact.brand,
    )


def _report(report: Report) -> Subject:
    return Subject(report.title, reverse("reports:report", args=[report.pk]), report.brand)


def _account(account: Account) -> Subject:
    href = reverse("channels:account", args=[account.pk])
    return Subject(account_name(account), href, account.brand, account)


def _asset(asset: Asset) -> Subject:
    return Subject(asset.name, reverse("library:file", args=[asset.pk]), asset.brand)


def _brand(brand: Brand) -> Subject:
    return Subject(brand.name, reverse("brands:change", args=[brand.pk]), brand)


def _person(one: Member | Invitation) -> Subject:
    return Subject(one.name if isinstance(one, Member) else one.email, reverse("workspaces:members"))


def _workspace(workspace: Workspace) -> Subject:
    return Subject(workspace.name, reverse("workspaces:workspace"))


def _brands(member: Member, ids: Collection[UUID]) -> list[Brand]:
    return [one for one in (*brands_of(member), *archived_brands(member)) if one.pk in ids]


def _talks(member: Member, ids: Collection[UUID]) -> Iterable[Conversation]:
    return conversations_visible_to(member).filter(pk__in=ids) if may(member, "inbox.read") else ()


def _contacts(member: Member, ids: Collection[UUID]) -> Iterable[Contact]:
    return contacts_visible_to(member).filter(pk__in=ids) if may(member, "inbox.read") else ()


ROWS: Final[dict[str, Callable[[Member, Collection[UUID]], Iterable[Model]]]] = {
    "post": lambda member, ids: posts_visible_to(member).filter(pk__in=ids),
    "variant": lambda member, ids: variants_visible_to(member).filter(pk__in=ids),
    "approval": lambda member, ids: approvals_visible_to(member).filter(pk__in=ids),
    "delivery": lambda member, ids: visible_to(member).filter(pk__in=ids),
    "brief": lambda member, ids: briefs_visible_to(member).filter(pk__in=ids),
    "idea": lambda member, ids: ideas_with_repeats(member).filter(pk__in=ids),
    "decision": lambda member, ids: decisions_visible_to(member).filter(pk__in=ids),
    "campaign": lambda member, ids: campaigns_visible_to(member).filter(pk__in=ids),
    "conversation": _talks,
    "contact": _contacts,
    "report": lambda member, ids: reports_visible_to(member).filter(pk__in=ids),
    "account": any_accounts,
    "asset": lambda member, ids: assets_visible_to(member).filter(pk__in=ids).select_related("brand"),
    "brand": _brands,
    "member": lambda member, ids: everybody_ever(member).filter(pk__in=ids),
    "invitation": lambda member, ids: invitations_ever(member).filter(pk__in=ids),
    "workspace": lambda member, ids: [member.workspace],
}
NAMED: Final[dict[str, Callable[[Any], Subject]]] = {
    "post": _post,
    "variant": _variant,
    "approval": _approval,
    "delivery": _delivery,
    "brief": _brief,
    "idea": _idea,
    "decision": _decision,
    "campaign": _campaign,
    "conversation": _conversation,
    "contact": _contact,
    "report": _report,
    "account": _account,
    "asset": _asset,
    "brand": _brand,
    "member": _person,
    "invitation": _person,
    "workspace": _workspace,
}


def named(member: Member, subject_id: UUID) -> Subject | None:
    """Any one of these things; None for what is not here."""
    for kind in ("post", "brief", "delivery", "campaign", "report", "conversation"):
        for row in ROWS[kind](member, [subject_id]):
            return NAMED[kind](row)
    return None


def family(member: Member, subject_id: UUID) -> set[UUID]:
    """The thing and what belongs to it: a post's versions, approvals and deliveries; a brief's ideas and decision."""
    parts = (
        variants_visible_to(member).filter(post_id=subject_id),
        approvals_visible_to(member).filter(revision__post_id=subject_id),
        visible_to(member).filter(revision__post_id=subject_id),
        ideas_with_repeats(member).filter(brief_id=subject_id),
        decisions_visible_to(member).filter(brief_id=subject_id),
    )
    return {subject_id}.union(*(part.values_list("pk", flat=True) for part in parts))
