"""Grants are renewed before they end, by one holder; only the channel's own word ends them."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections
from django.test import Client

import kitestring
from kitestring.connectorkit.contract import Grant
from kitestring.connectorkit.errors import GrantExpired
from kitestring.domains.channels import sessions
from kitestring.domains.channels.actions.connect import connect
from kitestring.domains.channels.actions.renew import check_account, renew
from kitestring.domains.channels.models import Account, StoredGrant
from kitestring.domains.channels.sessions import open_grant, renewed_grant, talk
from kitestring.domains.channels.tasks import renew_due
from kitestring.domains.channels.tests.cage import KEY, Cage
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal
from tests.world import World

Door = Callable[[Member], Client]
Move = Callable[[timedelta], None]


@pytest.fixture(autouse=True)
def shelf_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What lies on a shelf is seen by every process of a house, so also by the tests beside this one."""
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def polly(world: World, cage: Cage) -> Account:
    account = connect(world.owner, world.brand, "parrot", {"cage": cage.address, "key": KEY})
    cage.calls.clear()
    return account


def song() -> str:
    return str(open_grant(StoredGrant.objects.get()).secrets["song"])


def test_a_fresh_grant_is_left_alone(polly: Account, cage: Cage) -> None:
    assert renew_due() == {}
    assert cage.calls == []


def test_a_grant_that_ends_soon_is_renewed(polly: Account, cage: Cage, move_clock: Move) -> None:
    before = song()
    move_clock(timedelta(minutes=45))
    assert renew_due() == {"kept": 1}
    assert cage.calls == ["/renew"]
    assert song() != before
    assert StoredGrant.objects.get().expires_at > now() + timedelta(minutes=55)
    assert renew_due() == {}


@pytest.mark.parametrize("mood", ["busy", "broken", "page"])
def test_a_passing_trouble_never_disconnects(polly: Account, cage: Cage, move_clock: Move, mood: str) -> None:
    before = song()
    move_clock(timedelta(minutes=45))
    cage.mood = mood
    assert renew_due() == {"later": 1}
    polly.refresh_from_db()
    assert (polly.state, polly.problem, song()) == ("connected", "", before)
    cage.mood = "good"
    assert renew_due() == {"kept": 1}


def test_the_channels_no_ends_it_and_says_so(
    world: World, polly: Account, cage: Cage, move_clock: Move, door: Door
) -> None:
    move_clock(timedelta(minutes=45))
    cage.key = "changed"
    assert renew_due() == {"ended": 1}
    polly.refresh_from_db()
    assert (polly.state, polly.problem) == ("expired", "grant_expired")
    entry = AuditEntry.objects.get(verb="account.expire")
    assert entry.member is None
    assert "The parrot wants a new key." in door(world.manager).get("/settings/accounts/").content.decode()
    assert renew_due() == {}


def test_work_renews_first_when_the_grant_is_about_to_end(
    polly: Account, cage: Cage, move_clock: Move
) -> None:
    move_clock(timedelta(minutes=59))

    async def call(session: object) -> str:
        return str(session.grant.secrets["song"])

    assert talk(polly, call) == song()
    assert cage.calls == ["/renew"]


def test_checking_now_asks_the_channel(world: World, polly: Account, cage: Cage, door: Door) -> None:
    client = door(world.manager)
    Account.objects.update(state="expired", problem="grant_expired")
    answer = client.post(f"/settings/accounts/{polly.id}/check/", follow=True)
    assert "its grant is good" in answer.content.decode()
    polly.refresh_from_db()
    assert polly.state == "connected"
    cage.mood = "broken"
    client.post(f"/settings/accounts/{polly.id}/check/")
    polly.refresh_from_db()
    assert polly.state == "connected"
    cage.mood, cage.key = "good", "changed"
    answer = client.post(f"/settings/accounts/{polly.id}/check/", follow=True)
    assert "The parrot wants a new key." in answer.content.decode()
    polly.refresh_from_db()
    assert polly.state == "expired"


def test_an_account_without_a_grant_asks_for_a_person(polly: Account) -> None:
    StoredGrant.objects.all().delete()
    with pytest.raises(GrantExpired, match="no_grant"):
        renewed_grant(polly, until=now())


