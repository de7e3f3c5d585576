"""The publish kind follows the files where only one kind can carry them, and says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import PublishKind
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.save_variant import save_variant
from kitestring.domains.composing.actions.set_media import set_post_media
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post, Variant
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.rules import LONGEST_TEXT, carries, only_fitting
from kitestring.domains.composing.tests.test_composer import picture
from kitestring.domains.workspaces.models import AuditEntry, Member
from tests.world import World

Door = Callable[[Member], Client]


def two_ways() -> tuple[str, PublishKind, PublishKind]:
    """Any channel with one kind that goes without files and one that needs them: (slug, without, with)."""
    for slug, one in registry.connectors().items():
        kinds = one.manifest.kinds_for("") if one.manifest.mode == "api" else ()
        for bare in kinds[:1]:
            full = only_fitting(kinds, bare.key, ["image/png"])
            if full and only_fitting(kinds, full, []) == bare.key:
                return slug, bare, one.manifest.kind(full)
    raise AssertionError("no channel has a way with and a way without files any more")


@pytest.fixture
def account(world: World) -> Account:
    slug, _bare, _full = two_ways()
    return Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=slug, remote_id="9", handle="@nine", name="Nine"
    )


@pytest.fixture
def post(world: World) -> Post:
    return write_post(world.editor, world.brand, text="Bánh ra lò")


def media(client: Client, world: World, post: Post, *assets: str) -> dict[str, object]:
    version = post_for(world.editor, post.pk).version
    body = {"asset": list(assets), "alt": [""] * len(assets), "version": version}
    answer = client.post(f"/posts/{post.pk}/media/", body)
    assert answer.status_code == 200
    return dict(answer.json())


def test_a_picture_changes_the_kind_and_taking_it_out_changes_it_back(
    world: World, post: Post, account: Account, door: Door
) -> None:
    _slug, bare, full = two_ways()
    variant = add_variant(world.editor, post.pk, account)
    assert variant.kind == bare.key
    client, red = door(world.editor), str(picture(world, world.brand, "red").pk)
    said = media(client, world, post, red)["kinds"]
    assert said[str(variant.pk)]["kind"] == full.key  # type: ignore[index]
    assert f"“{full.label.en}” now" in said[str(variant.pk)]["said"]  # type: ignore[index]
    assert Variant.objects.get(pk=variant.pk).kind == full.key
    assert AuditEntry.objects.filter(after={"kind": full.key}).exists()
    said = media(client, world, post)["kinds"]
    assert f"“{bare.label.en}” again" in said[str(variant.pk)]["said"]  # type: ignore[index]
    assert Variant.objects.get(pk=variant.pk).kind == bare.key


def test_an_account_added_later_starts_with_the_kind_that_fits(
    world: World, post: Post, account: Account
) -> None:
    _slug, _bare, full = two_ways()
    set_post_media(world.editor, post.pk, [(picture(world, world.brand, "red").pk, "")], post.version)
    assert add_variant(world.editor, post.pk, account).kind == full.key


def test_a_kind_chosen_by_hand_stays_while_the_files_stay(world: World, post: Post, account: Account) -> None:
    _slug, bare, _full = two_ways()
    variant = add_variant(world.editor, post.pk, account)
    set_post_media(world.editor, post.pk, [(picture(world, world.brand, "red").pk, "")], post.version + 1)
    version = post_for(world.editor, post.pk).version
    chosen = save_variant(world.editor, variant.pk, {"kind": bare.key}, version)
    assert chosen.kind == bare.key


def test_several_or_no_fitting_kinds_change_nothing() -> None:
    _slug, bare, full = two_ways()
    assert only_fitting([bare, full], bare.key, ["application/pdf"]) == ""
    assert (
        only_fitting([full, full.model_copy(update={"key": "second"}), bare], bare.key, ["image/png"]) == ""
    )
    assert only_fitting([bare, full], full.key, ["image/png"]) == ""
    assert carries(full, ["image/gif"])  # images are converted on their way out


def test_no_channel_promises_more_than_a_post_takes() -> None:
    limits = {
        (slug, kind.key): kind.text.limit
        for slug, connector in registry.connectors().items()
        for kind in connector.manifest.kinds
    }
    assert {place: limit for place, limit in limits.items() if limit > LONGEST_TEXT} == {}
    assert LONGEST_TEXT in limits.values()  # a blog without a bound of its own
