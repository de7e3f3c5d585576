"""Logging in, staying logged in, and being told in words why not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.emulation import Fault, Platform
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.bluesky import auth, publishing
from kitestring.kit import clock

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]


async def test_the_grant_holds_two_tokens_and_no_password(at_work: AtWork) -> None:
    bench = await at_work("bluesky")
    grant = bench.connected.grant
    assert set(grant.secrets) == {"access", "refresh"}
    assert timedelta(hours=1) < grant.expires_at - clock.now() <= timedelta(hours=2)
    assert bench.typed["app_password"] not in str(grant.secrets)


async def test_a_handle_may_be_typed_with_its_at_sign(at_work: AtWork) -> None:
    bench = await at_work("bluesky", handle=" @hien-ca-phe.test ")
    assert bench.connected.handle == "hien-ca-phe.test"


async def test_an_ended_access_token_waits_for_its_renewal(at_work: AtWork, duty: Duty) -> None:
    late = timedelta(0)
    platform = Platform(clock=lambda: clock.now() + late)
    bench = await at_work("bluesky", platform=platform)
    late = timedelta(hours=3)
    with pytest.raises(RetryLater) as caught:
        await publishing.publish(bench.session, duty("post", "Chào"))
    assert caught.value.reason == "renewing"
    assert platform.posts() == []
    renewed = replace(bench.session, grant=await auth.renew(bench.session))
    await publishing.publish(renewed, duty("post", "Chào"))
    assert len(platform.posts()) == 1
    late = timedelta(days=100)
    with pytest.raises(GrantExpired):
        await auth.renew(renewed)


async def test_a_web_page_at_the_address_is_no_server(at_work: AtWork) -> None:
    bench = await at_work("bluesky")
    bench.faults.always(Fault("html"))
    with pytest.raises(Rejected) as caught:
        await auth.connect(bench.session.http, bench.session.urls, bench.typed)
    assert (caught.value.field, caught.value.reason) == ("url", "not_a_server")


async def test_an_account_without_a_profile_yet_connects_all_the_same(at_work: AtWork) -> None:
    bench = await at_work("bluesky")
    bench.faults.next(Fault("slow", seconds=0), Fault("error_before"))
    again = await auth.connect(bench.session.http, bench.session.urls, bench.typed)
    assert again.name == again.handle == "hien-ca-phe.test"


async def test_too_many_logins_are_told_to_wait(at_work: AtWork) -> None:
    bench = await at_work("bluesky")
    for _ in range(29):
        await auth.connect(bench.session.http, bench.session.urls, bench.typed)
    with pytest.raises(RetryLater):
        await auth.connect(bench.session.http, bench.session.urls, bench.typed)
