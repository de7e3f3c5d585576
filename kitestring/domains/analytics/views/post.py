"""The results of one post: its numbers with where they came from, its way up, its place among its account's posts."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kitestring.connectorkit import registry
from kitestring.domains.analytics.actions.type_numbers import type_numbers, typed_metrics
from kitestring.domains.analytics.forms import numbers_in
from kitestring.domains.analytics.queries.curve import curve_of
from kitestring.domains.analytics.queries.reasons import why_missing
from kitestring.domains.analytics.queries.samples import published, published_with, samples_in_order
from kitestring.domains.analytics.queries.standing import Standing, stand
from kitestring.domains.analytics.queries.titles import title_of
from kitestring.domains.analytics.rules import NEEDED, metric_name
from kitestring.domains.analytics.views.results import as_csv, row_of
from kitestring.domains.analytics.views.sheet import lines
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.refusals import Refusal
from kitestring.ui.formats import duration
from kitestring.ui.marks import account_name
from kitestring.ui.numbers import number

MOST: Final = 100  # deliveries of one post that are shown beside each other; what comes round has many


def _standing(request: MemberRequest, delivery_id: UUID) -> Standing:
    try:
        return stand([published(request.member).get(pk=delivery_id)])[0]
    except Delivery.DoesNotExist as error:
        raise Http404 from error


def sentence_of(one: Standing) -> str:
    """What the post did, against its own account's usual at the same age."""
    name = {"account": account_name(one.delivery.account)}
    if one.value is None:
        return _("No numbers: %(why)s") % {"why": why_missing(one, "engagement", get_language() or "en")}
    if one.verdict == "early":
        return _early(one)
    if one.times is None:
        if one.then is None:
            return _("Not to be compared: it was not read at the age of %(age)s.") % {
                "age": duration(one.age)
            }
        if one.usual.known:
            return (
                _("Not to be compared: at least half of what %(account)s published has no reactions.") % name
            )
        told = name | {"n": number(one.usual.n), "need": number(NEEDED)}
        return (
            _(
                "Too few to tell: %(need)s deliveries with numbers at this age are needed, %(account)s has %(n)s."
            )
            % told
        )
    times = name | {"times": number(one.times, 1)}
    if one.verdict == "above":
        return _("%(times)s× the usual of %(account)s at this age.") % times
    if one.verdict == "below":
        return _("Below the usual of %(account)s: %(times)s× its median at this age.") % times
    return _("As usual for %(account)s: %(times)s× its median at this age.") % times


def _early(one: Standing) -> str:
    """In its first day a post is counted, not judged."""
    n = one.value if one.then is None else one.then
    said = ngettext(
        "Too early to tell: %(n)s reaction after %(age)s. It is held against the usual from the age of one day.",
        "Too early to tell: %(n)s reactions after %(age)s. It is held against the usual from the age of one day.",
        round(n or 0),
    )
    return said % {"n": number(n or 0, 0), "age": duration(one.age)}


def numbers_of(one: Standing) -> list[dict[str, Any]]:
    """Each metric the channel states: its newest value with its field and moment, or why there is none."""
    newest = {s.metric: s for s in one.samples}
    try:
        manifest = registry.get(one.delivery.account.channel).manifest
    except KeyError:
        keys = list(newest)
    else:
        stated = [m.key for m in manifest.metrics] + [m.key for m in manifest.missing]
        keys = list(dict.fromkeys([*stated, *newest]))
    rows = []
    for key in keys:
        sample = newest.get(key)
        missing = sample is None or sample.value is None
        rows.append(
            {
                "name": metric_name(key),
                "value": sample.value if sample else None,
                "field": sample.field if sample else "",
                "at": sample.at if sample else None,
                "read_at": sample.read_at if sample else None,
                "typed_by": sample.typed_by.name if sample and sample.typed_by else "",
                "why": why_missing(one, key, get_language() or "en") if missing else "",
            }
        )
    return rows


@members_only("results.read")
@require_GET
def post_results(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    return _shown(request, _standing(request, delivery_id))


@members_only("results.type")
@require_http_methods(["GET", "POST"])
def typed(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """Numbers read in the app and typed here; what is none is said beside its field. Opened again, it is the page before."""
    one = _standing(request, delivery_id)
    if request.method == "GET":
        return redirect("analytics:post_results", delivery_id)
    try:
        type_numbers(
            request.member, one.delivery, numbers_in(request.POST.dict(), typed_metrics(one.delivery))
        )
    except Refusal as refusal:
        if not refusal.field:
            raise
        return _shown(request, one, refusal)
    messages.success(request, _("Kept, with your name and the time."))
    return redirect("analytics:post_results", delivery_id)


def _shown(request: MemberRequest, one: Standing, refusal: Refusal | None = None) -> HttpResponse:
    delivery = one.delivery
    page = {
        "delivery": delivery,
        "title": title_of(delivery, 120),
        "sentence": sentence_of(one),
        "row": row_of(one),
        "everywhere": [row_of(s) for s in stand(list(published_with(request.member, delivery)[:MOST]))],
        "numbers": numbers_of(one),
        "curve": curve_of(delivery),
        "watch": getattr(delivery, "watch", None),
        "post": delivery.revision.post if delivery.revision else None,
        "zone": delivery.account.brand.timezone,
        "to_type": [(key, metric_name(key)) for key in typed_metrics(delivery)],
        "typed": request.POST if refusal else {},
        "refusal": refusal,
    }
    return render(request, "analytics/post.html", page, status=422 if refusal else 200)


@members_only("results.read")
@require_GET
def post_samples(request: MemberRequest, delivery_id: UUID) -> HttpResponseBase:
    one = _standing(request, delivery_id)
    found = samples_in_order(request.member, [one.delivery.pk])
    return as_csv(lines(found), f"samples-{one.delivery.pk}.csv")


@members_only("results.read")
@require_GET
def of_delivery(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """The part of a delivery's page: what came of it, in a line."""
    one = _standing(request, delivery_id)
    page = {"sentence": sentence_of(one), "row": row_of(one), "delivery": one.delivery}
    return render(request, "analytics/_of_delivery.html", page)
