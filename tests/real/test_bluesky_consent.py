"""Connecting by consent against a real account's server: it is the judge of our requests, proofs and keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from kitestring.connectorkit import dpop, registry, sessions
from kitestring.connectorkit.contract import Begun, Connected, Published, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.bluesky import diagnostics, inbox, metrics, oauth, publishing
from kitestring.connectors.bluesky.client import pds
from kitestring.kit import clock
from kitestring.sandbox.real.bluesky import BlueskyNetwork
from kitestring.sandbox.real.consent import Browser
from tests.real.test_bluesky_connector import _numbers, duty, eventually

MANIFEST = registry.connected_by("bluesky", "oauth").manifest
BACK = "http://127.0.0.1:8420/settings/accounts/back/"
APP = {
    "client_id": "https://kitestring.example/apps/bluesky/x.json",
    "key": "{}",
}  # not used on one's own machine


@dataclass
class Owner:
    """Somebody with an account there, and no password for apps."""

    network: BlueskyNetwork
    handle: str
    did: str
    password: str

    @property
    def typed(self) -> dict[str, str]:
        return {"url": self.network.pds_url, "handle": f"@{self.handle}"}

    @property
    def urls(self) -> dict[str, str]:
        return {"plc": self.network.plc_url, "video": ""}

    async def begin(self, back: str = BACK) -> Begun:
        async with self._asking() as (http, urls):
            return await oauth.begin(http, urls, APP, self.typed, state="s", redirect_uri=back)

    async def finish(self, begun: Begun, params: dict[str, str]) -> Connected:
        async with self._asking() as (http, urls):
            [found] = await oauth.finish(http, urls, APP, begun, params, redirect_uri=BACK)
            return found

    def _asking(self) -> Any:
        return sessions.connecting(MANIFEST, self.typed, urls_override=self.urls, allow_loopback=True)

    async def say(self, begun: Begun, *, yes: bool = True) -> dict[str, str]:
        browser = Browser(begun.url)
        return await asyncio.to_thread(browser.agree, self.handle, self.did, self.password, yes=yes)

    @asynccontextmanager
    async def session(self, who: Connected) -> AsyncIterator[Session]:
        async with sessions.session(
            MANIFEST, who.grant, remote_id=who.remote_id, handle=who.handle, settings=who.settings, app=APP,
            allow_loopback=True, timeout=20, urls_override=self.urls,
        ) as opened:  # fmt: skip
            yield opened


@pytest.fixture
def owner(bluesky_network: BlueskyNetwork) -> Owner:
    handle = f"chu{next(_numbers)}.test"
    did, password = bluesky_network.create_account(handle, f"{handle[:-5]}@example.test", "a long password")
    return Owner(bluesky_network, handle, did, password)


async def test_the_owner_agrees_and_posts_go_out_by_a_token_bound_to_our_key(owner: Owner) -> None:
    begun = await owner.begin()
    back = await owner.say(begun)
    assert back["iss"] == begun.keeps["issuer"] == owner.network.pds_url
    who = await owner.finish(begun, back)
    assert (who.remote_id, who.handle) == (owner.did, owner.handle)
    assert set(who.grant.scopes) == {"atproto", "transition:generic", "transition:chat.bsky"}
    assert who.grant.expires_at is not None
    assert who.grant.expires_at > clock.now()
    assert who.capabilities == {"messages": True}
    with pytest.raises(Rejected):  # a code opens once
        await owner.finish(begun, back)
    again = await owner.begin()
    who = await owner.finish(again, await owner.say(again))
    async with owner.session(who) as session:
        done = await publishing.publish(session, duty("Bằng sự đồng ý 同意", options={"replies": "nobody"}))
        assert isinstance(done, Published)
        found = {finding.reason for finding in (await diagnostics.examine(session)).findings}
        assert found <= {"email_unconfirmed", "no_profile_yet", "messages_unreachable"}
        assert (await inbox.fetch(session, [done.remote_id], "")).messages == []
        readings = await eventually(lambda: _read(session, done.remote_id))
        assert {reading.why for reading in readings} == {""}
        await publishing.withdraw(session, done.remote_id)
        stolen = replace(
            session, grant=replace(who.grant, secrets={**who.grant.secrets, "key": dpop.new_key()})
        )
        with pytest.raises(GrantExpired):  # the token alone opens nothing
            await pds(stolen).ask("com.atproto.server.getSession")


async def _read(session: Session, post: str) -> Any:
    readings = await metrics.read(session, [post])
    return readings if all(reading.value is not None for reading in readings) else None


async def test_a_renewal_brings_new_tokens_and_the_spent_one_ends_everything(owner: Owner) -> None:
    begun = await owner.begin()
    who = await owner.finish(begun, await owner.say(begun))
    async with owner.session(who) as session:
        renewed = await oauth.renew(session)
        assert renewed.secrets["access_token"] != who.grant.secrets["access_token"]
        assert renewed.secrets["refresh_token"] != who.grant.secrets["refresh_token"]
        assert renewed.secrets["key"] == who.grant.secrets["key"]
        later = replace(session, grant=renewed)
        assert (await pds(later).ask("com.atproto.server.getSession"))["did"] == owner.did
        with pytest.raises(GrantExpired):
            await oauth.renew(session)  # the refresh token before: spent
        with pytest.raises(GrantExpired):
            await oauth.renew(later)  # and a replay ends the whole consent there


async def test_a_no_and_a_wrong_handle_and_a_localhost_back_are_told_in_words(owner: Owner) -> None:
    begun = await owner.begin()
    with pytest.raises(Rejected) as caught:
        await owner.finish(begun, await owner.say(begun, yes=False))
    assert caught.value.reason == "consent_denied"
    nobody = replace(owner, handle="khong-ai-ca.test")
    with pytest.raises(Rejected) as caught:
        await nobody.begin()
    assert (caught.value.field, caught.value.reason) == ("handle", "handle_unknown")
    with pytest.raises(Rejected) as caught:
        await owner.begin("http://localhost:8420/settings/accounts/back/")
    assert caught.value.reason == "needs_public_address"


async def test_somebody_else_who_signs_in_there_is_not_connected(owner: Owner) -> None:
    handle = f"khac{next(_numbers)}.test"
    did, password = owner.network.create_account(handle, f"{handle[:-5]}@example.test", "a long password")
    other = Owner(owner.network, handle, did, password)
    begun = await owner.begin()
    with pytest.raises(Rejected) as caught:
        await owner.finish(begun, await other.say(begun))
    assert (caught.value.field, caught.value.reason) == ("handle", "signed_in_as_other")
