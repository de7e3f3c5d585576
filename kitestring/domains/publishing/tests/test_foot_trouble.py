"""The composer's foot where something is amiss: its state, why in a few words, and the way to its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from kitestring.connectorkit.emulation import Fault
from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.actions.midway import leave_as_it_is
from kitestring.domains.publishing.actions.pause import pause
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.rounds import repeating, weekly
from kitestring.domains.publishing.tests.test_foot import part
from kitestring.domains.publishing.tests.test_sequence import at_store
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from kitestring.ui.marks import account_name

Door = Callable[[Member], Client]


def strip(client: Client, delivery: Delivery) -> str:
    assert delivery.revision is not None
    post = delivery.revision.post
    page = client.get(reverse("publishing:foot", args=[post.pk])).content.decode()
    assert f'href="{reverse("publishing:delivery", args=[delivery.pk])}"' in page
    return part(client, post, "strip-time")


def test_a_pause_is_named(harbour: Harbour, door: Door) -> None:
    client, delivery = door(harbour.world.editor), harbour.delivery()
    pause(harbour.world.manager, "brand", harbour.world.brand.pk)
    harbour.work(5)
    told = strip(client, delivery)
    assert told.startswith("Goes out Held Crumb is paused"), told
    assert delivery.revision is not None
    assert part(client, delivery.revision.post, "when-phone") == "Held"


def test_an_ended_grant_is_named(harbour: Harbour, door: Door) -> None:
    client, delivery = door(harbour.world.editor), harbour.delivery()
    Account.objects.filter(pk=delivery.account_id).update(state="expired")
    harbour.work(5)
    assert f"Held The grant of {account_name(delivery.account)} has ended" in strip(client, delivery)


def test_a_channel_that_is_busy_has_the_hour_of_the_next_try(harbour: Harbour, door: Door) -> None:
    client, delivery = door(harbour.world.editor), harbour.delivery()
    harbour.faults.next(Fault("busy", after=600, at="store"))
    harbour.work(5)
    told = strip(client, delivery)
    assert "Scheduled" in told
    assert "Next try at" in told, told


def test_what_only_waits_for_its_hour_shows_the_hour_alone(harbour: Harbour, door: Door) -> None:
    client, delivery = door(harbour.world.editor), harbour.delivery(due=clock.now() + timedelta(hours=3))
    assert delivery.revision is not None
    told = part(client, delivery.revision.post, "strip-time")
    assert "Scheduled" not in told


def test_what_was_left_in_doubt_has_one_word_on_every_page(harbour: Harbour, door: Door) -> None:
    client, delivery = door(harbour.world.editor), harbour.sequence("none")
    at_store(harbour, 1, "drop_after")
    harbour.work(5)
    delivery.refresh_from_db()
    leave_as_it_is(harbour.world.editor, delivery)
    assert delivery.revision is not None
    post = delivery.revision.post
    page = client.get(reverse("publishing:delivery", args=[delivery.pk])).content.decode()
    head = page.partition("<h1")[2].partition("</div>")[0]
    dialog = client.get(reverse("publishing:of_post", args=[post.pk])).content.decode()
    posts = client.get(reverse("publishing:states"), {"post": str(post.pk)}).content.decode()
    for shown in (head, dialog.partition('class="li stated"')[2], posts):
        assert "Unknown" in shown
        assert "Published" not in shown.partition("</span>")[0]


def test_what_comes_round_is_led_to_all_its_times(harbour: Harbour, door: Door) -> None:
    series, client = repeating(harbour, weekly(harbour)), door(harbour.world.manager)
    post = series.post
    assert post is not None
    assert part(client, post, "acts-desk") == "See all its times"
    page = client.get(reverse("publishing:foot", args=[post.pk])).content.decode()
    assert reverse("publishing:series", args=[series.pk]) in page
