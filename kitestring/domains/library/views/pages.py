"""The library: a brand's files, and one of them with its words and what a crop keeps in."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kitestring.domains.library.actions.add_asset import SUFFIX
from kitestring.domains.library.actions.change_asset import LONGEST_ALT, change_asset
from kitestring.domains.library.models import Asset
from kitestring.domains.library.queries import asset_for, assets_visible_to
from kitestring.domains.library.rules.bounds import shown_at
from kitestring.domains.library.rules.going import facts
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.refusals import Refusal

A_PAGE: Final = 48
SHAPES: Final = (("3:4", 0.75), ("4:5", 0.8), ("1:1", 1.0), ("16:9", 16 / 9), ("1.91:1", 1.91))
TAKEN: Final = ",".join(SUFFIX)


@members_only()
@require_GET
def files(request: MemberRequest) -> HttpResponse:
    """The brand's files, newest first."""
    found = Paginator(assets_visible_to(request.member, request.brand), A_PAGE)
    page = found.get_page(request.GET.get("page"))
    cards = [(one, facts(one), _shown(one, 4 / 3)) for one in page.object_list]
    shown = {"page": page, "cards": cards, "may_add": may(request.member, "asset.add"), "taken": TAKEN}
    return render(request, "library/files.html", shown)


def _shown(one: Asset, ratio: float) -> str:
    return shown_at(one.width, one.height, ratio, (one.focus_x, one.focus_y))


@members_only()
@require_http_methods(["GET", "POST"])
def asset(request: MemberRequest, asset_id: UUID) -> HttpResponse:
    """One file. POST: `alt`, `x` and `y` (percent from the left and the top)."""
    try:
        one = asset_for(request.member, asset_id)
    except Asset.DoesNotExist as error:
        raise Http404 from error
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            focus = (_share(request.POST.get("x")), _share(request.POST.get("y")))
            change_asset(request.member, one.pk, alt=request.POST.get("alt", ""), focus=focus)
        except Refusal as refused:
            if refused.field != "alt":
                raise
            refusal = refused
        else:
            messages.success(request, _("Saved. Posts planned already keep the crop they were planned with."))
            return redirect(request.get_full_path())
    shown = {
        "asset": one,
        "post": _post_from(request.GET.get("post", "")),
        "facts": facts(one),
        "shapes": [(name, ratio, _shown(one, ratio)) for name, ratio in SHAPES],
        "may_change": may(request.member, "asset.change"),
        "longest": LONGEST_ALT,
        "x": round(one.focus_x * 100),
        "y": round(one.focus_y * 100),
        "typed": request.POST.get("alt") if refusal else one.alt,
        "refusal": refusal,
    }
    return render(request, "library/asset.html", shown, status=422 if refusal else 200)


def _post_from(told: str) -> UUID | None:
    """The post somebody came from, for the way back."""
    try:
        return UUID(told)
    except ValueError:
        return None


def _share(text: str | None) -> float | None:
    """Percent as a share; None for what is no number."""
    try:
        return float(text or "") / 100
    except ValueError:
        return None
