"""The address of a time of a series that was taken back says what happened and where the post is now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from kitestring.domains.publishing.models import Delivery, Series, TakenBack
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.test_series_pages import started, typed
from kitestring.domains.workspaces.models import Member
from tests.world import World

Door = Callable[[Member], Client]


def second(series: Series) -> Delivery:
    return Delivery.objects.filter(series=series).order_by("due_at")[1]


def told(client: Client, gone: Delivery) -> str:
    answer = client.get(f"/deliveries/{gone.pk}/")
    assert answer.status_code == 410
    assert "no-store" in answer.headers["Cache-Control"], "a browser keeps a 410 for good"
    return answer.content.decode()


def test_after_another_rule_it_tells_the_rule_and_the_next_time(harbour: Harbour, door: Door) -> None:
    series, client = started(harbour, door), door(harbour.world.editor)
    gone = second(series)
    client.post(f"/series/{series.pk}/change/", typed(harbour, time="11:30"))
    page = told(client, gone)
    assert "Its rule was changed before that" in page
    assert "Every day at 11:30, 12 times" in page
    new = Delivery.objects.filter(series=series).order_by("due_at")[0]
    assert f'href="/deliveries/{new.pk}/"' in page
    assert f'href="/series/{series.pk}/"' in page
    assert f'href="/posts/{series.post_id}/"' in page


def test_after_a_pause_that_is_over_the_same_hour_has_another_entry(harbour: Harbour, door: Door) -> None:
    series, client = started(harbour, door), door(harbour.world.editor)
    gone = second(series)
    client.post(f"/series/{series.pk}/do/pause/")
    page = told(client, gone)
    assert "It was paused or stopped before that" in page
    assert "Nothing goes out while it is paused." in page
    client.post(f"/series/{series.pk}/do/resume/")
    new = Delivery.objects.get(series=series, due_at=gone.due_at)
    page = told(client, gone)
    assert "at that hour, as another entry" in page
    assert f'href="/deliveries/{new.pk}/"' in page


def test_after_a_stop_nothing_more_is_planned(harbour: Harbour, door: Door) -> None:
    series, client = started(harbour, door), door(harbour.world.editor)
    gone = second(series)
    client.post(f"/series/{series.pk}/do/stop/")
    assert "Nothing more of it is planned." in told(client, gone)


def test_a_deed_on_an_open_page_of_it_is_refused_in_words(harbour: Harbour, door: Door) -> None:
    series, client = started(harbour, door), door(harbour.world.editor)
    gone = second(series)
    client.post(f"/series/{series.pk}/do/stop/")
    answer = client.post(f"/deliveries/{gone.pk}/do/hold/")
    assert answer.status_code == 404
    assert "taken back meanwhile" in answer.content.decode()


def test_strangers_see_nothing_and_a_made_up_address_is_not_found(
    harbour: Harbour, door: Door, stranger: World
) -> None:
    series = started(harbour, door)
    gone = second(series)
    door(harbour.world.editor).post(f"/series/{series.pk}/do/stop/")
    assert door(stranger.editor).get(f"/deliveries/{gone.pk}/").status_code == 404
    assert door(harbour.world.editor).get(f"/deliveries/{series.pk}/").status_code == 404


@pytest.mark.parametrize(("days", "kept"), [(300, 24), (400, 12)])
def test_it_is_kept_for_a_year(harbour: Harbour, door: Door, days: int, kept: int) -> None:
    series, client = started(harbour, door), door(harbour.world.editor)
    client.post(f"/series/{series.pk}/do/pause/")
    client.post(f"/series/{series.pk}/do/resume/")
    TakenBack.objects.update(at=TakenBack.objects.all()[0].at - timedelta(days=days))
    client.post(f"/series/{series.pk}/do/pause/")
    assert TakenBack.objects.count() == kept
