"""The composer says that its post comes round: by which rule, when next, and where all of it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.actions.keep_evergreen import keep_evergreen
from kitestring.domains.publishing.actions.set_slots import set_slots
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.rounds import at_eight, in_
from kitestring.domains.publishing.tests.test_series_pages import started
from kitestring.domains.workspaces.models import Member
from kitestring.ui.formats import date_time

Door = Callable[[Member], Client]


def foot(client: Client, post_id: object) -> str:
    text = client.get(f"/posts/{post_id}/foot/").content.decode()
    return text.split('id="said-round"')[1].split("id=")[0]


def test_a_recurring_post(harbour: Harbour, door: Door) -> None:
    series, client = started(harbour, door), door(harbour.world.editor)
    first = Delivery.objects.filter(series=series).order_by("due_at")[0]
    said = foot(client, series.post_id)
    assert "Every day at 09:00, 12 times" in said
    assert f"Next: {date_time(first.due_at, 'weekday', harbour.world.brand.zone)}" in said
    assert f'href="/series/{series.pk}/"' in said
    assert "old words" not in said
    post = Post.objects.get(pk=series.post_id)
    save_post(harbour.world.editor, post.pk, {"text": "A warmer cup"}, post.version)
    assert "Those to come still carry the old words." in foot(client, series.post_id)
    client.post(f"/series/{series.pk}/do/pause/")
    said = foot(client, series.post_id)
    assert "Paused: nothing of it goes out" in said
    assert "Next:" not in said
    client.post(f"/series/{series.pk}/do/stop/")
    assert "notice" not in foot(client, series.post_id)


def test_an_evergreen_post(harbour: Harbour, door: Door) -> None:
    at_eight(harbour)
    variant = harbour.variant(harbour.account())
    client = door(harbour.world.editor)
    assert "notice" not in foot(client, variant.post_id)
    keep_evergreen(harbour.world.editor, variant.post)
    said = foot(client, variant.post_id)
    assert "In the evergreen stock, for good." in said
    assert "No slot takes it within sight." in said
    set_slots(harbour.world.editor, variant.account_id, {(1, in_(harbour, 30))}, 7)
    first = Delivery.objects.filter(subject_id=variant.post_id).order_by("due_at")[0]
    assert f"Next: {date_time(first.due_at, 'weekday', harbour.world.brand.zone)}" in foot(
        client, variant.post_id
    )


def test_nobody_is_asked_what_people_said_of_what_is_not_out(harbour: Harbour, door: Door) -> None:
    client = door(harbour.world.editor)
    one = harbour.delivery()
    part = f"/deliveries/{one.pk}/conversations/"
    assert part not in client.get(f"/deliveries/{one.pk}/").content.decode()
    harbour.work()
    assert part in client.get(f"/deliveries/{one.pk}/").content.decode()
    later = harbour.delivery(account=one.account, due=one.due_at + timedelta(hours=3))
    assert (
        part.replace(str(one.pk), str(later.pk))
        not in client.get(f"/deliveries/{later.pk}/").content.decode()
    )
