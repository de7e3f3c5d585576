"""A person looked and it is not there; the channel cannot tell. Their word counts, for what was tried until then and no more."""

from __future__ import annotations

import pytest

from kitestring.connectorkit.contract import Outcome, Outgoing, Session
from kitestring.connectorkit.errors import Ambiguous
from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.actions.settle_by_person import say_not_live
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.conftest import Harbour, tries
from kitestring.domains.publishing.tests.harbour import publishing


class Blind:
    """A look that cannot tell, until its eyes are opened."""

    def __init__(self) -> None:
        self.real = publishing.look_up
        self.opened = False

    async def look_up(self, session: Session, outgoing: Outgoing) -> Outcome | None:
        if self.opened:
            return await self.real(session, outgoing)
        raise Ambiguous("look_up_unclear")


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> Blind:
    found = Blind()
    monkeypatch.setattr(publishing, "look_up", found.look_up)
    return found


def doubted(harbour: Harbour, way: str, fault: str = "drop_before") -> Delivery:
    """One whose answer was lost, and of which three looks could not tell."""
    delivery = harbour.delivery(way)
    if way == "two_step":
        harbour.send()
        harbour.pass_(2)
    harbour.faults.next(Fault(fault, at="store"))
    harbour.work(120)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("needs_attention", "unclear_thrice")
    return delivery


@pytest.mark.parametrize("way", ["native_key", "two_step", "read_back"])
def test_it_goes_out_on_the_word(harbour: Harbour, blind: Blind, way: str) -> None:
    delivery = doubted(harbour, way)
    key, handle = delivery.key, delivery.handle
    assert bool(handle) == (way == "two_step")
    say_not_live(harbour.world.editor, delivery)
    harbour.work(20)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.key, harbour.copies(delivery)) == ("published", key, 1)
    assert delivery.handle != handle or way != "two_step", "it began anew"


def test_the_word_outlasts_a_try_that_sent_nothing(harbour: Harbour, blind: Blind) -> None:
    delivery = doubted(harbour, "read_back")
    say_not_live(harbour.world.editor, delivery)
    harbour.faults.next(Fault("busy", after=5, at="store"))
    harbour.work(60)
    delivery.refresh_from_db()
    assert (delivery.state, harbour.copies(delivery)) == ("published", 1)


@pytest.mark.parametrize("way", ["read_back", "two_step"])
def test_it_says_nothing_of_what_was_tried_after_it(harbour: Harbour, blind: Blind, way: str) -> None:
    """The next try is stored and its answer lost: that is a new doubt, and a new question."""
    delivery = doubted(harbour, way)
    say_not_live(harbour.world.editor, delivery)
    if way == "two_step":
        harbour.send()
        harbour.pass_(2)
    harbour.faults.next(Fault("drop_after", at="store"))
    harbour.work(600)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("needs_attention", "unclear_thrice")
    assert harbour.copies(delivery) == 1
    assert [step for step, *_rest in tries(delivery)].count("person") == 1


def test_what_a_look_finds_goes_before_the_word(harbour: Harbour, blind: Blind) -> None:
    delivery = doubted(harbour, "read_back", fault="drop_after")
    blind.opened = True
    say_not_live(harbour.world.editor, delivery)
    harbour.work(20)
    delivery.refresh_from_db()
    assert (delivery.state, harbour.copies(delivery)) == ("published", 1)


def test_without_a_word_nothing_leaves_that_a_look_cannot_tell_of(harbour: Harbour, blind: Blind) -> None:
    delivery = harbour.delivery("read_back")
    harbour.faults.next(Fault("busy", after=5, at="store"))
    harbour.work(60)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, harbour.copies(delivery)) == (
        "scheduled",
        "look_up_unclear",
        0,
    )


def test_a_word_of_one_part_is_none_of_another(harbour: Harbour, blind: Blind) -> None:
    """The second part was not there; it goes out, and the third one in its turn, which is tried for the first time."""
    delivery = harbour.sequence("read_back")
    harbour.faults.next(Fault("slow", seconds=0, at="store"), Fault("drop_before", at="store"))
    harbour.work(120)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.part) == ("needs_attention", 1)
    say_not_live(harbour.world.editor, delivery)
    harbour.work(60)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert len(harbour.thread(delivery)) == 3
