"""WeChat's tags: its own stay as they are, its limits are told in words, its codes mean what the documents say."""

from __future__ import annotations

import pytest

from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.tags import choices_of
from kitestring.connectors.wechat import audience, permits, tags
from kitestring.connectors.wechat.client import app, refusal


async def test_the_list_is_what_posts_choose_from(at_work):
    there = await at_work("wechat")
    listed = await tags.all(there.session)
    assert [(one.name, one.fixed) for one in listed] == [("星标组", True), ("老客", False)]
    assert choices_of(listed) == await audience.listed(app(there.session))


@pytest.mark.parametrize("deed", [lambda s: tags.rename(s, "2", "x"), lambda s: tags.drop(s, "2")])
async def test_wechats_own_tags_stay(at_work, deed):
    there = await at_work("wechat")
    with pytest.raises(Rejected) as raised:
        await deed(there.session)
    assert raised.value.reason == "tag_fixed"


async def test_limits_are_told(at_work):
    there = await at_work("wechat")
    there.platform.message(there.session.remote_id, "lan", "Lan", "?")
    memory = there.platform.memory["wechat"]
    memory["tags"] = [{"id": n, "name": f"t{n}", "count": 0} for n in range(100, 200)]
    memory["tags"][0]["count"] = 100_001
    for deed, reason in (
        (tags.make(there.session, "one more"), "tags_used_up"),
        (tags.drop(there.session, "100"), "tag_too_large"),
        (tags.put_on(there.session, "99", "olan"), "tag_gone"),
        (tags.put_on(there.session, "x", "olan"), "tag_gone"),
        (tags.put_on(there.session, "100", "<nobody>"), "not_a_follower"),
        (tags.of(there.session, "onobody"), "not_a_follower"),
    ):
        with pytest.raises(Rejected) as raised:
            await deed
        assert raised.value.reason == reason
    for number in range(101, 121):
        await tags.put_on(there.session, str(number), "olan")
    with pytest.raises(Rejected) as raised:
        await tags.put_on(there.session, "130", "olan")
    assert raised.value.reason == "person_has_enough_tags"


async def test_the_name_of_another_tag_is_refused(at_work):
    there = await at_work("wechat")
    with pytest.raises(Rejected) as raised:
        await tags.rename(there.session, "100", "星标组")
    assert raised.value.reason == "tag_name_taken"


@pytest.mark.parametrize(
    ("code", "reason"),
    [(45157, "tag_name_taken"), (45158, "tag_name_refused"), (45056, "tags_used_up"), (45058, "tag_fixed")],
)
def test_what_codes_of_tags_mean(code, reason):
    assert refusal({"errcode": code, "errmsg": "x"}, write=True, headers={}).reason == reason


async def test_who_may_have_tags_is_asked(at_work):
    there = await at_work("wechat")
    there.platform.memory["wechat"]["without"] = ["/cgi-bin/tags"]
    assert (await permits.asked(app(there.session)))["tags"] == "not_permitted"
    assert (await permits.found(app(there.session), "service_unverified"))["tags"] == "needs_verification"
