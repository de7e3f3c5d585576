"""What the account's page says of an account, and its numbers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from kitestring.connectorkit.emulation import Fault
from kitestring.connectors.bluesky import diagnostics, metrics

AtWork = Callable[..., Awaitable[Any]]


async def findings(bench: Any) -> list[tuple[str, str]]:
    return [(f.state, f.reason) for f in (await diagnostics.examine(bench.session)).findings]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"active": False, "status": "deactivated"}, ("bad", "account_gone")),
        ({"handle": "handle.invalid"}, ("warning", "handle_broken")),
        ({"emailConfirmed": False}, ("warning", "email_unconfirmed")),
    ],
)
async def test_the_servers_word_is_told(
    at_work: AtWork, state: dict[str, Any], told: tuple[str, str]
) -> None:
    bench = await at_work("bluesky")
    assert await findings(bench) == [("good", "health_good")]
    bench.platform.memory["state"] = {bench.session.remote_id: state}
    assert await findings(bench) == [told]


async def test_labels_of_the_networks_moderation_are_told(at_work: AtWork) -> None:
    bench = await at_work("bluesky")
    labels = bench.platform.memory.setdefault("labels", {})
    labels[bench.session.remote_id] = ["spam", "something-mild"]
    [found] = (await diagnostics.examine(bench.session)).findings
    assert (found.state, found.reason, found.params) == ("warning", "labelled", {"labels": "spam"})
    labels[bench.session.remote_id] = ["!hide"]
    assert await findings(bench) == [("bad", "labelled_hidden")]


async def test_a_chat_service_that_is_down_is_a_warning_not_an_end(at_work: AtWork) -> None:
    bench = await at_work("bluesky")
    bench.faults.next(Fault("down", skip=2))  # session and profile pass
    assert await findings(bench) == [("warning", "messages_unreachable")]


async def test_a_number_that_is_not_given_says_why(at_work: AtWork) -> None:
    bench = await at_work("bluesky")
    bench.platform.tell(bench.session.remote_id, "followers", 1204)
    told = {r.metric: (r.value, r.field, r.why) for r in await metrics.account(bench.session)}
    assert told["followers"] == (1204.0, "followersCount", "")
    assert told["posts"] == (0.0, "postsCount", "")
