"""The command palette's answers: posts, briefs, campaigns and people of the brand in hand, by words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kitestring.domains.composing.queries import posts_visible_to
from kitestring.domains.ideas.queries import briefs_visible_to
from kitestring.domains.planning.queries import campaigns_visible_to
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.queries import members_of
from kitestring.kit.text import clean

M = TypeVar("M", bound=Model)
A_KIND: Final = 5
WORDS: Final = 6


@dataclass(frozen=True)
class Found:
    """One answer: what it is called, where it is, what kind of thing it is."""

    text: str
    href: str
    icon: str
    note: str


@require_GET
@members_only()
def search(request: MemberRequest) -> HttpResponse:
    """At most five of each kind; a thing is found when every word is somewhere in it."""
    words = clean(request.GET.get("q", ""))[:100].split()[:WORDS]
    found = _found(request, words) if words else []
    return render(request, "web/found.html", {"found": found})


def _found(request: MemberRequest, words: list[str]) -> list[Found]:
    member, brand = request.member, request.brand
    posts = _with(posts_visible_to(member, brand), words, "title", "text")
    briefs = _with(briefs_visible_to(member, brand), words, "title")
    campaigns = _with(campaigns_visible_to(member, brand), words, "name")
    people: QuerySet[Member] = _with(members_of(member), words, "name", "user__email")
    return [
        *(Found(str(p), reverse("composing:post", args=[p.pk]), "pen-line", _("Post")) for p in posts),
        *(Found(str(b), reverse("ideas:brief", args=[b.pk]), "target", _("Brief")) for b in briefs),
        *(Found(str(c), reverse("planning:campaign", args=[c.pk]), "flag", _("Campaign")) for c in campaigns),
        *(Found(m.name, reverse("workspaces:members"), "user", m.role_label) for m in people),
    ]


def _with(rows: QuerySet[M], words: list[str], *fields: str) -> QuerySet[M]:
    for word in words:
        anywhere = Q()
        for field in fields:
            anywhere |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(anywhere)
    return rows[:A_KIND]
