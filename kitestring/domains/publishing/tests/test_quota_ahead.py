"""A quota that is planned out is said and refused at the desk: by the platform's days, whatever state holds the place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from kitestring.connectorkit import registry
from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.hold import hold
from kitestring.domains.publishing.actions.reschedule import reschedule, reschedule_together
from kitestring.domains.publishing.actions.schedule import schedule_delivery, schedule_post
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.quotas import quota_use
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.harbour import manifests
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from kitestring.kit.refusals import Refusal

Door = Callable[[Member], Client]
BEIJING = ZoneInfo("Asia/Shanghai")


def limited(window: str = "month", limit: int = 2, zone: str = "") -> None:
    quota = {
        "key": "sends", "limit": limit, "window": window, "zone": zone, "label": manifests.text("Sends"),
        **manifests.FACT,
    }  # fmt: skip
    one = manifests.connector("native_key", quotas=[quota])
    registry.connectors()[one.manifest.slug] = one


def next_month(harbour: Harbour, day: int = 5, hour: int = 9, months: int = 1) -> datetime:
    there = clock.now().astimezone(harbour.world.brand.zone).replace(day=1)
    for _ in range(months):
        there = (there + timedelta(days=32)).replace(day=1)
    return there.replace(day=day, hour=hour, minute=0, second=0, microsecond=0)


def two_planned(harbour: Harbour) -> tuple[Account, list[Delivery]]:
    account = harbour.account("native_key", "service")
    due = next_month(harbour)
    return account, [
        harbour.delivery(account=account, due=due + timedelta(days=n), text=f"Planned {n}") for n in range(2)
    ]


def refused(harbour: Harbour, account: Account, due: datetime) -> Refusal:
    before = Delivery.objects.count()
    with pytest.raises(Refusal) as told:
        harbour.delivery(account=account, due=due, text="One too many")
    assert Delivery.objects.count() == before
    assert (told.value.reason, told.value.field) == ("quota_full", "due_at")
    return told.value


def test_what_is_planned_out_is_refused_with_figures_and_the_next_period(harbour: Harbour) -> None:
    limited()
    account, _two = two_planned(harbour)
    told = refused(harbour, account, next_month(harbour, 20)).message
    assert "0 used, 2 planned, of 2" in told
    assert f"1 {next_month(harbour, months=2):%b %Y}, 00:00" in told
    assert harbour.delivery(account=account, due=next_month(harbour, months=2)).state == "scheduled"


def test_one_that_keeps_to_its_period_moves_and_a_cancelled_one_makes_room(harbour: Harbour) -> None:
    limited()
    account, two = two_planned(harbour)
    assert reschedule(harbour.world.editor, two[0], next_month(harbour, 25)).due_at == next_month(harbour, 25)
    later = harbour.delivery(account=account, due=next_month(harbour, months=2))
    with pytest.raises(Refusal):
        reschedule(harbour.world.editor, later, next_month(harbour, 26))
    with pytest.raises(Refusal):
        reschedule_together(harbour.world.editor, [later], next_month(harbour, 26))
    cancel(harbour.world.editor, two[1])
    assert reschedule(harbour.world.editor, later, next_month(harbour, 26)).due_at == next_month(harbour, 26)


def test_a_held_one_and_one_in_doubt_and_one_given_up_in_doubt_keep_their_places(harbour: Harbour) -> None:
    """The last two were counted by the due hour and left out by the calendar: a fifth looked free and was refused."""
    limited(limit=3)
    account, (held, doubted) = two_planned(harbour)
    given_up = harbour.delivery(account=account, due=next_month(harbour, 8))
    hold(harbour.world.editor, held)
    for one, state in ((doubted, "needs_attention"), (given_up, "cancelled")):
        Delivery.objects.filter(pk=one.pk).update(state=state, counted_at=one.due_at, doubt_since=one.due_at)
    assert "2 used, 1 planned, of 3" in refused(harbour, account, next_month(harbour, 20)).message


def test_the_foot_counts_what_the_due_hour_counts(harbour: Harbour, door: Door) -> None:
    limited(limit=3)
    account, (doubted, late) = two_planned(harbour)
    Delivery.objects.filter(pk=doubted.pk).update(
        state="needs_attention", counted_at=doubted.due_at, doubt_since=doubted.due_at
    )
    # Due in this month, out in the next: its place is in the next.
    early = harbour.delivery(account=account, due=clock.now() + timedelta(minutes=5))
    Delivery.objects.filter(pk=early.pk).update(
        state="published", published_at=late.due_at, counted_at=late.due_at
    )
    page = door(harbour.world.editor).get(
        reverse("web:calendar"), {"view": "list", "day": doubted.due_at.date().isoformat()}
    )
    assert "service 1/3" in page.content.decode()
    assert "service 3/3, used up" in page.content.decode()
    assert [(u.used, u.planned) for u in quota_use([account], late.due_at)] == [(2, 1)]


def test_days_and_months_are_the_platforms(harbour: Harbour) -> None:
    """23:30 on the last day in Ho Chi Minh City is the next month in Beijing, for the desk and for the due hour."""
    limited(zone="Asia/Shanghai", limit=1)
    account = harbour.account("native_key", "service")
    edge = next_month(harbour, 1, 0, months=2) - timedelta(minutes=30)
    harbour.delivery(account=account, due=edge)
    refused(harbour, account, next_month(harbour, 10, months=2))
    assert harbour.delivery(account=account, due=edge - timedelta(hours=1)).state == "scheduled"
    use = quota_use([account], edge)[0]
    assert use.starts.astimezone(BEIJING).day == 1
    assert use.starts.astimezone(BEIJING).hour == 0


def test_the_due_hour_counts_by_the_platforms_midnight(harbour: Harbour) -> None:
    limited("day", limit=1, zone="Asia/Shanghai")
    account = harbour.account("native_key", "service")
    here = clock.now().astimezone(BEIJING)
    before = (here + timedelta(days=1)).replace(hour=23, minute=40, second=0, microsecond=0)
    first = harbour.delivery(account=account, due=before)
    second = harbour.delivery(account=account, due=before + timedelta(minutes=30))
    harbour.pass_((before - here).total_seconds() + 5)
    harbour.work(1)
    harbour.pass_(1800)
    harbour.work(1)
    assert {Delivery.objects.get(pk=d.pk).state for d in (first, second)} == {"published"}


@pytest.mark.parametrize("window", ["hour", "rolling_day"])
def test_a_span_that_rolls_looks_at_what_is_planned_behind_too(harbour: Harbour, window: str) -> None:
    limited(window)
    account = harbour.account("native_key", "service")
    due = next_month(harbour)
    for minutes in (0, 20):
        harbour.delivery(account=account, due=due + timedelta(minutes=minutes))
    refused(harbour, account, due - timedelta(minutes=10))
    refused(harbour, account, due + timedelta(minutes=40))
    assert harbour.delivery(account=account, due=due + timedelta(hours=25)).state == "scheduled"


def test_a_way_of_publishing_changed_after_scheduling_needs_a_place(harbour: Harbour) -> None:
    limited()
    account, _two = two_planned(harbour)
    variant = harbour.variant(account, "Was another way")
    other = schedule_delivery(harbour.world.editor, variant, next_month(harbour, months=2))
    Delivery.objects.filter(pk=other.pk).update(publish_kind="note", due_at=next_month(harbour, 12))
    with pytest.raises(Refusal):
        schedule_post(harbour.world.editor, variant.post, next_month(harbour, 13))


def test_the_dialog_and_the_composer_say_it_before(harbour: Harbour, door: Door) -> None:
    limited()
    account, two = two_planned(harbour)
    variant, client = harbour.variant(account, "One too many"), door(harbour.world.editor)
    asked = {"day": next_month(harbour, 20).date().isoformat(), "time": "09:00"}
    said = client.get(reverse("publishing:quotas_at", args=[variant.post_id]), asked).content.decode()
    assert "No place is left for this hour" in said
    for one in two:
        assert reverse("publishing:delivery", args=[one.pk]) in said
    nothing = client.get(reverse("publishing:quotas_at", args=[variant.post_id]), {"day": "x", "time": ""})
    assert (nothing.status_code, nothing.content.decode().strip()) == (200, "")
    beside = client.get(reverse("publishing:quotas", args=[variant.post_id])).content.decode()
    assert f'id="quota-{variant.pk}"' in beside
    assert "0 used, 0 planned, of 2" in beside  # this month is free
    answer = client.post(
        reverse("publishing:schedule", args=[variant.post_id]), asked, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    told = answer.content.decode()
    assert "Planned 1" in told
    assert told.count("No place is left") == 1, "said once, under the hour"
    assert "No place is left for this hour. Nothing was changed." in told
    assert 'role="alert"' in told
    assert not Delivery.objects.filter(subject_id=variant.post_id).exists()


def test_a_stranger_sees_nothing(harbour: Harbour, door: Door, stranger: object) -> None:
    variant = harbour.variant(harbour.account())
    client = door(stranger.owner)
    for name in ("quotas", "quotas_at"):
        assert client.get(reverse(f"publishing:{name}", args=[variant.post_id])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_take_the_last_place_once(harbour: Harbour) -> None:
    limited(limit=1)
    account = harbour.account("native_key", "service")
    mine, theirs = (harbour.variant(account, text) for text in ("Mine", "Theirs"))
    due, told = next_month(harbour), []
    before = next_month(harbour, months=2)
    ours, yours = (
        schedule_delivery(harbour.world.editor, one, before + timedelta(days=40 * n))
        for n, one in enumerate((mine, theirs))
    )

    def schedule_theirs() -> None:
        try:
            reschedule(harbour.world.editor, yours, due)
        except Refusal as refusal:
            told.append(refusal.reason)
        finally:
            connection.close()

    other = threading.Thread(target=schedule_theirs)
    with transaction.atomic():
        reschedule(harbour.world.editor, ours, due)
        other.start()
        other.join(1)  # it cannot see mine yet: it has to wait for me
    other.join()
    assert told == ["quota_full"]
    assert Delivery.objects.filter(due_at=due).count() == 1
