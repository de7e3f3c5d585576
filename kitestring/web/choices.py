"""What a person chooses for the whole interface: brand, language, light or dark."""

from __future__ import annotations

from collections.abc import Callable
from inspect import getclosurevars
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kitestring.domains.brands import queries
from kitestring.domains.workspaces.actions.change_own import change_own
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import Language, Member
from kitestring.domains.workspaces.queries import memberships_of
from kitestring.kit.refusals import Refusal
from kitestring.web.present import remember_brand, remember_workspace

A_YEAR = 365 * 24 * 3600


@require_POST
@members_only()
def brand(request: MemberRequest, brand_id: UUID | None = None) -> HttpResponse:
    """Work for another brand from now on; back to the same room, now of that brand."""
    try:
        wanted = brand_id or UUID(request.POST.get("brand", ""))
    except ValueError as error:
        raise Refusal(_("This brand is not here (any more)."), reason="not_found") from error
    remember_brand(request, queries.brand(request.member, wanted).pk)
    return redirect(_room(request))


@require_POST
@members_only()
def workspace(request: MemberRequest, workspace_id: UUID) -> HttpResponse:
    """Work in another of one's workspaces from now on."""
    if all(m.workspace_id != workspace_id for m in memberships_of(request.user)):
        raise Refusal(_("You are not a member of this workspace (any more)."), reason="not_found")
    remember_workspace(request, workspace_id)
    return redirect("/")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Members: theirs, kept for good. Strangers: by a cookie."""
    wanted = request.POST.get("language", "")
    member: Member | None = getattr(request, "member", None)
    answer = redirect(_ours(request, request.POST.get("next", "")))
    if wanted in Language.values:
        if member:
            change_own(member, language=wanted)
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=A_YEAR,
            secure=request.is_secure(),
            samesite="Lax",
        )
    return answer


@require_POST
@members_only()
def theme(request: MemberRequest) -> HttpResponse:
    """Light, dark or as the device; the page has changed already."""
    change_own(request.member, theme=request.POST.get("theme", ""))
    return HttpResponse(status=204)


def _ours(request: HttpRequest, address: str) -> str:
    """The address if it is one of our own, else Today. A word alone would be taken for the name of a page."""
    ours = "/" in address and url_has_allowed_host_and_scheme(address, {request.get_host()})
    return address if ours else "/"


def room_above(path: str) -> str:
    """The nearest page to read that an address lies under; Today where there is none."""
    parts = path.strip("/").split("/")[:-1]
    while parts:
        above = "/" + "/".join(parts) + "/"
        if _reads(above):
            return above
        parts.pop()
    return "/"


def _is_there(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _reads(path: str) -> bool:
    """Whether a page stands there that can be opened: Django keeps a view's methods inside its decorator only."""
    if not _is_there(path):
        return False
    view: Callable[..., object] | None = resolve(path).func
    while view is not None:
        methods = getclosurevars(view).nonlocals.get("request_method_list")
        if methods is not None:
            return "GET" in methods
        view = getattr(view, "__wrapped__", None)
    return True


def _room(request: HttpRequest) -> str:
    """The list a person stood in or above: a page of one thing belongs to the brand left behind."""
    parts = urlsplit(_ours(request, request.headers.get("Referer", ""))).path.strip("/").split("/")
    kept: list[str] = []
    for part in parts:
        if part.count("-") == 4:
            break
        kept.append(part)
    path = "/" + "/".join(kept) + "/" if any(kept) else "/"
    return path if _is_there(path) else "/"
