"""Connecting and renewing: an end that is a moment, a refresh token that works once, rights that decide what may be published."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from yarl import URL

from kitestring.connectorkit.contract import Grant, Session
from kitestring.connectorkit.emulation import Fault, Platform
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.bilibili import auth, diagnostics
from kitestring.kit import clock
from kitestring.kit.http import Answer


def with_rights(*rights):
    platform = Platform()
    platform.memory["rights"] = list(rights)
    return platform


async def test_the_way_there_names_the_app_the_way_back_and_the_state():
    urls = {"auth": "https://account.example"}
    begun = await auth.begin(
        None, urls, {"client_id": "a b"}, {}, state="s&1", redirect_uri="https://k.example/back?x=1"
    )
    assert begun.url == (
        "https://account.example/pc/account-pc/auth/oauth?client_id=a+b&gourl=https://k.example/back?x%3D1&state=s%261"
    )


@pytest.mark.parametrize("name", ["token", "renewal"])
async def test_the_end_is_a_moment_and_not_a_length_of_time(answers, monkeypatch, name):
    told = answers[name]["body"]["data"]

    async def say(*_args, **_more):
        return told

    monkeypatch.setattr(auth, "asked", say)
    grant = await auth._asked(None, "https://token.example", {}, before=("USER_INFO",))
    assert grant.expires_at == datetime(2021, 8, 29, 7, 3, 34, tzinfo=UTC)
    assert grant.secrets == {"access_token": told["access_token"], "refresh_token": told["refresh_token"]}
    assert grant.scopes == (("USER_INFO", "ATC_DATA", "ATC_BASE") if name == "token" else ("USER_INFO",))


def test_an_end_that_is_a_length_after_all_is_read_as_one():
    assert timedelta(hours=1, minutes=59) < auth._end(7200) - clock.now() <= timedelta(hours=2)
    assert auth._end(0) is auth._end(None) is auth._end("soon") is None


async def test_a_renewal_brings_both_and_ends_the_old_one(at_work):
    there = await at_work("bilibili")
    old = there.session.grant
    new = await auth.renew(there.session)
    assert new.secrets["refresh_token"] != old.secrets["refresh_token"]
    assert new.secrets["access_token"] != old.secrets["access_token"]
    assert new.scopes == old.scopes
    with pytest.raises(GrantExpired) as caught:
        await auth.renew(there.session)
    assert caught.value.reason == "renewal_refused"
    assert (await auth.renew(replace(there.session, grant=new))).secrets["refresh_token"]


async def test_a_secret_that_was_changed_disconnects_nobody(at_work):
    there = await at_work("bilibili")
    with pytest.raises(Rejected) as caught:
        await auth.renew(replace(there.session, app={**there.session.app, "client_secret": "wrong"}))
    assert (caught.value.field, caught.value.reason) == ("client_secret", "app_keys_wrong")
    assert (await auth.renew(there.session)).secrets["refresh_token"]


@pytest.mark.parametrize("kind", ["busy", "html", "down", "error_before"])
async def test_a_blip_while_renewing_uses_nothing_up(at_work, kind):
    there = await at_work("bilibili")
    there.faults.next(Fault(kind))
    with pytest.raises(RetryLater):
        await auth.renew(there.session)
    assert (await auth.renew(there.session)).secrets["refresh_token"]


class _Says:
    """A token endpoint that answers with this; a redirect repeats what it was asked with, as web servers do."""

    def __init__(self, status, body):
        self.status, self.body = status, body

    async def request(self, method, url, **more):
        again = str(URL("https://new.example/refresh").update_query(more["params"]))
        return Answer(self.status, {"location": again}, json.dumps(self.body).encode())


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (302, None),
        (404, None),
        (200, {"code": -352, "message": "风控校验失败"}),
        (200, {"code": 987654, "message": "?"}),
    ],
)
async def test_what_says_nothing_of_the_consent_ends_nothing_and_tells_no_secret(status, body):
    app = {"client_id": "c", "client_secret": "S-SECRET"}
    grant = Grant({"refresh_token": "R-SECRET"})
    session = Session(_Says(status, body), {"token": "https://token.example"}, grant, app=app)
    with pytest.raises(RetryLater) as caught:
        await auth.renew(session)
    assert caught.value.reason == "not_itself"
    assert "SECRET" not in caught.value.said


@pytest.mark.parametrize(
    ("rights", "sort", "kinds"),
    [
        (("USER_INFO", "ARC_BASE", "ATC_BASE"), "both", ["video", "article"]),
        (("USER_INFO", "ARC_BASE"), "video", ["video"]),
        (("USER_INFO", "ATC_BASE", "ATC_DATA"), "article", ["article"]),
    ],
)
async def test_the_rights_decide_what_may_be_published(at_work, rights, sort, kinds):
    there = await at_work("bilibili", platform=with_rights(*rights))
    connected = there.connected
    assert connected.account_type == sort
    assert [kind.key for kind in there.power.manifest.kinds_for(sort)] == kinds
    assert connected.capabilities["metrics"] == (True if "ATC_DATA" in rights else "insights_declined")
    assert bool(connected.settings["categories"]) == ("ARC_BASE" in rights)
    assert bool(connected.settings["article_categories"]) == ("ATC_BASE" in rights)


async def test_who_may_submit_nothing_is_told_at_once(at_work):
    with pytest.raises(Rejected) as caught:
        await at_work("bilibili", platform=with_rights("USER_INFO", "USER_DATA"))
    assert caught.value.reason == "nothing_may_be_sent"


async def test_categories_are_those_that_take_works(at_work):
    there = await at_work("bilibili")
    assert {"value": "21", "label": "生活 · 日常"} in there.connected.settings["categories"]
    assert "160" not in {row["value"] for row in there.connected.settings["categories"]}
    assert {"value": "15", "label": "生活 · 日常"} in there.connected.settings["article_categories"]


async def test_health_names_missing_rights_and_an_end_that_is_near(at_work):
    there = await at_work("bilibili")
    told = await diagnostics.examine(there.session)
    assert [finding.reason for finding in told.findings] == ["health_good"]
    assert told.settings == there.connected.settings
    there.platform.memory["rights"] = ["USER_INFO", "ARC_BASE"]
    near = replace(there.session.grant, expires_at=clock.now() + timedelta(hours=5))
    told = await diagnostics.examine(replace(there.session, grant=near))
    assert [finding.reason for finding in told.findings] == ["rights_missing", "ends_soon"]
    assert told.settings["categories"] == there.connected.settings["categories"]
    assert told.settings["article_categories"] == []
    assert told.findings[0].params == {"rights": "ATC_BASE, ARC_DATA, ATC_DATA, USER_DATA"}
    there.platform.memory["rights"] = ["USER_INFO"]
    told = await diagnostics.examine(there.session)
    assert [(finding.state, finding.reason) for finding in told.findings] == [("bad", "nothing_may_be_sent")]
