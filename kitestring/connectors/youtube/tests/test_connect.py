"""Connecting: what is asked for, rights left unticked, no channel, a consent that ends, an app that is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from yarl import URL

from kitestring.connectorkit import sessions
from kitestring.connectorkit.consent import say_yes
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.youtube import auth, diagnostics
from kitestring.connectors.youtube.client import MANIFEST
from kitestring.kit import clock

BACK = "https://kitestring.example/channels/back"


async def again(bench, *, times=1, leave_out="", **app):
    """To Google's page and back; `leave_out`: a right that the person left unticked."""
    known = {**bench.session.app, **app}
    opened = sessions.connecting(MANIFEST, {}, urls_override=dict(bench.session.urls), allow_loopback=True)
    async with opened as (http, urls):
        begun = await auth.begin(http, urls, known, {}, state="s", redirect_uri=BACK)
        url = URL(begun.url)
        scopes = [one for one in url.query["scope"].split() if not leave_out or leave_out not in one]
        came = await say_yes(str(url.update_query(scope=" ".join(scopes))), "hien-ca-phe")
        for _ in range(times):
            found = await auth.finish(http, urls, known, begun, came, redirect_uri=BACK)
        return begun, found


async def test_a_refresh_token_is_asked_for_each_time(at_work):
    bench = await at_work("youtube")
    begun, [connected] = await again(bench)
    query = URL(begun.url).query
    assert (query["access_type"], query["prompt"]) == ("offline", "consent")
    assert set(query["scope"].split()) == {scope.key for scope in MANIFEST.auth.scopes}
    assert connected.grant.secrets["refresh_token"]
    assert [row["label"] for row in connected.settings["playlists"]] == ["Pha trà", "Chuyện quán"]
    assert connected.handle == "@hiencaphe"


async def test_without_the_reports_the_channel_is_connected_all_the_same(at_work):
    bench = await at_work("youtube")
    _, [connected] = await again(bench, leave_out="analytics")
    assert connected.capabilities == {"metrics": "shares_declined"}


async def test_without_the_right_to_publish_nothing_is_connected(at_work):
    bench = await at_work("youtube")
    with pytest.raises(Rejected) as caught:
        await again(bench, leave_out="force-ssl")
    assert caught.value.reason == "right_declined"


async def test_an_account_without_a_channel_is_told(at_work):
    bench = await at_work("youtube")
    bench.platform.memory["no_channel"] = True
    with pytest.raises(Rejected) as caught:
        await again(bench)
    assert caught.value.reason == "no_channel"


async def test_a_code_opens_once(at_work):
    bench = await at_work("youtube")
    with pytest.raises(Rejected) as caught:
        await again(bench, times=2)
    assert caught.value.reason == "code_refused"


async def test_an_app_that_is_not_known_disconnects_nobody(at_work):
    bench = await at_work("youtube")
    session = replace(bench.session, app={**bench.session.app, "client_secret": "typed wrongly"})
    with pytest.raises(Rejected) as caught:
        await auth.renew(session)
    assert (caught.value.field, caught.value.reason) == ("client_secret", "app_keys_wrong")


async def test_the_refresh_token_stays_and_an_end_names_its_likely_cause(at_work):
    bench = await at_work("youtube")
    renewed = await auth.renew(bench.session)
    assert renewed.secrets["refresh_token"] == bench.session.grant.secrets["refresh_token"]
    assert renewed.scopes == bench.session.grant.scopes
    bench.platform.memory["desk"]["refresh"].clear()
    with pytest.raises(GrantExpired) as caught:
        await auth.renew(bench.session)
    assert caught.value.reason == "google_consent_over"


async def test_the_day_on_which_a_testing_projects_consent_ends_is_told(at_work):
    bench = await at_work("youtube")
    end = clock.now() + timedelta(days=7)
    grant = replace(
        bench.session.grant, secrets={**bench.session.grant.secrets, "refresh_ends": end.isoformat()}
    )
    found = await diagnostics.examine(replace(bench.session, grant=grant))
    [finding] = found.findings
    assert (finding.reason, finding.params) == ("testing_ends", {"day": end.date().isoformat()})


async def test_one_token_ends_every_consent_of_the_account(at_work):
    """So Google does, and so the house gives it back only with the last channel of an app."""
    bench = await at_work("youtube")
    _begun, [other] = await again(bench)
    await auth.give_back(bench.session)
    with pytest.raises(GrantExpired):
        await auth.renew(replace(bench.session, grant=other.grant))
    assert auth.ENDS_ALL
