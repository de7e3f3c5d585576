"""The brands of the workspace: list, add, change, put aside."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kitestring.domains.brands.actions.add_brand import add_brand
from kitestring.domains.brands.actions.change_brand import archive_brand, change_brand, restore_brand
from kitestring.domains.brands.forms import ANSWERS, BrandForm
from kitestring.domains.brands.models import Brand
from kitestring.domains.brands.queries import archived_brands, brand, brands_of
from kitestring.domains.brands.rules import city, usual_zone
from kitestring.domains.brands.views.zones import zone_options
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.refusals import Refusal

FIELDS = tuple(BrandForm.base_fields)


@require_GET
@members_only()
def brands(request: MemberRequest) -> HttpResponse:
    page = {
        "live": brands_of(request.member),
        "archived": archived_brands(request.member),
        "may_change": may(request.member, "brand.change"),
        "city": partial(city, language=request.member.language),
    }
    return render(request, "brands/brands.html", page)


@require_http_methods(["GET", "POST"])
@members_only(permission="brand.change")
def add(request: MemberRequest) -> HttpResponse:
    language = request.member.language
    zone = request.brand.timezone if request.brand else usual_zone(language)
    fresh = Brand(language=language, timezone=zone)
    form = BrandForm(request.POST if request.method == "POST" else None, initial=_initial(fresh))
    if form.is_bound and form.is_valid():
        try:
            made = add_brand(request.member, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(name)s is added.") % {"name": made.name})
            return redirect("brands:brands")
    return _form_page(request, form, None)


@require_http_methods(["GET", "POST"])
@members_only(permission="brand.change")
def change(request: MemberRequest, brand_id: UUID) -> HttpResponse:
    found = brand(request.member, brand_id)
    form = BrandForm(request.POST if request.method == "POST" else None, initial=_initial(found))
    _keep_choice(form, found.answer_within)
    if form.is_bound and form.is_valid():
        try:
            change_brand(request.member, found.pk, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("brands:brands")
    return _form_page(request, form, found)


@require_POST
@members_only(permission="brand.change")
def archive(request: MemberRequest, brand_id: UUID) -> HttpResponse:
    found = archive_brand(request.member, brand_id)
    messages.success(request, _("%(name)s is archived.") % {"name": found.name})
    return redirect("brands:brands")


@require_POST
@members_only(permission="brand.change")
def restore(request: MemberRequest, brand_id: UUID) -> HttpResponse:
    found = restore_brand(request.member, brand_id)
    messages.success(request, _("%(name)s is back.") % {"name": found.name})
    return redirect("brands:brands")


def _initial(of: Brand) -> dict[str, Any]:
    return {field: getattr(of, field) for field in FIELDS} | {"markets": of.sells_in}


def _keep_choice(form: BrandForm, minutes: int) -> None:
    """A span set elsewhere (by a script) stays a choice of its own."""
    if minutes not in dict(ANSWERS):
        own = (minutes, _("%(m)s minutes") % {"m": minutes})
        form.fields["answer_within"].choices = [*ANSWERS, own]  # type: ignore[attr-defined]  # a choice field; Django types the plain one


def _form_page(request: MemberRequest, form: BrandForm, of: Brand | None) -> HttpResponse:
    page = {"form": form, "of": of, "zones": zone_options()}
    return render(request, "brands/brand.html", page, status=422 if form.errors else 200)
