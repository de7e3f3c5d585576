"""The launch slips by a week: everything of the campaign that waits moves at once, keeps its hour, and can go back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.domains.composing.models import Post
from kitestring.domains.planning.actions.start_campaign import start_campaign
from kitestring.domains.planning.models import Campaign
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.hold import hold
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.actions.shift import shift_campaign
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.changes import changed_by_people
from kitestring.domains.publishing.queries.shifting import waiting_of
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.test_quota_ahead import limited, next_month
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from kitestring.kit.refusals import Refusal

pytestmark = pytest.mark.django_db
Door = Callable[[Member], Client]
WEEK = timedelta(days=7)


def launch(harbour: Harbour, *dues: datetime) -> tuple[Campaign, list[Delivery]]:
    """A campaign with one scheduled post for each hour, all on one account."""
    campaign = start_campaign(harbour.world.manager, harbour.world.brand, "Launch")
    account = harbour.account()
    found = [
        harbour.delivery(account=account, due=due, text=f"Post {n}", tolerance=timedelta(hours=2))
        for n, due in enumerate(dues)
    ]
    Post.objects.filter(pk__in=[d.subject_id for d in found]).update(campaign=campaign)
    return campaign, found


def hours(deliveries: list[Delivery]) -> list[datetime]:
    return [Delivery.objects.get(pk=one.pk).due_at for one in deliveries]


def test_all_that_waits_moves_and_nothing_else(harbour: Harbour) -> None:
    soon = clock.now().replace(microsecond=0) + timedelta(hours=3)
    campaign, found = launch(harbour, *(soon + timedelta(days=n) for n in range(4)))
    other = harbour.delivery(account=harbour.account(name="other"), due=soon)
    hold(harbour.world.editor, found[1])
    cancel(harbour.world.editor, found[2])
    before = hours(found)
    shifted = shift_campaign(harbour.world.editor, campaign, 7)
    assert (shifted.deliveries, shifted.stayed) == (3, 0)
    assert hours(found) == [before[0] + WEEK, before[1] + WEEK, before[2], before[3] + WEEK]
    assert Delivery.objects.get(pk=found[1].pk).state == "held"
    assert hours([other]) == [soon]
    told = changed_by_people(Delivery.objects.get(pk=found[0].pk))
    assert [one.due for one in told][-1] == before[0] + WEEK, "the timeline tells it"


def test_nine_stays_nine_over_a_change_of_the_clocks(harbour: Harbour) -> None:
    brand = harbour.world.brand
    brand.timezone = "Europe/Berlin"
    brand.save()
    berlin = ZoneInfo("Europe/Berlin")
    year = clock.now().year + 1
    due = datetime(year, 3, 20, 9, tzinfo=berlin)  # the clocks change on the last Sunday of March
    campaign, found = launch(harbour, due)
    shift_campaign(harbour.world.editor, campaign, 14)
    assert hours(found)[0].astimezone(berlin).replace(tzinfo=None) == datetime(year, 4, 3, 9)  # noqa: DTZ001 - an hour on the wall, held against one


def test_an_hour_that_would_have_passed_stays(harbour: Harbour) -> None:
    start = clock.now().replace(microsecond=0)
    campaign, found = launch(harbour, start + timedelta(hours=20), start + timedelta(days=3))
    shifted = shift_campaign(harbour.world.editor, campaign, -1)
    assert (shifted.deliveries, shifted.stayed) == (1, 1)
    assert hours(found) == [start + timedelta(hours=20), start + timedelta(days=2)]


def test_what_has_no_place_there_is_refused_whole(harbour: Harbour) -> None:
    limited(limit=2)
    days = [next_month(harbour, day=day) for day in (5, 6)]
    campaign, found = launch(harbour, *days)
    taken = next_month(harbour, day=8, months=2)
    harbour.delivery(account=found[0].account, due=taken, text="Planned already")
    with pytest.raises(Refusal) as refused:
        shift_campaign(harbour.world.editor, campaign, 31)
    assert refused.value.reason == "quota_full"
    assert hours(found) == days


def test_the_way_back_takes_only_what_nobody_changed_since(harbour: Harbour) -> None:
    soon = clock.now().replace(microsecond=0) + timedelta(days=2)
    campaign, found = launch(harbour, soon, soon + timedelta(hours=1))
    shifted = shift_campaign(harbour.world.editor, campaign, 7)
    chosen = soon + timedelta(days=20)
    reschedule(harbour.world.editor, Delivery.objects.get(pk=found[1].pk), chosen)
    back = shift_campaign(harbour.world.editor, campaign, -7, only=shifted.at)
    assert back.deliveries == 1
    assert hours(found) == [soon, chosen]


def test_a_plan_without_an_hour_of_delivery_moves_too(harbour: Harbour) -> None:
    campaign, _found = launch(harbour)
    post = harbour.variant(harbour.account(name="planned")).post
    wish = clock.now().replace(microsecond=0) + timedelta(days=5)
    Post.objects.filter(pk=post.pk).update(campaign=campaign, planned_for=wish)
    version = Post.objects.get(pk=post.pk).version
    assert shift_campaign(harbour.world.editor, campaign, 2).planned == 1
    post.refresh_from_db()
    assert (post.planned_for, post.version) == (wish + timedelta(days=2), version + 1)
    waiting = waiting_of(harbour.world.editor, campaign)
    assert waiting is not None
    assert (waiting.posts, waiting.first) == (1, wish + timedelta(days=2))


@pytest.mark.parametrize("days", [0, 367, -367])
def test_no_days_or_too_many_are_refused(harbour: Harbour, days: int) -> None:
    campaign, _found = launch(harbour, clock.now() + timedelta(days=2))
    with pytest.raises(Refusal) as refused:
        shift_campaign(harbour.world.editor, campaign, days)
    assert refused.value.field == "days"


def test_nothing_that_waits_is_said(harbour: Harbour) -> None:
    campaign, found = launch(harbour, clock.now() + timedelta(days=2))
    cancel(harbour.world.editor, found[0])
    with pytest.raises(Refusal) as refused:
        shift_campaign(harbour.world.editor, campaign, 7)
    assert "Nothing was changed" in refused.value.message
    assert waiting_of(harbour.world.editor, campaign) is None


def test_the_sweep_wakes_each_second_that_nobody_woke(harbour: Harbour) -> None:
    """Ten thousand new hours are not ten thousand jobs: what comes within the minute is seen to by the sweep."""
    soon = clock.now().replace(microsecond=0) + timedelta(days=7, seconds=40)
    campaign, _found = launch(harbour, soon)
    shift_campaign(harbour.world.editor, campaign, -6)
    ProcrastinateJob.objects.filter(task_name="publishing.slot").delete()
    sweep()
    assert not ProcrastinateJob.objects.filter(task_name="publishing.slot").exists()
    harbour.pass_(86400)
    sweep()
    sweep()
    jobs = ProcrastinateJob.objects.filter(task_name="publishing.slot")
    assert [job.args["due"] for job in jobs] == [(soon - timedelta(days=6)).isoformat()]


def test_from_the_campaigns_page_and_back(harbour: Harbour, door: Door) -> None:
    soon = clock.now().replace(microsecond=0) + timedelta(days=2)
    campaign, found = launch(harbour, soon)
    Campaign.objects.filter(pk=campaign.pk).update(starts_on=date(2030, 1, 1), ends_on=date(2030, 1, 9))
    client, address = door(harbour.world.manager), reverse("publishing:shift", args=[campaign.pk])
    assert "1 post" in client.get(address).content.decode()
    asked = {"days": "7", "way": "later", "campaign": "1"}
    answer = client.post(address, asked, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert hours(found) == [soon + WEEK]
    campaign.refresh_from_db()
    assert (campaign.starts_on, campaign.ends_on) == (date(2030, 1, 8), date(2030, 1, 16))
    (told,) = get_messages(answer.wsgi_request)
    client.post(told.extra_tags, headers={"HX-Request": "true"})
    campaign.refresh_from_db()
    assert hours(found) == [soon]
    assert campaign.starts_on == date(2030, 1, 1)


def test_what_is_no_number_is_said_in_the_dialog(harbour: Harbour, door: Door) -> None:
    campaign, found = launch(harbour, clock.now() + timedelta(days=2))
    before = hours(found)
    client, address = door(harbour.world.manager), reverse("publishing:shift", args=[campaign.pk])
    answer = client.post(address, {"days": "soon", "way": "later"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "between 1 and 366" in answer.content.decode()
    assert hours(found) == before


def test_who_may_not_schedule_sees_no_button_and_moves_nothing(harbour: Harbour, door: Door) -> None:
    campaign, found = launch(harbour, clock.now() + timedelta(days=2))
    before = hours(found)
    client, address = door(harbour.world.analyst), reverse("publishing:shift", args=[campaign.pk])
    assert "data-open" not in client.get(address).content.decode()
    assert client.post(address, {"days": "7"}).status_code == 403
    assert hours(found) == before
