"""What is said of an account's health: rights it lacks, a server that changed, moderators' measures, a move."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectorkit.sentences import sentence
from kitestring.connectors.mastodon import diagnostics, rights
from kitestring.connectors.mastodon.client import MANIFEST, Server

AtWork = Callable[..., Awaitable[Any]]


async def reasons(session: Any) -> dict[str, Any]:
    return {one.reason: one for one in (await diagnostics.examine(session)).findings}


async def test_a_sound_account_tells_its_server(at_work: AtWork) -> None:
    bench = await at_work("mastodon")
    found = await reasons(bench.session)
    assert set(found) == {"health_good", "server_told"}
    assert found["server_told"].params == {"version": "4.7.0", "letters": 500}
    for language in ("en", "zh-hans", "vi"):
        assert "4.7.0" in sentence("server_told", found["server_told"].params, language, MANIFEST)


async def test_rights_that_were_not_ticked_are_named(at_work: AtWork) -> None:
    bench = await at_work("mastodon")
    bench.platform.memory["scopes"] = {"hien-ca-phe": ["read", "write:statuses", "write:media"]}
    told = await diagnostics.examine(bench.session)
    assert told.scopes == ("read", "write:statuses", "write:media")
    assert (await reasons(bench.session))["rights_missing"].params == {"rights": "write:favourites"}


async def test_a_token_of_few_rights_is_connected_with_what_it_can(at_work: AtWork) -> None:
    from_read = rights.missing(("read",))
    assert from_read == ["write:statuses", "write:media", "write:favourites"]
    bench = await at_work("mastodon")
    assert set(bench.connected.capabilities.values()) == {True}
    assert set(bench.connected.capabilities) <= set(MANIFEST.capabilities)


@pytest.mark.parametrize(("status", "known"), [(403, True), (404, True), (401, False)])
async def test_an_older_server_that_does_not_tell_a_tokens_rights(status: int, known: bool) -> None:
    """Before 4.3 the question wants the whole of "read", and no scopes come back (methods/apps, version history)."""

    class Says:
        async def read(self, path: str) -> Any:
            refused = {
                403: Rejected("", "scope_missing"),
                404: Rejected("", "not_there"),
                401: GrantExpired(),
            }
            raise refused[status]

    if known:
        assert await rights.given(cast(Server, Says())) is None
    else:
        with pytest.raises(GrantExpired):
            await rights.given(cast(Server, Says()))


async def test_limits_that_the_server_changed(at_work: AtWork) -> None:
    bench = await at_work("mastodon")
    known = {**bench.session.settings, "limits": {**bench.session.settings["limits"], "text": 11_000}}
    told = await diagnostics.examine(replace(bench.session, settings=known))
    assert "limits_changed" in {one.reason for one in told.findings}
    assert (told.settings["limits"]["text"], told.settings["own_limits"]["reply.text"]) == (500, 500)


@pytest.mark.parametrize(
    ("told", "reason", "state"),
    [
        ({"suspended": True}, "account_gone", "bad"),
        ({"limited": True}, "silenced", "warning"),
        ({"moved": {"acct": "hien@vidu.vn"}}, "moved_away", "bad"),
    ],
)
def test_what_was_done_to_the_account(told: dict[str, Any], reason: str, state: str) -> None:
    """Fields of entities/Account (documented); that they come together with a working token is assumed."""
    [found] = diagnostics._standing(told)
    assert (found.reason, found.state) == (reason, state)
    assert "{" not in sentence(reason, found.params, "vi", MANIFEST)
