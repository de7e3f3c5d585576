"""What a delivery's page says is so at that moment: being sent, unheard of, whose part, for whom; and the lists beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kitestring.connectorkit.faults import Fault
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.publishing.actions.end_grant import end_grant
from kitestring.domains.publishing.actions.hold import hold, release
from kitestring.domains.publishing.actions.pause import pause
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.actions.schedule import publish_now, schedule_post
from kitestring.domains.publishing.actions.set_aside import set_aside
from kitestring.domains.publishing.actions.settle_by_person import say_not_live
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.looking import looking
from kitestring.domains.publishing.queries.problems import problems
from kitestring.domains.publishing.queries.timeline import timeline_of
from kitestring.domains.publishing.rules.waiting import LEASE, UNHEARD
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.test_sequence import at_store
from kitestring.domains.publishing.tests.test_series_pages import started
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock

Door = Callable[[Member], Client]


def page(door: Door, member: Member, delivery: Delivery) -> str:
    answer = door(member).get(reverse("publishing:delivery", args=[delivery.pk]))
    return str(answer.content.decode())


def test_past_its_hour_it_goes_out_now(harbour: Harbour, door: Door) -> None:
    editor = harbour.world.editor
    delivery = harbour.delivery(due=clock.now() + timedelta(minutes=5))
    hold(editor, delivery)
    harbour.pass_(310)
    release(editor, delivery)
    told = page(door, editor, delivery)
    assert "It goes out now." in told
    assert "when its hour comes" not in told
    assert "Sending" in told
    harbour.pass_(120)
    assert "no worker has taken it up yet" in page(door, editor, delivery)
    Delivery.objects.filter(pk=delivery.pk).update(state="needs_attention", reason="late")
    delivery.refresh_from_db()
    say_not_live(editor, delivery)
    assert "It goes out now." in page(door, editor, delivery)


def test_a_worker_that_is_not_heard_of_is_told_with_the_hour_of_the_look(
    harbour: Harbour, door: Door
) -> None:
    delivery = harbour.delivery()
    since = clock.now()
    Delivery.objects.filter(pk=delivery.pk).update(
        state="sending", changed_at=since, lease_until=since + timedelta(seconds=LEASE)
    )
    assert "this moment" in page(door, harbour.world.editor, delivery)
    harbour.pass_(UNHEARD + 1)
    told = page(door, harbour.world.editor, delivery)
    until = (since + timedelta(seconds=LEASE)).astimezone(harbour.world.brand.zone).strftime("%H:%M")
    assert "this moment" not in told
    assert f"at {until} at the latest it is looked up there" in told


@pytest.mark.parametrize("ends", ["published", "held"])
def test_what_stands_in_the_place_of_a_taken_back_time_is_told_by_its_state(
    harbour: Harbour, door: Door, ends: str
) -> None:
    series, client = started(harbour, door), door(harbour.world.editor)
    gone = Delivery.objects.filter(series=series).order_by("due_at")[1]
    client.post(f"/series/{series.pk}/do/pause/")
    client.post(f"/series/{series.pk}/do/resume/")
    new = Delivery.objects.get(series=series, due_at=gone.due_at)
    address = f"/deliveries/{gone.pk}/"
    assert "It still goes out" in client.get(address).content.decode()
    if ends == "held":
        hold(harbour.world.editor, new)
    else:
        harbour.pass_((new.due_at - clock.now()).total_seconds() + 5)
        harbour.work(10)
    new.refresh_from_db()
    assert new.state == ends
    told = client.get(address).content.decode()
    assert "It still goes out" not in told
    assert f"at that hour: {new.get_state_display()}." in told


def test_who_may_not_let_it_go_is_refused_and_not_told_that_nothing_waits(
    harbour: Harbour, door: Door
) -> None:
    account = harbour.account()
    harbour.delivery(account=account, due=clock.now() + timedelta(hours=30))
    end_grant(account.pk, "grant_expired")
    for role, member in harbour.world.members.items():
        answer = door(member).get(reverse("publishing:waiting", args=["grant", account.pk]))
        assert answer.status_code == (200 if role in ("owner", "manager", "editor") else 403), role


def test_what_a_paused_workspace_holds_is_told_from_a_brand_that_has_none_of_it(
    harbour: Harbour, door: Door
) -> None:
    world, account = harbour.world, harbour.account()
    harbour.delivery(account=account)
    pause(world.manager, "workspace", world.workspace.pk)
    set_aside()
    other = type(world.brand).objects.create(workspace=world.workspace, name="Other", timezone="Asia/Tokyo")
    client = door(world.manager)
    session = client.session
    session["brand"] = str(other.pk)
    session.save()
    answer = client.get(reverse("publishing:waiting", args=["workspace", world.workspace.pk]))
    assert answer.status_code == 200
    assert "A warm cup" in answer.content.decode()


def test_a_post_on_two_accounts_waits_once(harbour: Harbour) -> None:
    world, first, second = harbour.world, harbour.account(), harbour.account(name="two")
    variant = harbour.variant(first)
    add_variant(world.editor, variant.post.pk, second)
    publish_now(world.editor, variant.post)
    harbour.delivery(account=first, text="Another")
    pause(world.manager, "brand", world.brand.pk)
    set_aside()
    (one,) = problems(world.manager, world.brand)
    assert one.told.startswith("2 posts wait,")
    assert len(one.accounts) == 2


def test_of_very_many_that_wait_each_has_its_place(harbour: Harbour) -> None:
    account, editor = harbour.account(), harbour.world.editor
    made = [
        harbour.delivery(account=account, text=f"T{n}", due=clock.now() + timedelta(minutes=10 + n // 2))
        for n in range(4)
    ]
    Delivery.objects.update(state="needs_attention", reason="late", due_at=clock.now())
    ordered = sorted(Delivery.objects.all(), key=lambda d: d.pk)
    for n, one in enumerate(ordered):
        found = looking(editor, one)
        assert (found.place, found.total) == (n + 1, len(made))
        assert found.before == (ordered[n - 1].pk if n else None)
        assert found.after == (ordered[n + 1].pk if n + 1 < len(made) else None)
    Delivery.objects.filter(pk=ordered[0].pk).update(state="cancelled")
    ordered[0].refresh_from_db()
    assert looking(editor, ordered[0]).place == 0
    assert looking(editor, ordered[0]).after == ordered[1].pk


def test_a_part_in_doubt_is_named_and_the_part_before_it_is_linked(harbour: Harbour, door: Door) -> None:
    delivery = harbour.sequence("none")
    at_store(harbour, 1, "drop_after")
    harbour.work(10)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part) == ("needs_attention", 1)
    told = page(door, harbour.world.editor, delivery)
    assert "1 of its 3 parts is live. Part 2: The channel’s answer was lost" in told
    assert "Part 2 is there" in told
    assert "Part 2 is not there, send it" in told
    assert delivery.remote_url
    assert f'href="{delivery.remote_url}"' in told.partition("</header>")[0]
    assert "Open the part before it there" in told


def test_who_may_not_settle_is_not_told_to_look(harbour: Harbour, door: Door) -> None:
    harbour.faults.next(Fault("drop_before", at="store"))
    delivery = harbour.delivery("none")
    harbour.work(5)
    delivery.refresh_from_db()
    assert delivery.reason == "no_look_up"
    for role, member in harbour.world.members.items():
        head = page(door, member, delivery).partition("</header>")[0]
        settles = role in ("owner", "manager", "editor")
        assert ("Needs you" in head) == settles, role
        assert ("Look there yourself" in head) == settles, role
        assert ("Waits for the team" in head) != settles, role


def test_a_comment_is_called_so_in_the_story_too(harbour: Harbour) -> None:
    delivery = harbour.sequence("native_key")
    harbour.work(5)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    texts = [line.text for line in timeline_of(delivery).lines]
    assert any(text.startswith("First comment: ") for text in texts)
    assert not any("Part 3 of 3" in text for text in texts)
    assert any(text.startswith("Part 2 of 3: ") for text in texts)


def test_what_was_held_and_then_moved_is_held_once(harbour: Harbour) -> None:
    delivery, editor = harbour.delivery(due=clock.now() + timedelta(hours=1)), harbour.world.editor
    hold(editor, delivery)
    harbour.pass_(1)
    reschedule(editor, delivery, clock.now() + timedelta(hours=3))
    delivery.refresh_from_db()
    assert delivery.state == "held"
    texts = [line.text for line in timeline_of(delivery).lines]
    assert "Held" not in texts
    assert any(text.endswith("held it") for text in texts)


def test_where_it_is_live_the_composer_leads_to_its_deliveries(harbour: Harbour, door: Door) -> None:
    world, first, second = harbour.world, harbour.account(), harbour.account(name="two")
    variant = harbour.variant(first)
    add_variant(world.editor, variant.post.pk, second)
    made = schedule_post(world.editor, variant.post, clock.now() + timedelta(minutes=1))
    harbour.pass_(61)
    harbour.work(10)
    fragment = door(world.editor).get(reverse("publishing:goes_out", args=[variant.post.pk]))
    told = fragment.content.decode()
    assert "2 of 2 live</a>" in told
    assert any(reverse("publishing:delivery", args=[one.pk]) in told for one in made)
