"""The app on a Page: beside what is there, only with the right to it, and again when somebody took it off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.facebook import emulator, subscribing
from kitestring.providers.meta.emulated.desk import number
from kitestring.providers.meta.emulated.subscribing import kept

NAME = "hien-ca-phe"
ADDRESS = "https://kite.example/hooks/facebook/app/secret"


async def test_what_another_part_of_ours_asked_for_stays(at_work: Any) -> None:
    there = await at_work("facebook")
    page = number("page", NAME)
    kept(there.platform)[page] = ["name"]
    await subscribing.subscribe(there.session, ADDRESS)
    assert kept(there.platform)[page] == ["feed", "mention", "messages", "name"]


async def test_nothing_is_changed_where_all_is_there(at_work: Any) -> None:
    there = await at_work("facebook")
    await subscribing.subscribe(there.session, ADDRESS)
    before = [one.method for one in there.faults.seen].count("POST")
    await subscribing.subscribe(there.session, ADDRESS)
    assert [one.method for one in there.faults.seen].count("POST") == before


async def test_who_declined_messages_is_not_told_of_them(at_work: Any) -> None:
    there = await at_work("facebook")
    await subscribing.subscribe(without(there.session, "pages_messaging"), ADDRESS)
    assert kept(there.platform)[number("page", NAME)] == ["feed", "mention"]


async def test_without_the_right_nobody_is_asked(at_work: Any) -> None:
    there = await at_work("facebook")
    before = len(there.faults.seen)
    with pytest.raises(Rejected) as caught:
        await subscribing.subscribe(without(there.session, "pages_manage_metadata"), ADDRESS)
    assert caught.value.reason == "metadata_right_missing"
    assert len(there.faults.seen) == before


async def test_a_right_taken_back_since_ends_no_account(at_work: Any) -> None:
    there = await at_work("facebook")
    there.platform.memory["declined"] = ["pages_manage_metadata"]
    with pytest.raises(Rejected) as caught:
        await subscribing.subscribe(there.session, ADDRESS)
    assert caught.value.reason == "metadata_right_missing"
    assert not emulator.calls(there.platform, NAME, ADDRESS)


def without(session: Any, right: str) -> Any:
    scopes = tuple(one for one in session.grant.scopes if one != right)
    return replace(session, grant=replace(session.grant, scopes=scopes))
