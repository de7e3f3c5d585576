"""Somebody without a login agrees by a link; the member who made it has the last word."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kitestring.domains.channels.actions import connect_link
from kitestring.domains.channels.actions.connect_link import make_link, open_link, secret_of
from kitestring.domains.channels.models import TRIES, Account, ConnectLink, Visit
from kitestring.domains.channels.sessions import rotate_keys
from kitestring.domains.channels.tests.roost import Roost
from kitestring.domains.channels.tests.test_agree import ADD, BACK, typed_in
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.refusals import Refusal
from tests.world import World

Door = Callable[[Member], Client]
HEAD = re.compile(r'href="(http[^"]+/agree[^"]*)"')


@pytest.fixture
def manager(world: World, door: Door, roost: Roost) -> Client:
    client = door(world.manager)
    typed_in(client)
    return client


def linked(manager: Client, path: str = ADD) -> tuple[str, str]:
    """(the link's page for its maker, its address for the guest)."""
    page = manager.post(path, {"by_link": "1"})["Location"]
    return page, f"/connect/{secret_of(ConnectLink.objects.get(ended_at=None))}/"


def way(guest: Client, address: str) -> str:
    """Where a guest's press leads: the channel's page of consent."""
    found = HEAD.search(guest.post(address).content.decode())
    assert found
    return found[1].replace("&amp;", "&")


def agrees(roost: Roost, address: str, name: str = "ada", decision: str = "allow") -> tuple[Client, str]:
    """A stranger's browser goes by the link; what the page says at the end."""
    guest = Client(enforce_csrf_checks=True)
    token = guest.get(address).cookies["csrftoken"].value
    # A browser leaves the origin out of a form's call where a page wants nobody to know it.
    assert guest.get(address)["Referrer-Policy"] == "same-origin"
    found = HEAD.search(guest.post(address, {"csrfmiddlewaretoken": token}).content.decode())
    assert found
    back = roost.agree(found[1].replace("&amp;", "&"), name, decision)
    return guest, guest.get(BACK, back).content.decode()


def test_a_guest_agrees_and_the_member_connects(world: World, manager: Client, roost: Roost) -> None:
    page, address = linked(manager)
    shown = manager.get(page).content.decode()
    assert address in shown
    assert "<svg" in shown
    assert manager.get(page, {"part": "state"}).status_code == 204
    asked = Client().get(address)
    assert "Hoot in your name" in asked.content.decode()
    assert world.brand.name in asked.content.decode()
    assert (asked["Cache-Control"], asked["X-Robots-Tag"][:7]) == ("private, no-store", "noindex")
    _, said = agrees(roost, address)
    assert f"has let {world.manager.name} know: " in said
    assert "Ada" in said
    assert not Account.objects.exists()
    state = manager.get(page, {"part": "state"}).content.decode()
    assert "Somebody has agreed" in state
    visit = Visit.objects.get()
    offered = manager.get(f"/settings/accounts/found/{visit.pk}/").content.decode()
    assert "checked" in offered
    manager.post(f"/settings/accounts/found/{visit.pk}/", {"account": "ada"})
    account = Account.objects.get()
    assert (account.handle, account.brand) == ("@ada", world.brand)
    assert "has ended" in manager.get(page).content.decode()
    assert Client().get(address).status_code == 404
    assert "account.link" in {entry.verb for entry in AuditEntry.objects.all()}


def test_a_no_leaves_the_link_good(manager: Client, roost: Roost) -> None:
    _, address = linked(manager)
    guest, said = agrees(roost, address, decision="deny")
    assert "This link does not go on" in said
    assert guest.get(address).status_code == 200
    _, said = agrees(roost, address)
    assert "Thank you" in said


def test_a_no_read_again_stays_on_the_guests_page(manager: Client, roost: Roost) -> None:
    _, address = linked(manager)
    guest = Client()
    back = roost.agree(way(guest, address), "ada", "deny")
    for _ in range(2):
        shown = guest.get(BACK, back)
        assert shown.status_code == 422
        assert "This link does not go on" in shown.content.decode()


def test_a_no_counts_as_a_way(manager: Client, roost: Roost, move_clock: Callable[[timedelta], None]) -> None:
    _, address = linked(manager)
    guest = Client()
    for _ in range(TRIES):
        guest.get(BACK, roost.agree(way(guest, address), "ada", "deny"))
    assert guest.post(address).status_code == 422
    move_clock(timedelta(minutes=21))
    assert way(guest, address)


def test_ways_begun_at_once_are_counted_where_they_are_written_down(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All have passed the first look before one of them is written down."""
    _, address = linked(manager)
    link = open_link(address.split("/")[2])
    monkeypatch.setattr(connect_link, "refuse_many", lambda link: None)
    for _ in range(TRIES):
        connect_link.guest_sets_out(link, back="https://here.example/back/")
    with pytest.raises(Refusal, match="too often"):
        connect_link.guest_sets_out(link, back="https://here.example/back/")
    assert Visit.objects.count() == TRIES


def test_a_link_taken_back_while_the_channel_answers(
    manager: Client, roost: Roost, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, address = linked(manager)
    guest = Client()
    back = roost.agree(way(guest, address), "ada")
    asked = connect_link.opened_by

    def slowly(*of: Any) -> Any:
        found = asked(*of)
        assert manager.post(f"{page}end/").status_code == 302
        return found

    monkeypatch.setattr(connect_link, "opened_by", slowly)
    shown = guest.get(BACK, back)
    assert shown.status_code == 422
    assert "way back is over" in shown.content.decode()
    assert not Visit.objects.exists()


def test_a_guest_comes_back_once(manager: Client, roost: Roost) -> None:
    _, address = linked(manager)
    guest = Client()
    found = HEAD.search(guest.post(address).content.decode())
    assert found
    back = roost.agree(found[1].replace("&amp;", "&"), "ada")
    assert "Thank you" in guest.get(BACK, back).content.decode()
    again = guest.get(BACK, back)
    assert again.status_code == 422
    assert "way back is over" in again.content.decode()
    assert Visit.objects.count() == 1


def test_an_ended_link_takes_nobody_back(manager: Client, roost: Roost) -> None:
    page, address = linked(manager)
    guest = Client()
    found = HEAD.search(guest.post(address).content.decode())
    assert found
    manager.post(f"{page}end/")
    back = roost.agree(found[1].replace("&amp;", "&"), "ada")
    assert guest.get(BACK, back).status_code == 422
    assert not Account.objects.exists()
    assert "account.unlink" in {entry.verb for entry in AuditEntry.objects.all()}


def test_a_link_lives_a_day(manager: Client, roost: Roost, move_clock: Callable[[timedelta], None]) -> None:
    page, address = linked(manager)
    agrees(roost, address)
    move_clock(timedelta(hours=20))
    assert manager.get(f"/settings/accounts/found/{Visit.objects.get().pk}/").status_code == 200
    move_clock(timedelta(hours=25))
    assert Client().get(address).status_code == 404
    assert "has ended" in manager.get(page).content.decode()


def test_what_was_agreed_to_is_not_swept_with_old_ways(
    manager: Client, roost: Roost, move_clock: Callable[[timedelta], None]
) -> None:
    _, address = linked(manager)
    agrees(roost, address)
    move_clock(timedelta(hours=2))
    manager.post(ADD, headers={"HX-Request": "true"})
    assert Visit.objects.filter(link__isnull=False).count() == 1


def test_only_its_maker_sees_and_chooses(world: World, door: Door, manager: Client, roost: Roost) -> None:
    page, address = linked(manager)
    agrees(roost, address)
    owner = door(world.owner)
    assert owner.get(page).status_code == 404
    assert owner.post(f"{page}end/").status_code == 404
    assert owner.get(f"/settings/accounts/found/{Visit.objects.get().pk}/").status_code == 404


def test_a_maker_who_may_no_longer_connect_lets_nobody_in(
    world: World, manager: Client, roost: Roost
) -> None:
    _, address = linked(manager)
    Member.objects.filter(pk=world.manager.pk).update(role="analyst")
    answer = Client().post(address)
    assert answer.status_code == 422
    assert not Visit.objects.exists()


def test_an_account_is_connected_again_only_as_itself(world: World, manager: Client, roost: Roost) -> None:
    _, address = linked(manager)
    agrees(roost, address)
    manager.post(f"/settings/accounts/found/{Visit.objects.get().pk}/", {"account": "ada"})
    account = Account.objects.get()
    _, address = linked(manager, f"/settings/accounts/{account.pk}/reconnect/")
    _, said = agrees(roost, address, name="eve")
    assert "You agreed for" in said
    _, said = agrees(roost, address)
    assert "Thank you" in said
    visit = Visit.objects.latest("begun_at")
    manager.post(f"/settings/accounts/found/{visit.pk}/", {"account": "ada"})
    assert Account.objects.get().pk == account.pk


def test_a_link_is_not_opened_without_end(manager: Client, roost: Roost) -> None:
    _, address = linked(manager)
    guest = Client()
    for _ in range(TRIES):
        assert guest.post(address).status_code == 200
    refused = guest.post(address)
    assert refused.status_code == 422
    assert "too often" in refused.content.decode()


def test_the_secret_lies_sealed_and_survives_a_change_of_keys(
    world: World, manager: Client, roost: Roost
) -> None:
    linked(manager)
    link = ConnectLink.objects.get()
    secret = secret_of(link)
    assert secret not in link.sealed + link.token_hash
    rotate_keys()
    assert secret_of(ConnectLink.objects.get()) == secret
    assert Client().get("/connect/not-a-link/").status_code == 404


def test_a_channel_without_consent_has_no_link(world: World, manager: Client) -> None:
    with pytest.raises(Refusal):
        make_link(world.manager, world.brand, "board", {})
    with pytest.raises(Refusal):
        open_link("")


def test_a_channel_that_is_gone_is_a_page(manager: Client, roost: Roost) -> None:
    _, address = linked(manager)
    guest = Client()
    back = roost.agree(way(guest, address), "ada")
    ConnectLink.objects.update(channel="no-longer-here")
    Visit.objects.update(channel="no-longer-here")
    for answer in (guest.get(address), guest.post(address), guest.get(BACK, back)):
        assert answer.status_code in (404, 422)
        assert "This channel is not installed here." in answer.content.decode()


def places(page: str) -> list[str]:
    """Where the buttons to choose lead, in their order."""
    return re.findall(r'href="(/settings/accounts/found/[^"]+)"', page)


def test_all_who_agreed_wait_the_oldest_first_and_each_once(manager: Client, roost: Roost) -> None:
    page, address = linked(manager)
    for name in ("ada", "bob", "eve"):
        agrees(roost, address, name)
    agrees(roost, address, "bob")  # once more: what the channel gave last is what still opens
    shown = manager.get(page).content.decode()
    assert [shown.index(f"It opens: {name}.") for name in ("Ada", "Eve", "Bob")] == sorted(
        shown.index(f"It opens: {name}.") for name in ("Ada", "Bob", "Eve")
    )
    assert len(places(shown)) == 3
    newest = Visit.objects.order_by("-back_at")[0]
    assert places(shown)[2] == f"/settings/accounts/found/{newest.pk}/"
    assert manager.get(page, {"part": "state", "have": "3"}).status_code == 204
    assert manager.get(page, {"part": "state", "have": "2"}).status_code == 200


def test_the_first_choice_ends_the_link_and_the_others_wait_on(
    world: World, manager: Client, roost: Roost
) -> None:
    page, address = linked(manager)
    for name in ("bob", "ada", "bob"):
        agrees(roost, address, name)
    first = manager.get(page).content.decode()
    manager.post(places(first)[1], {"account": "bob"})
    assert Client().get(address).status_code == 404
    assert ConnectLink.objects.get().ended_at is not None
    assert "choose what to keep" in manager.get("/settings/accounts/").content.decode()
    left = manager.get(page).content.decode()
    assert "Ada" in left
    assert len(places(left)) == 1, "who agreed twice was asked about once"
    manager.post(places(left)[0], {"account": "ada"})
    assert sorted(Account.objects.values_list("remote_id", flat=True)) == ["ada", "bob"]
    assert "choose what to keep" not in manager.get("/settings/accounts/").content.decode()
    assert not Visit.objects.exists()


def test_several_links_are_answered_the_oldest_answer_first(manager: Client, roost: Roost) -> None:
    made = []
    for _ in range(3):
        page = manager.post(ADD, {"by_link": "1"})["Location"]
        made.append((page, f"/connect/{secret_of(ConnectLink.objects.latest('made_at'))}/"))
    agrees(roost, made[2][1], "ada")
    agrees(roost, made[0][1], "bob")
    shown = manager.get("/settings/accounts/").content.decode()
    order = [shown.index(page) for page, _address in (made[2], made[0], made[1])]
    assert order == sorted(order)
    assert shown.count("choose what to keep") == 2


def test_what_was_agreed_to_late_waits_its_own_day(
    manager: Client, roost: Roost, move_clock: Callable[[timedelta], None]
) -> None:
    page, address = linked(manager)
    move_clock(timedelta(hours=23))
    agrees(roost, address)
    move_clock(timedelta(hours=30))
    assert "It opens: Ada." in manager.get(page).content.decode()
    assert "choose what to keep" in manager.get("/settings/accounts/").content.decode()
    move_clock(timedelta(hours=48))
    assert "It opens" not in manager.get(page).content.decode()


def test_with_script_the_guests_press_leads_out_at_once(manager: Client, roost: Roost) -> None:
    """One press on “Go to Owl”: the page in between is for browsers without script, and has words of its own."""
    _page, address = linked(manager)
    guest = Client()
    answer = guest.post(address, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["HX-Redirect"].startswith(roost.address)
    between = guest.post(address).content.decode()
    assert "Sign in at Owl" in between
    assert "Go to Owl" not in between
