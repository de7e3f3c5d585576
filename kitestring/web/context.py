"""What the frame around every page needs to know."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.web.figures import figures, said
from kitestring.web.paused import paused_over

PLACES: Final = (
    ("today", gettext_noop("Today"), "sun", "web:today"),
    ("plan", gettext_noop("Plan"), "target", "ideas:briefs"),
    ("create", gettext_noop("Posts"), "pen-line", "web:posts"),
    ("calendar", gettext_noop("Calendar"), "calendar", "web:calendar"),
    ("inbox", gettext_noop("Inbox"), "inbox", "inbox:list"),
    ("results", gettext_noop("Results"), "chart-no-axes-column", "analytics:results"),
    ("reports", gettext_noop("Reports"), "file-text", "reports:list"),
)
ROOTS: Final = {
    "briefs": "plan", "campaigns": "plan", "posts": "create", "library": "create", "calendar": "calendar",
    "deliveries": "calendar", "inbox": "inbox", "results": "results", "reports": "reports", "": "today",
}  # fmt: skip


@lru_cache(maxsize=64)
def _address(name: str, urls: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _nav(here: str | None, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "label": _(label),
            "icon": icon,
            "url": url,
            "active": key == here,
            "count": counts.get(key) or None,
            "figure": said(counts.get(key, 0)),
        }
        for key, label, icon, name in PLACES
        if (url := _address(name, settings.ROOT_URLCONF))
    ]


def _nothing(permission: str) -> bool:
    """A stranger may nothing."""
    return False


def _token(request: HttpRequest) -> dict[str, Any]:
    """Django's names for the form token, masked once a page instead of once a form."""
    token = SimpleLazyObject(lambda: get_token(request))
    field = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    return {"csrf_token": token, "csrf_input": SimpleLazyObject(lambda: format_html(field, token))}


def page_address(request: HttpRequest) -> str:
    """Where this page can be opened again. An answer to a POST stands at an address that may take nothing else, so it is
    the page that sent it; "/" when that is not known."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    sent_from = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if sent_from.netloc != request.get_host() or not sent_from.path.startswith("/"):
        return "/"
    return urlunsplit(("", "", sent_from.path, sent_from.query, ""))


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
            **_token(request),
        }
    return {**_of_member(request, member), **_token(request)}


def _of_member(request: HttpRequest, member: Member) -> dict[str, Any]:
    brand: Brand | None = getattr(request, "brand", None)
    brands: list[Brand] = getattr(request, "brands", [])
    here = ROOTS.get(request.path.strip("/").split("/")[0])
    demo = settings.DEMO or member.workspace.is_demo
    counts = figures(member, brand)
    return {
        "member": member,
        "workspace": member.workspace,
        "brand": brand,
        "brands": brands,
        "nav": _nav(here, counts),
        "may": partial(may, member),
        "paused": SimpleLazyObject(partial(paused_over, member, brand)),
        "demo": demo,
        "page_address": page_address(request),
        "frame_key": (
            get_language(), here, demo, tuple(counts.items()),
            member.pk, member.name, member.role, member.theme, member.workspace.name, bool(member.workspace.paused_at),
            brand.pk if brand else None, tuple((one.pk, one.name) for one in brands),
        ),
    }  # fmt: skip
