"""Telling LINE to call us: another program's address stays, and what only a person can do is said."""

from __future__ import annotations

from typing import Any

import pytest

from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.line import emulator, subscribing
from kitestring.connectors.line.emulated import webhooks

NAME = "hien-ca-phe"
OURS = "https://kite.example/hooks/line/secret"


async def refused(there: Any, address: str = OURS) -> Rejected:
    with pytest.raises(Rejected) as caught:
        await subscribing.subscribe(there.session, address)
    return caught.value


async def test_another_programs_address_stays(at_work: Any) -> None:
    there = await at_work("line")
    webhooks.kept(there.platform)[NAME] = {"endpoint": "https://bot.example/line", "active": True}
    error = await refused(there)
    assert (error.reason, error.params) == ("webhook_elsewhere", {"address": "https://bot.example/line"})
    assert emulator.calls(there.platform, NAME, "https://bot.example/line")


async def test_an_older_address_of_ours_makes_room(at_work: Any) -> None:
    there = await at_work("line")
    webhooks.kept(there.platform)[NAME] = {"endpoint": OURS[:-6] + "older", "active": True}
    await subscribing.subscribe(there.session, OURS)
    assert emulator.calls(there.platform, NAME, OURS)


async def test_the_switch_is_a_persons(at_work: Any) -> None:
    there = await at_work("line")
    there.platform.memory.setdefault("line", {})["use"] = False
    assert (await refused(there)).reason == "webhook_off_here"
    assert webhooks.kept(there.platform)[NAME] == {"endpoint": OURS, "active": False}


async def test_an_address_that_nobody_answers_at_is_said(at_work: Any) -> None:
    there = await at_work("line")
    there.platform.memory.setdefault("line", {})["deaf"] = True
    error = await refused(there)
    assert (error.reason, error.params["said"]) == ("webhook_unanswered", "ERROR_STATUS_CODE 404")


async def test_an_address_line_would_not_take(at_work: Any) -> None:
    there = await at_work("line")
    assert (await refused(there, "http://kite.example/hooks/line/secret")).reason == "webhook_refused"
    assert NAME not in webhooks.kept(there.platform)


async def test_a_token_that_ended_stays_what_it_is(at_work: Any) -> None:
    there = await at_work("line")
    there.platform.memory["line_tokens"].clear()
    with pytest.raises(GrantExpired):
        await subscribing.subscribe(there.session, OURS)
