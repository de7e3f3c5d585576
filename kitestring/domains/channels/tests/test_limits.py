"""A limit that is known better for an account: used where it is written, checked and sent; with its reason; taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.connectorkit.checking import check_outgoing, check_rest
from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.manifest import Manifest, Sequence
from kitestring.connectorkit.overriding import known_limits, overridden
from kitestring.connectorkit.sequences import Part
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


def test_the_table_and_the_choice_show_what_holds_with_the_channels_own_beside_it(
    world: World, door: Door, parrot: Account
) -> None:
    override_limit(world.manager, parrot.pk, "squawk.text", 12, "Tired")
    client = door(world.manager)
    page = client.get(f"/settings/accounts/{parrot.pk}/").content.decode()
    assert "<span>12 signs</span>" in page
    assert "<s>40 signs</s>" in page
    assert "Limits changed for this account" in page
    choice = client.get(f"/settings/accounts/{parrot.pk}/limits/").content.decode()
    assert "Squawk · text: 12 (the channel’s own: 40)" in choice


def threading() -> Manifest:
    """The parrot's manifest on a channel whose threads are made of answers, with one limit for both."""
    manifest = registry.get("parrot").manifest
    said = manifest.kinds[0]
    fact = {"source": "the parrot's own handbook", "checked_on": said.text.checked_on}
    reply = said.model_copy(update={"key": "reply"})
    return manifest.model_copy(update={"reply": reply, "sequence": Sequence(most=5, **fact)})


def test_the_later_parts_of_a_thread_obey_what_the_post_obeys_and_a_reply_can_have_its_own() -> None:
    manifest = threading()
    assert "reply.text" in dict.fromkeys(key for key, *_rest in known_limits(manifest, "grand"))
    for limits, then in (
        ({"squawk.text": 10}, 10),
        ({"squawk.text": 10, "reply.text": 20}, 20),
        ({"squawk.files": 1}, 40),
    ):
        reply = overridden(manifest, limits).reply
        assert reply is not None
        assert reply.text.limit == then
    other = manifest.model_copy(update={"sequence": None})
    assert other.reply is not None
    told = overridden(other, {"squawk.text": 10}).reply
    assert told is not None
    assert told.text.limit == 40, "an answer to somebody is no part of a thread"
    parts = (Part("head", "a" * 10), Part("part", "a" * 15))
    check_rest(manifest, {}, parts)
    with pytest.raises(Rejected, match="too_long"):
        check_rest(manifest, {"squawk.text": 10}, parts)


def test_what_people_say_of_a_post_holds_for_replies_that_its_server_gave_the_same_limit(
    parrot: Account,
) -> None:
    parrot.settings = {"own_limits": {"squawk.text": 60, "reply.text": 60}}
    parrot.limits = {"squawk.text": {"value": 20}}
    assert parrot.own_limits == {"squawk.text": 20, "reply.text": 20}
    parrot.limits["reply.text"] = {"value": 30}
    assert parrot.own_limits["reply.text"] == 30
    parrot.settings["own_limits"]["reply.text"] = 50
    parrot.limits = {"squawk.text": {"value": 20}}
    assert parrot.own_limits["reply.text"] == 50
