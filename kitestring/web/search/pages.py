"""The palette's answers while somebody types, and the page with all of them."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.words import LONGEST, words_of
from kitestring.web.search.find import Found, find

IN_PALETTE: Final = 5
ON_PAGE: Final = 25


@require_GET
@members_only()
def search(request: MemberRequest) -> HttpResponse:
    """`?q=`: at most five of each kind for the palette, 25 on the page; a thing is found when every word is in it."""
    typed = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    words = words_of(typed)
    palette = request.headers.get("HX-Request") == "true"
    kinds = find(request.member, request.brand, words, IN_PALETTE if palette else ON_PAGE) if words else []
    if not palette:
        return render(request, "web/search.html", {"typed": typed, "kinds": kinds, "most": ON_PAGE})
    found = [one for kind in kinds for one in kind.found]
    if found:
        everything = f"{reverse('web:search')}?{urlencode({'q': typed})}"
        found.append(Found(_("Everything with “%(words)s”") % {"words": typed}, everything, "search", ""))
    return render(request, "web/found.html", {"found": found})
