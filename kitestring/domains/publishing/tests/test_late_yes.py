"""What a yes does is said before it is given: "now" waits for it, and one that comes after the hour sends at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.publishing.actions.pause import pause
from kitestring.domains.publishing.actions.schedule import schedule_delivery
from kitestring.domains.publishing.actions.set_aside import set_aside
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.hours import next_hours
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.reviewing.actions.decide_approval import approve
from kitestring.domains.reviewing.models import Approval
from kitestring.domains.reviewing.queries import waiting_for_approval
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock

Door = Callable[[Member], Client]


@pytest.fixture
def asks(harbour: Harbour) -> Harbour:
    """The brand wants a yes."""
    harbour.world.brand.needs_approval = True
    harbour.world.brand.save()
    return harbour


def scheduled(harbour: Harbour, minutes: int = 5) -> tuple[Delivery, Approval]:
    delivery = harbour.delivery(due=clock.now() + timedelta(minutes=minutes))
    assert delivery.revision is not None
    return delivery, ask_approval(harbour.world.editor, delivery.revision.post_id)


def test_publish_now_without_a_yes_says_that_it_waits_for_one(asks: Harbour, door: Door) -> None:
    client, post = door(asks.world.editor), asks.variant(asks.account()).post
    dialog = client.get(reverse("publishing:of_post", args=[post.pk])).content.decode()
    assert "It goes out as soon as this text is approved" in dialog
    assert "It leaves at once" not in dialog
    said = client.post(
        reverse("publishing:publish_now", args=[post.pk]), headers={"HX-Request": "true"}
    ).content.decode()
    assert "It goes out as soon as it is approved." in said
    assert "It goes out now." not in said
    later = asks.variant(asks.account(name="two")).post
    day = (clock.now() + timedelta(days=1)).date().isoformat()
    said = client.post(
        reverse("publishing:schedule", args=[later.pk]),
        {"day": day, "time": "09:00"},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "Scheduled on 1 account. It goes out only if this text is approved by then." in said


def test_with_a_yes_now_is_now(harbour: Harbour, door: Door) -> None:
    client, post = door(harbour.world.editor), harbour.variant(harbour.account()).post
    assert "It leaves at once" in client.get(reverse("publishing:of_post", args=[post.pk])).content.decode()
    answer = client.post(reverse("publishing:publish_now", args=[post.pk]), headers={"HX-Request": "true"})
    assert "It goes out now." in answer.content.decode()


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (timedelta(minutes=2), "has passed: approving it sends it now."),
        (timedelta(hours=2), "has passed by more than it allows: once approved, somebody is asked"),
    ],
)
@pytest.mark.parametrize("aside", [True, False])
def test_what_a_late_yes_does_is_said_on_both_pages(
    asks: Harbour, door: Door, late: timedelta, said: str, aside: bool
) -> None:
    delivery, approval = scheduled(asks)
    hour = delivery.due_at.astimezone(asks.world.brand.zone).strftime("%H:%M")
    client = door(asks.world.approver)
    fragment = reverse("publishing:goes_out", args=[approval.revision.post_id])
    before = client.get(fragment).content.decode() + client.get("/").content.decode()
    assert "has passed" not in before
    asks.pass_(300 + late.total_seconds())
    if aside:
        set_aside()
    for page in (fragment, "/"):
        told = client.get(page).content.decode()
        assert said in told, page
        assert hour in told, page
        assert "Needs you" not in told
        assert "Waits for the team" not in told or late > timedelta(hours=1)


def test_what_another_holds_is_not_promised(asks: Harbour, door: Door) -> None:
    _delivery, approval = scheduled(asks)
    asks.pass_(420)
    set_aside()
    pause(asks.world.manager, "brand", asks.world.brand.pk)
    fragment = reverse("publishing:goes_out", args=[approval.revision.post_id])
    for page in (fragment, "/"):
        told = door(asks.world.approver).get(page).content.decode()
        assert "once approved it waits until the pause ends." in told, page


@pytest.mark.parametrize(
    ("facts", "said", "after"),
    [
        ({"state": "expired"}, "it waits until its account is connected again.", ("held", "grant_expired")),
        (
            {"state": "disconnected"},
            "somebody is asked what to do, for its account is not connected.",
            ("needs_attention", "account_disconnected"),
        ),
        ({"archived_at": True}, "for its brand is archived.", ("needs_attention", "brand_archived")),
    ],
)
def test_what_cannot_leave_after_the_yes_is_not_promised(
    asks: Harbour, door: Door, facts: dict[str, Any], said: str, after: tuple[str, str]
) -> None:
    delivery, approval = scheduled(asks)
    client = door(asks.world.approver)
    asks.pass_(420)
    set_aside()
    if "state" in facts:
        Account.objects.filter(pk=delivery.account_id).update(**facts)
    else:
        Brand.objects.filter(pk=asks.world.brand.pk).update(archived_at=clock.now())
    post = approval.revision.post_id
    pages = [client.get(reverse("publishing:goes_out", args=[post])).content.decode()]
    if "state" in facts:
        pages.append(client.get("/").content.decode())
    for told in (*pages, next_hours(asks.world.approver, [post])[post].late):
        assert said in told
        assert "approving it sends it now" not in told
    approve(asks.world.approver, approval.pk)
    asks.work(15)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == after


def test_of_two_accounts_one_that_may_leave_is_promised(asks: Harbour, door: Door) -> None:
    delivery, approval = scheduled(asks)
    other = add_variant(asks.world.editor, approval.revision.post_id, asks.account(name="two"))
    schedule_delivery(asks.world.editor, other, clock.now() + timedelta(minutes=5))
    asks.pass_(420)
    set_aside()
    Account.objects.filter(pk=delivery.account_id).update(state="expired")
    told = door(asks.world.approver).get(reverse("publishing:goes_out", args=[approval.revision.post_id]))
    assert "approving it sends it now" in told.content.decode()


def test_publish_now_asks_for_the_yes_it_lacks(asks: Harbour, door: Door) -> None:
    client, post = door(asks.world.editor), asks.variant(asks.account()).post
    dialog = client.get(reverse("publishing:of_post", args=[post.pk])).content.decode()
    assert "This asks Mira, Hà, 周明珊 for approval at once." in dialog
    said = client.post(reverse("publishing:publish_now", args=[post.pk]), headers={"HX-Request": "true"})
    assert "Asked to approve it: Mira, Hà, 周明珊." in said.content.decode()
    assert [one.revision.post_id for one in waiting_for_approval(asks.world.approver)] == [post.pk]
    asks.work(5)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.reason) == ("needs_attention", "not_approved")
    approve(asks.world.approver, Approval.objects.get().pk)
    asks.work(5)
    delivery.refresh_from_db()
    assert delivery.state == "published"


def test_what_passed_its_hour_unasked_can_still_be_asked_for(asks: Harbour, door: Door) -> None:
    client, delivery = door(asks.world.editor), asks.delivery()
    asks.work(5)
    assert delivery.revision is not None
    post, page = delivery.revision.post, reverse("publishing:delivery", args=[delivery.pk])
    places = [reverse(f"publishing:{name}", args=[post.pk]) for name in ("foot", "of_post")]
    button = reverse("reviewing:ask", args=[post.pk])
    for place in (*places, page):
        assert button in client.get(place).content.decode(), place
    client.post(button)
    for place in (*places, page):
        assert button not in client.get(place).content.decode(), place
    told = "approving it sends it now. Asked to approve it: Mira, Hà, 周明珊."
    for place in (page, places[1], "/"):
        shown = client.get(place).content.decode()
        assert told in shown, place
        # What is over stays in the story of the delivery.
        assert shown.count("Have it approved") == (place == page), place
    own = door(asks.world.owner).get(page).content.decode()
    assert "approving it sends it now. It waits for your yes." in own
