"""The composer's foot: the one deed that comes next, how far the post is, and where it is live."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for, posts_visible_to
from kitestring.domains.publishing.actions.left_in_doubt import say_part_absent
from kitestring.domains.publishing.actions.midway import leave_as_it_is
from kitestring.domains.publishing.actions.schedule import publish_now, schedule_post
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.posts import standing_as
from kitestring.domains.publishing.rules.next_deed import Deeds, next_deeds
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.test_sequence import at_store
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.reviewing.actions.decide_approval import approve
from kitestring.domains.reviewing.tasks import void_after_edit
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock

Door = Callable[[Member], Client]
OPEN = {
    "accounts": True, "over": False, "leaving": True, "waiting": False, "lacks_yes": False, "asked": False,
    "may_ask": True, "may_answer": False, "may_schedule": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("how", "first", "beside"),
    [
        ({"accounts": False}, "", ()),
        ({}, "schedule", ()),
        ({"waiting": True}, "", ("change",)),
        ({"lacks_yes": True}, "ask", ("schedule",)),
        ({"lacks_yes": True, "waiting": True}, "ask", ("change",)),
        ({"lacks_yes": True, "asked": True}, "", ("schedule",)),
        ({"lacks_yes": True, "asked": True, "may_answer": True}, "answer", ("schedule",)),
        ({"lacks_yes": True, "may_ask": False, "may_schedule": False}, "", ("look",)),
        ({"lacks_yes": True, "leaving": False}, "", ("look",)),
        ({"lacks_yes": True, "leaving": False, "owed": True}, "ask", ("look",)),
        ({"lacks_yes": True, "leaving": False, "owed": True, "asked": True}, "", ("look",)),
        ({"over": True, "lacks_yes": True, "leaving": False}, "results", ("repeat",)),
    ],
)
def test_one_deed_comes_first(how: dict[str, Any], first: str, beside: tuple[str, ...]) -> None:
    assert next_deeds(**{**OPEN, **how}) == Deeds(first, beside)


def part(client: Client, post: Post, name: str) -> str:
    """What is swapped into the element of this name, without its tags."""
    page = client.get(reverse("publishing:foot", args=[post.pk])).content.decode()
    found = re.search(rf'<(\w+) id="{name}"[^>]*>(.*?)</\1>\s*(?=<(?:div|span) id=|$)', page, re.DOTALL)
    assert found, page
    return " ".join(re.sub(r"<[^>]+>", " ", found[2]).split())


def test_it_follows_the_yes_and_what_voids_it(harbour: Harbour, door: Door) -> None:
    world = harbour.world
    world.brand.needs_approval = True
    world.brand.save()
    post = harbour.variant(harbour.account()).post
    client = door(world.manager)
    assert part(client, post, "acts-desk") == "Schedule Ask for approval"
    assert part(client, post, "stands") == "Draft"
    approval = ask_approval(world.editor, post.pk)
    assert part(client, post, "acts-desk") == "Schedule Read and answer"
    assert part(client, post, "stands") == "Waits for approval"
    schedule_post(world.manager, post, clock.now() + timedelta(days=1))
    assert part(client, post, "acts-desk") == "Change the time Read and answer"
    approve(world.approver, approval.pk)
    assert part(client, post, "acts-desk") == "Change the time"
    assert part(client, post, "stands") == "Approved, scheduled"
    before = post_for(world.editor, post.pk)
    edited = save_post(world.editor, post.pk, {"text": "Another cup"}, before.version)
    assert part(client, post, "acts-desk") == "Change the time Ask for approval"
    assert part(client, post, "stands") == "Not put to approval yet"
    void_after_edit(str(post.pk), str(world.editor.pk))
    save_post(world.editor, post.pk, {"text": before.text}, edited.version)
    assert part(client, post, "acts-desk") == "Change the time Ask for approval"
    told = client.get(reverse("reviewing:of_post", args=[post.pk])).content.decode()
    assert "Void: changed since" in told
    assert "Sent back" not in told


@pytest.mark.parametrize("whose", ["nobody", "mine", "another"])
def test_what_is_to_be_published_by_hand_says_whose_turn_it_is(
    harbour: Harbour, door: Door, whose: str
) -> None:
    world = harbour.world
    delivery = harbour.delivery()
    carried = {"nobody": None, "mine": world.manager, "another": world.editor}[whose]
    Delivery.objects.filter(pk=delivery.pk).update(state="handed_off", carried_by=carried)
    post = post_for(world.manager, delivery.revision.post_id)
    [variant] = post.variants.all()
    page = door(world.manager).get(reverse("publishing:foot", args=[post.pk])).content.decode()
    found = re.search(rf'<span data-turn="side-{variant.pk}">(.*?)</span></span>', page, re.DOTALL)
    assert found, page
    assert (f"With {world.editor.name}" if whose == "another" else "Your turn") in found[1]
    assert f'data-of="side-{variant.pk}"' not in page, "nothing is out: its words are not locked"
    assert reverse("publishing:hand_off", args=[delivery.pk]) in page


def test_a_yes_is_told_before_there_is_an_hour(harbour: Harbour, door: Door) -> None:
    world = harbour.world
    world.brand.needs_approval = True
    world.brand.save()
    post = harbour.variant(harbour.account()).post
    approve(world.approver, ask_approval(world.editor, post.pk).pk)
    client = door(world.manager)
    assert part(client, post, "stands") == "Approved"
    assert part(client, post, "when-phone") == "Not scheduled yet"
    save_post(world.editor, post.pk, {"text": "Another cup"}, post_for(world.editor, post.pk).version)
    assert part(client, post, "stands") == "Draft"


def test_what_leaves_this_moment_is_no_longer_scheduled_and_tells_its_news_by_itself(
    harbour: Harbour, door: Door
) -> None:
    world = harbour.world
    post, client = harbour.variant(harbour.account()).post, door(world.manager)
    again = r'<div id="foot-again"[^>]*hx-trigger="load delay:2s"'
    address, dialog = (reverse(f"publishing:{name}", args=[post.pk]) for name in ("foot", "of_post"))
    schedule_post(world.manager, post, clock.now() + timedelta(days=1))
    assert not re.search(again, client.get(address).content.decode())
    publish_now(world.manager, post)
    for name in ("stands", "when-phone"):
        assert part(client, post, name) == "Sending"
    assert part(client, post, "acts-desk") == "When it goes out"
    assert "Sending" in part(client, post, "strip-time")
    assert re.search(again, client.get(address).content.decode())
    told = client.get(dialog).content.decode()
    assert "Sending" in told
    assert "<form" not in told
    assert 'hx-trigger="load delay:3s"' in told
    harbour.send()
    assert part(client, post, "stands") == "Published"
    assert part(client, post, "when-phone").startswith("Went out ")
    assert not re.search(again, client.get(address).content.decode())
    assert "load delay" not in client.get(dialog).content.decode()


def test_what_no_worker_takes_up_is_not_called_sending_for_long(harbour: Harbour, door: Door) -> None:
    post, client = harbour.variant(harbour.account()).post, door(harbour.world.manager)
    publish_now(harbour.world.manager, post)
    harbour.pass_(90)
    assert part(client, post, "stands") == "Scheduled"
    assert part(client, post, "acts-desk") == "Change the time"


def test_what_is_out_everywhere_looks_it(harbour: Harbour, door: Door) -> None:
    world = harbour.world
    first, second = harbour.account("native_key", "first"), harbour.account("read_back", "second")
    variant = harbour.variant(first)
    post = variant.post
    client = door(world.manager)
    publish_now(world.editor, post, only=variant)
    harbour.send()
    page = client.get(reverse("publishing:foot", args=[post.pk])).content.decode()
    assert "data-over" in page
    assert part(client, post, "stands") == "Published"
    assert part(client, post, "acts-desk") == "Repeat as a new post See results"
    assert "Went out" in part(client, post, "strip-time")
    assert "1 of 1 live" in part(client, post, "strip-time")
    assert "nothing written here changes them there" in part(client, post, "said-live")
    assert f'data-of="side-{variant.pk}"' in page
    assert re.search(rf'data-link-of="side-{variant.pk}"><a[^>]+target="_blank"', page)
    dialog = client.get(reverse("publishing:of_post", args=[post.pk])).content.decode()
    assert "/schedule/" not in dialog
    assert "/publish-now/" not in dialog
    assert "/recur/" in dialog
    assert "Let it come round again" in part(client, post, "said-live")
    add_variant(world.editor, post.pk, second)
    page = client.get(reverse("publishing:foot", args=[post.pk])).content.decode()
    assert "data-over" not in page
    assert "Out already: first · " in part(client, post, "said-live")
    assert part(client, post, "acts-desk") == "Schedule"


@pytest.mark.parametrize(
    ("state", "more", "chip"),
    [
        ("unknown", {}, "Unknown"),
        ("needs_attention", {"reason": "no_look_up"}, "Unknown"),
        ("cancelled", {}, "Unknown"),
    ],
)
def test_an_account_whose_delivery_is_in_doubt_shows_it_in_its_row(
    harbour: Harbour, door: Door, state: str, more: dict[str, Any], chip: str
) -> None:
    client, delivery = door(harbour.world.manager), harbour.delivery("none")
    assert delivery.revision
    post = delivery.revision.post
    variant = post.variants.get()
    assert row_of(client, post, variant.pk) == ""
    Delivery.objects.filter(pk=delivery.pk).update(state=state, doubt_since=clock.now(), **more)
    assert row_of(client, post, variant.pk) == chip
    said = part(client, post, "said-live")
    assert "May be out, nobody knows for sure: hien · " in said
    assert "Out already" not in said
    assert "out on every account" not in said
    Delivery.objects.filter(pk=delivery.pk).update(state="failed", doubt_since=None)
    assert row_of(client, post, variant.pk) == ""


def test_what_was_left_in_part_is_not_called_out_on_every_account(harbour: Harbour, door: Door) -> None:
    client, delivery = door(harbour.world.manager), harbour.sequence("none")
    at_store(harbour, 1, "drop_after")
    harbour.work(5)
    delivery.refresh_from_db()
    assert delivery.revision
    post = delivery.revision.post
    variant = post.variants.get()
    leave_as_it_is(harbour.world.editor, delivery)
    said = part(client, post, "said-live")
    assert "out on every account" not in said
    assert "May be out, nobody knows for sure: hien · " in said
    assert row_of(client, post, variant.pk) == "1 of 3"
    assert part(client, post, "stands") == "Unknown"
    everything = posts_visible_to(harbour.world.manager)
    assert [*standing_as(everything, "unknown")] == [post], "found by the word of its chip"
    assert not standing_as(everything, "settled").exists()
    delivery.refresh_from_db()
    say_part_absent(harbour.world.editor, delivery)
    said = part(client, post, "said-live")
    assert "Only part of it is out: hien · " in said
    assert part(client, post, "stands") == "Published"
    assert "out on every account" not in said


def test_what_is_on_its_way_is_not_called_out(harbour: Harbour, door: Door) -> None:
    client, delivery = door(harbour.world.manager), harbour.delivery()
    assert delivery.revision
    Delivery.objects.filter(pk=delivery.pk).update(state="processing")
    said = part(client, delivery.revision.post, "said-live")
    assert said.startswith("On its way: hien · ")
    assert "Out already" not in said


def row_of(client: Client, post: Post, variant: UUID) -> str:
    """What stands in the row of an account; "" where its tick stays."""
    page = client.get(reverse("publishing:foot", args=[post.pk])).content.decode()
    found = re.search(rf'data-of="side-{variant}">(.*?)</span></span>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def test_who_only_reads_is_offered_nothing_to_do(harbour: Harbour, door: Door) -> None:
    post = harbour.variant(harbour.account()).post
    assert part(door(harbour.world.stakeholder), post, "acts-desk") == "When it goes out"
    stranger = reverse("publishing:foot", args=[harbour.world.brand.pk])
    assert door(harbour.world.stakeholder).get(stranger).status_code == 404
