"""An account's health: asked of the channel, kept, told in the reader's words, and never a reason to end anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.connectorkit import registry
from kitestring.domains.channels.actions.examine import TASK, examine, examine_due
from kitestring.domains.channels.models import Account, Checkup
from kitestring.domains.channels.tasks import examine_one
from kitestring.domains.channels.tests.roost import Roost
from kitestring.domains.channels.tests.test_agree import connected, page_of
from kitestring.domains.channels.views.health import health_of
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def owl(world: World, door: Door, roost: Roost) -> Account:
    return connected(door(world.manager), roost)


def test_what_the_channel_says_is_shown(world: World, door: Door, roost: Roost, owl: Account) -> None:
    client = door(world.manager)
    assert "has not been asked yet" in page_of(client, owl)
    roost.health |= {"findings": [{"state": "warning", "reason": "molting"}], "left": 2}
    client.post(f"/settings/accounts/{owl.pk}/check/")
    shown = page_of(client, owl)
    assert "Owl is molting: hoots come late." in shown
    assert "Hoots (5 a day): 2 left, as the channel says" in shown
    assert "is renewed before" in shown
    world.manager.language = "vi"
    world.manager.save()
    assert "Cú đang thay lông" in page_of(client, owl)


def test_a_channel_that_renews_nothing_promises_nothing(owl: Account) -> None:
    manifest = registry.get(owl.channel).manifest
    auth = manifest.auth.model_copy(update={"renewal": "by_hand"})
    found = health_of(owl, manifest.model_copy(update={"auth": auth}), "en")
    assert found is not None
    assert found["lasts"].endswith("and is not renewed.")


def test_a_right_that_was_not_given_is_seen(world: World, door: Door, roost: Roost, owl: Account) -> None:
    roost.health["scopes"] = ["sleep"]
    examine(owl.pk)
    assert "connect again and allow it" in page_of(door(world.manager), owl)


def test_a_refusal_is_a_finding_and_ends_nothing(
    world: World, door: Door, roost: Roost, owl: Account
) -> None:
    roost.desk.revoke("ada")
    assert examine(owl.pk)
    owl.refresh_from_db()
    assert owl.state == "connected"
    assert Checkup.objects.get().findings[0]["state"] == "bad"


def test_a_channel_that_is_silent_leaves_the_last_word(roost: Roost, owl: Account) -> None:
    examine(owl.pk)
    before = Checkup.objects.get().at
    roost.health = {"findings": "no list"}
    roost.desk.platform.memory.clear()
    Checkup.objects.update(at=before - timedelta(hours=2))
    assert examine(owl.pk)  # revoked by the cleared desk: told at once
    assert Checkup.objects.get().at > before - timedelta(hours=2)


def test_what_cannot_be_stored_is_left_out(roost: Roost, owl: Account) -> None:
    roost.health |= {
        "findings": [{"state": "warning", "reason": "molting", "params": {"said": "a\x00b\ud800"}}],
        "settings": {"perches": [{"value": "o\x00ak", "name": "Sồi\udfff"}]},
    }
    assert examine(owl.pk)
    assert Checkup.objects.get().findings[0]["params"] == {"said": "ab"}
    owl.refresh_from_db()
    assert owl.settings["perches"] == [{"value": "oak", "name": "Sồi"}]


def test_an_odd_account_keeps_nobody_from_their_turn(
    world: World, owl: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        Account.objects.create(
            workspace=world.workspace, brand=world.brand, channel=owl.channel, remote_id=f"odd{number}"
        )
    monkeypatch.setattr("kitestring.domains.channels.actions.examine.examine", lambda account_id: 1 / 0)
    assert examine_due() == 61
    assert ProcrastinateJob.objects.filter(task_name=TASK).count() == 61
    assert examine_due() == 61
    assert ProcrastinateJob.objects.filter(task_name=TASK).count() == 61, "one waits of each"


def test_each_is_asked_once_a_day(roost: Roost, owl: Account) -> None:
    assert examine_due() == 1
    assert examine_one(str(owl.pk))
    assert examine_due() == 0
    Checkup.objects.update(at=clock.now() - timedelta(hours=25))
    assert examine_due() == 1
    Account.objects.update(state="disconnected")
    Checkup.objects.update(at=clock.now() - timedelta(hours=25))
    assert examine_due() == 0


def test_lists_to_choose_from_are_read_anew(roost: Roost, owl: Account) -> None:
    owl.settings = {"perches": [], "kept": 1}
    owl.save()
    roost.health["settings"] = {"perches": [{"value": "oak"}]}
    examine(owl.pk)
    owl.refresh_from_db()
    assert owl.settings == {"perches": [{"value": "oak"}], "kept": 1}


def test_a_right_that_this_type_is_never_asked_for_is_not_missed(owl: Account) -> None:
    manifest = registry.get(owl.channel).manifest
    (hoot,) = manifest.auth.scopes
    screech = hoot.model_copy(update={"key": "screech", "account_types": ("barn",)})
    auth = manifest.auth.model_copy(update={"scopes": (hoot, screech)})
    wider = manifest.model_copy(update={"auth": auth})
    owl.account_type = "wood"
    found = health_of(owl, wider, "en")
    assert found is not None
    assert found["scopes"] == [("hoot", "Hoot in your name", True)]
    owl.account_type = "barn"
    found = health_of(owl, wider, "en")
    assert found is not None
    assert [(key, given) for key, _why, given in found["scopes"]] == [("hoot", True), ("screech", False)]