@pytest.mark.django_db(transaction=True)
def test_of_two_renewers_one_asks_the_channel(world: World, cage: Cage) -> None:
    polly = connect(world.owner, world.brand, "parrot", {"cage": cage.address, "key": KEY})
    StoredGrant.objects.update(expires_at=now() + timedelta(minutes=1))
    cage.calls.clear()
    cage.mood = "slow"
    told: list[str] = []

    def go() -> None:
        told.append(renew(polly.pk))
        connections["default"].close()

    threads = [threading.Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert told == ["kept", "kept", "kept"]
    assert cage.calls == ["/renew"]


def test_keys_are_rotated(
    polly: Account, settings: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = settings.CRYPTO_KEYS, Fernet.generate_key().decode()
    settings.CRYPTO_KEYS = [new, *old]
    call_command("rotate_keys")
    assert "1 grants" in capsys.readouterr().out
    settings.CRYPTO_KEYS = [new]
    assert open_grant(StoredGrant.objects.get()).secrets["key"] == KEY
    settings.CRYPTO_KEYS = old
    with pytest.raises(GrantExpired, match="seal_broken"):
        open_grant(StoredGrant.objects.get())
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("rotate_keys")


def test_only_sessions_reads_a_sealed_grant() -> None:
    house = Path(kitestring.__file__).parent
    readers = {
        str(source.relative_to(house))
        for source in house.rglob("*.py")
        if re.search(r"\.sealed\b", source.read_text("utf-8")) and "tests" not in source.parts
    }
    assert readers == {"domains/channels/sessions.py"}


def renewed_and_lost(polly: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """The channel gives a new grant, and the database goes away before it has it."""

    def away(*_args: object) -> None:
        raise OperationalError("the database went away")

    with monkeypatch.context() as broken:
        broken.setattr(sessions, "keep_grant", away)
        with pytest.raises(OperationalError):
            renew(polly.pk)


def test_a_grant_given_just_before_the_database_went_away_is_not_lost(
    polly: Account, cage: Cage, move_clock: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that renews once is spent when the channel has answered: the new one is the only one there is."""
    move_clock(timedelta(minutes=45))
    renewed_and_lost(polly, monkeypatch)
    assert cage.calls == ["/renew"]
    assert renew_due() == {"recovered": 1}
    assert (cage.calls, song()) == (["/renew"], f"song-{cage.songs}")
    assert renew_due() == {}


def test_found_by_the_next_renewal_too(
    polly: Account, cage: Cage, move_clock: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_clock(timedelta(minutes=45))
    renewed_and_lost(polly, monkeypatch)
    cage.key = "spent"
    assert renew(polly.pk) == "kept"
    assert (cage.calls, song()) == (["/renew"], f"song-{cage.songs}")


def test_one_machine_has_what_another_missed(polly: Account, cage: Cage, move_clock: Move) -> None:
    stored = StoredGrant.objects.get()
    given = Grant({"key": KEY, "song": "saved"}, ("sing",), now() + timedelta(hours=2))
    sessions.set_down(stored, given)
    Account.objects.update(state="expired", problem="grant_expired")
    assert renew_due() == {"recovered": 1}
    polly.refresh_from_db()
    assert (polly.state, polly.problem, song()) == ("connected", "", "saved")


def test_connected_anew_meanwhile_what_was_set_down_is_old(polly: Account) -> None:
    given = Grant({"key": KEY, "song": "old"}, ("sing",), None)
    sessions.set_down(StoredGrant.objects.get(), given)
    StoredGrant.objects.update(renewed_at=now())
    before = song()
    assert renew_due() == {}
    assert (song(), list(sessions.shelf().keys())) == (before, [])


def test_set_down_it_is_sealed_and_only_ours_to_read(polly: Account) -> None:
    sessions.set_down(StoredGrant.objects.get(), Grant({"key": KEY}))
    (kept,) = (Path(settings.HOME) / "grants").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert KEY not in kept.read_text()
    sessions.shelf().drop(polly.pk)


def long_lived(polly: Account, days: float) -> StoredGrant:
    """As of a channel whose grants live two months, with so many days left."""
    StoredGrant.objects.filter(account=polly).update(
        expires_at=now() + timedelta(days=days), renewed_at=now() - timedelta(days=60 - days)
    )
    return StoredGrant.objects.get(account=polly)


def test_a_long_lived_grant_is_renewed_days_before_its_end(polly: Account, cage: Cage) -> None:
    long_lived(polly, 6)
    assert renew_due() == {}
    long_lived(polly, 4)
    assert renew_due() == {"kept": 1}
    assert cage.calls == ["/renew"]


def test_a_no_that_comes_days_before_the_end_holds_nothing_and_is_told(
    polly: Account, cage: Cage, world: World, door: Door, move_clock: Move
) -> None:
    stored = long_lived(polly, 4)
    cage.key = "another"
    assert renew_due() == {"ending": 1}
    polly.refresh_from_db()
    assert (polly.state, StoredGrant.objects.get().sealed) == ("connected", stored.sealed)
    assert AuditEntry.objects.filter(verb="account.ends").count() == 1
    page = door(world.owner).get("/").content.decode()
    assert "Connect again soon" in page
    assert f"/accounts/{polly.pk}/" in page
    assert "Connect again soon" not in door(world.editor).get("/").content.decode()
    account_page = door(world.owner).get(f"/settings/accounts/{polly.pk}/").content.decode()
    assert "does not renew this connection" in account_page
    assert renew_due() == {}, "it is not asked every five minutes"
    move_clock(timedelta(hours=7))
    assert renew_due() == {"ending": 1}
    assert AuditEntry.objects.filter(verb="account.ends").count() == 1, "one problem is told once"


def test_what_was_refused_and_is_cured_there_stands_again(
    polly: Account, cage: Cage, move_clock: Move
) -> None:
    long_lived(polly, 4)
    cage.key = "another"
    renew_due()
    cage.key = KEY
    move_clock(timedelta(hours=7))
    assert renew_due() == {"kept": 1}
    assert StoredGrant.objects.get().refused_at is None


def test_at_its_end_it_ends(polly: Account, cage: Cage, move_clock: Move) -> None:
    long_lived(polly, 4)
    cage.key = "another"
    renew_due()
    move_clock(timedelta(days=4) - timedelta(minutes=10))
    assert renew_due() == {"ended": 1}
    polly.refresh_from_db()
    assert polly.state == "expired"


def test_a_look_by_hand_ends_nothing_that_still_works(polly: Account, cage: Cage, world: World) -> None:
    long_lived(polly, 4)
    cage.key = "another"
    with pytest.raises(Refusal):
        check_account(world.owner, polly.pk)
    polly.refresh_from_db()
    assert (polly.state, StoredGrant.objects.get().refused != "") == ("connected", True)
