"""What a new brand still lacks before anything can go out: shown on Today until it is there."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.queries import accounts_of
from kitestring.domains.composing.queries import posts_visible_to
from kitestring.domains.ideas.queries import briefs_visible_to
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.domains.workspaces.queries import members_of


@dataclass(frozen=True)
class Step:
    """One thing to do first: what it is for, where it is done, whether it is done. `href` "": somebody else does it."""

    title: str
    why: str
    done: bool
    href: str
    verb: str


def first_steps(member: Member, brand: Brand) -> list[Step]:
    """In the order of the line; empty once the brand has an account, a brief and a post."""
    has_account = accounts_of(member, brand).exists()
    has_brief = briefs_visible_to(member, brand).exists()
    has_post = posts_visible_to(member, brand).exists()
    if has_account and has_brief and has_post:
        return []
    connects, writes = may(member, "account.connect"), may(member, "brief.write")
    return [
        Step(
            _("Connect an account"),
            _("Without one nothing goes out.") if connects else _("An owner or a manager connects it."),
            has_account,
            reverse("channels:choose") if connects else "",
            _("Connect"),
        ),
        *_company(member),
        Step(
            _("Write the first brief"),
            _("Why, for whom, and the one thing they shall do. Ideas and posts come from it."),
            has_brief,
            reverse("ideas:briefs") if writes else "",
            _("Write"),
        ),
        Step(
            _("Write the first post"),
            _("Once, then shaped for each account. It waits for approval before it goes out.")
            if brand.needs_approval
            else _("Once, then shaped for each account."),
            has_post,
            reverse("web:posts") if may(member, "post.write") else "",
            _("Write"),
        ),
    ]


def _company(member: Member) -> list[Step]:
    """Those who may invite are asked whether they work alone."""
    if not may(member, "member.invite"):
        return []
    return [
        Step(
            _("Invite who works with you"),
            _("Who writes, who approves, who only reads the reports. You can do this later."),
            members_of(member).count() > 1,
            reverse("workspaces:members") + "#invite",
            _("Invite"),
        )
    ]
