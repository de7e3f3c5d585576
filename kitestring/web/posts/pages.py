"""The brand's posts, last written first, and the row that chooses among them."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kitestring.domains.channels.queries import accounts_of
from kitestring.domains.composing.queries import posts_visible_to, with_pictures
from kitestring.domains.planning.queries import campaigns_visible_to
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import Language
from kitestring.domains.workspaces.permissions import may
from kitestring.ui.marks import account_choices
from kitestring.web.posts.chosen import chosen_from, state_choices

A_PAGE: Final = 40


@members_only("post.read")
@require_GET
def posts(request: MemberRequest) -> HttpResponse:
    """`?q=&state=&account=&campaign=&language=&page=`; what cannot be read is as if it were not asked."""
    accounts = account_choices(accounts_of(request.member, request.brand))
    campaigns = [(str(c.pk), c.name) for c in campaigns_visible_to(request.member, request.brand)]
    chosen = chosen_from(request.GET.dict(), dict(accounts), dict(campaigns))
    found = Paginator(
        with_pictures(chosen.of(posts_visible_to(request.member, request.brand))),
        A_PAGE,
    )
    page = {
        "posts": found.get_page(request.GET.get("page")),
        "chosen": chosen,
        "page_href": f"?{chosen.address}&page=" if chosen else "?page=",
        "states": state_choices(),
        "accounts": accounts,
        "campaigns": campaigns,
        "languages": Language.choices,
        "may_write": may(request.member, "post.write"),
    }
    return render(request, "web/posts.html", page)
