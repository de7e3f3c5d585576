"""What is foreseen of the distance between posts: what makes way does not count, and a series' own times do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.test import Client

from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.keep_evergreen import keep_evergreen
from kitestring.domains.publishing.actions.pause_series import pause_series
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.actions.set_apart import set_apart
from kitestring.domains.publishing.actions.set_slots import set_slots
from kitestring.domains.publishing.actions.start_series import apart_of, floor_of, start_series
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.queries.round_near import too_near
from kitestring.domains.publishing.rules.near_words import ahead_near_words
from kitestring.domains.publishing.rules.recurrence import Rule, next_ones
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.rounds import rows
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from kitestring.ui.formats import date_time

Door = Callable[[Member], Client]
HALF = timedelta(minutes=30)


def nine(harbour: Harbour) -> Rule:
    """Every day at nine from tomorrow on."""
    return Rule("day", time(9), clock.now().astimezone(harbour.world.brand.zone).date() + timedelta(days=1))


def run_at(harbour: Harbour, moment: datetime) -> None:
    harbour.pass_((moment - clock.now()).total_seconds() + 1)
    harbour.work(5)


def test_an_evergreen_slot_makes_way_and_one_that_a_person_moved_does_not(harbour: Harbour) -> None:
    world, account, rule = harbour.world, harbour.account(), nine(harbour)
    for n in range(10):
        keep_evergreen(world.editor, harbour.variant(account, f"Ever {n}").post, None)
    set_apart(world.editor, account.pk, 60)
    slots = set_slots(world.editor, account.pk, [(day, time(8, 30)) for day in range(7)], 1)
    assert slots is not None
    account.refresh_from_db()
    post = harbour.variant(account, "The rule").post
    moments = [one.moment for one in next_ones(rule, world.brand.zone, floor_of(post.pk, rule), 12)]
    assert too_near(post, moments, apart_of(rule), None) == []
    moved = next(one for one in rows(slots) if one.due_at > moments[1])
    reschedule(world.editor, moved, moved.due_at - timedelta(minutes=10))
    (near,) = too_near(post, moments, apart_of(rule), None)
    assert (near.count, near.hit.other.delivery, near.hit.gap) == (1, moved.pk, -40 * 60)
    series = start_series(world.editor, post, rule)
    for _ in range(3):  # the slots are looked at again within the hour
        harbour.pass_(1800)
        harbour.work()
    first = rows(series)[0]
    run_at(harbour, first.due_at)
    first.refresh_from_db()
    assert first.state == "published"


def test_the_night_the_clocks_go_forward_is_foreseen_where_the_account_asks_for_a_day(
    harbour: Harbour,
) -> None:
    brand, zone = harbour.world.brand, ZoneInfo("Europe/Berlin")
    brand.timezone = zone.key
    brand.save()
    account = harbour.account()
    variant = harbour.variant(account)
    set_apart(harbour.world.editor, account.pk, 24 * 60)
    harbour.pass_((datetime(2027, 3, 26, 12, tzinfo=zone) - clock.now()).total_seconds())
    rule = Rule("day", time(9), date(2027, 3, 27))
    moments = [one.moment for one in next_ones(rule, zone, clock.now(), 4)]
    (near,) = too_near(variant.post, moments, apart_of(rule), None)
    assert (near.count, near.hit.moment, near.hit.gap) == (1, moments[1], -23 * 3600)
    told = ahead_near_words(near, zone)
    assert "The time before it is only 23 h earlier; at least 1 day must lie between them." in told
    series = start_series(harbour.world.editor, variant.post, rule)
    found = rows(series)[:4]
    for one in found:
        run_at(harbour, one.due_at)
        one.refresh_from_db()
    assert [one.state for one in found] == ["published", "cancelled", "published", "published"]


def test_of_one_that_nobody_knows_of_it_does_not_say_that_it_went_out(harbour: Harbour, door: Door) -> None:
    variant = harbour.variant(harbour.account("none"))
    series = start_series(harbour.world.editor, variant.post, nine(harbour))
    one = rows(series)[0]
    hand = harbour.delivery(account=variant.account, text="By hand", due=one.due_at - timedelta(hours=5))
    Delivery.objects.filter(pk=hand.pk).update(subject_id=series.post_id)
    harbour.faults.next(Fault("drop_before", at="store"))
    run_at(harbour, hand.due_at)
    run_at(harbour, one.due_at)
    page = door(harbour.world.editor).get(f"/deliveries/{one.pk}/").content.decode()
    assert "Left out: this same post may have gone out" in page


def planned_near(harbour: Harbour) -> tuple[Series, Delivery, Delivery]:
    """A series, its second time, and a post planned by hand half an hour before that."""
    variant = harbour.variant(harbour.account())
    series = start_series(harbour.world.editor, variant.post, nine(harbour))
    second = rows(series)[1]
    other = harbour.delivery(account=variant.account, text="Planned by hand", due=second.due_at - HALF)
    return series, second, other


def next_told(client: Client, series: Series) -> str:
    """What the dialog of its post says of the next times."""
    page = client.get(f"/posts/{series.post_id}/deliveries/").content.decode()
    return page.split("Next: ")[1].split("</div>")[0]


def test_after_a_distance_was_set_the_series_says_which_times_will_be_left_out(
    harbour: Harbour, door: Door
) -> None:
    series, second, other = planned_near(harbour)
    client = door(harbour.world.editor)
    at = f"/series/{series.pk}/"
    assert "Will be left out" not in client.get(at).content.decode()
    saved = client.post(f"/evergreen/{second.account_id}/apart/", {"minutes_apart": "60"}, follow=True)
    assert "1 recurring time lies too near to another post and will be left out" in saved.content.decode()
    page = client.get(at).content.decode()
    assert page.count("Will be left out") == 1
    assert "“Planned by hand” lies 30 min before it; at least 1 h must lie between them." in page
    assert f'href="/deliveries/{other.pk}/">See that post' in page
    said = next_told(client, series)
    first, _second, third = rows(series)[:3]
    hours = [date_time(one.due_at, "weekday", harbour.world.brand.zone) for one in (first, second, third)]
    assert [hour in said for hour in hours] == [True, False, True], said
    run_at(harbour, other.due_at)
    run_at(harbour, second.due_at)
    second.refresh_from_db()
    assert (second.state, second.reason) == ("cancelled", "too_close")


def test_nothing_is_foreseen_of_what_does_not_go_out_anyway(harbour: Harbour, door: Door) -> None:
    series, second, _other = planned_near(harbour)
    set_apart(harbour.world.editor, second.account_id, 60)
    pause_series(harbour.world.editor, series.pk)
    assert "Will be left out" not in door(harbour.world.editor).get(f"/series/{series.pk}/").content.decode()


def test_the_slots_follow_a_new_distance_at_once(harbour: Harbour, door: Door) -> None:
    editor, account = harbour.world.editor, harbour.account()
    for n in range(3):
        keep_evergreen(editor, harbour.variant(account, f"Ever {n}").post, None)
    slots = set_slots(editor, account.pk, [(day, time(12)) for day in range(7)], 30)
    assert slots is not None
    second = rows(slots)[1]
    near = harbour.delivery(account=account, text="By hand", due=second.due_at + HALF)
    page = door(editor).post(f"/evergreen/{account.pk}/apart/", {"minutes_apart": "60"}, follow=True)
    shown = page.content.decode()
    assert "Stays empty. “By hand” lies 30 min after it; at least 1 h must lie between them." in shown
    assert f'href="/deliveries/{near.pk}/">See that post' in shown
    assert not Delivery.objects.filter(series=slots, occurrence=second.occurrence).exists()
    cancel(editor, near)
    keep_evergreen(editor, harbour.variant(account, "Another").post, None)
    Delivery.objects.filter(series=slots, occurrence=second.occurrence).delete()
    shown = door(editor).get("/evergreen/").content.decode()
    assert "Empty until now. It is filled within the hour." in shown
    assert "there is nothing in the stock" not in shown
