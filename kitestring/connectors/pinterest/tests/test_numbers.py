"""Numbers of pins young and old, of accounts with and without analytics; health; the two meanings of a 401."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.contract import Grant, Media, Outgoing
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.pinterest import auth, diagnostics, emulator, metrics, publishing
from kitestring.kit import clock

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
Picture = Callable[..., Media]


async def told(bench: Any, post: str) -> dict[str, tuple[float | None, str]]:
    return {one.metric: (one.value, one.why) for one in await metrics.read(bench.session, [post])}


async def test_saves_of_an_old_pin_are_not_given(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("pinterest")
    done = await publishing.publish(bench.session, duty("pin", "Trà", media=(picture(),)))
    for key, by in (("views", 240), ("clicks", 20), ("likes", 12), ("saves", 18)):
        bench.platform.count(done.remote_id, key, by)
    young = await told(bench, done.remote_id)
    assert young == {
        "views": (240, ""),
        "clicks": (20, ""),
        "likes": (12, ""),
        "replies": (0, ""),
        "saves": (18, ""),
    }
    bench.platform.items[done.remote_id].at = (clock.now() - timedelta(days=91)).isoformat()
    assert await told(bench, done.remote_id) == {**young, "saves": (None, "ninety_days")}


async def test_closed_analytics_take_only_what_comes_from_them(
    at_work: AtWork, duty: Duty, picture: Picture
) -> None:
    bench = await at_work("pinterest")
    done = await publishing.publish(bench.session, duty("pin", "Trà", media=(picture(),)))
    bench.platform.tell(bench.session.remote_id, "followers", 31)
    bench.platform.memory["no_analytics"] = True
    found = await told(bench, done.remote_id)
    assert (found["saves"], found["views"]) == ((None, "analytics_closed"), (0, ""))
    account = {one.metric: (one.value, one.why) for one in await metrics.account(bench.session)}
    assert account["followers"] == (31, "")
    assert account["views"] == (None, "analytics_closed")


async def test_a_pin_that_is_gone_has_no_numbers(at_work: AtWork) -> None:
    bench = await at_work("pinterest")
    for post in ("123", "not-a-pin"):
        assert set((await told(bench, post)).values()) == {(None, "not_there")}


async def test_new_boards_and_missing_rights_are_told(at_work: AtWork) -> None:
    bench = await at_work("pinterest")
    reasons = [one.reason for one in (await diagnostics.examine(bench.session)).findings]
    assert reasons == ["health_good"]
    emulator.add_board(bench.platform, "hien-ca-phe", "Mùa thu 秋")
    less = replace(bench.session.grant, scopes=("user_accounts:read", "boards:read"))
    ill = await diagnostics.examine(replace(bench.session, grant=less, remote_id="5"))
    assert [one.reason for one in ill.findings] == [
        "health_good",
        "another_account",
        "scopes_lacking",
    ]
    assert [board["label"] for board in ill.settings["boards"]][-1] == "Mùa thu 秋"
    assert ill.findings[2].params == {"scopes": "boards:write, pins:read, pins:write"}


async def test_renewing_replaces_both_tokens(at_work: AtWork) -> None:
    bench = await at_work("pinterest")
    before = bench.session.grant
    assert before.expires_at is not None
    assert timedelta(days=29) < before.expires_at - clock.now() <= timedelta(days=30)
    after = await auth.renew(bench.session)
    assert not set(before.secrets.values()) & set(after.secrets.values())
    assert set(after.scopes) == set(before.scopes)
    with pytest.raises(GrantExpired):
        await auth.renew(bench.session)  # the first refresh token was used up


async def test_a_401_at_renewing_has_two_meanings(at_work: AtWork) -> None:
    bench = await at_work("pinterest")
    strange = replace(bench.session, app={"client_id": "another", "client_secret": "another"})
    with pytest.raises(Rejected, match="app_keys_wrong"):
        await auth.renew(strange)
    ended = replace(strange, grant=Grant({"access_token": "gone", "refresh_token": "gone"}))
    with pytest.raises(GrantExpired):
        await auth.renew(ended)
    with pytest.raises(GrantExpired, match="renewal_refused"):
        await auth.renew(replace(bench.session, grant=Grant({"access_token": "x"})))
