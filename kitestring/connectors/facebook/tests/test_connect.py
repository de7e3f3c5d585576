"""Connecting: Pages of a person, rights declined, codes used twice, an app that is not known."""

from __future__ import annotations

import pytest

from kitestring.connectorkit import sessions
from kitestring.connectorkit.consent import say_yes
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.facebook import auth
from kitestring.connectors.facebook.client import MANIFEST

BACK = "https://kitestring.example/channels/back"


@pytest.fixture
async def there(at_work):
    """`await there(bench, app=...)` goes to the dialog and back, and gives what `finish` gives."""

    async def go(bench, *, times=1, **app):
        known = {**bench.session.app, **app}
        async with sessions.connecting(
            MANIFEST, {}, urls_override=dict(bench.session.urls), allow_loopback=True
        ) as (http, urls):
            begun = await auth.begin(http, urls, bench.session.app, {}, state="s", redirect_uri=BACK)
            back = await say_yes(begun.url, "hien-ca-phe")
            for _ in range(times):
                found = await auth.finish(http, urls, known, begun, back, redirect_uri=BACK)
            return found

    return go


async def test_a_page_is_connected_by_its_own_token_without_an_end(at_work, there):
    bench = await at_work("facebook")
    [one] = await there(bench)
    assert (one.name, one.handle, one.grant.expires_at) == ("hien-ca-phe", "@hien_ca_phe", None)
    assert set(one.capabilities.values()) == {True}
    assert set(one.grant.secrets) == {"access_token"}  # the person's own token is not kept


async def test_declined_rights_are_told_and_needed_ones_refused(at_work, there):
    bench = await at_work("facebook")
    bench.platform.memory["declined"] = ["pages_messaging"]
    [one] = await there(bench)
    assert one.capabilities["messages"] == "messages_declined"
    assert "pages_messaging" not in one.grant.scopes
    bench.platform.memory["declined"] = ["pages_manage_posts"]
    with pytest.raises(Rejected) as caught:
        await there(bench)
    assert (caught.value.reason, caught.value.said) == ("scope_missing", "pages_manage_posts")


async def test_somebody_without_a_page_or_without_the_task_is_told(at_work, there):
    bench = await at_work("facebook")
    bench.platform.memory["tasks"] = ["ANALYZE"]
    with pytest.raises(Rejected) as caught:
        await there(bench)
    assert caught.value.reason == "nothing_to_connect"
    bench.platform.memory["no_pages"] = True
    with pytest.raises(Rejected) as caught:
        await there(bench)
    assert caught.value.reason == "nothing_to_connect"


async def test_a_code_is_taken_once_and_keys_are_refused_at_their_field(at_work, there):
    bench = await at_work("facebook")
    with pytest.raises(Rejected) as caught:
        await there(bench, times=2)
    assert caught.value.reason == "code_refused"
    for field in ("client_id", "client_secret"):
        with pytest.raises(Rejected) as caught:
            await there(bench, **{field: "wrong"})
        assert (caught.value.field, caught.value.reason) == (field, "app_keys_wrong")
