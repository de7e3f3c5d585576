"""Shut out of the discussion group, or by one person: their talk is refused, and the account goes on posting."""

from __future__ import annotations

import pytest

from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected
from kitestring.connectorkit.sentences import sentence
from kitestring.connectors.telegram import client, editing, moderation, publishing
from kitestring.connectors.telegram.client import MANIFEST

GROUP, PERSON = -1009, 4711
# Descriptions are assumed, from general knowledge, as in REFUSALS.
REFUSED = [
    (403, "Forbidden: bot was kicked from the supergroup chat"),
    (400, "Bad Request: not enough rights to send text messages to the chat"),
    (400, "Bad Request: chat not found"),
]


@pytest.fixture
def refused(monkeypatch):
    """Every call is refused with what `refused` was told."""

    def tell(status, description):
        async def call(_self, _method, **_more):
            raise client.refusal(status, {"ok": False, "description": description})

        monkeypatch.setattr(client.Bot, "call", call)

    return tell


def _deeds(session, duty, chat):
    kind = "message" if chat > 0 else "reply"
    yield publishing.publish(session, duty(kind, "45k", reply_to=f"{chat}:7", root="1"))
    yield publishing.withdraw(session, f"{chat}:7")
    yield editing.edit(session, f"{chat}:7", duty(kind, "50k"))
    yield moderation.like(session, f"{chat}:7", True)
    yield moderation.remove(session, f"{chat}:7")


@pytest.mark.parametrize(("status", "description"), REFUSED)
@pytest.mark.parametrize(("chat", "reason"), [(GROUP, "comment_gone"), (PERSON, "person_gone")])
async def test_elsewhere_it_is_the_trouble_of_one_talk(
    at_work, duty, refused, status, description, chat, reason
):
    there = await at_work("telegram")
    refused(status, description)
    for deed in _deeds(there.session, duty, chat):
        with pytest.raises(Rejected) as raised:
            await deed
        assert (raised.value.field, raised.value.reason) == ("reply_to", reason)
        assert raised.value.said == description
    for language in ("en", "zh-hans", "vi"):
        assert "{" not in sentence(reason, {}, language, MANIFEST)


@pytest.mark.parametrize(("status", "description"), REFUSED)
async def test_in_the_accounts_own_chat_a_person_must_act(at_work, duty, refused, status, description):
    there = await at_work("telegram")
    refused(status, description)
    own = int(there.session.remote_id)
    for deed in (publishing.publish(there.session, duty("text", "x")), *_deeds(there.session, duty, own)):
        with pytest.raises(GrantExpired) as raised:
            await deed
        assert raised.value.reason == "bot_shut_out"


async def test_a_token_that_ended_ends_the_account_wherever_it_shows(at_work, duty, refused):
    there = await at_work("telegram")
    refused(401, "Unauthorized")
    for deed in _deeds(there.session, duty, GROUP):
        with pytest.raises(ConnectorError) as raised:
            await deed
        assert (type(raised.value), raised.value.reason) == (GrantExpired, "bot_token_ended")
