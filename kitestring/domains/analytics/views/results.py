"""Results: one sentence, one picture, then the table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kitestring.domains.analytics.queries.board import DESK, PHONE, board_of
from kitestring.domains.analytics.queries.goals import goal_of
from kitestring.domains.analytics.queries.reasons import why_missing
from kitestring.domains.analytics.queries.samples import published, published_of, samples_in_order
from kitestring.domains.analytics.queries.standing import FULL_AGE, Standing, stand
from kitestring.domains.analytics.queries.summary import KINDS, flew, only, summary_of
from kitestring.domains.analytics.queries.titles import title_of
from kitestring.domains.analytics.rules import kind_word, metric_name, verdict_word
from kitestring.domains.analytics.views.sheet import lines
from kitestring.domains.planning.models import Campaign
from kitestring.domains.planning.queries import campaign_for
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.clock import now

PERIODS: Final = (30, 90, 180)
MOST: Final = 400
TABLE: Final = 40


def days_of(request: MemberRequest) -> int:
    given = request.GET.get("days", "")
    return int(given) if given in {str(p) for p in PERIODS} else PERIODS[1]


def row_of(one: Standing) -> dict[str, Any]:
    """One delivery in a table: its reactions at the age of comparison, usual, verdict; what is missing with its reason."""
    delivery, language = one.delivery, get_language() or "en"
    why = ""
    if one.then is None:
        why = (
            why_missing(one, "engagement", language)
            if one.value is None
            else _("it was not read at this age")
        )
    return {
        "id": delivery.pk,
        "title": title_of(delivery, 60),
        "account": delivery.account,
        "at": delivery.published_at,
        "value": one.value,
        "then": one.then,
        "age": one.age,
        "young": one.age < FULL_AGE,
        "usual": one.usual,
        "times": one.times,
        "hit": flew(one),
        "verdict": one.verdict,
        "word": verdict_word(one.verdict),
        "why": why,
    }


@members_only("results.read")
@require_GET
def results(request: MemberRequest) -> HttpResponse:
    """The brand's posts of a period, each on its own account's scale."""
    days = days_of(request)
    page: dict[str, Any] = {"days": days, "periods": PERIODS}
    if request.brand is not None:
        moment, kind = now(), request.GET.get("only", "")
        since = moment - timedelta(days=days)
        found = list(published(request.member, request.brand).filter(published_at__gte=since)[: MOST + 1])
        cut = len(found) > MOST
        standings = stand(found[:MOST])
        if cut:  # counted is what is shown: of a time too full, its newest part
            days = max(1, (moment - (standings[-1].delivery.published_at or since)).days)
        best = sorted(only(standings, kind), key=lambda s: (s.times is None, -(s.times or 0)))
        shown = best if request.GET.get("all") == "1" else best[:TABLE]
        page |= {
            "summary": summary_of(standings, days),
            "boards": [board_of(standings, get_language() or "en", paper) for paper in (DESK, PHONE)],
            "kinds": [("", _("All"))] + [(k, kind_word(k)) for k in KINDS],
            "only": kind if kind in KINDS else "",
            "rows": [row_of(s) for s in shown],
            "more": len(best) - len(shown),
            "cut": MOST if cut else 0,
        }
    return render(request, "analytics/results.html", page)


@members_only("results.read")
@require_GET
def samples(request: MemberRequest) -> HttpResponseBase:
    """Every sample of the period as CSV, as it was read."""
    since = now() - timedelta(days=days_of(request))
    found = published(request.member, request.brand).filter(published_at__gte=since)
    return as_csv(lines(samples_in_order(request.member, found.values("pk"))), "samples.csv")


def as_csv(rows: Iterator[str], name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)


@members_only("results.read")
@require_GET
def of_campaign(request: MemberRequest, campaign_id: UUID) -> HttpResponse:
    """The part of a campaign's page: the goal against the result, and its posts."""
    try:
        campaign = campaign_for(request.member, campaign_id)
    except Campaign.DoesNotExist as error:
        raise Http404 from error
    standings = stand(list(published_of(request.member, campaign)[:MOST]))
    goal = goal_of(standings, campaign)
    best = sorted(standings, key=lambda s: (s.times is None, -(s.times or 0)))
    page = {
        "goal": goal,
        "goal_name": metric_name(goal.metric),
        "rows": [row_of(s) for s in best[:5]],
        "more": max(0, len(best) - 5),
    }
    return render(request, "analytics/_of_campaign.html", page)
