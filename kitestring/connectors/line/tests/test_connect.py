"""By id and secret, or by a long-lived token and the secret; renewed before the end; what is wrong is said at its field."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.line import auth, diagnostics
from kitestring.connectors.line.emulated import people, tokens
from kitestring.kit import clock

NAME = "hien-ca-phe"


async def test_by_id_and_secret_the_token_ends_in_thirty_days_and_is_renewed(at_work: Any) -> None:
    there = await at_work("line")
    grant = there.connected.grant
    assert grant.expires_at is not None
    assert timedelta(days=29) < grant.expires_at - clock.now() <= timedelta(days=30)
    renewed = await auth.renew(there.session)
    assert renewed.secrets["token"] != grant.secrets["token"]
    assert renewed.secrets["channel_secret"] == people.secret(NAME)


async def test_a_long_lived_token_does_not_end_and_is_only_asked_after(at_work: Any) -> None:
    there = await at_work("line", access_token=tokens.long_lived(NAME), channel_id="")
    grant = there.connected.grant
    assert (grant.expires_at, grant.secrets["token"]) == (None, tokens.long_lived(NAME))
    assert grant.secrets["channel_id"] == people.channel_id(NAME), "whose token it is, LINE says"
    assert await auth.renew(there.session) == grant


async def test_a_short_token_typed_in_keeps_its_end(at_work: Any) -> None:
    first = await at_work("line")
    typed = {**first.typed, "access_token": first.connected.grant.secrets["token"]}
    again = await auth.connect(first.session.http, first.session.urls, typed)
    assert again.grant.expires_at is not None
    assert abs(again.grant.expires_at - first.connected.grant.expires_at) < timedelta(seconds=60)


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"channel_id": ""}, "channel_id", "id_or_token"),
        ({"channel_id": "1234567890"}, "channel_secret", "secret_wrong"),
        ({"channel_secret": "0" * 32}, "channel_secret", "secret_wrong"),
        ({"access_token": "long.999"}, "access_token", "token_wrong"),
        ({"access_token": tokens.long_lived(NAME), "channel_secret": "x"}, "channel_secret", "secret_wrong"),
        ({"access_token": tokens.long_lived("another")}, "channel_secret", "secret_wrong"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    at_work: Any, changed: dict[str, str], field: str, reason: str
) -> None:
    with pytest.raises(Rejected) as caught:
        await at_work("line", **changed)
    assert (caught.value.field, caught.value.reason) == (field, reason)


async def test_a_secret_issued_anew_is_noticed_when_renewing(at_work: Any) -> None:
    there = await at_work("line")
    old = replace(there.session.grant, secrets={**there.session.grant.secrets, "channel_secret": "0" * 32})
    with pytest.raises(GrantExpired) as caught:
        await auth.renew(replace(there.session, grant=old))
    assert caught.value.reason == "secret_changed"


async def test_thirty_tokens_are_kept_and_the_oldest_ends(at_work: Any) -> None:
    there = await at_work("line")
    for _ in range(tokens.MOST):
        await auth.renew(there.session)
    with pytest.raises(GrantExpired):
        await diagnostics.examine(there.session)


async def test_health_tells_the_month_and_the_webhook(at_work: Any) -> None:
    there = await at_work("line")
    told = {f.reason: f for f in (await diagnostics.examine(there.session)).findings}
    assert set(told) == {"health_good", "month_unlimited", "webhook_missing"}
    there.platform.memory["line"].update({"limit": 200, "used": 185})
    there.platform.memory["line_webhooks"][NAME] = {"endpoint": "https://k.example/hooks/x", "active": False}
    told = {f.reason: f for f in (await diagnostics.examine(there.session)).findings}
    assert (told["month_left"].state, told["month_left"].params) == ("warning", {"left": 15, "limit": 200})
    assert told["webhook_off"].state == "warning"
    there.platform.memory["line_webhooks"][NAME]["active"] = True
    told = {f.reason: f for f in (await diagnostics.examine(there.session)).findings}
    assert told["webhook_on"].params["address"] == "https://k.example/hooks/x"
