"""WeChat's template messages: read as blanks with their names, sent with a key, refused in words that name the blank."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectorkit.templates import options_of
from kitestring.connectors.wechat import diagnostics, messages, permits, publishing, templates
from kitestring.connectors.wechat.client import App, app, refusal

SHOWN = json.loads((Path(__file__).parent / "fixtures" / "calls.json").read_text("utf-8"))["documented"]
VALUES = {"character_string1": "20261130001", "thing2": "明前龙井"}


@pytest.fixture
async def there(at_work):
    found = await at_work("wechat")
    found.platform.message(found.session.remote_id, "lan", "Lan", "发货了吗？")
    return found


def notice(duty, key, values=VALUES):
    return duty("message", "…", reply_to="olan:1", root="olan", options=options_of(key, values))


async def sent(there, outgoing):
    first = await publishing.publish(there.session, outgoing)
    return await publishing.follow(there.session, replace(outgoing, handle=first.handle))


async def test_the_documents_example_is_read_as_blanks_with_names(there):
    there.platform.memory["wechat"]["templates"] = SHOWN[templates.LIST]["told"]["template_list"]
    (found,) = await templates.listed(there.session)
    assert [(one.key, one.label) for one in found.blanks] == [
        ("result", "result"), ("withdrawMoney", "领奖金额"), ("withdrawTime", "领奖时间"),
    ]  # fmt: skip
    assert "领奖金额:5元" in found.filled({"withdrawMoney": "5元"})


async def test_one_is_sent_and_is_asked_for_once(there, duty, monkeypatch):
    (found,) = await templates.listed(there.session)
    assert [one.limit for one in found.blanks] == [32, 20]
    asked, whole = [], App.call

    async def call(self, path, payload=None, **more):
        asked.append((path, payload))
        return await whole(self, path, payload, **more)

    monkeypatch.setattr(App, "call", call)
    outgoing = notice(duty, found.key)
    first = await publishing.publish(there.session, outgoing)
    done = await publishing.follow(there.session, replace(outgoing, handle=first.handle))
    again = await publishing.follow(there.session, replace(outgoing, handle=first.handle))
    assert done == again
    assert done.remote_id.startswith("olan:t")
    assert len(there.platform.talk("lan")) == 2
    path, payload = asked[-1]
    assert (path, payload["client_msg_id"]) == (templates.SEND, outgoing.key.hex)
    assert payload["data"]["thing2"] == {"value": "明前龙井"}
    with pytest.raises(Ambiguous):
        messages.look_up(replace(outgoing, handle=first.handle))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({**VALUES, "thing2": " "}, "options.blank.thing2"),
        ({**VALUES, "thing2": "茶" * 21}, "options.blank.thing2"),
    ],
)
async def test_a_blank_that_is_refused_is_named(there, duty, values, field):
    (found,) = await templates.listed(there.session)
    with pytest.raises(Rejected) as raised:
        await sent(there, notice(duty, found.key, values))
    assert raised.value.field == field


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (40037, "template_gone"),
        (43116, "template_blocked"),
        (47003, "template_field_refused"),
        (43004, "person_gone"),
    ],
)
def test_what_codes_of_templates_mean(code, reason):
    assert refusal({"errcode": code, "errmsg": "x"}, write=True, headers={}).reason == reason


async def test_who_may_send_them(at_work):
    there = await at_work("wechat", account_type="subscription_verified")
    assert there.connected.capabilities["templates"] == "templates_for_services"
    there.platform.memory["wechat"]["without"] = ["/cgi-bin/template"]
    assert (await permits.asked(app(there.session)))["templates"] == "not_permitted"
    told = [one.reason for one in (await diagnostics.examine(there.session)).findings]
    assert "lacks_templates" not in told
    service = await at_work("wechat", platform=there.platform)
    told = [one.reason for one in (await diagnostics.examine(service.session)).findings]
    assert "lacks_templates" in told
