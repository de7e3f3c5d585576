"""Giving the consent back: TikTok takes the access token alone, and one that has ended is renewed for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kitestring.connectorkit.errors import GrantExpired
from kitestring.connectors.tiktok import auth
from kitestring.kit import clock


async def test_the_consent_behind_an_ended_access_token_ends_too(at_work):
    bench = await at_work("tiktok")
    before = bench.session.grant
    past = replace(
        before,
        secrets={**before.secrets, "access_token": "long-ended"},
        expires_at=clock.now() - timedelta(minutes=1),
    )
    await auth.give_back(replace(bench.session, grant=past))
    with pytest.raises(GrantExpired):
        await auth.renew(bench.session)
    assert bench.platform.memory["desk"]["refresh"] == {}
