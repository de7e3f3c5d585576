"""The inbox at its pages: oldest owed first, answers with what became of them, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kitestring.connectorkit import registry
from kitestring.domains.channels.models import Account
from kitestring.domains.inbox.actions.reply import reply
from kitestring.domains.inbox.models import Conversation, Message
from kitestring.domains.inbox.rules import same_words, unnamed
from kitestring.domains.inbox.views import lines
from kitestring.domains.publishing.models import Delivery, DeliveryKind
from kitestring.domains.workspaces.models import Member
from kitestring.ui.marks import channel_name
from tests.world import World

Door = Callable[[Member], Client]
HX = {"HX-Request": "true"}


def names(page: str) -> list[str]:
    """Who stands in the list, in order."""
    return [part.split("</b>")[0].rpartition(">")[2] for part in page.split('<b class="one"')[1:]]


def test_oldest_owed_first(street: Any, world: World, door: Door) -> None:
    street.comes("b", who="binh", ago=20)
    street.comes("a", who="an", ago=90)
    street.comes("c", who="chi", ago=5)
    reply(world.editor, street.talk("chi").pk, "Thanks")
    here = door(world.editor)
    assert names(here.get("/inbox/").content.decode()) == ["An", "Binh"]
    assert set(names(here.get("/inbox/?show=all").content.decode())) == {"An", "Binh", "Chi"}
    assert names(here.get("/inbox/?show=mine").content.decode()) == []
    here.post(f"/inbox/{street.talk('binh').pk}/give/{world.editor.pk}/", headers=HX)
    assert names(here.get("/inbox/?show=mine").content.decode()) == ["Binh"]


@pytest.mark.parametrize("show", ["owed", "all"])
def test_pages_by_key_show_each_once(
    street: Any, world: World, door: Door, monkeypatch: pytest.MonkeyPatch, show: str
) -> None:
    monkeypatch.setattr(lines, "PAGE", 3)
    for n in range(8):
        street.comes("hello", who=f"p{n}", ago=60 if n < 5 else n)
    Conversation.objects.filter(contact_name__in=["P0", "P1", "P2", "P3"]).update(
        owed_since=street.talk("p0").owed_since, last_at=street.talk("p0").last_at
    )
    here, seen, address = door(world.editor), [], f"/inbox/?show={show}"
    while address:
        page = here.get(address, headers=HX).content.decode()
        seen += names(page)
        address = page.split('older" type="button" hx-get="')[1].split('"')[0] if "older" in page else ""
        address = address.replace("&amp;", "&")
    assert sorted(seen) == [f"P{n}" for n in range(8)]


def test_an_answer_shows_what_became_of_it(street: Any, world: World, door: Door) -> None:
    street.comes("Open on Sunday?")
    talk, here = street.talk(), door(world.editor)
    sent = here.post(f"/inbox/{talk.pk}/reply/", {"text": "Yes, from 7."}, headers=HX).content.decode()
    assert "Yes, from 7." in sent
    assert "Sending" in sent
    assert "Scheduled" not in sent
    assert 'data-owed=""' in sent
    assert "every 3s" in sent
    Delivery.objects.filter(kind=DeliveryKind.REPLY).update(state="unknown", reason="no_answer")
    delivery = Delivery.objects.get(kind=DeliveryKind.REPLY)
    thread = here.get(f"/inbox/{talk.pk}/?part=thread", headers=HX).content.decode()
    assert "Unknown" in thread
    assert f"/deliveries/{delivery.pk}/" in thread
    Delivery.objects.filter(kind=DeliveryKind.REPLY).update(state="published", reason="")
    thread = here.get(f"/inbox/{talk.pk}/?part=thread", headers=HX).content.decode()
    assert "· sent" in thread
    assert "Unknown" not in thread
    assert "every 3s" not in thread


def test_the_figure_comes_with_the_answer(street: Any, world: World, door: Door) -> None:
    street.comes("Open on Sunday?", who="an")
    street.comes("And on Monday?", who="binh")
    here, talk = door(world.editor), street.talk("an")
    assert 'data-owed="2"' in here.get("/inbox/?part=list", headers=HX).content.decode()
    pane = here.post(f"/inbox/{talk.pk}/reply/", {"text": "Yes."}, headers=HX).content.decode()
    assert 'data-owed="1"' in pane


def test_a_copy_in_other_words_is_not_drawn_beside_ours(street: Any, world: World, door: Door) -> None:
    asked = street.comes("Open on Sunday?")[0]
    reply(world.editor, street.talk().pk, "Yes, from 7.")
    Delivery.objects.filter(kind=DeliveryKind.REPLY).update(state="sending", attempts=1)
    street.comes("@lan Yes, from 7", own=True, ago=0, remote_id="r1", parent_id=asked.remote_id)
    here, address = door(world.editor), f"/inbox/{street.talk().pk}/?part=thread"
    assert here.get(address, headers=HX).content.decode().count("Yes, from 7") == 1
    Delivery.objects.filter(kind=DeliveryKind.REPLY).update(state="failed")
    assert here.get(address, headers=HX).content.decode().count("Yes, from 7") == 2


@pytest.mark.parametrize(
    ("state", "attempts"),
    [("scheduled", 0), ("scheduled", 1), ("held", 0), ("needs_attention", 1), ("sending", 1), ("unknown", 1)],
)
def test_what_a_colleague_answered_on_the_channel_is_always_shown(
    street: Any, world: World, door: Door, state: str, attempts: int
) -> None:
    asked = street.comes("Open on Sunday?")[0]
    reply(world.editor, street.talk().pk, "Yes, from 7.")
    Delivery.objects.filter(kind=DeliveryKind.REPLY).update(state=state, attempts=attempts)
    street.comes("No, closed this Sunday!", own=True, ago=-1, remote_id="r1", parent_id=asked.remote_id)
    page = door(world.editor).get(f"/inbox/{street.talk().pk}/?part=thread", headers=HX).content.decode()
    assert "closed this Sunday" in page
    assert "Yes, from 7" in page


def test_the_same_words_while_ours_was_never_tried_are_a_colleagues(
    street: Any, world: World, door: Door
) -> None:
    asked = street.comes("Open on Sunday?")[0]
    reply(world.editor, street.talk().pk, "Yes, from 7.")
    Delivery.objects.filter(kind=DeliveryKind.REPLY).update(state="held", attempts=0)
    street.comes("@lan Yes, from 7", own=True, ago=-1, remote_id="r1", parent_id=asked.remote_id)
    page = door(world.editor).get(f"/inbox/{street.talk().pk}/?part=thread", headers=HX).content.decode()
    assert page.count("Yes, from 7") == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Yes, from 7.", "@lan yes, from 7", True),
        ("See https://crumb.example/menu", "See https://sho.rt/x", True),
        ("欢迎光临！", "@小兰 欢迎光临!", True),
        ("Yes, from 7.", "Yes, from 8.", False),
        ("可以", "不可以", False),
        ("Được", "Đước", False),
        ("👍", "❤️", False),
        ("👍", "👍", True),
    ],
)
def test_a_copy_is_known_by_its_words(one: str, other: str, same: bool) -> None:
    assert same_words(one, other) is same


def test_refused_words_stay_in_the_box(street: Any, world: World, door: Door) -> None:
    street.comes("Open on Sunday?")
    Message.objects.update(can_reply=False)
    page = door(world.editor).post(f"/inbox/{street.talk().pk}/reply/", {"text": "Yes, from 7."})
    assert page.status_code == 422
    assert "Yes, from 7." in page.content.decode()
    assert not Delivery.objects.filter(kind=DeliveryKind.REPLY).exists()


def test_one_answer_each_is_said_before_and_kept(one_reply_each: Any, world: World, door: Door) -> None:
    street, here = one_reply_each, door(world.editor)
    street.comes("Open on Sunday?")
    address = f"/inbox/{street.talk().pk}/"
    assert "<textarea" in here.get(address).content.decode()
    here.post(f"{address}reply/", {"text": "Yes"})
    assert "One answer to each comment." in here.get(address).content.decode()
    again = here.post(f"{address}reply/", {"text": "And Monday too"})
    assert again.status_code == 422
    assert "And Monday too" in again.content.decode()
    assert Delivery.objects.filter(kind=DeliveryKind.REPLY).count() == 1
    street.comes("And Monday?", ago=0)
    assert here.post(f"{address}reply/", {"text": "Also"}).status_code == 302


def test_no_answer_needed_and_back(street: Any, world: World, door: Door) -> None:
    street.comes("nice", who="an", ago=50)
    street.comes("hello?", who="binh", ago=10)
    first, here = street.talk("an"), door(world.editor)
    pane = here.post(f"/inbox/{first.pk}/aside/", headers=HX)
    assert f'data-talk="{street.talk("binh").pk}"' in pane.content.decode()
    assert f"/inbox/{first.pk}/back/" in pane.content.decode()
    assert street.talk("an").owed_since is None
    here.post(f"/inbox/{first.pk}/back/", headers=HX)
    assert street.talk("an").owed_since is not None


def test_sent_by_keys_the_next_one_owed_opens_in_the_list_as_it_is(
    street: Any, world: World, door: Door
) -> None:
    for n, who in enumerate(("an", "binh", "chi", "dung")):
        street.comes("hello?", who=who, ago=50 - n)
    here, then = door(world.editor), {"text": "Hi", "then": "next"}
    for who in ("an", "chi"):
        here.post(f"/inbox/{street.talk(who).pk}/give/{world.editor.pk}/", headers=HX)

    def after(who: str, query: str = "", **more: str) -> str:
        address = f"/inbox/{street.talk(who).pk}/reply/{query}"
        answer = here.post(address, then | more, headers=HX).content.decode()
        return str(Conversation.objects.get(pk=answer.split('data-talk="')[1].split('"')[0]).contact_name)

    assert after("an", "?show=mine") == "Chi"
    assert after("dung") == "Binh", "behind the last one stands the first"
    assert after("binh", then="") == "Binh", "sent by the button it stays"
    assert after("binh", text="Again") == "Binh", "where nothing was owed it stays"
    assert after("chi") == "Chi", "nobody else waits"


def test_the_way_back_to_what_was_answered_is_told(street: Any, world: World, door: Door) -> None:
    street.comes("nice", who="an", ago=50)
    street.comes("hello?", who="binh", ago=10)
    first, second = street.talk("an"), street.talk("binh")
    address = f"/inbox/{first.pk}/reply/?account={street.account.pk}"
    pane = door(world.editor).post(address, {"text": "Hi", "then": "next"}, headers=HX)
    assert pane.headers["HX-Push-Url"] == f"/inbox/{second.pk}/?account={street.account.pk}"
    assert "Your answer to An is on its way." in pane.content.decode()
    assert f'href="/inbox/{first.pk}/?account={street.account.pk}"' in pane.content.decode()


def test_the_count_is_the_channels(street: Any, world: World, door: Door) -> None:
    street.comes("hello")
    address = f"/inbox/{street.talk().pk}/count/"
    fits = door(world.editor).post(address, {"text": "👩‍👩‍👧"}, headers=HX).content.decode()
    over = door(world.editor).post(address, {"text": "x" * 100_000}, headers=HX).content.decode()
    assert "too many" in over
    assert "too many" not in fits


def test_moderation_stance_and_language(street: Any, world: World, door: Door) -> None:
    street.comes("请问会安店几点开门？看了笔记来的，想带爸妈去", awaits_moderation=True)
    here = door(world.editor)
    here.post(f"/inbox/{street.talk().pk}/stance/partner/", headers=HX)
    page = here.get(f"/inbox/{street.talk().pk}/").content.decode()
    assert "waits for moderation there" in page
    assert 'lang="zh-Hans"' in page
    assert street.talk().contact.stance == "partner"


def test_the_person_is_at_hand_where_there_is_no_room_beside(street: Any, world: World, door: Door) -> None:
    street.comes("Open on Sunday?")
    page = door(world.editor).get(f"/inbox/{street.talk().pk}/").content.decode()
    assert 'data-open="person"' in page
    sheet = page.split('id="person"')[1].split("</dialog>")[0]
    assert f"/deliveries/{street.delivery.pk}/" in sheet
    assert f"/inbox/{street.talk().pk}/stance/partner/" in sheet


def test_words_are_never_markup(street: Any, world: World, door: Door) -> None:
    street.comes("<script>alert(1)</script> " + "长" * 1_000_000)
    page = door(world.editor).get(f"/inbox/{street.talk().pk}/").content.decode()
    assert "<script>alert(1)" not in page
    assert len(page) < 120_000


def test_beside_a_delivery_all_are_counted(street: Any, world: World, door: Door) -> None:
    for n in range(10):
        street.comes("hello", who=f"p{n}", ago=60 - n)
    part = door(world.analyst).get(f"/deliveries/{street.delivery.pk}/conversations/").content.decode()
    assert '<span class="n num">10</span>' in part
    assert "and 2 more" in part


def test_doors(street: Any, world: World, stranger: World, door: Door) -> None:
    message = street.comes("hello")[0]
    address = f"/inbox/{street.talk().pk}/"
    for path in (
        address,
        f"/inbox/message/{message.pk}/",
        f"/deliveries/{street.delivery.pk}/conversations/",
    ):
        assert door(stranger.owner).get(path).status_code == 404
    assert door(world.stakeholder).get("/inbox/").status_code == 403
    assert door(world.analyst).post(f"{address}reply/", {"text": "x"}).status_code == 403
    part = door(world.analyst).get(f"/deliveries/{street.delivery.pk}/conversations/").content.decode()
    assert "Lan" in part
    assert door(world.analyst).get(f"/inbox/message/{message.pk}/").headers["Location"] == address


@pytest.mark.parametrize(
    ("language", "called"),
    [("en", "{} reader …a1b2c3"), ("zh-hans", "{}用户…a1b2c3"), ("vi", "Người đọc {} …a1b2c3")],
)
def test_whom_the_channel_does_not_name_is_one_of_its_people(
    street: Any, world: World, door: Door, language: str, called: str
) -> None:
    street.comes("b", who="binh", ago=20)
    talk = street.talk("binh")
    talk.contact_name = talk.contact.name = unnamed("oAbCdEfGhIjKlMnOpQrStUa1b2c3")
    talk.save()
    talk.contact.save()
    world.editor.language = language
    world.editor.save()
    with translation.override(language):
        called = called.format(channel_name(talk.account))
    here = door(world.editor)
    assert names(here.get("/inbox/").content.decode()) == [called]
    page = here.get(f"/inbox/{talk.pk}/").content.decode()
    assert f">{called}</h2>" in page
    assert ">…a1b2c3<" not in page
    assert called in here.get("/").content.decode()


@pytest.mark.parametrize("comes_in", [True, False])
def test_silence_is_told_apart_from_what_does_not_come_in(
    street: Any, world: World, door: Door, comes_in: bool
) -> None:
    if not comes_in:
        by_hand = (slug for slug, one in registry.connectors().items() if one.manifest.mode == "hand_off")
        Account.objects.filter(pk=street.account.pk).update(channel=next(by_hand))
    page = door(world.editor).get(reverse("inbox:of_delivery", args=[street.delivery.pk])).content.decode()
    assert ("Nobody has written under it yet" in page) is comes_in
    assert ("does not come in here" in page) is not comes_in


def test_a_limit_that_was_changed_for_the_account_holds_for_answers_too(
    street: Any, world: World, door: Door
) -> None:
    kind = registry.get(street.account.channel).manifest.reply
    assert kind is not None
    row = {"value": 12345, "reason": "a larger plan", "by": "Mira", "at": "2026-12-01T00:00:00+00:00"}
    Account.objects.filter(pk=street.account.pk).update(limits={f"{kind.key}.text": row})
    street.comes("Open on Sunday?")
    page = door(world.editor).get(f"/inbox/{street.talk().pk}/").content.decode()
    assert "12,345" in page
    counted = door(world.editor).post(f"/inbox/{street.talk().pk}/count/", {"text": "Yes"}, headers=HX)
    assert "12,345" in counted.content.decode()
