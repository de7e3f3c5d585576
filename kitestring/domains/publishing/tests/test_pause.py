"""Pausing the workspace, a brand, an account; resuming asks what is to become of what fell due meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Connected, Grant
from kitestring.domains.channels.actions.change_account import disconnect, pause_account
from kitestring.domains.channels.actions.connect import keep_found
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.publishing.actions.end_grant import end_grant
from kitestring.domains.publishing.actions.pause import pause, resume
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.actions.schedule import schedule_post
from kitestring.domains.publishing.actions.set_aside import set_aside
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.pauses import PAUSES, overdue, place_now, switches
from kitestring.domains.publishing.queries.timeline import timeline_of
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit import clock
from kitestring.kit.refusals import Refusal
from kitestring.ui.marks import account_name
from tests.world import World

Door = Callable[[Member], Client]


def anew(member: Member) -> Member:
    """As a request reads them, with their workspace."""
    return Member.objects.get(pk=member.pk)


def row_of(delivery: Delivery, kind: str) -> UUID:
    return {
        "workspace": delivery.account.workspace_id,
        "brand": delivery.account.brand_id,
        "account": delivery.account_id,
    }[kind]


@pytest.fixture(params=PAUSES)
def kind(request: Any) -> str:
    return str(request.param)


@pytest.fixture
def paused(harbour: Harbour, kind: str) -> list[Delivery]:
    """Three on one account that is paused: one late, one due a moment ago, one due tomorrow."""
    account = harbour.account()
    late = harbour.delivery(
        account=account, text="late", due=clock.now() + timedelta(minutes=1), tolerance=timedelta(minutes=5)
    )
    due = harbour.delivery(account=account, text="due", due=clock.now() + timedelta(minutes=19))
    tomorrow = harbour.delivery(account=account, text="tomorrow", due=clock.now() + timedelta(days=1))
    pause(harbour.world.owner, kind, row_of(late, kind))
    harbour.work(1200, step=300)
    assert harbour.faults.seen == []
    return [late, due, tomorrow]


def states(made: list[Delivery]) -> list[tuple[str, str]]:
    for delivery in made:
        delivery.refresh_from_db()
    return [(d.state, d.reason) for d in made]


def waiting(member: Member) -> dict[str, int]:
    """What the page of the switches counts, by kind of place; places that hold nothing left out."""
    whole, brands = switches(anew(member))
    places = [whole, *(p for one, accounts in brands for p in (one, *accounts))]
    return {p.kind: p.waits for p in places if p.waits}


def test_what_is_overdue_is_known_before_it_is_resumed(
    harbour: Harbour, paused: list[Delivery], kind: str
) -> None:
    owner = anew(harbour.world.owner)
    found = overdue(owner, place_now(owner, kind, row_of(paused[0], kind)))
    assert [d.pk for d in found] == [paused[0].pk, paused[1].pk]


def test_send_now_sends_all_of_it_once(harbour: Harbour, paused: list[Delivery], kind: str) -> None:
    due = resume(harbour.world.owner, kind, row_of(paused[0], kind), "send")
    assert len(due) == 2
    harbour.work(5)
    assert states(paused) == [("published", ""), ("published", ""), ("scheduled", "")]
    assert sorted(i.text for i in harbour.platform.posts()) == ["due", "late"]


def test_its_history_tells_who_paused_and_who_let_it_go_on(
    harbour: Harbour, paused: list[Delivery], kind: str
) -> None:
    owner, manager = harbour.world.owner, harbour.world.manager
    _late, due, tomorrow = paused
    began = {"workspace": "paused everything", "brand": "paused the brand", "account": "paused this account"}
    assert told(due)[1] == f"{owner.name} {began[kind]}"
    resume(anew(manager), kind, row_of(due, kind), "send")
    harbour.work(30)
    lines = told(due)
    assert [line for line in lines if " resumed" in line or " paused " in line] == [
        f"{owner.name} {began[kind]}",
        f"{manager.name} resumed",
    ]
    sent = next(n for n, line in enumerate(lines) if line.startswith("Attempt 1"))
    assert lines.index(f"{manager.name} resumed") < sent
    assert not [line for line in told(tomorrow) if "paused" in line or "resumed" in line], "it was never kept"
    pause(anew(owner), kind, row_of(due, kind))
    assert told(due) == lines, "what is out is kept by nothing"


def test_who_wants_to_look_first_is_told(harbour: Harbour, paused: list[Delivery], kind: str) -> None:
    resume(anew(harbour.world.owner), kind, row_of(paused[1], kind), "look")
    assert f"{harbour.world.owner.name} wanted it looked at before it goes out" in told(paused[1])


def told(delivery: Delivery) -> list[str]:
    found = Delivery.objects.select_related("account__brand", "made_by").get(pk=delivery.pk)
    return [line.text for line in timeline_of(found).lines]


def test_look_at_each_sends_none_of_it(harbour: Harbour, paused: list[Delivery], kind: str) -> None:
    resume(harbour.world.owner, kind, row_of(paused[0], kind), "look")
    harbour.work(30)
    assert states(paused) == [
        ("needs_attention", "late"),
        ("needs_attention", "paused_over"),
        ("scheduled", ""),
    ]
    assert harbour.faults.seen == []
    assert AuditEntry.objects.filter(verb="delivery.ask", subject_id=paused[1].pk).exists()
    reschedule(harbour.world.owner, paused[1], clock.now() + timedelta(minutes=1))
    harbour.pass_(61)
    harbour.work(1)
    assert states(paused)[1] == ("published", "")


def test_without_a_word_what_is_in_time_goes_out_and_what_is_late_asks(
    harbour: Harbour, paused: list[Delivery], kind: str
) -> None:
    resume(harbour.world.owner, kind, row_of(paused[0], kind))
    harbour.work(5)
    assert states(paused)[:2] == [("needs_attention", "late"), ("published", "")]


def test_what_another_switch_holds_too_stays(harbour: Harbour) -> None:
    delivery = harbour.delivery()
    pause(harbour.world.owner, "brand", row_of(delivery, "brand"))
    harbour.work(5)
    pause(harbour.world.owner, "account", row_of(delivery, "account"))
    assert resume(harbour.world.owner, "brand", row_of(delivery, "brand"), "send") == []
    harbour.work(20)
    assert harbour.faults.seen == []
    assert states([delivery])[0][0] == "held"


def test_what_fell_due_a_second_ago_is_asked_about_too(harbour: Harbour) -> None:
    """The sweep has not come by yet."""
    delivery = harbour.delivery(due=clock.now() + timedelta(minutes=1))
    pause(harbour.world.owner, "workspace", row_of(delivery, "workspace"))
    harbour.pass_(61)
    assert resume(harbour.world.owner, "workspace", row_of(delivery, "workspace"), "look") == [delivery]
    harbour.work(20)
    assert states([delivery]) == [("needs_attention", "paused_over")]


@pytest.mark.parametrize(
    ("first", "second"), [("workspace", "account"), ("workspace", "brand"), ("brand", "account")]
)
def test_what_a_second_switch_took_over_is_asked_about_when_that_one_is_resumed(
    harbour: Harbour, first: str, second: str
) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(minutes=1))
    owner = harbour.world.owner
    pause(owner, first, row_of(delivery, first))
    harbour.work(120, step=30)
    pause(owner, second, row_of(delivery, second))
    assert waiting(owner) == {first: 1, second: 1}, "both hold it"
    assert resume(anew(owner), first, row_of(delivery, first), "look") == []
    harbour.work(60, step=10)
    assert states([delivery])[0][0] == "held"
    assert waiting(owner) == {second: 1}
    there = place_now(anew(owner), second, row_of(delivery, second))
    assert overdue(anew(owner), there) == [delivery]
    assert resume(anew(owner), second, row_of(delivery, second), "look") == [delivery]
    harbour.work(30, step=10)
    assert states([delivery]) == [("needs_attention", "paused_over")]
    assert harbour.faults.seen == []


@pytest.mark.parametrize("role", ["editor", "approver", "analyst", "stakeholder"])
def test_who_may_not_is_told(harbour: Harbour, kind: str, role: str) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(minutes=5))
    for deed in (pause, resume):
        with pytest.raises(Refusal):
            deed(getattr(harbour.world, role), kind, row_of(delivery, kind))


def test_another_workspaces_places_are_not_here(harbour: Harbour, stranger: World, kind: str) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(minutes=5))
    for deed in (pause, resume):
        with pytest.raises(Refusal) as refused:
            deed(stranger.owner, kind, row_of(delivery, kind))
        assert refused.value.reason == "not_found"


def test_the_page_asks_before_it_resumes(
    harbour: Harbour, paused: list[Delivery], kind: str, door: Door
) -> None:
    client, address = door(harbour.world.manager), f"/settings/pause/{kind}/{row_of(paused[0], kind)}/"
    page = client.get("/settings/pause/").content.decode()
    assert "Paused since" in page
    assert "Not sent, because the hour had passed" in page
    asked = client.post(f"{address}resume/", {"next": "//evil.example/"})
    assert asked.status_code == 200
    text = asked.content.decode()
    assert "2 became due meanwhile" in text
    assert 'value="look"' in text
    assert 'value="send"' in text
    assert states(paused)[1] == ("held", f"{kind}_paused"), "nothing is changed until it is said"
    done = client.post(f"{address}resume/", {"then": "look", "next": "//evil.example/"})
    assert done["Location"] == f"/deliveries/{paused[0].pk}/", "each is looked at, the first at once"
    assert states(paused)[1] == ("needs_attention", "paused_over")
    assert "2 overdue wait for somebody to look." in client.get("/settings/pause/").content.decode()


def test_each_is_looked_at_one_after_the_other(
    harbour: Harbour, paused: list[Delivery], kind: str, door: Door
) -> None:
    client, address = door(harbour.world.manager), f"/settings/pause/{kind}/{row_of(paused[0], kind)}/"
    first = client.post(f"{address}resume/", {"then": "look"})["Location"]
    second = f"/deliveries/{paused[1].pk}/"
    page = client.get(first).content.decode()
    assert "1 of 2 to look at" in page
    assert f'href="{second}"' in page
    page = client.get(second).content.decode()
    assert "2 of 2 to look at" in page
    assert f'href="{first}"' in page
    after = client.post(f"{second}do/give-up/", {"seen": "0"})["Location"]
    page = client.get(after).content.decode()
    assert "Decided. 1 is still to be looked at." in page
    assert f'href="{first}"' in page
    after = client.post(f"{first}do/send/", {"seen": "0"})["Location"]
    assert "Decided. Nothing is left to be looked at." in client.get(after).content.decode()
    assert "to be looked at" not in client.get(second).content.decode(), "later its page is like any other"


def test_with_nothing_overdue_it_just_resumes(harbour: Harbour, kind: str, door: Door) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(hours=5))
    client, address = door(harbour.world.owner), f"/settings/pause/{kind}/{row_of(delivery, kind)}/"
    assert client.post(address, {"next": "/"})["Location"] == "/"
    assert client.post(f"{address}resume/").status_code == 302
    assert place_now(anew(harbour.world.owner), kind, row_of(delivery, kind)).row.paused_at is None
    verbs = list(AuditEntry.objects.filter(verb__contains="pause").values_list("verb", flat=True))
    assert verbs == [f"{kind}.pause"]


def test_an_editor_reads_the_page_without_the_switches(harbour: Harbour, door: Door) -> None:
    page = door(harbour.world.editor).get("/settings/pause/").content.decode()
    assert "An owner or a manager can do this." in page
    assert "/settings/pause/workspace/" not in page
    assert (
        door(harbour.world.editor).post(f"/settings/pause/brand/{harbour.world.brand.pk}/").status_code == 403
    )


def test_the_settings_of_a_brand_and_an_account_have_the_switch(harbour: Harbour, door: Door) -> None:
    account, client = harbour.account(), door(harbour.world.owner)
    brand = harbour.world.brand
    assert (
        f"/settings/pause/brand/{brand.pk}/" in client.get(f"/settings/brands/{brand.pk}/").content.decode()
    )
    page = client.get(f"/settings/accounts/{account.pk}/").content.decode()
    assert f"/settings/pause/account/{account.pk}/" in page


def test_where_one_switch_is_lifted_and_another_stands_that_one_is_told(harbour: Harbour, door: Door) -> None:
    world, account = harbour.world, harbour.account()
    one = harbour.delivery(account=account, due=clock.now() + timedelta(minutes=5))
    pause(world.manager, "account", account.pk)
    harbour.pass_(1)
    pause(world.manager, "brand", world.brand.pk)
    harbour.pass_(301)
    set_aside()
    waiting = door(world.manager).get(f"/deliveries/waiting/brand/{world.brand.pk}/").content.decode()
    assert "Resume: what is still in time goes out by itself" not in waiting
    assert (
        f"Also: {account_name(account)} is paused. What is still in time goes out by itself once nothing holds it"
        in waiting
    )
    resume(world.manager, "brand", world.brand.pk)
    harbour.work()
    one.refresh_from_db()
    assert (one.state, one.reason) == ("held", "account_paused")
    lines = [(line.text, line.detail) for line in timeline_of(one).lines]
    assert ("Hà resumed", "It could not leave yet: Hà paused this account") in lines
    resume(world.manager, "account", account.pk)
    harbour.work(2)
    one.refresh_from_db()
    assert one.state == "published"
    assert [line.detail for line in timeline_of(one).lines if line.text == "Hà resumed"][
        -1
    ] == "It could leave again"


def test_a_pause_that_lasts_keeps_its_word_while_another_comes_and_goes(harbour: Harbour) -> None:
    world, account = harbour.world, harbour.account()
    one = harbour.delivery(account=account)
    pause(world.manager, "account", account.pk)
    set_aside()
    pause(world.manager, "workspace", world.workspace.pk)
    harbour.work()
    one.refresh_from_db()
    assert (one.state, one.reason) == ("held", "account_paused")
    end_grant(account.pk, "grant_expired")
    resume(world.manager, "workspace", world.workspace.pk)
    resume(world.manager, "account", account.pk)
    harbour.work()
    one.refresh_from_db()
    assert (one.state, one.reason) == ("held", "grant_expired")


def test_a_pause_that_ended_with_a_reconnect_keeps_nothing_later(harbour: Harbour) -> None:
    world, account = harbour.world, harbour.account()
    pause_account(world.manager, account.pk)
    disconnect(world.manager, account.pk)
    harbour.pass_(60)
    again = Connected(
        account.remote_id,
        account.name,
        account.handle,
        Grant({"token": "t"}),
        account_type=account.account_type,
    )
    keep_found(world.manager, world.brand, registry.get(account.channel), again)
    account.refresh_from_db()
    assert account.paused_at is None
    assert AuditEntry.objects.filter(verb="account.resume", subject_id=account.pk).count() == 1
    delivery = harbour.delivery(account=account, due=clock.now() + timedelta(days=30))
    harbour.pass_(30 * 86400 + 2)
    harbour.work(5)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert not any("paused this account" in line.text for line in timeline_of(delivery).lines)


@pytest.mark.parametrize(
    ("kind", "said"),
    [*((k, "Paused, 2 accounts") for k in ("workspace", "brand")), ("account", "Paused on 1 of 2 accounts")],
)
def test_today_does_not_count_down_to_what_is_paused(
    harbour: Harbour, door: Door, kind: str, said: str
) -> None:
    world, first = harbour.world, harbour.account()
    midnight = clock.now().astimezone(world.brand.zone).replace(hour=12, minute=0, second=0, microsecond=0)
    harbour.pass_(((midnight + timedelta(days=1)) - clock.now()).total_seconds())
    variant = harbour.variant(first)
    add_variant(world.editor, variant.post.pk, harbour.account(name="two"))
    schedule_post(world.editor, variant.post, clock.now() + timedelta(minutes=30))
    client = door(world.manager)
    going = client.get("/").content.decode().partition("Going out today")[2]
    assert "In 30 min, 2 accounts" in going
    rows = {"workspace": world.workspace.pk, "brand": world.brand.pk, "account": first.pk}
    pause(world.manager, kind, rows[kind])
    going = client.get("/").content.decode().partition("Going out today")[2]
    assert said in going
    assert "In 30 min" not in going
