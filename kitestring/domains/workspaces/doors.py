"""The door of every page: who may come in, and how a refusal is said to the person."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal

STATUS = {"not_permitted": 403, "conflict": 409, "not_found": 404}
TOASTS = "#toasts"

P = ParamSpec("P")


class MemberRequest(HttpRequest):
    """A request behind `members_only`: there is a member. `brand` is a `brands.Brand` or None (see `brands.doors`)."""

    member: Member
    brand: Any
    htmx: HtmxDetails


Guarded = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def members_only(permission: str = "workspace.read") -> Callable[[View[P]], Guarded[P]]:
    """Let members with `permission` in; send strangers to sign in; turn a `Refusal` into its sentence.

    Statuses: 403 not permitted or no workspace, 404 for a row that is not the member's to see, 409 conflict, 422 any
    other refusal; 401 for a stranger's fragment.
    """

    def guard(view: View[P]) -> Guarded[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            member: Member | None = getattr(request, "member", None)
            if member is None:
                return no_workspace(request) if request.user.is_authenticated else _sign_in(request)
            try:
                require(member, permission)
                return view(cast("MemberRequest", request), *args, **kwargs)
            except Refusal as refusal:
                return refused(request, refusal)
            except ObjectDoesNotExist:
                # A query that starts from the member found nothing: gone, or never this member's to see.
                gone = _(
                    "This is not here (any more). It may have been removed, or belong to another workspace."
                )
                return refused(request, Refusal(gone, reason="not_found"))

        guarded.permission = permission  # type: ignore[attr-defined]  # a mark on a function, or what htmx’ middleware puts on the request
        return guarded

    return guard


def _sign_in(request: HttpRequest) -> HttpResponse:
    """A page is redirected; a fragment or a script's call is told where to go."""
    if getattr(request, "htmx", False):
        back = redirect_to_login(request.htmx.current_url_abs_path or "/")  # type: ignore[attr-defined]  # a mark on a function, or what htmx’ middleware puts on the request
        return HttpResponse(status=401, headers={"HX-Redirect": back.url})
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"reason": "signed_out", "sign_in": resolve_url("account_login")}, status=401)
    return redirect_to_login(request.get_full_path())


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal's sentence in the form the caller can show, with its status (422 unless named in `STATUS`)."""
    status = STATUS.get(refusal.reason, 422)
    if getattr(request, "htmx", False):
        answer = render(request, "workspaces/refused_toast.html", {"message": refusal.message}, status=status)
        answer.headers["HX-Retarget"] = TOASTS
        answer.headers["HX-Reswap"] = "beforeend"
        return answer
    if "application/json" in request.headers.get("Accept", ""):
        said = {"message": refusal.message, "field": refusal.field, "reason": refusal.reason}
        return JsonResponse(said, status=status)
    page = {"message": refusal.message, "back": _back(request), "conflict": status == 409}
    return render(request, "workspaces/refused.html", page, status=status)


def no_workspace(request: HttpRequest) -> HttpResponse:
    """Signed in, but a member of nothing (any more)."""
    return render(request, "workspaces/no_workspace.html", status=403)


def _back(request: HttpRequest) -> str:
    """The page the person came from, if it is one of ours."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()})
    return came_from if ours and came_from != request.build_absolute_uri() else "/"
