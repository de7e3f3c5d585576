"""A limit that is known better for an account: used where it is written, checked and sent; with its reason; taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.overriding import known_limits, overridden
from kitestring.domains.channels.actions.override_limit import override_limit
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import manifest_for
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit import clock
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Refusal
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def parrot(world: World) -> Account:
    return Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel="parrot", account_type="grand", remote_id="p",
        handle="@p", name="Polly",
    )  # fmt: skip


def words(count: int, **more: object) -> Outgoing:
    return Outgoing(uuid7(), clock.now(), "squawk", "a" * count, **more)


def test_a_limit_is_put_in_place_with_its_reason(world: World, door: Door, parrot: Account) -> None:
    client, path = door(world.manager), f"/settings/accounts/{parrot.pk}/limits/"
    assert "Squawk · text: 40" in client.get(path).content.decode()
    assert client.post(path, {"key": "squawk.text", "value": "90", "reason": ""}).status_code == 422
    client.post(path, {"key": "squawk.text", "value": "90", "reason": "A talkative parrot"})
    parrot.refresh_from_db()
    assert manifest_for(parrot).kind("squawk").text.limit == 90
    shown = client.get(f"/settings/accounts/{parrot.pk}/").content.decode()
    assert "A talkative parrot" in shown
    assert AuditEntry.objects.get(verb="account.limit").after["value"] == 90
    client.post(path, {"drop": "squawk.text"})
    parrot.refresh_from_db()
    assert manifest_for(parrot).kind("squawk").text.limit == 40
    assert AuditEntry.objects.filter(verb="account.limit").count() == 2


def test_what_is_sent_is_held_against_it() -> None:
    manifest = registry.get("parrot").manifest
    check_outgoing(manifest, words(40))
    with pytest.raises(Rejected, match="too_long"):
        check_outgoing(manifest, words(41))
    check_outgoing(manifest, words(41, limits={"squawk.text": 50}))
    with pytest.raises(Rejected, match="too_long"):
        check_outgoing(manifest, words(51, limits={"squawk.text": 50}))
    with pytest.raises(Rejected, match="too_long"):
        check_outgoing(manifest, words(20, limits={"squawk.text": 10}))


def test_only_what_is_a_limit_can_be_another(world: World, parrot: Account) -> None:
    for key, value, reason, field in (
        ("squawk.moon", 5, "because", "key"),
        ("squawk.text", 0, "because", "value"),
        ("squawk.text", 5, " ", "reason"),
    ):
        with pytest.raises(Refusal) as told:
            override_limit(world.manager, parrot.pk, key, value, reason)
        assert told.value.field == field
    with pytest.raises(Refusal):
        override_limit(world.editor, parrot.pk, "squawk.text", 5, "because")


def test_the_same_limits_are_the_same_manifest() -> None:
    manifest = registry.get("parrot").manifest
    assert overridden(manifest, {}) is manifest
    assert overridden(manifest, {"squawk.text": 7}) is overridden(manifest, {"squawk.text": 7})
    assert next(key for key, *_rest in known_limits(manifest, "grand")) == "squawk.text"
    assert manifest.kind("squawk").text.limit == 40


def test_what_was_found_at_the_accounts_own_server_holds_under_what_people_say(
    world: World, parrot: Account
) -> None:
    parrot.settings = {"own_limits": {"squawk.text": 60, "squawk.link": 7, "squawk.files": "many"}}
    parrot.save()
    assert parrot.own_limits == {"squawk.text": 60, "squawk.link": 7}
    found = manifest_for(parrot).kind("squawk").text
    assert (found.limit, found.url_weight) == (60, 7)
    override_limit(world.manager, parrot.pk, "squawk.text", 90, "A talkative parrot")
    parrot.refresh_from_db()
    assert manifest_for(parrot).kind("squawk").text.limit == 90


def test_answers_are_held_to_what_was_found_too() -> None:
    parrot = registry.get("parrot").manifest
    answer = parrot.kind("squawk").model_copy(update={"key": "reply"})
    found = overridden(parrot.model_copy(update={"reply": answer}), {"reply.text": 5000}).kind("reply")
    assert (found.text.limit, answer.text.limit) == (5000, 40)
