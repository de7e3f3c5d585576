"""What the page of one delivery shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from kitestring.domains.publishing.actions.put_back import skipped_still
from kitestring.domains.publishing.actions.reschedule import movable, moved_together
from kitestring.domains.publishing.actions.withdraw import can_withdraw
from kitestring.domains.publishing.models import Delivery, SeriesKind
from kitestring.domains.publishing.queries.accounts import waits_of
from kitestring.domains.publishing.queries.deliveries import beside, delivery_for
from kitestring.domains.publishing.queries.fitting import unfit
from kitestring.domains.publishing.queries.hours import FOR_A_YES
from kitestring.domains.publishing.queries.looking import Looking, is_asked, looking
from kitestring.domains.publishing.queries.parts import places_by_word
from kitestring.domains.publishing.queries.pictured import pictured
from kitestring.domains.publishing.queries.plot import plot_of
from kitestring.domains.publishing.queries.seen import chip_of
from kitestring.domains.publishing.queries.summary import summary_of, unfit_words
from kitestring.domains.publishing.queries.taken_back import taken_back_for
from kitestring.domains.publishing.queries.timeline import Timeline, timeline_of
from kitestring.domains.publishing.queries.timeline_parts import look_at, parts_shown, told_tries
from kitestring.domains.publishing.queries.uploads import left_there
from kitestring.domains.publishing.queries.yes_asked import yes_asked
from kitestring.domains.publishing.rules.machine_talk import is_machine_talk
from kitestring.domains.publishing.rules.mending import mending
from kitestring.domains.publishing.rules.places import clocks
from kitestring.domains.publishing.rules.sequence import left_in_doubt
from kitestring.domains.publishing.rules.telling import channel_name, headline
from kitestring.domains.publishing.rules.to_come import still_to_come
from kitestring.domains.publishing.rules.words import cure_of
from kitestring.domains.publishing.views.rewordings import moves, words_shown
from kitestring.domains.workspaces.doors import MemberRequest
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal

MOVING = ("sending", "processing", "partly_out", "unknown")
TONES = {"published": "good", "failed": "danger", "needs_attention": "warn"}


def found(request: MemberRequest, delivery_id: UUID) -> Delivery:
    """The delivery, or a page that says it is not here. Raises Refusal where it was taken back before its hour."""
    try:
        return delivery_for(request.member, delivery_id)
    except Delivery.DoesNotExist as error:
        if taken_back_for(request.member, delivery_id) is None:
            raise Http404 from error
        text = _("This time was taken back meanwhile, and nothing of it went out. Nothing was changed.")
        raise Refusal(text, reason="not_found") from error


def asked_on(request: MemberRequest) -> str:
    """The page that asked, by its hidden field `next`, if it is ours; else ""."""
    wanted = str(request.POST.get("next", ""))
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if ours else ""


def page_of(request: MemberRequest, delivery: Delivery) -> dict[str, Any]:
    """The context of `publishing/delivery.html`."""
    story, settles = timeline_of(delivery), may(request.member, "delivery.settle")
    taking_down = delivery.state == "published" and delivery.withdraw_asked is not None
    settled = delivery.state == "published" and story.in_doubt is not None and not left_in_doubt(delivery)
    words = words_shown(request, delivery)
    return {
        **words,
        "delivery": delivery,
        "account": delivery.account,
        **clocks(delivery.account.brand.zone),
        "title": title_of(delivery),
        "headline": headline(delivery.account.channel, delivery.publish_kind, delivery.payload),
        "chip": "settled" if settled else chip_of(delivery),
        **_told(request, delivery, story),
        "story": story,
        "machine": is_machine_talk(delivery.reason, delivery.said),
        "parts": parts_shown(delivery),
        "by_word": places_by_word(delivery) if delivery.published_at else [],
        "rest_changed": bool(delivery.part) and rewritten(delivery),
        "midway": bool(delivery.part and delivery.state in ("partly_out", "needs_attention")),
        "left_in_doubt": left_in_doubt(delivery),
        "plot": plot_of(delivery, told_tries(delivery)),
        "channel": channel_name(delivery.account.channel),
        "with_ids": request.GET.get("ids") == "1",
        # Held in the channel's own words: its grant ended.
        "cure": cure_of(delivery.reason) or ("reconnect" if delivery.state == "held" else ""),
        "may_schedule": may(request.member, "delivery.schedule"),
        "may_settle": settles,
        "look_at": look_at(delivery) if delivery.state == "needs_attention" and delivery.doubt_since else "",
        "movable": movable(delivery),
        "suggested": _suggested(request, delivery),
        "skipped_still": skipped_still(delivery),
        "moving_with": moved_together(request.member, delivery),
        "can_withdraw": can_withdraw(delivery),
        "moving": is_moving(delivery) or taking_down or moves(words),
        "mend": mend_of(delivery) if delivery.state == "failed" else "",
        "talk": where("inbox:of_message", delivery.subject_id) if delivery.kind == "reply" else None,
        "taking_down": taking_down,
        "origin": origin_of(delivery),
        "beside": beside(request.member, delivery),
        "results": where("analytics:post_results", delivery.pk),
        # Nobody says anything under what is not out.
        "conversations": where("inbox:of_delivery", delivery.pk) if any_out(delivery) else None,
        "series": series_page(delivery),
        "pictured": pictured(delivery),
        "left_there": left_there(delivery),
        "looking": _looking(request, delivery),
    }


def _told(request: MemberRequest, delivery: Delivery, story: Timeline) -> dict[str, Any]:
    """The sentence at its head; and whether a yes is wanting that this reader may ask for and nobody has."""
    asked = yes_asked(request.member, [delivery], delivery.account.brand.zone).get(delivery.pk, "")
    settles = may(request.member, "delivery.settle")
    wrong = unfit([delivery], request.member.language).get(delivery.pk, [])
    return {
        "unfit": wrong,
        "unfit_said": unfit_words(delivery, wrong) if wrong else "",
        "says_else": bool(wrong) and rewritten(delivery),
        "summary": summary_of(delivery, story, settles=settles, asked=asked, unfit=wrong),
        "asks": not asked and asks_for_yes(delivery) and may(request.member, "approval.ask"),
    }


def _suggested(request: MemberRequest, delivery: Delivery) -> datetime:
    """The hour in the dialog that moves it."""
    waits = waits_of(request.member, [delivery.account_id])
    return still_to_come(delivery.due_at, now(), waits.get(delivery.account_id))


def _looking(request: MemberRequest, delivery: Delivery) -> Looking | None:
    """For who goes through what waits to be looked at: while it does, and right after it was decided."""
    if request.htmx or not may(request.member, "delivery.settle"):
        return None
    if not is_asked(delivery) and request.GET.get("looked") != "1":
        return None
    return looking(request.member, delivery)


def decided(delivery_id: UUID, was_asked: bool) -> HttpResponse:
    """Back to its page after a deed; for one that waited to be looked at, with the way to the next."""
    address = reverse("publishing:delivery", args=[delivery_id])
    return redirect(f"{address}?looked=1" if was_asked else address)


def any_out(delivery: Delivery) -> bool:
    """Whether it is live there, or was, or a part of it."""
    return bool(delivery.published_at or delivery.remote_id or delivery.part)


def series_page(delivery: Delivery) -> tuple[str, str] | None:
    """Word and address of what a delivery is one time of: a recurring post's page, or the evergreen stock's."""
    if delivery.series is None:
        return None
    if delivery.series.kind == SeriesKind.EVERGREEN:
        return _("Evergreen"), reverse("publishing:evergreen")
    return _("Recurring"), reverse("publishing:series", args=[delivery.series.pk])


def is_moving(delivery: Delivery) -> bool:
    """Whether its page has news soon: also while it is due and not yet taken up."""
    return delivery.state in MOVING or (delivery.state == "scheduled" and delivery.due_at <= now())


def asks_for_yes(delivery: Delivery) -> bool:
    """Whether only a yes to the post is wanting, before any of it is out."""
    return delivery.state == "needs_attention" and delivery.reason in FOR_A_YES and not delivery.part


def mend_of(delivery: Delivery) -> str:
    """What to do first about its refusal (`rules.mending`)."""
    revision = delivery.revision
    return mending(
        delivery.reason,
        delivery.reason_params,
        has_post=revision is not None,
        rewritten=rewritten(delivery),
        reconnected=delivery.account.connected_at > delivery.changed_at,
    )


def rewritten(delivery: Delivery) -> bool:
    """Whether the post says something else now than what was frozen for it."""
    revision = delivery.revision
    return revision is not None and revision.post.digest != revision.digest


def news_of(page: dict[str, Any], was: str) -> dict[str, str] | None:
    """What to say in passing when the page, last seen on its way, renews itself and the way has ended."""
    state = page["delivery"].state
    if was not in (*MOVING, "scheduled") or state not in TONES:
        return None
    return {"text": page["summary"], "tone": TONES[state]}


def title_of(delivery: Delivery) -> str:
    """The post's title, else its first words."""
    payload = delivery.payload
    return str(payload.get("title") or " ".join(str(payload.get("text", "")).split())[:90] or _("No words"))


def origin_of(delivery: Delivery) -> list[dict[str, str | None]]:
    """Where it came from, one click each: brief, idea, campaign, post."""
    if delivery.revision is None:
        return []
    post = delivery.revision.post
    items: list[dict[str, str | None]] = []
    idea = post.idea
    if idea is not None:
        brief = idea.brief
        items.append({"label": _("Brief"), "text": brief.title, "href": where("ideas:brief", brief.pk)})
        items.append({"label": _("Idea"), "text": idea.text[:80], "href": where("ideas:wall", brief.pk)})
    if post.campaign is not None:
        link = where("planning:campaign", post.campaign.pk)
        items.append({"label": _("Campaign"), "text": post.campaign.name, "href": link})
    items.append(
        {"label": _("Post"), "text": str(post) or _("No words"), "href": where("composing:post", post.pk)}
    )
    return items


def where(name: str, *args: object) -> str | None:
    """The address of a page of another room; None where this instance has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None
