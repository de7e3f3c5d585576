"""WeChat: what is wrong with an account is found by asking, and told with its cure."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kitestring.connectorkit.emulation import Fault, Platform
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.wechat import auth, diagnostics, metrics, permits
from kitestring.connectors.wechat.client import MANIFEST, App, app, refusal
from kitestring.kit import clock

VERIFIED_ONLY = ["/cgi-bin/message", "/cgi-bin/freepublish", "/cgi-bin/comment", "/datacube"]


def told(examined):
    return [(one.state, one.reason) for one in examined.findings]


@pytest.fixture
def moved():
    yield lambda **by: clock.move(clock.offset() + timedelta(**by))
    clock.move(timedelta(0))


async def test_a_sound_account(at_work):
    there = await at_work("wechat")
    assert told(await diagnostics.examine(there.session)) == [("good", "may_all"), ("good", "calls_left")]


async def test_a_server_that_is_not_listed_is_told_its_address(at_work):
    there = await at_work("wechat")
    there.platform.memory["wechat"]["ip_list"] = ["203.0.113.9"]
    (found,) = (await diagnostics.examine(there.session)).findings
    assert (found.state, found.reason, found.params) == ("bad", "ip_not_listed", {"address": "127.0.0.1"})
    with pytest.raises(GrantExpired) as raised:
        await auth.renew(there.session)
    assert raised.value.reason == "ip_not_allowed"


async def test_an_account_said_to_be_verified_that_is_not(at_work):
    there = await at_work("wechat")
    there.platform.memory["wechat"]["without"] = VERIFIED_ONLY
    found = told(await diagnostics.examine(there.session))
    assert found[:-1] == [
        ("warning", reason)
        for reason in (
            "type_is_unverified", "lacks_mass_send", "lacks_publish", "no_comments_here", "lacks_messages", "lacks_metrics",
        )
    ]  # fmt: skip


async def test_an_account_said_to_be_unverified_that_is_verified(at_work):
    there = await at_work("wechat", account_type="subscription_unverified")
    assert ("warning", "type_is_verified") in told(await diagnostics.examine(there.session))


async def test_an_unverified_account_is_told_what_it_lacks(at_work):
    platform = Platform()
    platform.memory["wechat"] = {"without": VERIFIED_ONLY}
    there = await at_work("wechat", platform=platform, account_type="service_unverified")
    reasons = [reason for _state, reason in told(await diagnostics.examine(there.session))]
    assert reasons[0] == "lacks_mass_send"
    assert not {"type_is_verified", "type_is_unverified"} & set(reasons)


async def test_few_calls_are_left_today(at_work, moved):
    there = await at_work("wechat")
    there.platform.memory["wechat"]["daily"] = {"/cgi-bin/draft/add": 10}
    there.platform.clock = clock.now
    caller = App(there.session.http, there.base_url, there.typed["app_id"], there.typed["app_secret"])
    for _ in range(9):
        await _refused(caller.call("/cgi-bin/draft/add", {"articles": [{}]}))
    last = (await diagnostics.examine(there.session)).findings[-1]
    assert (last.state, last.params) == ("warning", {"path": "/cgi-bin/draft/add", "left": 1, "limit": 10})
    await _refused(caller.call("/cgi-bin/draft/add", {"articles": [{}]}))
    with pytest.raises(RetryLater) as raised:
        await caller.call("/cgi-bin/draft/add", {"articles": [{}]})
    assert raised.value.reason == "api_quota"
    moved(days=1)
    last = (await diagnostics.examine(there.session)).findings[-1]
    assert last.state == "good"


async def _refused(call):
    """An empty draft is refused, and counted."""
    with pytest.raises(Rejected):
        await call


async def test_an_interface_used_up_for_today_is_one_it_has(at_work):
    there = await at_work("wechat")
    there.platform.memory["wechat"]["daily"] = {"/cgi-bin/comment/list": 0}
    found = await diagnostics.examine(there.session)
    assert ("good", "may_all") in told(found)


async def test_calls_that_are_not_told(at_work):
    there = await at_work("wechat")
    there.platform.memory["wechat"]["without"] = ["/cgi-bin/openapi"]
    assert told(await diagnostics.examine(there.session))[-1] == ("good", "calls_untold")


async def test_one_blocked_interface_closes_what_goes_by_it_and_nothing_else(at_work, monkeypatch):
    there = await at_work("wechat")
    whole = App.call

    async def call(self, path, *given, accept=(), **more):
        if path.startswith("/cgi-bin/freepublish/") or "quota" in path:
            if 48004 in accept:
                return {"errcode": 48004}
            raise refusal({"errcode": 48004}, write=False, headers={})
        return await whole(self, path, *given, accept=accept, **more)

    monkeypatch.setattr(App, "call", call)
    may = await permits.asked(app(there.session))
    assert may["publish"] == "interface_blocked"
    assert may["mass_send"] is True
    assert told(await diagnostics.examine(there.session)) == [
        ("warning", "interface_blocked"),
        ("good", "calls_untold"),
    ]


async def test_a_blocked_account_and_one_that_does_not_answer(at_work):
    there = await at_work("wechat")
    there.faults.always(Fault("unauthorized"))
    assert told(await diagnostics.examine(there.session)) == [("bad", "account_blocked")]
    there.faults.clear()
    there.faults.next(Fault("html"))
    with pytest.raises(RetryLater):
        await diagnostics.examine(there.session)


async def test_followers_of_the_last_day_counted(at_work):
    there = await at_work("wechat")
    for key, number in (("followers", 8800), ("followers_gained", 40), ("followers_lost", 3)):
        there.platform.tell(there.session.remote_id, key, number)
    found = [(one.metric, one.value, one.field) for one in await metrics.account(there.session)]
    assert found == [
        ("followers", 8800, "cumulate_user"),
        ("followers_gained", 40, "new_user"),
        ("followers_lost", 3, "cancel_user"),
    ]


async def test_followers_not_counted_or_not_granted(at_work):
    there = await at_work("wechat")
    found = await metrics.account(there.session)
    assert [(one.value, one.why) for one in found] == [(None, "followers_not_counted")] * 3
    there.platform.memory["wechat"]["without"] = [metrics.CHANGES]
    there.platform.tell(there.session.remote_id, "followers", 8800)
    found = await metrics.account(there.session)
    assert [(one.value, one.why) for one in found] == [(8800, "")] + [(None, "not_permitted")] * 2
    there.platform.memory["wechat"]["without"] = ["/datacube"]
    found = await metrics.account(there.session)
    assert [(one.value, one.why) for one in found] == [(None, "not_permitted")] * 3


async def test_before_eight_the_day_before_counts(at_work, moved, monkeypatch):
    there = await at_work("wechat")

    async def answer(self, path, payload=None, **_):
        if path == metrics.CHANGES:
            rows = [("2026-11-27", 9, 9), ("2026-11-28", 3, 5), ("2026-11-28", 149, 1), ("2026-11-28", 6, 0)]
            return {
                "list": [{"ref_date": day, "new_user": new, "cancel_user": gone} for day, new, gone in rows]
            }
        return {
            "list": [
                {"ref_date": "2026-11-28", "cumulate_user": 7},
                {"ref_date": "2026-11-27", "cumulate_user": 6},
            ]
        }

    monkeypatch.setattr(App, "call", answer)
    assert [reading.value for reading in await metrics.account(there.session)] == [7, 158, 6]


async def test_who_came_and_went_is_told_of_the_day_of_the_followers_or_not_at_all(at_work, monkeypatch):
    there = await at_work("wechat")

    async def answer(self, path, payload=None, **_):
        if path == metrics.CHANGES:
            return {"list": [{"ref_date": "2026-11-27", "user_source": 0, "new_user": 9, "cancel_user": 9}]}
        return {"list": [{"ref_date": "2026-11-28", "cumulate_user": 7}]}

    monkeypatch.setattr(App, "call", answer)
    found = await metrics.account(there.session)
    assert [(one.value, one.why) for one in found] == [(7, "")] + [(None, "followers_not_counted")] * 2


def test_every_finding_has_its_words():
    for reason in (*diagnostics.LACKS.values(), "ip_not_listed", "calls_left", "may_all", "type_is_verified"):
        for language in ("en", "zh-hans", "vi"):
            assert MANIFEST.sentences[reason].in_(language)


async def test_what_may_be_chosen_is_read_anew(at_work):
    there = await at_work("wechat")
    there.platform.memory["wechat"].update(
        tags=[{"id": 7, "name": "新客", "count": 2}], without_comments=True
    )
    found = await diagnostics.examine(there.session)
    assert found.settings == {"tags": [{"value": "7", "label": "新客 · 2"}], "comments": False}
    there.platform.memory["wechat"]["without"] = ["/cgi-bin/tags"]
    assert (await diagnostics.examine(there.session)).settings["tags"] == []
