"""Discord: a bot or a webhook is connected by what was typed, and what it may not is told at once."""

from __future__ import annotations

import pytest

from kitestring.connectorkit.emulation import Fault, Platform
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.discord import auth, diagnostics, emulator, inbox, metrics
from kitestring.connectors.discord import permissions as rights
from kitestring.connectors.discord.emulated import shown, world

NAME = "hien-ca-phe"
BY_HOOK = emulator.webhook_answers("https://discord.example", NAME)


async def test_a_bot(at_work):
    there = await at_work("discord")
    assert there.connected.account_type == "bot"
    assert there.connected.remote_id == world.channel(NAME)
    assert there.connected.name == f"{NAME} #thong-bao"
    assert set(there.connected.capabilities.values()) == {True}
    assert await auth.renew(there.session) == there.connected.grant


async def test_a_webhook(at_work):
    there = await at_work("discord", **BY_HOOK)
    assert (there.connected.account_type, there.connected.remote_id) == ("webhook", world.hook_id(NAME))
    assert there.connected.settings["channel"] == world.channel(NAME)
    assert world.hook_token(NAME) not in str(there.connected.settings)
    assert await auth.renew(there.session) == there.connected.grant
    assert [f.state for f in (await diagnostics.examine(there.session)).findings] == ["good", "warning"]
    assert (await inbox.fetch(there.session, ["1"], "")).messages == []
    readings = [*await metrics.read(there.session, ["1"]), *await metrics.account(there.session)]
    assert {(r.value, r.why) for r in readings} == {(None, "webhook_reads_nothing")}


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"bot_token": "x.y.z"}, "bot_token", "bot_token_wrong"),
        ({"bot_token": ""}, "bot_token", "one_of_both"),
        ({"channel": "general"}, "channel", "channel_unknown"),
        ({"channel": "123456"}, "channel", "channel_unknown"),
        ({"webhook_url": "https://discord.example/api/webhooks/1"}, "webhook_url", "webhook_url_wrong"),
        ({"webhook_url": BY_HOOK["webhook_url"]}, "webhook_url", "one_of_both"),
        ({**BY_HOOK, "webhook_url": BY_HOOK["webhook_url"][:-2] + "00"}, "webhook_url", "webhook_url_wrong"),
        ({**BY_HOOK, "thread": "hỏi đáp"}, "thread", "channel_unknown"),
    ],
)
async def test_what_was_typed_wrongly(at_work, typed, field, reason):
    with pytest.raises(Rejected) as raised:
        await at_work("discord", **typed)
    assert (raised.value.field, raised.value.reason) == (field, reason)


async def test_a_channel_by_its_link(at_work):
    link = f"https://discord.example/channels/{world.guild(NAME)}/{world.channel(NAME)}"
    there = await at_work("discord", channel=link)
    assert there.connected.remote_id == world.channel(NAME)


@pytest.mark.parametrize(("kind", "reason"), [(2, "channel_kind"), (15, "forum_needs_thread")])
async def test_a_channel_nothing_is_written_in(at_work, kind, reason):
    platform = Platform()
    platform.memory["channel_kind"] = kind
    with pytest.raises(Rejected) as raised:
        await at_work("discord", platform=platform)
    assert (raised.value.field, raised.value.reason) == ("channel", reason)


@pytest.mark.parametrize(
    ("right", "capability", "why", "state"),
    [
        (rights.SEND_MESSAGES, "publishing", "cannot_send", "bad"),
        (rights.ATTACH_FILES, "media", "cannot_attach", "warning"),
        (rights.READ_MESSAGE_HISTORY, "inbox", "no_history", "warning"),
        (rights.ADD_REACTIONS, "like", "cannot_react", "warning"),
    ],
)
async def test_a_right_that_is_missing(at_work, right, capability, why, state):
    platform = Platform()
    platform.memory["rights"] = shown.EVERYBODY & ~right
    there = await at_work("discord", platform=platform)
    assert there.connected.capabilities[capability] == why
    found = (await diagnostics.examine(there.session)).findings
    assert [(f.reason, f.state) for f in found] == [(why, state)]


async def test_without_the_message_content_intent(at_work):
    platform = Platform()
    platform.memory["no_content"] = True
    there = await at_work("discord", platform=platform)
    assert there.connected.capabilities["inbox"] == "no_message_content"
    assert there.connected.capabilities["publishing"] is True


async def test_a_revoked_token(at_work):
    there = await at_work("discord")
    there.faults.always(Fault("unauthorized"))
    with pytest.raises(GrantExpired) as raised:
        await auth.renew(there.session)
    assert raised.value.reason == "bot_token_ended"
    [finding] = (await diagnostics.examine(there.session)).findings
    assert (finding.state, finding.reason) == ("bad", "bot_token_ended")
