"""Faults of messages on a line that stays open."""

from __future__ import annotations

from kitestring.connectorkit.faults import Fault, Faults


def test_a_message_takes_the_fault_that_waits_for_its_like() -> None:
    faults = Faults()
    faults.next(Fault("busy", at="store"))
    assert faults.told("REQ", "upload") is None
    assert faults.told("EVENT", "store") == Fault("busy", at="store")
    assert faults.told("EVENT", "store") is None
    assert (faults.stored(), faults.uploaded()) == (2, 1)


def test_a_fault_of_any_request_is_left_to_whoever_opens_the_line() -> None:
    faults = Faults()
    faults.next(Fault("html"))
    assert faults.told("EVENT", "store") is None
    assert faults.queue == [Fault("html")]
    assert faults.told("OPEN", "any") == Fault("html")
