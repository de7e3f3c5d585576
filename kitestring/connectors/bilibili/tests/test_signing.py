"""The signature of every call, and what the platform says when it does not fit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from kitestring.connectorkit.emulation import Platform
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectors.bilibili import client, signing
from kitestring.connectors.bilibili.client import bili
from kitestring.kit import clock
from kitestring.kit.http import Part


def test_the_signature_is_that_of_an_independent_reckoning(answers):
    told = answers["signature"]
    assert signing.content_md5(told["content"].encode()) == told["headers"]["x-bili-content-md5"]
    assert signing.signature(told["secret"], told["headers"]) == told["authorization"]


def test_each_call_has_a_nonce_and_a_moment_of_its_own():
    one, other = (signing.signed("id", "secret", "token", b"{}") for _ in range(2))
    assert one["x-bili-signature-nonce"] != other["x-bili-signature-nonce"]
    assert one["authorization"] != other["authorization"]
    assert abs(int(one["x-bili-timestamp"]) - clock.now().timestamp()) < 5
    assert signing.signed("id", "secret", "token")["x-bili-content-md5"] == "d41d8cd98f00b204e9800998ecf8427e"


async def test_what_is_signed_is_what_is_sent(at_work):
    bench = await at_work("bilibili")
    made = await bili(bench.session).post(
        "/archive/video/init", {"name": "trà.mp4", "utype": "1"}, write=False
    )
    assert made["upload_token"]
    [seen] = [one for one in bench.faults.seen if one.path.startswith("/arcopen/fn/archive/video/init")]
    told = {name.lower(): value for name, value in seen.headers.items()}
    assert told["access-token"] == bench.session.grant.secrets["access_token"]
    assert "sandbox-app-secret" not in str(told)
    assert "access_token" not in seen.path


async def test_a_wrong_secret_is_told_at_its_field_and_disconnects_nobody(at_work):
    bench = await at_work("bilibili")
    wrong = replace(bench.session, app={**bench.session.app, "client_secret": "another"})
    with pytest.raises(Rejected) as caught:
        await bili(wrong).read("/user/account/info")
    assert (caught.value.field, caught.value.reason) == ("client_secret", "app_keys_wrong")
    with pytest.raises(Rejected) as caught:
        await bili(replace(bench.session, app={"client_id": "x", "client_secret": "y"})).read(
            "/user/account/info"
        )
    assert (caught.value.field, caught.value.reason) == ("client_id", "app_keys_wrong")


async def test_a_clock_that_is_off_is_told_as_that(at_work):
    late = Platform(clock=lambda: clock.now() + timedelta(minutes=1))
    bench = await at_work("bilibili", platform=late)
    late.clock = lambda: clock.now() + timedelta(minutes=11)
    with pytest.raises(RetryLater) as caught:
        await bili(bench.session).read("/user/account/info")
    assert caught.value.reason == "clock_off"


async def test_the_emulator_notices_a_call_that_is_not_as_it_was_signed(at_work, monkeypatch):
    """Another body, the same nonce once more, a form in place of JSON: each is refused."""
    bench = await at_work("bilibili")
    heads = signing.signed(
        "kitestring-sandbox", "sandbox-app-secret", bench.session.grant.secrets["access_token"]
    )
    monkeypatch.setattr(client, "signed", lambda *_: heads)
    with pytest.raises(Rejected) as caught:
        await bili(bench.session).post("/archive/video/init", {"name": "a.mp4"}, write=False)
    assert "4008" in caught.value.said
    await bili(bench.session).read("/user/account/info")
    with pytest.raises(Ambiguous) as again:
        await bili(bench.session).form("/article/add", [Part("title", "x")], write=True)
    assert "4004" in again.value.said


async def test_an_answer_that_is_none_of_its_own_is_noticed(at_work, monkeypatch):
    bench = await at_work("bilibili")

    async def odd(*_args, **_more):
        return type("A", (), {"ok": True, "status": 200, "json": lambda self: {"data": {}}, "headers": {}})()

    monkeypatch.setattr(client.calls, "send", odd)
    with pytest.raises(RetryLater) as caught:
        await bili(bench.session).read("/user/account/info")
    assert caught.value.reason == "not_itself"
    with pytest.raises(Ambiguous):
        await bili(bench.session).post("/archive/add-by-utoken", json.loads("{}"), write=True)
