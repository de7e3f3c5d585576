"""What the frame around every page needs to know."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kitestring.domains.workspaces.permissions import may
from kitestring.web.figures import figures

PLACES: Final = (
    ("today", gettext_noop("Today"), "sun", "web:today"),
    ("plan", gettext_noop("Plan"), "target", "ideas:briefs"),
    ("create", gettext_noop("Create"), "pen-line", "composing:posts"),
    ("calendar", gettext_noop("Calendar"), "calendar", "web:calendar"),
    ("inbox", gettext_noop("Inbox"), "inbox", "inbox:list"),
    ("results", gettext_noop("Results"), "chart-no-axes-column", "analytics:results"),
    ("reports", gettext_noop("Reports"), "file-text", "reports:list"),
)
ROOTS: Final = {
    "briefs": "plan", "campaigns": "plan", "posts": "create", "library": "create", "calendar": "calendar",
    "deliveries": "calendar", "inbox": "inbox", "results": "results", "reports": "reports", "": "today",
}  # fmt: skip


def _nav(path: str, figures: dict[str, int]) -> list[dict[str, Any]]:
    here = ROOTS.get(path.strip("/").split("/")[0])
    places = []
    for key, label, icon, name in PLACES:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        places.append(
            {
                "key": key,
                "label": _(label),
                "icon": icon,
                "url": url,
                "active": key == here,
                "count": figures.get(key) or None,
            }
        )
    return places


def _nothing(permission: str) -> bool:
    """A stranger may nothing."""
    return False


def frame(request: HttpRequest) -> dict[str, Any]:
    """Names used by `ui/base.html`; safe on pages without a member."""
    member = getattr(request, "member", None)
    if member is None:
        return {
            "member": None,
            "brand": None,
            "brands": [],
            "nav": [],
            "may": _nothing,
            "demo": settings.DEMO,
        }
    return {
        "member": member,
        "workspace": member.workspace,
        "brand": getattr(request, "brand", None),
        "brands": getattr(request, "brands", []),
        "nav": _nav(request.path, figures(member, getattr(request, "brand", None))),
        "may": partial(may, member),
        "demo": settings.DEMO or member.workspace.is_demo,
    }
