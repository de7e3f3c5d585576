"""The record: who changed what, from what to what, and when."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import AuditEntry
from kitestring.domains.workspaces.queries import changes_seen_by, members_of
from kitestring.domains.workspaces.rules import (
    field_label,
    page_of,
    reading_order,
    unread,
    value_label,
    verb_label,
)
from kitestring.kit.text import clean

A_PAGE = 50


@require_GET
@members_only(permission="audit.read")
def record(request: MemberRequest) -> HttpResponse:
    """Newest first, 50 a page, filtered by words and by person."""
    words, who = clean(request.GET.get("q", ""))[:100], _person(request.GET.get("who", ""))
    rows = changes_seen_by(request.member, words=words, who=who)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [_line(entry) for entry in page],
        "words": words,
        "who": who,
        "choices": [
            ("", _("Everybody")),
            ("house", _("Kitestring itself")),
            *((str(one.pk), one.name) for one in members_of(request.member)),
        ],
        "href": "?" + urlencode({"q": words, "who": who, "page": ""}),
    }
    return render(request, "workspaces/record.html", context)


def _person(text: str) -> str:
    """ "house", a member's id, or "" for everybody."""
    if text == "house":
        return text
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _line(entry: AuditEntry) -> dict[str, Any]:
    keys = sorted({*entry.before, *entry.after}, key=reading_order)
    name = entry.after.get("name") or entry.before.get("name") or entry.after.get("email") or ""
    changes = [
        {
            "key": key,
            "field": field_label(key),
            "was": _shown(entry.before, key),
            "now": _shown(entry.after, key),
        }
        for key in keys
        if not _is_heading(entry, key, name) and not _unread(entry, key)
    ]
    return {
        "entry": entry,
        "what": verb_label(entry.verb),
        "href": page_of(entry.subject_kind, entry.subject_id),
        "name": name,
        "changes": changes,
    }


def _is_heading(entry: AuditEntry, key: str, name: str) -> bool:
    """Whether the value stands in the line's first words already and did not change."""
    values = (
        {side[key] for side in (entry.before, entry.after) if key in side}
        if key in ("name", "email")
        else set()
    )
    return values == {name}


def _unread(entry: AuditEntry, key: str) -> bool:
    """Whether both sides are only for the machine, or there was nothing and there is nothing."""
    values = [side[key] for side in (entry.before, entry.after) if side.get(key) not in (None, "", [])]
    return all(unread(entry.verb, key, one) for one in values)


def _shown(values: dict[str, Any], key: str) -> str:
    return value_label(key, values[key]) if key in values else ""
