"""The first page of an empty instance: one calm page that makes its first owner."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kitestring.domains.brands.actions.open_instance import open_instance
from kitestring.domains.brands.forms import WelcomeForm
from kitestring.domains.brands.rules import usual_zone, zone_named
from kitestring.domains.brands.views.zones import zone_options
from kitestring.domains.workspaces.queries import instance_is_empty
from kitestring.kit.refusals import Conflict, Refusal


@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """While nobody is here: the form. Afterwards: a sentence and the way to sign in."""
    if not instance_is_empty():
        return render(request, "brands/already_open.html")
    language = get_language() or "en"
    start = {"language": language, "brand_language": language, "timezone": usual_zone(language)}
    form = WelcomeForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_bound and form.is_valid():
        try:
            owner, _brand = open_instance(**_answers(form.cleaned_data))
        except Conflict:
            return render(request, "brands/already_open.html", status=409)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            login(request, owner.user)
            return redirect("/")
    page = {"form": form, "zones": zone_options()}
    return render(request, "brands/welcome.html", page, status=422 if form.errors else 200)


def _answers(clean: dict[str, Any]) -> dict[str, Any]:
    """What was typed; where the zone was left as we proposed it, the browser's own counts."""
    guess = zone_named(clean.pop("zone_guess", ""))
    if guess and clean["timezone"] == usual_zone(get_language() or "en"):
        clean["timezone"] = guess
    return clean
