"""The door of every page that speaks for a brand: there is a member and there is a brand."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpResponseBase
from django.shortcuts import render

from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.doors import Guarded, MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may

P = ParamSpec("P")


class BrandRequest(MemberRequest):
    """A request behind `brand_members_only`: there is a member and a brand."""

    brand: Brand


View = Callable[Concatenate[BrandRequest, P], HttpResponseBase]


def brand_members_only(permission: str = "workspace.read") -> Callable[[View[P]], Guarded[P]]:
    """As `members_only`; and while the workspace has no brand, say so and lead to adding one."""

    def guard(view: View[P]) -> Guarded[P]:
        @members_only(permission=permission)
        @wraps(view)
        def with_brand(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.brand is None:
                context = {"may_add": may(request.member, "brand.change")}
                return render(request, "brands/no_brand.html", context)
            return view(cast("BrandRequest", request), *args, **kwargs)

        return with_brand

    return guard
