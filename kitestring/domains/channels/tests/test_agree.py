"""Connecting by consent: there, back, choosing, and what a stranger or a late one finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from kitestring.connectorkit.consent import CLIENT, SECRET
from kitestring.domains.channels.actions.renew import check_account, renew
from kitestring.domains.channels.models import Account, AppKey, StoredGrant, Visit
from kitestring.domains.channels.sessions import APP, app_of, open_grant, rotate_keys, seal_visit, visit_told
from kitestring.domains.channels.tests.roost import Roost
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit import clock
from kitestring.kit.refusals import Refusal
from tests.world import World

Door = Callable[[Member], Client]
ADD, BACK = "/settings/accounts/add/owl/", "/settings/accounts/back/"
APP_PAGE = "/settings/accounts/apps/forest/"


def typed_in(client: Client, **other: str) -> None:
    answer = client.post(APP_PAGE, {"client_id": CLIENT, "client_secret": SECRET, **other})
    assert answer.status_code == 302, answer.content.decode()[-2000:]


def set_out(client: Client, path: str = ADD) -> str:
    answer = client.post(path, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return str(answer["HX-Redirect"])


def connected(client: Client, roost: Roost) -> Account:
    """@ada, by her consent."""
    typed_in(client)
    client.get(BACK, roost.agree(set_out(client), "ada"))
    return Account.objects.get()


def page_of(client: Client, account: Account) -> str:
    return client.get(f"/settings/accounts/{account.pk}/").content.decode()


def test_the_app_is_asked_for_first(world: World, door: Door, roost: Roost) -> None:
    client = door(world.manager)
    page = client.get(ADD).content.decode()
    assert "Ask the ranger for an app." in page
    assert BACK in page
    assert client.post(APP_PAGE, {"client_id": CLIENT}).status_code == 422
    client.post(APP_PAGE, {"client_id": CLIENT, "client_secret": SECRET, "next": ADD})
    page = client.get(ADD).content.decode()
    assert "Hoot in your name" in page
    assert app_of(world.workspace, "forest") == {"client_id": CLIENT, "client_secret": SECRET}
    assert SECRET not in AppKey.objects.get().sealed
    assert SECRET not in client.get(APP_PAGE).content.decode()
    assert SECRET not in str([entry.after for entry in AuditEntry.objects.all()])


def test_an_account_is_connected_by_consent(world: World, door: Door, roost: Roost) -> None:
    client = door(world.manager)
    typed_in(client)
    back = roost.agree(set_out(client), "ada")
    answer = client.get(BACK, back)
    account = Account.objects.get()
    assert answer["Location"] == f"/settings/accounts/{account.pk}/"
    assert (account.handle, account.brand) == ("@ada", world.brand)
    grant = open_grant(StoredGrant.objects.get())
    assert grant.secrets[APP] == {"client_id": CLIENT, "client_secret": SECRET}
    assert not Visit.objects.exists()


def test_without_script_a_link_leads_there(world: World, door: Door, roost: Roost) -> None:
    client = door(world.manager)
    typed_in(client)
    page = client.post(ADD).content.decode()
    assert f'href="{roost.address}/agree?' in page


def test_a_no_connects_nothing(world: World, door: Door, roost: Roost) -> None:
    client = door(world.manager)
    typed_in(client)
    back = roost.agree(set_out(client), "ada", "deny")
    answer = client.get(BACK, back, follow=True)
    assert answer.redirect_chain == [(ADD, 302)], "back at the form, where the next try is one press away"
    page = answer.content.decode()
    assert page.count("You said no") == 1
    assert "You said no" in page.split('role="alert"')[1].split("</div>")[0], (
        "it stays on the form, and is no passing toast"
    )
    assert "You said no" not in client.get(ADD).content.decode(), "said once"
    assert not Account.objects.exists()


def test_a_no_to_connecting_again_leads_back_to_that_form(world: World, door: Door, roost: Roost) -> None:
    client = door(world.manager)
    again = f"/settings/accounts/{connected(client, roost).pk}/reconnect/"
    answer = client.get(BACK, roost.agree(set_out(client, again), "ada", "deny"), follow=True)
    assert answer.redirect_chain == [(again, 302)]
    assert "You said no" in answer.content.decode()
    assert Account.objects.get().state == "connected"


def test_the_way_back_is_one_persons_and_for_once(world: World, door: Door, roost: Roost) -> None:
    client = door(world.manager)
    typed_in(client)
    back = roost.agree(set_out(client), "ada")
    other = door(world.owner)
    assert "begun by somebody else" in other.get(BACK, back, follow=True).content.decode()
    assert not Account.objects.exists()
    client.get(BACK, back)
    assert "it was used" in client.get(BACK, back, follow=True).content.decode()
    assert Account.objects.count() == 1
    assert "it was used" in client.get(BACK, follow=True).content.decode()


def test_the_way_back_closes(world: World, door: Door, roost: Roost) -> None:
    client = door(world.manager)
    typed_in(client)
    url = set_out(client)
    Visit.objects.update(begun_at=clock.now() - timedelta(minutes=21))
    back = roost.agree(url, "ada")
    assert "older than twenty minutes" in client.get(BACK, back, follow=True).content.decode()
    set_out(client)
    assert Visit.objects.count() == 1


def test_several_are_chosen_from(world: World, door: Door, roost: Roost) -> None:
    client = door(world.manager)
    typed_in(client)
    back = roost.agree(set_out(client), "ada+bob+eve")
    place = client.get(BACK, back)["Location"]
    page = client.get(place).content.decode()
    assert all(name in page for name in ("Ada", "Bob", "Eve"))
    assert not Account.objects.exists()
    assert "Choose at least one" in client.post(place).content.decode()
    assert client.post(place, {"account": "mallory"}).status_code == 422
    assert door(world.owner).get(place).status_code == 404
    client.post(place, {"account": ["ada", "eve"]})
    assert sorted(Account.objects.values_list("remote_id", flat=True)) == ["ada", "eve"]
    assert client.get(place).status_code == 404


def test_connecting_again_wants_the_same_account(world: World, door: Door, roost: Roost) -> None:
    client = door(world.manager)
    typed_in(client)
    client.get(BACK, roost.agree(set_out(client), "ada"))
    account = Account.objects.get()
    again = f"/settings/accounts/{account.pk}/reconnect/"
    page = client.get(BACK, roost.agree(set_out(client, again), "bob"), follow=True).content.decode()
    assert "You agreed for @bob" in page
    client.get(BACK, roost.agree(set_out(client, again), "bob+ada"))
    assert Account.objects.count() == 1


def test_a_renewed_grant_keeps_its_app(world: World, door: Door, roost: Roost) -> None:
    client = door(world.manager)
    typed_in(client)
    client.get(BACK, roost.agree(set_out(client), "ada"))
    account = Account.objects.get()
    before = open_grant(StoredGrant.objects.get()).secrets
    check_account(world.manager, account.pk)
    after = open_grant(StoredGrant.objects.get()).secrets
    assert after["access_token"] != before["access_token"]
    assert after[APP] == before[APP]


def test_new_app_keys_reach_the_accounts_that_stopped(world: World, door: Door, roost: Roost) -> None:
    client = door(world.manager)
    typed_in(client)
    client.get(BACK, roost.agree(set_out(client), "ada"))
    account = Account.objects.get()
    typed_in(client, client_secret="changed-by-mistake")
    with pytest.raises(Refusal, match="app id or secret"):
        check_account(world.manager, account.pk)
    account.refresh_from_db()
    assert account.state == "connected"
    StoredGrant.objects.update(expires_at=clock.now() - timedelta(minutes=1))
    assert renew(account.pk) == "ended"
    typed_in(client)
    check_account(world.manager, account.pk)
    account.refresh_from_db()
    assert account.state == "connected"


def test_new_master_keys_open_apps_too(world: World, door: Door, roost: Roost) -> None:
    client = door(world.manager)
    typed_in(client)
    set_out(client)
    rotate_keys()
    assert app_of(world.workspace, "forest")["client_secret"] == SECRET


def test_who_may_not_connect_sees_no_keys(world: World, door: Door, roost: Roost) -> None:
    for path in (ADD, APP_PAGE, "/settings/accounts/apps/", BACK):
        assert door(world.editor).get(path).status_code == 403


def test_keys_are_of_one_workspace(world: World, door: Door, roost: Roost) -> None:
    typed_in(door(world.manager))
    assert app_of(world.workspace, "forest")
    assert "Ready" in door(world.owner).get("/settings/accounts/apps/").content.decode()


def grants() -> dict[str, dict[str, str]]:
    """By account: the app its grant travels with."""
    return {one.account.remote_id: open_grant(one).secrets[APP] for one in StoredGrant.objects.all()}


def test_a_choice_keeps_the_app_that_was_agreed_to(world: World, door: Door, roost: Roost) -> None:
    """Meanwhile the operator typed in another app: it may renew nothing of this consent."""
    client = door(world.manager)
    typed_in(client)
    place = client.get(BACK, roost.agree(set_out(client), "ada+bob"))["Location"]
    typed_in(client, client_id="another-app", client_secret="another-secret")
    client.post(place, {"account": "ada"})
    assert grants() == {"ada": {"client_id": CLIENT, "client_secret": SECRET}}
    account = Account.objects.get()
    check_account(world.manager, account.pk)


def test_who_comes_back_is_let_in_by_the_app_they_set_out_with(
    world: World, door: Door, roost: Roost
) -> None:
    client = door(world.manager)
    typed_in(client)
    back = roost.agree(set_out(client), "ada")
    typed_in(client, client_id="another-app", client_secret="another-secret")
    client.get(BACK, back)
    assert grants() == {"ada": {"client_id": CLIENT, "client_secret": SECRET}}


def test_a_new_secret_of_the_same_app_is_what_counts(world: World, door: Door, roost: Roost) -> None:
    client = door(world.manager)
    typed_in(client)
    place = client.get(BACK, roost.agree(set_out(client), "ada+bob"))["Location"]
    typed_in(client, client_secret="turned")
    client.post(place, {"account": ["ada", "bob"]})
    assert grants() == {key: {"client_id": CLIENT, "client_secret": "turned"} for key in ("ada", "bob")}


def test_a_consent_sealed_by_an_older_version_takes_the_app_of_now(
    world: World, door: Door, roost: Roost
) -> None:
    client = door(world.manager)
    typed_in(client)
    place = client.get(BACK, roost.agree(set_out(client), "ada+bob"))["Location"]
    visit = Visit.objects.get()
    told = visit_told(visit)
    told.pop("app")
    seal_visit(visit, told)
    visit.save()
    client.post(place, {"account": "ada"})
    assert grants()["ada"]["client_id"] == CLIENT
