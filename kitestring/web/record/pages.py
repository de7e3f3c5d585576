"""The record: who changed what of which thing, from what to what, and when."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kitestring.domains.publishing.rules.places import place_of
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.queries import changes_seen_by, members_of
from kitestring.kit.text import clean
from kitestring.web.record.lines import lines_of
from kitestring.web.record.subjects import family, named

A_PAGE: Final = 50


@require_GET
@members_only(permission="audit.read")
def record(request: MemberRequest) -> HttpResponse:
    """Newest first, 50 a page, filtered by words, by person, and by the thing it is `of` with all that belongs to it."""
    words, who = clean(request.GET.get("q", ""))[:100], _person(request.GET.get("who", ""))
    of = _id(request.GET.get("of", ""))
    about = family(request.member, of) if of else None
    page = Paginator(changes_seen_by(request.member, words=words, who=who, about=about), A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "lines": lines_of(request.member, list(page)),
        "place": place_of(ZoneInfo(get_current_timezone_name())),
        "words": words,
        "who": who,
        "of": of,
        "thing": named(request.member, of) if of else None,
        "choices": [
            ("", _("Everybody")),
            ("house", _("Kitestring itself")),
            ("link", _("Whoever signed through a live link")),
            *((str(one.pk), one.name) for one in members_of(request.member)),
        ],
        "href": "?" + urlencode({"q": words, "who": who, **({"of": of} if of else {}), "page": ""}),
    }
    return render(request, "web/record.html", context)


def _person(text: str) -> str:
    """ "house", "link", a member's id, or "" for everybody."""
    if text in ("house", "link"):
        return text
    known = _id(text)
    return str(known) if known else ""


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
