"""WeChat: tokens that die are asked for again, consent that ended is said, powers are asked and not believed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kitestring.connectorkit.emulation import Fault, Platform
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectorkit.sentences import sentence
from kitestring.connectors.wechat import auth, inbox
from kitestring.connectors.wechat.client import MANIFEST, App, refusal
from kitestring.kit.http import Client

FIXTURES = json.loads((Path(__file__).parent / "fixtures" / "answers.json").read_text("utf-8"))


async def test_who_we_are_there(at_work):
    there = await at_work("wechat")
    assert there.connected.name == "hien-ca-phe"
    assert there.connected.account_type == "service_verified"
    assert there.connected.capabilities == dict.fromkeys(
        (
            "mass_send",
            "publish",
            "comments",
            "moderate",
            "remove",
            "messages",
            "metrics",
            "menus",
            "tags",
            "templates",
        ),
        True,
    )
    assert there.connected.grant.expires_at is not None


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"app_id": "abc"}, "app_id", "app_id_wrong"),
        ({"app_id": "wxzz"}, "app_id", "app_id_wrong"),
        ({"app_secret": "0" * 32}, "app_secret", "app_secret_wrong"),
    ],
)
async def test_a_wrong_login(at_work, typed, field, reason):
    with pytest.raises(Rejected) as raised:
        await at_work("wechat", **typed)
    assert (raised.value.field, raised.value.reason) == (field, reason)


async def test_what_an_unverified_account_may_not(at_work):
    there = await at_work("wechat", account_type="subscription_unverified")
    assert there.connected.capabilities["publish"] == "publish_revoked"
    assert there.connected.capabilities["comments"] == "needs_verification"
    assert there.connected.settings["comments"] is False


async def test_an_account_without_the_comment_function(at_work):
    platform = Platform()
    platform.memory["wechat"] = {"without_comments": True}
    there = await at_work("wechat", platform=platform)
    assert there.connected.capabilities["comments"] == "no_comments_here"
    assert there.connected.capabilities["remove"] == "no_comments_here"
    asked = len(there.faults.seen)
    assert (await inbox.fetch(there.session, ["1_1:m2"], "")).messages == []
    assert len(there.faults.seen) == asked


async def test_renewing_kills_nobody_s_token(at_work):
    there = await at_work("wechat")
    first = there.session.grant.secrets["access_token"]
    assert (await auth.renew(there.session)).secrets["access_token"] == first


async def test_the_old_way_of_tokens_kills_the_one_before_and_not_ours(at_work):
    there = await at_work("wechat")
    query = {
        "grant_type": "client_credential",
        "appid": there.typed["app_id"],
        "secret": there.typed["app_secret"],
    }
    tokens = []
    async with Client(["127.0.0.1"], allow_loopback=True) as http:
        for _ in range(2):
            answer = await http.request("GET", f"{there.base_url}/cgi-bin/token", params=query)
            tokens.append(answer.json()["access_token"])
        told = [
            (await http.request(
                "POST", f"{there.base_url}/cgi-bin/comment/list", params={"access_token": token}, content=b"{}"
            )).json()["errcode"]
            for token in (*tokens, there.session.grant.secrets["access_token"])
        ]  # fmt: skip
    assert told == [40001, 88010, 88010]


async def test_a_token_killed_by_somebody_s_forced_refresh_is_fetched_again(at_work):
    there = await at_work("wechat")
    async with Client(["127.0.0.1"], allow_loopback=True) as http:
        forced = {
            "grant_type": "client_credential", "appid": there.typed["app_id"],
            "secret": there.typed["app_secret"], "force_refresh": True,
        }  # fmt: skip
        await http.request("POST", f"{there.base_url}/cgi-bin/stable_token", json=forced)
    page = await inbox.fetch(there.session, [], "")
    assert page.messages == []
    with pytest.raises(Rejected) as raised:
        await App(
            there.session.http, there.base_url, there.typed["app_id"], there.typed["app_secret"],
            there.session.grant.secrets["access_token"],
        ).call("/cgi-bin/draft/get", {"media_id": "x"})  # fmt: skip
    assert raised.value.reason == "draft_gone"


async def test_a_secret_that_was_reset_ends_the_grant(at_work):
    there = await at_work("wechat")
    caller = App(there.session.http, there.base_url, there.typed["app_id"], "reset since", "stale")
    with pytest.raises(GrantExpired) as raised:
        await caller.call("/cgi-bin/draft/get", {"media_id": "x"})
    assert raised.value.reason == "app_secret_wrong"


async def test_a_blocked_account(at_work):
    there = await at_work("wechat")
    there.faults.always(Fault("unauthorized"))
    with pytest.raises(GrantExpired) as raised:
        await auth.renew(there.session)
    assert raised.value.reason == "account_blocked"


@pytest.mark.parametrize(
    ("body", "means"),
    [
        (FIXTURES["recorded"]["too_fast"], ("RetryLater", "busy")),
        (FIXTURES["recorded"]["draft_gone"], ("Rejected", "draft_gone")),
        (FIXTURES["recorded"]["stale"], ("GrantExpired", "app_secret_wrong")),
        (
            {"errcode": 40164, "errmsg": "invalid ip 1.2.3.4, not in whitelist"},
            ("GrantExpired", "ip_not_allowed"),
        ),
        ({"errcode": 45009, "errmsg": "reach max api daily quota limit"}, ("RetryLater", "api_quota")),
        ({"errcode": 45028, "errmsg": "has no masssend quota"}, ("Rejected", "mass_quota_used")),
        ({"errcode": 48001, "errmsg": "api unauthorized"}, ("Rejected", "not_permitted")),
        ({"errcode": 48004, "errmsg": "api forbidden for irregularities"}, ("Rejected", "interface_blocked")),
        ({"errcode": 53500, "errmsg": "publish function blocked"}, ("Rejected", "interface_blocked")),
        ({"errcode": 50002, "errmsg": "user limited"}, ("GrantExpired", "account_blocked")),
        ({"errcode": 88005, "errmsg": "already reply"}, ("Rejected", "already_replied")),
        ({"errcode": -1, "errmsg": "system error"}, ("Ambiguous", "broken")),
        ({"errcode": 99999, "errmsg": "something new"}, ("Rejected", "refused")),
    ],
)
def test_what_codes_mean(body, means):
    error = refusal(body, write=True, headers={})
    assert (type(error).__name__, error.reason) == means
    assert str(body["errcode"]) in error.said


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("invalid ip 1.2.3.4, not in whitelist", "1.2.3.4"),
        ("invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: 65", "1.2.3.4"),
        ("invalid ip 2001:db8::7, not in whitelist", "2001:db8::7"),
        ("not in whitelist", "…"),
    ],
)
def test_our_own_address_is_in_the_words_of_a_refused_one(said, address):
    error = refusal({"errcode": 40164, "errmsg": said}, write=False, headers={})
    assert said in error.said
    assert f"Add {address} on" in sentence(error.reason, error.params, "en", MANIFEST)
