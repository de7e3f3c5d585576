"""Slack: the token's rights and the channel are read when connecting; what is missing is told in words."""

from __future__ import annotations

import pytest

from kitestring.connectorkit.emulation import Fault, Platform
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.slack import auth, diagnostics
from kitestring.connectors.slack.emulated import world

NAME = "hien-ca-phe"


async def test_who_we_are_there(at_work):
    there = await at_work("slack")
    assert there.connected.remote_id == world.channel(NAME)
    assert (there.connected.handle, there.connected.name) == ("#thong-bao", f"{NAME} #thong-bao")
    assert set(there.connected.grant.scopes) == set(world.SCOPES)
    assert set(there.connected.capabilities.values()) == {True}
    assert there.connected.settings["bot_id"] == world.bot(NAME)
    assert await auth.renew(there.session) == there.connected.grant


@pytest.mark.parametrize("typed", ["#thong-bao", "Thong-Bao", "https://quan.example/archives/{id}", "{id}"])
async def test_a_channel_as_people_type_it(at_work, typed):
    there = await at_work("slack", channel=typed.format(id=world.channel(NAME)))
    assert there.connected.remote_id == world.channel(NAME)


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"bot_token": "xoxp-1-2-3"}, "bot_token", "bot_token_wrong"),
        ({"bot_token": world.token(NAME)[:-2] + "00"}, "bot_token", "bot_token_wrong"),
        ({"bot_token": "xoxb-"}, "bot_token", "bot_token_wrong"),
        ({"channel": "#khac"}, "channel", "channel_unknown"),
        ({"channel": "C0123456789"}, "channel", "channel_unknown"),
    ],
)
async def test_what_was_typed_wrongly(at_work, typed, field, reason):
    with pytest.raises(Rejected) as raised:
        await at_work("slack", **typed)
    assert (raised.value.field, raised.value.reason) == (field, reason)


@pytest.mark.parametrize(
    ("scope", "capability", "why", "state"),
    [
        ("chat:write", "publishing", "no_chat_write", "bad"),
        ("files:write", "media", "no_files_write", "warning"),
        ("channels:history", "inbox", "no_history", "warning"),
        ("im:history", "message", "no_messages", "warning"),
        ("reactions:write", "like", "no_reactions_write", "warning"),
    ],
)
async def test_a_right_that_is_missing(at_work, scope, capability, why, state):
    platform = Platform()
    platform.memory["scopes"] = [one for one in world.SCOPES if one != scope]
    there = await at_work("slack", platform=platform)
    assert there.connected.capabilities[capability] == why
    found = await diagnostics.examine(there.session)
    assert (why, state) in [(f.reason, f.state) for f in found.findings]
    assert scope not in found.scopes


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"is_member": False}, "not_in_channel"), ({"is_archived": True}, "channel_archived")],
)
async def test_a_channel_the_bot_cannot_write_in(at_work, changed, why):
    platform = Platform()
    platform.memory["conversation"] = changed
    there = await at_work("slack", platform=platform)
    assert there.connected.capabilities["publishing"] == why
    [finding] = (await diagnostics.examine(there.session)).findings
    assert (finding.state, finding.reason) == ("bad", why)


async def test_without_the_right_to_find_the_channel(at_work):
    platform = Platform()
    platform.memory["scopes"] = ["chat:write"]
    with pytest.raises(Rejected) as raised:
        await at_work("slack", platform=platform)
    assert (raised.value.field, raised.value.reason) == ("channel", "scope_missing")


async def test_a_revoked_token(at_work):
    there = await at_work("slack")
    there.faults.always(Fault("unauthorized"))
    with pytest.raises(GrantExpired):
        await auth.renew(there.session)
    [finding] = (await diagnostics.examine(there.session)).findings
    assert (finding.state, finding.reason) == ("bad", "token_ended")
    there.faults.clear()
    there.faults.next(Fault("html"))
    with pytest.raises(RetryLater):
        await auth.renew(there.session)


def test_where_slack_names_no_rights_none_is_missing():
    assert set(auth.told((), {"is_member": True}).values()) == {True}
    private = auth.told(("chat:write", "channels:history"), {"is_member": True, "is_private": True})
    assert private["inbox"] == "no_history"
