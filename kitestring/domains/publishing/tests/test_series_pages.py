"""The pages of a recurring post: what it comes to before it is saved, the form's refusals, its page and its deeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.test_quota_ahead import limited
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from tests.world import World

Door = Callable[[Member], Client]
HTMX = {"HX-Request": "true"}


def typed(harbour: Harbour, **more: Any) -> dict[str, Any]:
    first = clock.now().astimezone(harbour.world.brand.zone).date() + timedelta(days=1)
    form = {"every": "day", "time": "09:00", "starts": first.isoformat(), "ends": "after", "times": "12"}
    return {**form, "interval": "1", "month_day": "31", "until": "", **more}


def started(harbour: Harbour, door: Door, **more: Any) -> Series:
    post = harbour.variant(harbour.account()).post
    client = door(harbour.world.editor)
    answer = client.post(f"/posts/{post.pk}/recur/", typed(harbour, **more), headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()
    return Series.objects.get(post=post)


@pytest.mark.parametrize(
    ("language", "more", "said"),
    [
        ("en", {}, ["Every day at 09:00, 12 times", "12 times, the last on"]),
        ("en", {"every": "week", "weekdays": ["1", "4"], "ends": "never"},
         ["Every Tuesday and Friday at 09:00", "without an end"]),
        ("en", {"every": "week", "weekdays": ["1"], "interval": "2"}, ["Every 2 weeks on Tuesday at 09:00"]),
        ("en", {"every": "month"}, ["On day 31 of every month, or its last day where it is shorter, at 09:00"]),
        ("zh-hans", {"every": "week", "weekdays": ["1", "4"]}, ["周二", "周五", "09:00", "12"]),
        ("vi", {"every": "week", "weekdays": ["1", "4"]}, ["Thứ Ba", "Thứ Sáu", "09:00", "12"]),
    ],
)  # fmt: skip
def test_what_it_comes_to_is_said_before_anything_is_saved(
    harbour: Harbour, door: Door, language: str, more: dict[str, Any], said: list[str]
) -> None:
    harbour.world.editor.language = language
    harbour.world.editor.save()
    post = harbour.variant(harbour.account()).post
    answer = door(harbour.world.editor).get(f"/posts/{post.pk}/recur/ahead/", typed(harbour, **more))
    for words in said:
        assert words in answer.content.decode()
    assert not Series.objects.exists()


def test_what_is_not_typed_yet_is_not_called_wrong(harbour: Harbour, door: Door) -> None:
    post = harbour.variant(harbour.account()).post
    form = typed(harbour, ends="after", times="")
    said = door(harbour.world.editor).get(f"/posts/{post.pk}/recur/ahead/", form).content.decode()
    assert "Fill in the rest" in said
    assert "not a number" not in said


@pytest.mark.parametrize(
    ("limit", "window", "told"),
    [
        (4, "month", "of the next 12 times find no place"),
        (1, "day", None),
        (1, "month", "Each asks a person then."),
        (31, "month", None),
    ],
)
def test_times_that_have_no_place_in_a_quota_are_told_before_anything_is_saved(
    harbour: Harbour, door: Door, limit: int, window: str, told: str | None
) -> None:
    limited(window, limit)
    post = harbour.variant(harbour.account("native_key", "service")).post
    said = door(harbour.world.editor).get(f"/posts/{post.pk}/recur/ahead/", typed(harbour)).content.decode()
    assert told is None or told in said
    assert ("asks a person" in said) == (told is not None)


def test_what_a_series_has_planned_itself_does_not_count_when_its_rule_is_changed(
    harbour: Harbour, door: Door
) -> None:
    limited("day", 1)
    series = started(harbour, door)
    asked = door(harbour.world.editor).get(f"/posts/{series.post_id}/recur/ahead/", typed(harbour))
    assert "asks a person" not in asked.content.decode()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"every": "week", "weekdays": []}, "at least one day"),
        ({"ends": "on", "until": "2020-01-01"}, "before the first"),
        ({"times": "many"}, "not a number"),
        ({"starts": "soon"}, "Choose a day"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_kept_as_typed(
    harbour: Harbour, door: Door, more: dict[str, Any], told: str
) -> None:
    post = harbour.variant(harbour.account()).post
    client, form = door(harbour.world.editor), typed(harbour, **more)
    assert told in client.get(f"/posts/{post.pk}/recur/ahead/", form).content.decode()
    answer = client.post(f"/posts/{post.pk}/recur/", form, headers=HTMX)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Delivery.objects.exists()


def test_the_dialog_shows_the_series_in_place_of_the_form(harbour: Harbour, door: Door) -> None:
    series = started(harbour, door)
    assert len(Delivery.objects.filter(series=series)) == 12
    part = door(harbour.world.editor).get(f"/posts/{series.post_id}/deliveries/").content.decode()
    assert "Every day at 09:00, 12 times" in part
    assert f"/series/{series.pk}/" in part
    assert 'id="deliver-day"' not in part
    assert 'id="recur"' not in part


def test_its_page_lists_what_is_to_come_and_what_went_out_with_its_link(harbour: Harbour, door: Door) -> None:
    series = started(harbour, door)
    first = Delivery.objects.filter(series=series).order_by("due_at")[0]
    harbour.pass_((first.due_at - clock.now()).total_seconds() + 1)
    harbour.work(0)
    first.refresh_from_db()
    page = door(harbour.world.editor).get(f"/series/{series.pk}/").content.decode()
    assert first.remote_url in page
    assert page.count("/deliveries/") >= 12
    told = door(harbour.world.editor).get(f"/deliveries/{first.pk}/").content.decode()
    assert f"/series/{series.pk}/" in told


def test_a_change_a_pause_and_a_stop_from_the_page(harbour: Harbour, door: Door) -> None:
    series, client = started(harbour, door), door(harbour.world.editor)
    post = Post.objects.get(pk=series.post_id)
    save_post(harbour.world.editor, post.pk, {"text": "A warmer cup"}, post.version)
    assert "still carry the old ones" in client.get(f"/series/{series.pk}/").content.decode()
    changed = client.post(f"/series/{series.pk}/change/", typed(harbour, times="3"), follow=True)
    assert "Changed from now on" in changed.content.decode()
    assert Delivery.objects.filter(series=series, payload__text="A warmer cup").count() == 3
    wrong = client.post(f"/series/{series.pk}/change/", typed(harbour, times="0"))
    assert wrong.status_code == 422
    client.post(f"/series/{series.pk}/do/pause/")
    assert not Delivery.objects.filter(series=series).exists()
    client.post(f"/series/{series.pk}/do/resume/")
    assert Delivery.objects.filter(series=series).count() == 3
    client.post(f"/series/{series.pk}/do/stop/")
    page = client.get(f"/series/{series.pk}/").content.decode()
    assert "Ended" in page
    assert "Nothing more goes out." in page
    assert client.post(f"/series/{series.pk}/do/fly/").status_code == 404


def test_skipped_from_its_page_it_says_so(harbour: Harbour, door: Door) -> None:
    series, client = started(harbour, door), door(harbour.world.editor)
    first = Delivery.objects.filter(series=series).order_by("due_at")[0]
    assert "Skip this one" in client.get(f"/deliveries/{first.pk}/").content.decode()
    client.post(f"/deliveries/{first.pk}/do/cancel/")
    page = client.get(f"/series/{series.pk}/").content.decode()
    assert "Skipped" in page


def test_who_may_not_sees_no_button_and_strangers_see_nothing(
    harbour: Harbour, door: Door, stranger: World
) -> None:
    series = started(harbour, door)
    page = door(harbour.world.analyst).get(f"/series/{series.pk}/").content.decode()
    assert "Stop it" not in page
    assert door(harbour.world.analyst).post(f"/series/{series.pk}/do/stop/").status_code == 403
    assert door(stranger.editor).get(f"/series/{series.pk}/").status_code == 404
    assert door(stranger.editor).post(f"/series/{series.pk}/do/stop/").status_code == 404
    assert Series.objects.get().state == "running"


def test_the_calendar_shows_each_time(harbour: Harbour, door: Door) -> None:
    series = started(harbour, door, times="3")
    first = Delivery.objects.filter(series=series).order_by("due_at")[0]
    day = first.due_at.astimezone(harbour.world.brand.zone).date().isoformat()
    page = door(harbour.world.editor).get(f"/calendar/?day={day}&view=list").content.decode()
    for delivery in Delivery.objects.filter(series=series):
        if delivery.due_at.astimezone(harbour.world.brand.zone).month == first.due_at.month:
            assert str(delivery.pk) in page
