"""Accounts are opened once and kept for the passes that follow; whatever an open one is made of, its change opens it anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection, transaction

from kitestring.domains.channels.models import Account, StoredGrant
from kitestring.domains.publishing.actions import desks
from kitestring.domains.publishing.actions.deliver import drain
from kitestring.domains.publishing.actions.desks import Desks
from kitestring.domains.publishing.models.judging import GRANT, VERSION
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.kit import clock
from kitestring.kit.crypto import Vault

NOW_IS = (
    f"SELECT {VERSION} FROM (SELECT *, xmin AS version, id AS account_id FROM channels_account WHERE id = %s) d "  # noqa: S608 - our own text
    "JOIN LATERAL (SELECT d.version) a ON true "
    f"JOIN brands_brand b ON b.id = d.brand_id JOIN workspaces_workspace w ON w.id = d.workspace_id {GRANT}"
)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The accounts that are opened, in order."""
    seen: list[str] = []
    real = desks._desk

    def noted(account: Account, version: str) -> Any:
        seen.append(account.name)
        return real(account, version)

    monkeypatch.setattr(desks, "_desk", noted)
    return seen


def version_of(account: Account) -> str:
    with connection.cursor() as cursor:
        cursor.execute(NOW_IS, [account.pk])
        return str(cursor.fetchone()[0])


def test_an_account_stays_open_from_pass_to_pass(harbour: Harbour, opened: list[str]) -> None:
    account = harbour.account()
    first = harbour.delivery(account=account)
    later: list[Any] = []
    one_more = sync_to_async(lambda: later.append(harbour.delivery(account=account, text="A second cup")))
    harbour.run(drain, one_more, drain)
    assert [harbour.copies(one) for one in (first, *later)] == [1, 1]
    assert opened == ["hien"]


def test_a_new_grant_opens_it_anew(harbour: Harbour, opened: list[str]) -> None:
    account, known = harbour.account(), Desks()
    before = known._open({account.pk: version_of(account)})[account.pk]
    assert known._open({account.pk: version_of(account)})[account.pk] is before
    sealed = Vault(settings.CRYPTO_KEYS).seal({"token": "another"})
    with transaction.atomic():  # as any other would, under a number of its own
        StoredGrant.objects.filter(account=account).update(sealed=sealed)
    after = known._open({account.pk: version_of(account)})[account.pk]
    assert after.session is not None
    assert after.session.grant.secrets["token"] == "another"
    assert opened == ["hien", "hien"]


def test_what_is_due_soon_is_open_before_its_second(harbour: Harbour, opened: list[str]) -> None:
    soon, far, known = harbour.account(name="soon"), harbour.account(name="far"), Desks()
    harbour.delivery(account=soon, due=clock.now() + timedelta(seconds=3))
    harbour.delivery(account=far, due=clock.now() + timedelta(hours=3))
    known.prepare_for(clock.now() + timedelta(seconds=3))
    assert opened == ["soon"]
    known._open({soon.pk: version_of(soon)})
    assert opened == ["soon"], "the claim's own version is the same"


def test_no_more_are_kept_than_the_latest(
    harbour: Harbour, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "MOST", 2)
    accounts, known = [harbour.account(name=name) for name in ("a", "b", "c")], Desks()
    versions = {account.pk: version_of(account) for account in accounts}
    assert len(known._open(versions)) == 3, "all that are asked for are there"
    assert len(known._known) == 2
    known._open({accounts[2].pk: versions[accounts[2].pk]})
    known._open({accounts[0].pk: versions[accounts[0].pk]})
    assert opened == ["a", "b", "c", "a"]


def test_an_account_that_is_gone_has_no_desk(harbour: Harbour) -> None:
    account, known = harbour.account(), Desks()
    known._open({account.pk: version_of(account)})
    key = account.pk
    account.delete()
    assert known._open({key: "another version"}) == {}


def test_a_renewal_is_asked_for_again_after_a_while(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job that was to do it may be lost."""
    account, known, asked = harbour.account(), Desks(), list[Account]()
    loaded = Account.objects.select_related("grant").get(pk=account.pk)
    monkeypatch.setattr(desks, "ends_soon", lambda account: True)
    monkeypatch.setattr(desks, "ask_renewal", asked.append)
    for seconds in (0, 10, 25, 31):
        harbour.moved = timedelta(seconds=seconds)
        harbour.move_clock(harbour.moved)
        known._look_ahead(loaded)
    assert len(asked) == 2
