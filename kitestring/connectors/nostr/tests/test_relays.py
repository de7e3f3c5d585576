"""Several relays, relays that ask who we are, that want more than we give, or say what nobody understands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from kitestring.connectorkit.contract import Outgoing, Processing, Published
from kitestring.connectorkit.emulation import Fault, Platform, serve
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.conftest import AtWork
from kitestring.connectors.nostr import auth, diagnostics, emulator, inbox, metrics, publishing
from kitestring.connectors.nostr.emulated.world import key_for
from kitestring.kit import clock

Open = Callable[..., Awaitable[AtWork]]
DEAD = "http://127.0.0.1:1"


async def sent(there: AtWork, duty: Outgoing) -> tuple[Outgoing, Published]:
    step = await publishing.publish(there.session, duty)
    assert isinstance(step, Processing)
    known = replace(duty, handle=step.handle)
    done = await publishing.follow(there.session, known)
    assert isinstance(done, Published)
    return known, done


async def test_one_relay_that_takes_it_is_enough(at_work: Open, duty: Callable[..., Outgoing]) -> None:
    there = await at_work("nostr", relay_2=DEAD)
    _, done = await sent(there, duty("post", "Một"))
    assert done.remote_id in there.platform.items
    page = await inbox.fetch(there.session, [done.remote_id], "")
    assert not page.messages
    told = await diagnostics.examine(there.session)
    assert [(f.state, f.reason, f.params) for f in told.findings] == [
        ("warning", "relay_down", {"relay": DEAD.replace("http", "ws")})
    ]


async def test_every_relay_gets_it(at_work: Open, duty: Callable[..., Outgoing]) -> None:
    second = Platform()
    async with serve(emulator.build(second)) as base:
        there = await at_work("nostr", relay_2=base)
        known, done = await sent(there, duty("post", "Hai nơi"))
        assert done.remote_id in second.items
        assert done.remote_id in there.platform.items
        there.platform.remove(done.remote_id)
        assert await publishing.look_up(there.session, replace(known, handle="")) == done
        second.comment(done.remote_id, "lan", "Lan", "Ở nơi kia")
        page = await inbox.fetch(there.session, [done.remote_id], "")
        assert [(m.text, m.author_name) for m in page.messages] == [("Ở nơi kia", "Lan")]
        await publishing.withdraw(there.session, done.remote_id)
        assert not [item for item in second.items.values() if not item.parent]


async def test_who_we_are_is_proved_where_a_relay_asks(at_work: Open, duty: Callable[..., Outgoing]) -> None:
    platform = Platform()
    platform.memory["relay"] = {"auth": True, "members": [key_for("hien-ca-phe").pubkey]}
    there = await at_work("nostr", platform=platform)
    _, done = await sent(there, duty("post", "Đã xưng tên"))
    assert done.remote_id in platform.items


async def test_a_relay_that_does_not_know_us_is_told_at_connecting(at_work: Open) -> None:
    platform = Platform()
    platform.memory["relay"] = {"auth": True, "members": []}
    with pytest.raises(Rejected) as caught:
        await at_work("nostr", platform=platform)
    assert (caught.value.field, caught.value.reason) == ("url", "relays_shut")


async def test_a_key_that_is_shut_out_later_holds_the_account(
    at_work: Open, duty: Callable[..., Outgoing]
) -> None:
    there = await at_work("nostr")
    step = await publishing.publish(there.session, one := duty("post", "Muộn"))
    assert isinstance(step, Processing)
    there.platform.memory["relay"]["refuses"] = "blocked: you are banned from posting here"
    with pytest.raises(GrantExpired) as caught:
        await publishing.follow(there.session, replace(one, handle=step.handle))
    assert caught.value.reason == "relays_shut"


@pytest.mark.parametrize("nameless", [False, True])
async def test_work_is_refused_in_words(at_work: Open, duty: Callable[..., Outgoing], nameless: bool) -> None:
    """Also by a relay that leaves out which event it refuses, as nostr-relay 1.14 does."""
    platform = Platform()
    platform.memory["relay"] = {"refuses": "pow: difficulty 0 is less than 30", "nameless": nameless}
    there = await at_work("nostr", platform=platform, timeout=3.0)
    with pytest.raises(Rejected) as caught:
        await sent(there, duty("post", "Nặng"))
    assert (caught.value.reason, caught.value.said) == (
        "relay_wants_work",
        "pow: difficulty 0 is less than 30",
    )


async def test_the_tightest_limits_of_the_relays_hold(at_work: Open, duty: Callable[..., Outgoing]) -> None:
    platform, second = Platform(), Platform()
    platform.memory["relay"] = {
        "information": {"limitation": {"max_content_length": 50, "max_message_length": 600}}
    }
    second.memory["relay"] = {
        "information": {"limitation": {"max_content_length": 40, "max_message_length": True}}
    }
    async with serve(emulator.build(second)) as base:
        there = await at_work("nostr", platform=platform, relay_2=base)
        assert there.session.settings["limits"] == {"content": 40, "message": 600}
        with pytest.raises(Rejected) as caught:
            publishing.check(there.session, duty("post", "茶" * 41))
        assert (caught.value.reason, caught.value.params["limit"]) == ("too_long", 40)
        publishing.check(there.session, duty("post", "茶" * 40))
        with pytest.raises(Rejected) as caught:
            await sent(there, duty("post", "茶", options={"content_warning": "x" * 190}))
        assert caught.value.reason == "event_too_big"
        assert not platform.items


async def test_a_page_instead_of_a_relay_is_refused_at_its_field(at_work: Open) -> None:
    there = await at_work("nostr")
    there.faults.always(Fault("html"))
    typed = emulator.answers(there.base_url, "x")
    with pytest.raises(Rejected) as caught:
        await auth.connect(there.session.http, {"api": there.base_url}, typed)
    assert (caught.value.field, caught.value.reason) == ("url", "not_a_relay")
    there.faults.always(Fault("busy", after=5))
    with pytest.raises(RetryLater) as later:
        await auth.connect(there.session.http, {"api": there.base_url}, typed)
    assert later.value.after == 5


async def test_words_nobody_knows_and_more_of_them_are_passed_over(
    at_work: Open, duty: Callable[..., Outgoing]
) -> None:
    there = await at_work("nostr")
    there.faults.always(Fault("novel"))
    _, done = await sent(there, duty("post", "Mới"))
    there.platform.comment(done.remote_id, "lan", "Lan", "Ừ")
    page = await inbox.fetch(there.session, [done.remote_id], "")
    assert [m.text for m in page.messages] == ["Ừ"]
    assert {r.value for r in await metrics.read(there.session, [done.remote_id])} == {0.0, 1.0}


async def test_conditions_of_relays_are_told(at_work: Open) -> None:
    platform = Platform()
    limits = {"payment_required": True, "min_pow_difficulty": 20}
    platform.memory["relay"] = {"information": {"limitation": limits}}
    there = await at_work("nostr", platform=platform, files="")
    told = await diagnostics.examine(there.session)
    assert [f.reason for f in told.findings] == ["relay_paid", "relay_work", "no_file_server"]
    assert there.connected.capabilities == {"files": "no_file_server"}


async def test_beyond_a_page_a_relay_that_counts_is_asked(
    at_work: Open, duty: Callable[..., Outgoing]
) -> None:
    there = await at_work("nostr", timeout=20.0)
    _, done = await sent(there, duty("post", "Nhiều"))
    there.platform.count(done.remote_id, "likes", 1234)
    there.platform.count(done.remote_id, "reposts", 7)
    told = {r.metric: r.value for r in await metrics.read(there.session, [done.remote_id])}
    assert told == {"likes": 1234.0, "reposts": 7.0, "replies": 0.0, "quotes": 0.0}


async def test_numbers_of_the_account(at_work: Open) -> None:
    there = await at_work("nostr")
    there.platform.tell(there.session.remote_id, "followers", 52)
    follows = key_for("hien-ca-phe").sign(
        3, "", [["p", "a" * 64], ["p", "b" * 64]], int(clock.now().timestamp())
    )
    there.platform.memory["events"][follows.id] = follows.body()
    told: dict[str, Any] = {r.metric: r.value for r in await metrics.account(there.session)}
    assert told == {"followers": 52.0, "following": 2.0}


async def test_faults_never_leave_two(at_work: Open, duty: Callable[..., Outgoing]) -> None:
    """The same event after each kind of lost answer: one item."""
    there = await at_work("nostr", timeout=2.0)
    step = await publishing.publish(there.session, one := duty("post", "Một lần"))
    assert isinstance(step, Processing)
    known = replace(one, handle=step.handle)
    for kind in ("drop_after", "error_after", "timeout_after"):
        there.faults.next(Fault(kind, at="store"))
        with pytest.raises(Exception, match=r"no_answer|broken"):
            await publishing.follow(there.session, known)
    await publishing.follow(there.session, known)
    assert len(there.platform.items) == 1
