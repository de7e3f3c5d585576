"""Telegram: connecting finds the chat, and says what the bot may not do there and why."""

from __future__ import annotations

import pytest

from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.telegram import auth, emulator
from kitestring.connectors.telegram.client import refusal


async def test_who_we_are_there(at_work):
    there = await at_work("telegram")
    assert there.connected.account_type == "channel"
    assert there.connected.name == "hien-ca-phe"
    assert there.connected.handle == "@hien_ca_phe"
    assert there.connected.remote_id.startswith("-100")
    assert there.connected.capabilities == dict.fromkeys(("publish", "comments", "messages", "remove"), True)
    assert await auth.renew(there.session) == there.connected.grant


@pytest.mark.parametrize("wrong", ["123456:AAAbbbCCC", "not a token", "10000001:a_b"])
async def test_a_wrong_token(at_work, wrong):
    with pytest.raises(Rejected) as raised:
        await at_work("telegram", bot_token=wrong)
    assert (raised.value.field, raised.value.reason) == ("bot_token", "bot_token_wrong")


async def test_a_chat_the_bot_is_not_in(at_work):
    with pytest.raises(Rejected) as raised:
        await at_work("telegram", chat="@somebody_else")
    assert (raised.value.field, raised.value.reason) == ("chat", "chat_unknown")


@pytest.mark.parametrize("typed", ["@ten", "ten", "https://t.me/ten", "t.me/ten/", " @ten "])
def test_names_as_people_type_them(typed):
    assert auth._chat(typed) == "@ten"
    assert auth._chat("-1001234567890") == -1001234567890


@pytest.mark.parametrize(
    ("method", "result", "capability", "why"),
    [
        ("getWebhookInfo", {"url": "https://x.example/hook"}, "comments", "webhook_in_use"),
        ("getChatMember", {"status": "left"}, "comments", "not_in_discussion_group"),
        ("getChatMember", {"status": "member"}, "publish", "cannot_post"),
    ],
)
async def test_what_it_may_not(at_work, monkeypatch, method, result, capability, why):
    real = emulator._door

    def bent(act):
        if act.__name__ == {"getWebhookInfo": "_get_webhook", "getChatMember": "_get_member"}[method]:
            return real(lambda *_: result)
        return real(act)

    monkeypatch.setattr(emulator, "_door", bent)
    there = await at_work("telegram")
    assert there.connected.capabilities[capability] == why


async def test_a_revoked_token(at_work):
    there = await at_work("telegram")
    there.faults.always(Fault("unauthorized"))
    with pytest.raises(GrantExpired):
        await auth.renew(there.session)


@pytest.mark.parametrize(
    ("status", "body", "means"),
    [
        (400, {"description": "Bad Request: chat not found"}, ("GrantExpired", "bot_shut_out")),
        (403, {"description": "Forbidden: bot was kicked from the channel chat"}, ("GrantExpired", "bot_shut_out")),
        (400, {"description": "Bad Request: need administrator rights in the channel chat"}, ("GrantExpired", "bot_shut_out")),
        (404, {"description": "Not Found"}, ("GrantExpired", "bot_token_ended")),
        (409, {"description": "Conflict: terminated by other getUpdates request"}, ("Rejected", "read_elsewhere")),
        (400, {"description": "Bad Request: group chat was upgraded to a supergroup chat",
               "parameters": {"migrate_to_chat_id": -1001}}, ("Rejected", "group_moved")),
        (400, {"description": "Bad Request: PHOTO_INVALID_DIMENSIONS"}, ("Rejected", "media_refused")),
        (413, {"description": "Request Entity Too Large"}, ("Rejected", "media_refused")),
        (400, {"description": "Bad Request: message can't be deleted for everyone"}, ("Rejected", "too_old_to_delete")),
        (400, {"description": "Bad Request: something new"}, ("Rejected", "refused")),
    ],
)  # fmt: skip
def test_what_refusals_mean(status, body, means):
    """The envelope is documented (ResponseParameters); the descriptions are assumed, from general knowledge."""
    error = refusal(status, {"ok": False, "error_code": status, **body})
    assert (type(error).__name__, error.reason) == means
