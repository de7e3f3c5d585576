"""The page of the evergreen stock: what is in it, what each slot takes, why one stays empty, and its forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.test import Client

from kitestring.domains.publishing.actions.keep_evergreen import drop_evergreen, keep_evergreen
from kitestring.domains.publishing.actions.pause_series import pause_series, resume_series
from kitestring.domains.publishing.actions.set_slots import set_slots
from kitestring.domains.publishing.models import Delivery, Evergreen, Series
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from tests.world import World

Door = Callable[[Member], Client]


def test_a_post_is_kept_given_slots_and_the_page_says_what_comes(harbour: Harbour, door: Door) -> None:
    client, account = door(harbour.world.editor), harbour.account()
    post = harbour.variant(account, "Stays good").post
    kept = client.post(f"/posts/{post.pk}/evergreen/", {"good_until": ""}, follow=True).content.decode()
    assert "Stays good" in kept
    assert "No slots" in kept
    form = {"weekdays": ["0", "3"], "time": "09:00", "days_apart": "30"}
    page = client.post(f"/evergreen/{account.pk}/slots/", form, follow=True).content.decode()
    assert Delivery.objects.filter(series__account=account).count() == 1
    assert "Mon 09:00" in page
    assert "Stays empty: 1 is out here less than 30 days before or after." in page
    dialog = client.get(f"/posts/{post.pk}/deliveries/").content.decode()
    assert "In the stock, for good." in dialog
    told = client.get(f"/deliveries/{Delivery.objects.get().pk}/").content.decode()
    assert "/evergreen/" in told


def test_an_end_that_is_gone_is_said_beside_it_in_the_dialog(harbour: Harbour, door: Door) -> None:
    client, post = door(harbour.world.editor), harbour.variant(harbour.account(), "Stays good").post
    at, htmx = f"/posts/{post.pk}/evergreen/", {"HX-Request": "true"}
    answer = client.post(at, {"good_until": "2020-01-01"}, headers=htmx)
    part = answer.content.decode()
    form = part[part.index('data-side="evergreen"') :]
    assert answer.status_code == 422
    assert not form.startswith('data-side="evergreen" hidden')
    assert "That day has passed" in form
    assert 'value="2020-01-01"' in form
    assert not Evergreen.objects.exists()
    assert client.post(at, {"good_until": ""}, headers=htmx)["HX-Redirect"] == "/evergreen/"
    assert Evergreen.objects.get().post_id == post.pk


def test_slots_are_taken_away_one_by_one_and_the_distance_changes_alone(harbour: Harbour, door: Door) -> None:
    client, account = door(harbour.world.editor), harbour.account()
    at = f"/evergreen/{account.pk}/slots/"
    client.post(at, {"weekdays": ["0", "3"], "time": "09:00", "days_apart": "30"})
    client.post(at, {"remove": "0 09:00"})
    assert Series.objects.get().slots == [[3, "09:00"]]
    client.post(at, {"time": "09:00", "days_apart": "7"})
    series = Series.objects.get()
    assert (series.slots, series.same_apart) == ([[3, "09:00"]], 7 * 86400)
    client.post(at, {"remove": "3 09:00"})
    assert Series.objects.get().state == "ended"


def test_what_is_wrong_is_said_beside_its_field(harbour: Harbour, door: Door) -> None:
    client, account = door(harbour.world.editor), harbour.account()
    at = f"/evergreen/{account.pk}/slots/"
    for form, told in (
        ({"time": "09:00"}, "at least one day"),
        ({"weekdays": ["0"], "time": "soon"}, "Choose a time"),
        ({"weekdays": ["0"], "time": "09:00", "days_apart": "0"}, "Between 1 and 365 days"),
    ):
        answer = client.post(at, form)
        assert answer.status_code == 422
        assert told in answer.content.decode()
    post = harbour.variant(account).post
    past = (clock.now() - timedelta(days=3)).date().isoformat()
    answer = client.post(f"/posts/{post.pk}/evergreen/", {"good_until": past})
    assert answer.status_code == 422
    assert not Evergreen.objects.exists()


def test_taken_out_it_is_gone_from_the_page(harbour: Harbour, door: Door) -> None:
    client = door(harbour.world.editor)
    post = harbour.variant(harbour.account(), "Stays good").post
    client.post(f"/posts/{post.pk}/evergreen/")
    page = client.post(f"/posts/{post.pk}/evergreen/drop/", follow=True).content.decode()
    assert "Stays good" not in page
    assert not Evergreen.objects.exists()


def test_readers_see_it_without_buttons_and_strangers_do_not_reach_it(
    harbour: Harbour, door: Door, stranger: World
) -> None:
    account = harbour.account()
    post = harbour.variant(account, "Stays good").post
    door(harbour.world.editor).post(f"/posts/{post.pk}/evergreen/")
    page = door(harbour.world.analyst).get("/evergreen/").content.decode()
    assert "Stays good" in page
    assert "Take out" not in page
    assert door(harbour.world.analyst).post(f"/posts/{post.pk}/evergreen/drop/").status_code == 403
    theirs = door(stranger.editor)
    assert "Stays good" not in theirs.get("/evergreen/").content.decode()
    assert theirs.post(f"/posts/{post.pk}/evergreen/drop/").status_code == 404
    form = {"weekdays": ["0"], "time": "09:00"}
    assert theirs.post(f"/evergreen/{account.pk}/slots/", form).status_code == 404
    assert Evergreen.objects.count() == 1


@pytest.mark.parametrize("verb", ["pause", "resume", "stop"])
def test_slots_have_no_page_of_a_series_nor_its_deeds(harbour: Harbour, door: Door, verb: str) -> None:
    account = harbour.account()
    keep_evergreen(harbour.world.editor, harbour.variant(account).post)
    series = set_slots(harbour.world.editor, account.pk, [(0, time(9))], 1)
    assert series is not None
    client = door(harbour.world.editor)
    assert client.get(f"/series/{series.pk}/").status_code == 404
    assert client.post(f"/series/{series.pk}/do/{verb}/").status_code == 404
    series.refresh_from_db()
    assert series.state == "running"


def test_slots_that_were_paused_are_filled_again(harbour: Harbour) -> None:
    account, editor = harbour.account(), harbour.world.editor
    for n in range(20):
        keep_evergreen(editor, harbour.variant(account, f"Ever {n}").post)
    series = set_slots(editor, account.pk, [(day, time(9)) for day in range(7)], 1)
    assert series is not None
    planned = Delivery.objects.filter(series=series)
    before = set(planned.values_list("occurrence", "subject_id"))
    pause_series(editor, series.pk)
    assert not planned.exists()
    resume_series(editor, series.pk)
    assert set(planned.values_list("occurrence", "subject_id")) == before


def test_a_skipped_slot_is_shown_and_put_back_from_here(harbour: Harbour, door: Door) -> None:
    editor, account = harbour.world.editor, harbour.account()
    keep_evergreen(editor, harbour.variant(account, "Stays good").post)
    set_slots(editor, account.pk, {(day, time(9)) for day in range(7)}, 30)
    one, client = Delivery.objects.get(series__account=account), door(editor)
    told = client.get(f"/deliveries/{one.pk}/").content.decode()
    assert "An evergreen slot took it from the stock" in told
    assert f"{editor.name} scheduled it" not in told
    client.post(f"/deliveries/{one.pk}/do/cancel/")
    page = client.get("/evergreen/").content.decode()
    row = page[page.index(f"/deliveries/{one.pk}/") - 300 :][:900]
    assert "Skipped" in row
    assert "Put it back" in row
    after = client.post(f"/deliveries/{one.pk}/do/put-back/", {"next": "/evergreen/"}, follow=True)
    assert after.redirect_chain[0][0] == "/evergreen/"
    assert "Put it back" not in after.content.decode()
    one.refresh_from_db()
    assert one.state == "scheduled"


def test_what_nobody_approved_says_that_no_slot_takes_it(harbour: Harbour, door: Door) -> None:
    editor, account = harbour.world.editor, harbour.account()
    keep_evergreen(editor, harbour.variant(account, "Stays good").post)
    harbour.world.brand.needs_approval = True
    harbour.world.brand.save(update_fields=["needs_approval"])
    assert "Its words are not approved: no slot takes it." in door(editor).get("/evergreen/").content.decode()
    harbour.world.brand.needs_approval = False
    harbour.world.brand.save(update_fields=["needs_approval"])
    assert "Its words are not approved" not in door(editor).get("/evergreen/").content.decode()


@pytest.mark.parametrize("lost", ["stock", "yes"])
def test_a_skipped_slot_that_would_not_take_its_post_again_offers_nothing(
    harbour: Harbour, door: Door, lost: str
) -> None:
    """Put back, it would be taken away again by whoever fills the slots next."""
    editor, account = harbour.world.editor, harbour.account()
    post = harbour.variant(account, "Stays good").post
    keep_evergreen(editor, post)
    set_slots(editor, account.pk, {(day, time(9)) for day in range(7)}, 30)
    one, client = Delivery.objects.get(series__account=account), door(editor)
    client.post(f"/deliveries/{one.pk}/do/cancel/")
    assert "Put it back" in client.get(f"/deliveries/{one.pk}/").content.decode()
    if lost == "stock":
        drop_evergreen(editor, post)
    else:
        harbour.world.brand.needs_approval = True
        harbour.world.brand.save(update_fields=["needs_approval"])
    for page in ("/evergreen/", f"/deliveries/{one.pk}/"):
        shown = client.get(page).content.decode()
        assert "Skipped" in shown
        assert "Put it back" not in shown
    said = client.post(f"/deliveries/{one.pk}/do/put-back/", headers={"HX-Request": "true"})
    assert "cannot be put back any more" in said.content.decode()
    one.refresh_from_db()
    assert one.state == "cancelled"
