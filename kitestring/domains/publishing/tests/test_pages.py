"""The pages: every state has its words and its cure; what is wrong is said beside the field; strangers see nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kitestring.connectorkit import registry
from kitestring.connectorkit.faults import Fault
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.actions.schedule import publish_now
from kitestring.domains.publishing.models import Attempt, Delivery, DeliveryState
from kitestring.domains.publishing.queries.timeline import timeline_of
from kitestring.domains.publishing.rules.mending import mending
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.harbour.manifests import FACT, connector, text
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from kitestring.ui.marks import channel_name
from tests.world import World

Door = Callable[[Member], Client]
KIND = {"key": "post", "label": text("Post"), "text": {"limit": 300, "unit": "codepoint", **FACT}}


def page(harbour: Harbour, door: Door, delivery: Delivery, name: str = "delivery") -> str:
    answer = door(harbour.world.editor).get(reverse(f"publishing:{name}", args=[delivery.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("language", ["en", "zh-hans", "vi"])
@pytest.mark.parametrize("state", DeliveryState.values)
def test_every_state_has_a_page(harbour: Harbour, door: Door, state: str, language: str) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(hours=1))
    Delivery.objects.filter(pk=delivery.pk).update(state=state)
    harbour.world.editor.language = language
    harbour.world.editor.save()
    assert "A warm cup" in page(harbour, door, delivery)


def test_the_story_of_a_lost_answer_is_told_in_words(harbour: Harbour, door: Door) -> None:
    harbour.faults.next(Fault("drop_after", at="store"))
    delivery = harbour.delivery("read_back")
    harbour.send()
    delivery.refresh_from_db()
    told = page(harbour, door, delivery)
    assert "It will not be sent twice" in told
    assert "answer lost" in told
    harbour.work(10)
    delivery.refresh_from_db()
    told = page(harbour, door, delivery)
    assert "We looked once, found it, and sent nothing again. One copy is live." in told
    assert "Published, settled" in told
    texts = [line.text for line in timeline_of(delivery).lines]
    assert texts[0].endswith("chose “publish now”")
    assert any("Attempt 1 written down, then sent to Harbour" in t for t in texts)
    assert any("Look 1 found it" in t for t in texts)


def test_ids_are_shown_only_when_asked_for(harbour: Harbour, door: Door) -> None:
    delivery = harbour.delivery()
    client, url = door(harbour.world.editor), reverse("publishing:delivery", args=[delivery.pk])
    assert str(delivery.key) not in client.get(url).content.decode()
    assert str(delivery.key) in client.get(url, {"ids": "1"}).content.decode()


def test_moving_to_a_past_hour_is_said_beside_the_field_and_moves_nothing(
    harbour: Harbour, door: Door
) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(hours=1))
    url = reverse("publishing:move", args=[delivery.pk])
    answer = door(harbour.world.editor).post(url, {"day": "2020-01-01", "time": "09:00"})
    assert answer.status_code == 422
    assert "That hour has passed" in answer.content.decode()
    due = delivery.due_at
    delivery.refresh_from_db()
    assert delivery.due_at == due


def test_nine_in_the_morning_is_the_brands_nine(harbour: Harbour, door: Door) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(hours=1))
    url = reverse("publishing:move", args=[delivery.pk])
    door(harbour.world.editor).post(url, {"day": "2030-05-01", "time": "09:00"})
    delivery.refresh_from_db()
    assert delivery.due_at.isoformat() == "2030-05-01T02:00:00+00:00"


@pytest.mark.parametrize("shows", [True, False])
def test_the_card_carries_a_title_only_where_its_readers_see_one(
    harbour: Harbour, door: Door, channels: dict[str, registry.Connector], shows: bool
) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(hours=1))
    delivery.payload["title"] = "Tet, second wave"
    delivery.save()
    if shows:
        kinds = [{**KIND, "title": {"limit": 100, "unit": "codepoint", **FACT}}]
        channels[delivery.account.channel] = connector("native_key", kinds=kinds)
    told = page(harbour, door, delivery)
    assert "Tet, second wave</h1>" in told
    assert ('<div class="tt">Tet, second wave' in told) is shows


@pytest.mark.parametrize("verb", ["cancel", "hold"])
def test_a_deed_is_done_and_said(harbour: Harbour, door: Door, verb: str) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(hours=1))
    url = reverse("publishing:deed", args=[delivery.pk, verb])
    answer = door(harbour.world.editor).post(url, follow=True)
    assert answer.status_code == 200
    delivery.refresh_from_db()
    assert delivery.state in ("cancelled", "held")


def test_too_late_is_a_conflict_with_its_reason(harbour: Harbour, door: Door) -> None:
    delivery = harbour.delivery()
    harbour.send()
    answer = door(harbour.world.editor).post(reverse("publishing:deed", args=[delivery.pk, "cancel"]))
    assert answer.status_code == 409
    assert "published already" in answer.content.decode()


def test_no_such_deed(harbour: Harbour, door: Door) -> None:
    delivery = harbour.delivery()
    answer = door(harbour.world.editor).post(reverse("publishing:deed", args=[delivery.pk, "destroy"]))
    assert answer.status_code == 404


def test_another_workspace_sees_nothing(harbour: Harbour, door: Door, stranger: World) -> None:
    delivery = harbour.delivery()
    client = door(stranger.owner)
    for name in ("delivery", "hand_off"):
        assert client.get(reverse(f"publishing:{name}", args=[delivery.pk])).status_code == 404
    assert client.post(reverse("publishing:deed", args=[delivery.pk, "cancel"])).status_code == 404
    post = delivery.revision.post_id
    assert client.get(reverse("publishing:of_post", args=[post])).status_code == 404


def test_the_hand_off_page_has_all_that_a_phone_needs(harbour: Harbour, door: Door) -> None:
    delivery = harbour.delivery("by_hand")
    harbour.work(1)
    told = page(harbour, door, delivery, "hand_off")
    assert 'data-copy-from="copy-text"' in told
    assert "Open the app." in told
    url = reverse("publishing:proof", args=[delivery.pk])
    opened = door(harbour.world.editor).get(url)
    assert (opened.status_code, opened["Location"]) == (
        302,
        reverse("publishing:hand_off", args=[delivery.pk]),
    )
    client = door(harbour.world.editor)
    wrong = client.post(url, {"url": "https://elsewhere.test/1"})
    assert wrong.status_code == 422
    assert "does not lie on harbour.test" in wrong.content.decode()
    assert "https://elsewhere.test/1" in wrong.content.decode(), "what was typed is kept"
    client.post(url, {"url": "https://harbour.test/1"})
    delivery.refresh_from_db()
    assert delivery.state == "published"


def test_the_composers_part_schedules_and_says_what_it_refuses(harbour: Harbour, door: Door) -> None:
    variant = harbour.variant(harbour.account())
    client = door(harbour.world.editor)
    url = reverse("publishing:schedule", args=[variant.post_id])
    refused = client.post(url, {"day": "2020-01-01", "time": "09:00"}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "That hour has passed" in refused.content.decode()
    done = client.post(url, {"day": "2030-01-01", "time": "09:00"}, headers={"HX-Request": "true"})
    assert done.status_code == 200
    assert Delivery.objects.get().due_at.isoformat() == "2030-01-01T02:00:00+00:00"


def test_who_only_reads_gets_no_buttons(harbour: Harbour, door: Door) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(hours=1))
    url = reverse("publishing:delivery", args=[delivery.pk])
    told = door(harbour.world.stakeholder).get(url).content.decode()
    assert "Cancel it" not in told
    answer = door(harbour.world.stakeholder).post(reverse("publishing:deed", args=[delivery.pk, "cancel"]))
    assert answer.status_code == 403


def test_publish_now_names_the_accounts_it_leaves_for_and_may_be_left(harbour: Harbour, door: Door) -> None:
    first = harbour.account("native_key", "first")
    variant = harbour.variant(first)
    add_variant(harbour.world.editor, variant.post_id, harbour.account("read_back", "second"))
    client, url = door(harbour.world.editor), reverse("publishing:of_post", args=[variant.post_id])

    def asked() -> str:
        return client.get(url).content.decode().partition('id="publish-now"')[2]

    dialog = asked()
    assert "these 2 accounts" in dialog
    assert "first" in dialog
    assert "second" in dialog
    assert channel_name(first) in dialog
    assert 'data-turn="when"' in dialog.partition("<form")[2], (
        "back to the form, which stays in the same dialog"
    )
    publish_now(harbour.world.editor, variant.post, only=variant)
    harbour.send()
    assert "this account:" in asked()
    assert "first" not in asked()
    publish_now(harbour.world.editor, variant.post)
    harbour.send()
    assert "Publish now" not in client.get(url).content.decode()


def test_an_hour_that_was_moved_since_the_answer_shows_both(harbour: Harbour, door: Door) -> None:
    due = clock.now() + timedelta(days=2)
    delivery = harbour.delivery(due=due)
    since = clock.now()
    for hours in (2, 3):
        reschedule(harbour.world.editor, delivery, due + timedelta(hours=hours))
    assert delivery.revision
    address = reverse("publishing:goes_out", args=[delivery.revision.post_id])
    client = door(harbour.world.editor)
    shown = client.get(address, {"since": since.isoformat()}).content.decode()
    assert "moved since the last answer" in shown
    zone = delivery.account.brand.zone
    was = shown.partition("<del>")[2].partition("</del>")[0]
    assert f"{due.astimezone(zone):%H:%M}" in was
    for nothing in ({}, {"since": clock.now().isoformat()}, {"since": "yesterday"}):
        assert "moved since" not in client.get(address, nothing).content.decode()


def primary(told: str) -> list[str]:
    """The words on the red buttons beside the title."""
    acts = told.split('class="row wrap acts">')[1].split("</header>")[0]
    return [part.split("<span>")[1].split("</span>")[0] for part in acts.split('class="btn p"')[1:]]


def test_after_a_refusal_the_cause_is_mended_first(harbour: Harbour, door: Door) -> None:
    delivery = harbour.delivery("native_key", text="forbidden")
    harbour.send()
    assert primary(page(harbour, door, delivery)) == ["Edit the post"]
    assert "Send again" in page(harbour, door, delivery)
    post = delivery.revision.post
    save_post(harbour.world.editor, post.pk, {"text": "allowed"}, post.version)
    assert primary(page(harbour, door, delivery)) == ["Send again"]


def test_what_went_out_after_a_refusal_says_so(harbour: Harbour, door: Door) -> None:
    delivery = harbour.delivery("native_key", text="forbidden")
    harbour.send()
    post = delivery.revision.post
    save_post(harbour.world.editor, post.pk, {"text": "allowed"}, post.version)
    here, address = door(harbour.world.editor), reverse("publishing:delivery", args=[delivery.pk])
    sent = here.post(f"{address}do/requeue/", follow=True).content.decode()
    assert "This page tells what comes of it." in sent
    assert f'hx-get="{address}?was=scheduled"' in sent, "it renews itself from the first moment"
    harbour.work(5)
    told = " refused it first, so nothing was there. It was sent again with the same key, and taken."
    news = here.get(f"{address}?was=sending", headers={"HX-Request": "true"}).content.decode()
    toast = news.split('hx-swap-oob="beforeend:#toasts"')[1]
    assert told in toast
    assert 'role="status"' in toast
    whole = here.get(address).content.decode()
    assert told in whole
    assert "surely not there" not in whole, "nobody looked: the refusal was the proof"
    assert "#toasts" not in whole
    again = here.get(f"{address}?was=published", headers={"HX-Request": "true"}).content.decode()
    assert "#toasts" not in again


@pytest.mark.parametrize(
    ("reason", "params", "given", "first"),
    [
        ("refused", {}, {}, "post"),
        ("refused", {}, {"rewritten": True}, "again"),
        ("refused", {}, {"has_post": False}, "talk"),
        ("scope_missing", {}, {"rewritten": True}, "account"),
        ("firewall", {"part": "account"}, {}, "account"),
        ("firewall", {"part": "account"}, {"reconnected": True}, "again"),
    ],
)
def test_what_comes_first_after_a_refusal(
    reason: str, params: dict[str, str], given: dict[str, bool], first: str
) -> None:
    known = {"has_post": True, "rewritten": False, "reconnected": False}
    assert mending(reason, params, **known | given) == first


def test_what_machines_say_is_folded_away_and_what_a_channel_says_is_not(
    harbour: Harbour, door: Door
) -> None:
    harbour.faults.next(Fault("drop_after", at="store"))
    delivery = harbour.delivery("read_back")
    harbour.send()
    client, address = door(harbour.world.manager), f"/deliveries/{delivery.pk}/"
    page = client.get(address).content.decode()
    assert "gave no whole answer (" in page
    open_ = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    assert "gave no whole answer" not in open_
    assert "own words" not in open_
    assert "did not answer in time" in open_, "the same in plain words"
    Attempt.objects.filter(delivery=delivery).update(
        outcome="failed", reason="too_long", said="CAPTION_TOO_LONG"
    )
    Delivery.objects.filter(pk=delivery.pk).update(state="failed", reason="too_long", said="CAPTION_TOO_LONG")
    page = client.get(address).content.decode()
    assert "own words: CAPTION_TOO_LONG" in re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
