"""A refresh token works once: what a renewal brings must be whole, and who is at fault must be told rightly."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.conftest import AtWork
from kitestring.connectors.zalo import auth, diagnostics
from kitestring.kit import clock

Open = Callable[..., Awaitable[AtWork]]


def _with(session: Session, grant: object) -> Session:
    return replace(session, grant=grant)


async def test_a_renewal_brings_both_and_ends_the_old_one(at_work: Open) -> None:
    there = await at_work("zalo")
    old = there.session.grant
    new = await auth.renew(there.session)
    assert set(new.secrets) >= {"access_token", "refresh_token"}
    assert new.secrets["refresh_token"] != old.secrets["refresh_token"]
    assert new.secrets["access_token"] != old.secrets["access_token"]
    with pytest.raises(GrantExpired) as caught:
        await auth.renew(there.session)
    assert caught.value.reason == "renewal_refused"
    again = await auth.renew(_with(there.session, new))
    assert again.secrets["refresh_token"] not in {old.secrets["refresh_token"], new.secrets["refresh_token"]}


async def test_the_access_lives_twenty_five_hours(at_work: Open) -> None:
    there = await at_work("zalo")
    end = there.session.grant.expires_at
    assert end is not None
    assert timedelta(hours=24, minutes=58) < end - clock.now() <= timedelta(hours=25)


async def test_a_secret_that_was_changed_disconnects_nobody(at_work: Open) -> None:
    there = await at_work("zalo")
    with pytest.raises(Rejected) as caught:
        await auth.renew(replace(there.session, app={**there.session.app, "secret_key": "wrong"}))
    assert (caught.value.field, caught.value.reason) == ("secret_key", "app_keys_wrong")


@pytest.mark.parametrize("kind", ["busy", "html", "down"])
async def test_a_blip_while_renewing_uses_nothing_up(at_work: Open, kind: str) -> None:
    there = await at_work("zalo")
    there.faults.next(Fault(kind))
    with pytest.raises(RetryLater):
        await auth.renew(there.session)
    assert (await auth.renew(there.session)).secrets["refresh_token"]


async def test_an_account_that_is_not_verified_or_has_no_package_is_told(at_work: Open) -> None:
    there = await at_work("zalo")
    there.platform.memory["profile"] = {"is_verified": False, "package_name": ""}
    told = await diagnostics.examine(there.session)
    assert [finding.reason for finding in told.findings] == ["account_unverified", "no_package"]
    fresh = await at_work("zalo", platform=there.platform)
    assert fresh.connected.account_type == "unverified"
    assert fresh.connected.capabilities == {"publishing": "needs_verification"}
