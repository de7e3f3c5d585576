"""Today tells one problem once, however many posts it holds: how many wait, from which hour, and what lets them go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.publishing.actions.end_grant import end_grant
from kitestring.domains.publishing.actions.hold import hold
from kitestring.domains.publishing.actions.pause import pause
from kitestring.domains.publishing.actions.schedule import schedule_delivery
from kitestring.domains.publishing.actions.set_aside import set_aside
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.ui.formats import date_time
from kitestring.ui.marks import account_name
from kitestring.web.tests.test_today import accounts_of
from tests.world import World

Door = Callable[[Member], Client]


def planned(world: World, account: Account, *hours: int) -> list[Delivery]:
    made = []
    for n in hours:
        post = write_post(world.editor, world.brand, title=f"Post {account.handle} {n}", text=f"Words {n}")
        variant = add_variant(world.editor, post.pk, account)
        made.append(schedule_delivery(world.editor, variant, now() + timedelta(hours=n)))
    return made


def needs(client: Client) -> str:
    page = client.get("/").content.decode().partition("Going out today")[0]
    return page.partition("Needs you")[2].partition("</section>")[0]


def rows_of(section: str) -> list[str]:
    return section.split('<div class="li')[1:]


def test_an_ended_grant_is_one_line_with_how_many_wait_and_the_first_hour(world: World, door: Door) -> None:
    account, other = accounts_of(world, 2)
    made = planned(world, account, 30, 26, 40, 50)
    planned(world, other, 27)
    end_grant(account.pk, "grant_expired")
    section = needs(door(world.manager))
    (row,) = rows_of(section)
    assert ">1</span>" in section.partition("</header>")[0], "one problem, one in the count"
    assert "Grant ended" in row
    assert account_name(account) in row
    assert "4 posts wait" in row
    first = date_time(made[1].due_at, "short", world.brand.zone)
    assert first in row
    assert reverse("channels:reconnect", args=[account.pk]) in row


def test_two_ended_grants_and_a_held_post_are_three_lines(world: World, door: Door) -> None:
    first, second, third = accounts_of(world, 3)
    for account in (first, second):
        planned(world, account, 26, 28)
        end_grant(account.pk, "grant_expired")
    hold(world.editor, planned(world, third, 30)[0])
    found = rows_of(needs(door(world.manager)))
    assert len(found) == 3
    assert sum("2 posts wait" in row for row in found) == 2


def test_a_pause_is_one_line_over_all_its_accounts(world: World, door: Door) -> None:
    first, second = accounts_of(world, 2)
    made = [*planned(world, first, 1, 2), *planned(world, second, 3)]
    Delivery.objects.filter(pk__in=[d.pk for d in made]).update(due_at=now() - timedelta(seconds=5))
    pause(world.manager, "brand", world.brand.pk)
    set_aside()
    (row,) = rows_of(needs(door(world.manager)))
    assert "Paused" in row
    assert world.brand.name in row
    assert "3 posts wait" in row
    shown = door(world.manager).get(reverse("publishing:waiting", args=["brand", world.brand.pk]))
    page = shown.content.decode()
    assert f"{world.brand.name} is paused" in page
    assert ">3</span>" in page
    for delivery in made:
        assert reverse("publishing:delivery", args=[delivery.pk]) in page
    assert "3 wait" in door(world.manager).get(reverse("publishing:pauses")).content.decode()


def test_what_holds_it_now_is_told_and_not_what_caught_it_first(world: World, door: Door) -> None:
    (account,) = accounts_of(world, 1)
    made = planned(world, account, 26, 28)
    end_grant(account.pk, "grant_expired")
    pause(world.manager, "account", account.pk)
    (row,) = rows_of(needs(door(world.manager)))
    assert "Grant ended" in row
    Account.objects.filter(pk=account.pk).update(state="connected")
    (row,) = rows_of(needs(door(world.manager)))
    assert "Paused" in row
    page = (
        door(world.manager).get(reverse("publishing:waiting", args=["account", account.pk])).content.decode()
    )
    for delivery in made:
        assert reverse("publishing:delivery", args=[delivery.pk]) in page


def test_who_may_not_connect_sees_what_waits(world: World, door: Door) -> None:
    (account,) = accounts_of(world, 1)
    planned(world, account, 26, 28)
    end_grant(account.pk, "grant_expired")
    (row,) = rows_of(needs(door(world.editor)))
    assert reverse("channels:reconnect", args=[account.pk]) not in row
    assert "See what waits" in row
    assert not needs(door(world.analyst))


def test_more_than_a_page_reads_hide_no_other_fault(world: World, door: Door) -> None:
    """A long hold would else fill what Today reads, and what needs a person besides would not be there."""
    first, second = accounts_of(world, 2)
    planned(world, first, *range(24, 90))
    (fault,) = planned(world, second, 100)
    end_grant(first.pk, "grant_expired")
    Delivery.objects.filter(pk=fault.pk).update(state="failed", reason="too_long")
    section = needs(door(world.manager))
    assert "66 posts wait" in section
    assert f"Post {second.handle} 100" in section


def test_what_waits_for_a_strangers_account_is_not_told(world: World, stranger: World, door: Door) -> None:
    (account,) = accounts_of(world, 1)
    planned(world, account, 26)
    end_grant(account.pk, "grant_expired")
    assert not needs(door(stranger.owner))
    address = reverse("publishing:waiting", args=["grant", account.pk])
    assert door(stranger.owner).get(address).status_code == 404
    assert "Post" in door(world.editor).get(address).content.decode()
