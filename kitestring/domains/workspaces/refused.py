"""How a refusal looks: a calm page, a toast beside the work, or JSON for an island. Nothing typed is lost."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from kitestring.kit.refusals import Refusal

STATUS = {"not_permitted": 403, "conflict": 409, "not_found": 404}
TOASTS = "#toasts"


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
