""" "Publish now" where nothing can leave: it says what keeps it, before and after, and nothing is called sending."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.actions.pause import pause
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.places import hour_of, place_of
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.workspaces.actions.change_workspace import pause_everything
from kitestring.domains.workspaces.models import Member
from kitestring.ui.formats import date_time
from kitestring.ui.marks import account_name

Door = Callable[[Member], Client]
SAID = {
    "workspace": "Everything is paused: it goes out once you resume.",
    "brand": "Crumb is paused: it goes out once that is resumed.",
    "account": "%s is paused: it goes out once that is resumed.",
    "grant": "The grant of %s has ended: it goes out once the account is connected again.",
}


def stop(harbour: Harbour, how: str, account: UUID) -> None:
    if how == "workspace":
        pause_everything(harbour.world.owner)
    elif how == "brand":
        pause(harbour.world.manager, "brand", harbour.world.brand.pk)
    elif how == "account":
        pause(harbour.world.manager, "account", account)
    else:
        Account.objects.filter(pk=account).update(state="expired")


@pytest.mark.parametrize("how", SAID)
def test_what_cannot_leave_says_what_keeps_it(harbour: Harbour, door: Door, how: str) -> None:
    client, variant = door(harbour.world.editor), harbour.variant(harbour.account())
    stop(harbour, how, variant.account_id)
    name = account_name(variant.account)
    words = SAID[how] % name if "%s" in SAID[how] else SAID[how]
    address = reverse("publishing:of_post", args=[variant.post_id])
    dialog = client.get(address).content.decode()
    assert words in dialog
    assert "It leaves at once" not in dialog
    now = reverse("publishing:publish_now", args=[variant.post_id])
    said = client.post(now, headers={"HX-Request": "true"}).content.decode()
    assert words in said
    assert "It goes out now." not in said
    delivery = Delivery.objects.get()
    assert delivery.state == "scheduled", "no worker has looked at it yet"
    foot = reverse("publishing:foot", args=[variant.post_id])
    page = reverse("publishing:delivery", args=[delivery.pk])
    for place in (address, foot, page, "/"):
        shown = client.get(place).content.decode()
        assert "Sending" not in shown, place
        assert "Held" in shown or place == "/", place
    assert words in client.get(page).content.decode()


def test_the_account_that_can_send_is_told_apart(harbour: Harbour, door: Door) -> None:
    client, variant = door(harbour.world.editor), harbour.variant(harbour.account())
    other = harbour.account("read_back", "second")
    client.post(reverse("composing:add_variant", args=[variant.post_id]), {"account": str(other.pk)})
    stop(harbour, "account", other.pk)
    dialog = client.get(reverse("publishing:of_post", args=[variant.post_id])).content.decode()
    assert dialog.index("It leaves at once for this account:") < dialog.index(
        f"{account_name(other)} is paused"
    )
    now = reverse("publishing:publish_now", args=[variant.post_id])
    said = client.post(now, headers={"HX-Request": "true"}).content.decode()
    assert f"It goes out now. {account_name(other)} is paused" in said


def test_what_waits_names_the_place_of_an_hour_that_is_not_the_pages(harbour: Harbour, door: Door) -> None:
    delivery = harbour.delivery()
    brand = harbour.world.brand
    assert hour_of(delivery.due_at, brand.zone).endswith(f"({place_of(brand.zone)})")
    with timezone.override(brand.timezone):
        assert hour_of(delivery.due_at, brand.zone) == date_time(delivery.due_at, "short", brand.zone)
    stop(harbour, "workspace", delivery.account_id)
    harbour.work(5)
    other = Brand.objects.create(workspace=harbour.world.workspace, name="Abroad", timezone="Europe/Berlin")
    client = door(harbour.world.owner)
    resume = reverse("publishing:resume", args=["workspace", harbour.world.workspace.pk])
    assert f"({place_of(brand.zone)})" not in client.post(resume).content.decode()
    client.post(reverse("web:brand"), {"brand": str(other.pk)})
    assert f"({place_of(brand.zone)})" in client.post(resume).content.decode()
