"""Today and the three weeks ahead: posts at every stage, made by the same actions as by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.save_variant import save_variant
from kitestring.domains.composing.actions.set_media import set_post_media
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.actions.adopt_revision import adopt_stale
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.hold import hold
from kitestring.domains.publishing.actions.schedule import schedule_post
from kitestring.domains.publishing.models import Attempt, Delivery, DeliveryState
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.reviewing.actions.decide_approval import approve
from kitestring.domains.reviewing.actions.void_stale import void_stale
from kitestring.sandbox.seed.desk import Desk, kind_for, read_world
from kitestring.sandbox.seed.history import Past, send
from kitestring.sandbox.seed.posts import past_post
from kitestring.sandbox.seed.queries import insert
from kitestring.sandbox.seed.sending import attempt

LOOK_IN: Final = timedelta(minutes=9)  # the doubt of the demo is settled while one watches


def write_future(desk: Desk, past: Past) -> None:
    """Everything of the files future_<brand>.toml."""
    for brand in desk.house.brands:
        for entry in read_world(f"future_{brand}.toml")["future"]:
            if entry["state"] in TODAY:
                _today(desk, brand, entry, past)
            else:
                _ahead(desk, brand, entry)


def _today(desk: Desk, brand: str, entry: dict[str, Any], past: Past) -> None:
    """Due in the last hours: out, or stuck on the way."""
    written = past_post(desk, brand, entry, desk.hour(brand, entry))
    attempts: list[Attempt] = []
    for delivery in written.deliveries:
        attempts += TODAY[entry["state"]](desk, brand, entry, delivery, past)
    insert(written.deliveries)
    insert(attempts)


def _out(desk: Desk, brand: str, entry: dict[str, Any], delivery: Delivery, past: Past) -> list[Attempt]:
    return [send(desk, brand, entry, delivery, past)]


def _in_doubt(desk: Desk, brand: str, entry: dict[str, Any], delivery: Delivery, past: Past) -> list[Attempt]:
    """It is live there, but its answer was lost; the worker will find it."""
    aside = Past()
    made = send(desk, brand, entry, delivery, aside)
    made.outcome, made.reason = DeliveryState.UNKNOWN, "no_answer"
    delivery.state, delivery.reason = DeliveryState.UNKNOWN, "no_answer"
    delivery.remote_id = delivery.remote_url = ""
    delivery.published_at, delivery.unclear = None, 1
    delivery.doubt_since, delivery.not_before = delivery.due_at, desk.at + LOOK_IN
    return [made]


def _asks(desk: Desk, brand: str, entry: dict[str, Any], delivery: Delivery, past: Past) -> list[Attempt]:
    """The answer was lost and the channel cannot be asked: a person decides."""
    delivery.state, delivery.reason = DeliveryState.NEEDS_ATTENTION, "no_look_up"
    delivery.attempts, delivery.unclear, delivery.doubt_since = 1, 1, delivery.due_at
    return [attempt(delivery, delivery.due_at, DeliveryState.NEEDS_ATTENTION, "no_look_up")]


def _refused(desk: Desk, brand: str, entry: dict[str, Any], delivery: Delivery, past: Past) -> list[Attempt]:
    delivery.state, delivery.reason = DeliveryState.FAILED, "media_refused"
    delivery.said, delivery.attempts = "Bad Request: IMAGE_PROCESS_FAILED", 1
    return [attempt(delivery, delivery.due_at, DeliveryState.FAILED, "media_refused", delivery.said)]


def _handed(desk: Desk, brand: str, entry: dict[str, Any], delivery: Delivery, past: Past) -> list[Attempt]:
    delivery.state, delivery.carried_by = DeliveryState.HANDED_OFF, desk.writer(brand)
    delivery.tolerance = int(timedelta(hours=12).total_seconds())
    return []


Settle = Callable[[Desk, str, dict[str, Any], Delivery, Past], list[Attempt]]
TODAY: Final[dict[str, Settle]] = {
    "published": _out, "unknown": _in_doubt, "needs_person": _asks, "failed": _refused, "handed_off": _handed,
}  # fmt: skip


def _ahead(desk: Desk, brand: str, entry: dict[str, Any]) -> None:
    """Still to come, as far as its state says."""
    post, due, state = written(desk, brand, entry), desk.hour(brand, entry), entry["state"]
    writer = desk.writer(brand)
    if state == "draft":
        save_post(writer, post.pk, {"planned_for": due}, post.version)
        return
    asked = ask_approval(writer, post.pk)
    if state != "asked":
        approve(desk.approver(brand), asked.pk)
    deliveries = schedule_post(writer, post, due)
    if state == "held":
        hold(writer, deliveries[0])
    if state == "cancelled":
        cancel(writer, deliveries[0])
    if state == "voided":
        _edit(desk, brand, post, entry["edited"])


@transaction.atomic
def _edit(desk: Desk, brand: str, post: Post, text: str) -> None:
    """Somebody changes two words after the yes, so what was scheduled is held and it asks again.

    The jobs that would void and hold it are forgotten with the others of the seed: it is done here, as they would.
    """
    writer = desk.writer(brand)
    save_post(writer, post.pk, {"text": text}, post_for(writer, post.pk).version)
    void_stale(post_for(writer, post.pk), writer)
    adopt_stale(post.pk)
    ask_approval(writer, post.pk)


def written(desk: Desk, brand: str, entry: dict[str, Any]) -> Post:
    """The draft with its picture and a variant for each account."""
    writer = desk.writer(brand)
    campaign, idea = desk.series.get(entry.get("series", ""), (None, None))
    post = write_post(
        writer,
        desk.brand(brand),
        title=entry["title"],
        text=entry["text"],
        language=entry.get("language", ""),
        campaign=campaign,
        idea=idea,
    )
    asset = desk.picture(brand, entry["picture"])
    set_post_media(writer, post.pk, [(asset.pk, asset.alt)], post.version)
    for account in desk.on(brand, entry):
        variant = add_variant(writer, post.pk, account, kind_for(account, entry, [asset]))
        if entry.get("thread"):
            more = {"sequence": True, "first_comment": entry.get("first_comment", "")}
            save_variant(writer, variant.pk, more, post_for(writer, post.pk).version)
    return post_for(writer, post.pk)
