"""The composer's foot and head: how far the post is, where it is live, and what comes next; asked again and again."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.deliveries import OVER
from kitestring.domains.publishing.queries.posts import by_post
from kitestring.domains.publishing.queries.rewordings import can_reword
from kitestring.domains.publishing.queries.round_near import left_out_ahead
from kitestring.domains.publishing.queries.seen import on_its_way
from kitestring.domains.publishing.queries.series import standing_series, words_differ
from kitestring.domains.publishing.queries.stock import evergreen_of
from kitestring.domains.publishing.rules.next_deed import Deeds, next_deeds
from kitestring.domains.publishing.rules.out_there import DOUBT, out_there
from kitestring.domains.publishing.rules.recurrence_words import rule_words
from kitestring.domains.publishing.views.of_post import lacks_only_a_yes, leaving
from kitestring.domains.publishing.views.states import WAITING, how_far, shown
from kitestring.domains.reviewing.models import ApprovalState
from kitestring.domains.reviewing.queries import is_stale, latest_approval, who_else_approves
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may

SOON: Final = (
    12  # times to come of a series, on any account, that are judged to find the next one that goes out
)


@members_only("post.read")
@require_GET
def foot(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Parts swapped into the composer by their ids."""
    try:
        post = post_for(request.member, post_id)
    except Post.DoesNotExist as error:
        raise Http404 from error
    deliveries = by_post(request.member, [post.pk]).get(post.pk, [])
    return render(request, "publishing/_foot.html", _page(request.member, post, deliveries))


def _page(member: Member, post: Post, deliveries: list[Delivery]) -> dict[str, Any]:
    far = how_far(member, post, deliveries)
    approval = latest_approval(post)
    fresh = approval is not None and not is_stale(approval, post)
    given = fresh and approval is not None and approval.state == ApprovalState.APPROVED
    asked = fresh and approval is not None and approval.state == ApprovalState.ASKED
    lacks = post.brand.needs_approval and not given
    once = [d for d in deliveries if d.series_id is None]
    left = leaving(post, once)
    deeds = next_deeds(
        accounts=bool(post.variants.all()),
        over=far["done"],
        leaving=bool(left),
        waiting=far["next"] is not None,
        lacks_yes=lacks,
        asked=asked,
        may_ask=may(member, "approval.ask"),
        may_answer=may(member, "approval.give") and not (approval and who_else_approves(member, approval)),
        may_schedule=may(member, "delivery.schedule"),
        owed=lacks_only_a_yes(deliveries),
    )
    state = shown(deliveries) or ("approved" if given else "approval" if asked else "draft")
    return far | {
        "deeds": deeds
        if may(member, "post.write")
        else Deeds(deeds.first, tuple({*deeds.beside} - {"repeat"})),
        "approval": approval,
        "state": "approval" if state == "scheduled" and lacks else state,
        "given": given,
        "unasked": lacks and not asked,
        "late_yes": "",  # no yes is given here: the page that asks for it says what it does
        "may_round": may(member, "series.change"),
        "may_reword": may(member, "delivery.schedule"),
        **_out(post, once),
        **_round(member, post, deliveries),
    }


def _round(member: Member, post: Post, deliveries: list[Delivery]) -> dict[str, Any]:
    """How the post comes round, by a rule of its own or from the evergreen stock, and when next; nothing where it does not."""
    series = standing_series(member, post)
    stock = evergreen_of(member, post)
    ahead = [d for d in deliveries if d.series_id and d.state in WAITING and not on_its_way(d)]
    by_rule = sorted(
        (d for d in ahead if series and d.series_id == series.pk), key=lambda d: (d.due_at, d.pk)
    )
    soon = by_rule[:SOON]
    left = left_out_ahead(series, soon) if series else {}
    goes_out = [d.due_at for d in soon if d.pk not in left]
    from_stock = [d.due_at for d in ahead if not series or d.series_id != series.pk]
    return {
        "series": series,
        "series_words": rule_words(series.rule) if series else "",
        "series_next": min(goes_out, default=None),
        "series_left": bool(soon) and not goes_out,
        "series_differs": series is not None and words_differ(series),
        "evergreen": stock,
        "evergreen_next": min(from_stock, default=None),
    }


def _out(post: Post, deliveries: list[Delivery]) -> dict[str, Any]:
    """The variants that are out, on their way, or may be out, each with its delivery: their words are theirs for good.

    `there`: their accounts by how much of it is there; `others`: whether some account has nothing of it;
    `reword`: those whose words can be changed where they are.
    """
    # A duty that was given up stands back behind the one that took its place.
    ordered = sorted(deliveries, key=lambda d: d.state not in OVER)
    has = {d.account_id: (d, how) for d in ordered if (how := out_there(d))}
    found = [(v.pk, *has[v.account_id]) for v in post.variants.all() if v.account_id in has]
    there: dict[str, list[Account]] = {}
    for _variant, delivery, how in found:
        there.setdefault(how, []).append(delivery.account)
    return {
        "by_hand": [
            (v.pk, d)
            for v in post.variants.all()
            for d in deliveries
            if d.account_id == v.account_id and d.state == DeliveryState.HANDED_OFF
        ],
        "live_on": [(variant, d, "unknown" if how == DOUBT else d.state) for variant, d, how in found],
        "there": there,
        "others": len(found) < len(post.variants.all()),
        "reword": [d for _variant, d, _how in found if can_reword(d)],
    }
