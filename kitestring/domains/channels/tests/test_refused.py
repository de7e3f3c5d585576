"""A call that is refused as if the grant had ended: one refusal ends no account, whichever door heard it."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connections

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.domains.channels import sessions
from kitestring.domains.channels.actions.connect import connect
from kitestring.domains.channels.actions.renew import renew, renew_one
from kitestring.domains.channels.models import Account, StoredGrant
from kitestring.domains.channels.sessions import ask, open_grant, talk
from kitestring.domains.channels.tests.cage import KEY, Cage
from kitestring.domains.channels.tests.parrot import auth
from kitestring.domains.channels.tests.parrot.auth import _ask
from kitestring.kit.clock import now
from tests.world import World


@pytest.fixture(autouse=True)
def shelf_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def polly(world: World, cage: Cage) -> Account:
    account = connect(world.owner, world.brand, "parrot", {"cage": cage.address, "key": KEY})
    StoredGrant.objects.update(renewed_at=now() - timedelta(minutes=30))
    cage.calls.clear()
    return account


def song() -> str:
    return str(open_grant(StoredGrant.objects.get()).secrets["song"])


async def sing(session: Session) -> str:
    """What a door asks for: it says by which song it was let in."""
    secrets = session.grant.secrets
    await _ask(session.http, session.urls["api"], "/sing", secrets["key"])
    return str(secrets["song"])


def test_one_refusal_is_followed_by_a_renewal_and_one_more_call(polly: Account, cage: Cage) -> None:
    before = song()
    cage.refuses["/sing"] = 1
    heard = talk(polly, sing)
    assert cage.calls == ["/sing", "/renew", "/sing"]
    assert heard == song() != before


def test_the_same_for_coroutines(polly: Account, cage: Cage) -> None:
    cage.refuses["/sing"] = 1
    assert async_to_sync(ask)(polly, sing) == song()
    assert cage.calls == ["/sing", "/renew", "/sing"]


def test_a_new_grant_that_is_refused_too_has_ended(polly: Account, cage: Cage) -> None:
    cage.refuses["/sing"] = 2
    with pytest.raises(GrantExpired):
        talk(polly, sing)
    assert cage.calls == ["/sing", "/renew", "/sing"]


def test_a_renewal_that_is_refused_is_the_end(polly: Account, cage: Cage) -> None:
    cage.key = "changed"
    with pytest.raises(GrantExpired):
        talk(polly, sing)
    assert cage.calls == ["/sing", "/renew"]


@pytest.mark.parametrize(("mood", "after"), [("busy", "busy"), ("broken", "broken"), ("page", "not_itself")])
def test_a_renewal_in_trouble_leaves_it_open(
    polly: Account, cage: Cage, monkeypatch: pytest.MonkeyPatch, mood: str, after: str
) -> None:
    async def refused(session: Session) -> str:
        cage.mood = mood
        raise GrantExpired()

    with pytest.raises(RetryLater, match=after):
        talk(polly, refused)
    cage.mood = "good"
    assert talk(polly, sing)


def test_a_grant_that_the_channel_itself_finds_good_does_not_end_by_refusals(
    polly: Account, cage: Cage
) -> None:
    """Nothing renews it: asked who it is for, the channel answers as ever. Some door there is shut, not the account."""
    cage.same = True
    cage.refuses["/sing"] = 2
    with pytest.raises(RetryLater, match="grant_stands"):
        talk(polly, sing)
    assert cage.calls == ["/sing", "/renew", "/sing"]
    assert talk(polly, sing)


def test_connected_anew_between_two_refusals_nothing_ends(
    polly: Account, cage: Cage, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    async def refused(session: Session) -> None:
        calls.append(1)
        raise GrantExpired()

    def somebody_was_there(account: Account, **more: Any) -> Any:
        fresh = real(account, **more)
        stored = StoredGrant.objects.get()
        stored.sealed = sessions.vault().seal({"key": KEY, "song": "a person's"})
        stored.save()
        return fresh

    real = sessions.renewed_grant
    monkeypatch.setattr(sessions, "renewed_grant", somebody_was_there)
    with pytest.raises(RetryLater, match="grant_stands"):
        talk(polly, refused)
    assert len(calls) == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_doors_that_hear_it_at_once_one_renews(world: World, cage: Cage) -> None:
    """A refresh token that works once is spent once: who waited goes on with what the first was given."""
    polly = connect(world.owner, world.brand, "parrot", {"cage": cage.address, "key": KEY})
    old = song()
    cage.calls.clear()
    together = threading.Barrier(3, timeout=20)
    heard: list[str] = []

    async def old_song_is_refused(session: Session) -> str:
        if session.grant.secrets["song"] == old:
            together.wait()
            raise GrantExpired()
        return await sing(session)

    def go() -> None:
        heard.append(talk(Account.objects.select_related("workspace").get(pk=polly.pk), old_song_is_refused))
        connections["default"].close()

    threads = [threading.Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert cage.calls.count("/renew") == 1
    assert heard == [song()] * 3


@pytest.mark.parametrize("reason", ["moved", "host_refused", "refused"])
def test_what_stands_on_the_way_of_a_renewal_ends_nothing(
    polly: Account, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    """A redirect to a login page of the network, a name that leads elsewhere, an unknown no."""

    async def on_the_way(session: Session) -> Any:
        raise Rejected("url", reason)

    monkeypatch.setattr(auth, "renew", on_the_way)
    StoredGrant.objects.update(expires_at=now() + timedelta(minutes=10))
    assert renew(polly.pk) == "later"
    polly.refresh_from_db()
    assert polly.state == "connected"


def by_hand(monkeypatch: pytest.MonkeyPatch) -> StoredGrant:
    """The parrot renews nothing: in its last days it says so, and the song still opens."""

    async def last_days(session: Session) -> Any:
        raise GrantExpired("renewed_by_hand")

    monkeypatch.setattr(auth, "renew", last_days)
    StoredGrant.objects.update(expires_at=now() + timedelta(days=4), renewed_at=now() - timedelta(days=56))
    return StoredGrant.objects.get()


def test_in_its_last_days_one_refusal_ends_no_grant(
    polly: Account, cage: Cage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = by_hand(monkeypatch)
    cage.refuses["/sing"] = 1
    assert talk(polly, sing) == song()
    told = {"asked_at": now(), "refused": "grant_expired"}
    assert renew_one(polly.pk, stored.renewed_at, **told) == "ending"
    polly.refresh_from_db()
    assert polly.state == "connected"
    assert renew_one(polly.pk, stored.renewed_at, **told) == "ended", "the second within minutes"
