"""A sequence that ended while nobody knew of one part: that stays said, a late proof still counts, a person can settle it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from kitestring.connectorkit.emulation import Item
from kitestring.domains.publishing.actions.claim import claim_due
from kitestring.domains.publishing.actions.close import Result, close
from kitestring.domains.publishing.actions.left_in_doubt import say_part_absent
from kitestring.domains.publishing.actions.midway import leave_as_it_is
from kitestring.domains.publishing.actions.settle_by_person import say_live, say_not_live
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.actions.take_down import find_withdrawals, take_down
from kitestring.domains.publishing.actions.withdraw import say_withdrawn, withdraw
from kitestring.domains.publishing.models import Delivery, Part
from kitestring.domains.publishing.queries.summary import summary_of
from kitestring.domains.publishing.queries.timeline import timeline_of
from kitestring.domains.publishing.queries.timeline_parts import parts_shown
from kitestring.domains.publishing.rules.answers import Live
from kitestring.domains.publishing.rules.next_step import Next
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.test_sequence import WHOLE, at_store
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Conflict, Refusal

Door = Callable[[Member], Client]


def in_doubt(harbour: Harbour) -> Delivery:
    """Its head is live; the answer about its second part was lost, and nobody can look."""
    delivery = harbour.sequence("none")
    at_store(harbour, 1, "drop_after")
    harbour.work(5)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part, delivery.reason) == ("needs_attention", 1, "no_look_up")
    return delivery


def shown(delivery: Delivery) -> list[str]:
    return [part.state for part in parts_shown(delivery)]


def told(delivery: Delivery) -> str:
    return summary_of(delivery, timeline_of(delivery))


def test_left_as_it_is_the_part_in_doubt_is_not_called_never_sent(harbour: Harbour, door: Door) -> None:
    delivery, editor = in_doubt(harbour), harbour.world.editor
    leave_as_it_is(editor, delivery)
    assert shown(delivery) == ["published", "unknown", "left"]
    assert "Nobody knows whether part 2 is there too" in told(delivery)
    page = door(editor).get(f"/deliveries/{delivery.pk}/").content.decode()
    assert "Part 2 is not there" in page
    assert 'data-open="live"' in page
    harbour.work(20)
    delivery.refresh_from_db()
    assert (delivery.state, harbour.thread(delivery)) == ("published", WHOLE[:2])


def test_a_person_who_looked_says_that_it_is_not_there_and_nothing_is_sent(
    harbour: Harbour, door: Door
) -> None:
    delivery, editor = in_doubt(harbour), harbour.world.editor
    leave_as_it_is(editor, delivery)
    door(editor).post(f"/deliveries/{delivery.pk}/do/part-absent/", {"seen": str(delivery.attempts)})
    delivery.refresh_from_db()
    assert (delivery.doubt_since, shown(delivery)) == (None, ["published", "absent", "left"])
    assert Part.objects.get(delivery=delivery, place=1).counted_at is None
    assert told(delivery) == "1 of its 3 parts is live. The rest is never sent."
    with pytest.raises(Conflict):
        say_part_absent(editor, delivery)
    harbour.work(20)
    assert len(harbour.thread(delivery)) == 2  # the doubt was right: that is what looking there is for


def test_a_person_who_looked_gives_its_address_and_what_comes_after_is_never_sent(harbour: Harbour) -> None:
    delivery, editor = in_doubt(harbour), harbour.world.editor
    leave_as_it_is(editor, delivery)
    say_live(editor, delivery, "https://harbour.test/p/2")
    assert (delivery.state, delivery.part, shown(delivery)) == (
        "published", 2, ["published", "published", "left"],
    )  # fmt: skip
    assert parts_shown(delivery)[1].url == "https://harbour.test/p/2"
    assert told(delivery) == "2 of its 3 parts are live. The rest is never sent."
    with pytest.raises(Conflict):
        say_live(editor, delivery, "https://harbour.test/p/3")


def asleep(harbour: Harbour) -> tuple[Delivery, Result, UUID]:
    """Its second part is in the hands of a worker that fell asleep; a person was asked; and the proof it will bring."""
    delivery, me = harbour.sequence("none"), uuid7()
    at_store(harbour, 1, "busy")
    harbour.send()
    harbour.pass_(30)
    (claimed,) = claim_due(me, 1)
    harbour.pass_(121)
    sweep()
    harbour.ask()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part) == ("needs_attention", 1)
    item = Item(
        harbour.platform.next_id(), delivery.account.remote_id, "A second one", clock.now().isoformat(),
        extra={"key": str(claimed.key), "reply_to": delivery.remote_id},
    )  # fmt: skip
    harbour.platform.add(item)
    proof = Next("partly_out", live=Live(str(item.id), "https://harbour.test/p/77"))
    result = Result(
        claimed.id, claimed.account_id, claimed.attempt, "sending", proof, part=claimed.part, parts=3
    )
    return delivery, result, me


def test_a_late_proof_of_a_part_that_was_left_is_kept(harbour: Harbour) -> None:
    delivery, result, me = asleep(harbour)
    leave_as_it_is(harbour.world.editor, delivery)
    assert close(me, [result]) == {delivery.pk}
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part, delivery.doubt_since) == ("published", 2, None)
    assert shown(delivery) == ["published", "published", "left"]
    harbour.work(20)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part) == ("published", 2)


def test_a_late_proof_of_a_part_of_what_was_taken_down_is_taken_down_too(harbour: Harbour) -> None:
    delivery, result, me = asleep(harbour)
    withdraw(harbour.world.editor, delivery)
    harbour.run(lambda: take_down(delivery.pk))
    delivery.refresh_from_db()
    assert delivery.state == "withdrawn"
    assert "Nobody knows whether part 2 is there" in told(delivery)
    assert close(me, [result]) == {delivery.pk}
    while find_withdrawals():
        harbour.run(lambda: take_down(delivery.pk))
    delivery.refresh_from_db()
    assert (delivery.state, harbour.thread(delivery)) == ("withdrawn", [])
    assert shown(delivery) == ["withdrawn", "withdrawn", "left"]


def test_a_late_proof_of_a_part_of_what_a_person_deleted_there_asks_that_person(harbour: Harbour) -> None:
    delivery, result, me = asleep(harbour)
    say_withdrawn(harbour.world.editor, delivery)
    assert close(me, [result]) == {delivery.pk}
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, delivery.part) == ("needs_attention", "part_after_all", 2)
    assert shown(delivery)[:2] == ["withdrawn", "published"]
    assert told(delivery).startswith("1 of its 3 parts is live. It was taken down, and only then")
    with pytest.raises(Refusal, match="The first part was taken down"):
        say_not_live(harbour.world.editor, delivery)
    leave_as_it_is(harbour.world.editor, delivery)
    assert (shown(delivery), told(delivery)) == (
        ["withdrawn", "published", "left"], "1 of its 3 parts is live. The rest is never sent.",
    )  # fmt: skip
    say_withdrawn(harbour.world.editor, delivery)
    assert (delivery.state, shown(delivery)) == ("withdrawn", ["withdrawn", "withdrawn", "left"])


def test_the_word_of_who_looked_is_not_taken_while_all_of_it_is_being_taken_down(harbour: Harbour) -> None:
    """By its address alone it could not be, and it would be called gone."""
    delivery, editor = in_doubt(harbour), harbour.world.editor
    withdraw(editor, delivery)
    with pytest.raises(Conflict, match="It is being taken down"):
        say_live(editor, delivery, "https://harbour.test/p/2")
    harbour.run(lambda: take_down(delivery.pk))
    delivery.refresh_from_db()
    assert (delivery.state, shown(delivery)) == ("withdrawn", ["withdrawn", "unknown", "left"])
    say_part_absent(editor, delivery)
    assert shown(delivery) == ["withdrawn", "absent", "left"]
