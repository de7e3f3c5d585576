"""The publish kind follows the files where it cannot carry them, and says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import Option, PublishKind
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.repeat_post import repeat_post
from kitestring.domains.composing.actions.save_variant import save_variant
from kitestring.domains.composing.actions.set_media import set_post_media
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post, Variant
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.queries.desk import sides_of
from kitestring.domains.composing.rules import LONGEST_TEXT, carries, fitting_kind
from kitestring.domains.composing.tests.test_composer import picture
from kitestring.domains.workspaces.models import AuditEntry, Member
from tests.world import World

Door = Callable[[Member], Client]


def two_ways() -> tuple[str, PublishKind, PublishKind]:
    """Any channel with one kind that goes without files and one that needs them, which ask for nothing else:
    (slug, without, with)."""
    for slug, one in registry.connectors().items():
        kinds = one.manifest.kinds_for("") if one.manifest.mode == "api" else ()
        for bare in kinds[:1]:
            if any(option.required for option in bare.options):
                continue
            full = fitting_kind(kinds, bare.key, ["image/png"], "")
            if full and fitting_kind(kinds, full, [], "") == bare.key:
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
    assert said[str(variant.pk)]["kind"] == full.key
    assert f"“{full.label.en}” now" in said[str(variant.pk)]["said"]
    assert Variant.objects.get(pk=variant.pk).kind == full.key
    assert AuditEntry.objects.filter(after={"kind": full.key}).exists()
    said = media(client, world, post)["kinds"]
    assert f"“{bare.label.en}” again" in said[str(variant.pk)]["said"]
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


def test_a_kind_chosen_by_hand_stays_whatever_files_come_and_go(
    world: World, post: Post, account: Account, door: Door
) -> None:
    _slug, bare, full = two_ways()
    variant = add_variant(world.editor, post.pk, account)
    client, red = door(world.editor), str(picture(world, world.brand, "red").pk)
    media(client, world, post, red)
    version = post_for(world.editor, post.pk).version
    save_variant(world.editor, variant.pk, {"text": "Chữ khác", "kind": full.key}, version)
    assert not Variant.objects.get(pk=variant.pk).kind_chosen, "the kind it had anyway is no choice"
    for kind in (bare.key, full.key):
        save_variant(world.editor, variant.pk, {"kind": kind}, post_for(world.editor, post.pk).version)
    kinds: Any = media(client, world, post)["kinds"]
    assert kinds[str(variant.pk)]["kind"] == full.key
    [side] = sides_of(post_for(world.editor, post.pk), "en")
    assert side.kind.key == full.key
    assert side.errors, "that it wants a file is said beside it"
    media(client, world, post, red)
    [side] = sides_of(post_for(world.editor, post.pk), "en")
    assert (side.kind.key, side.errors) == (full.key, 0)
    assert repeat_post(world.editor, post.pk).variants.get().kind_chosen


def test_the_first_that_fits_is_taken_and_none_that_does_not() -> None:
    _slug, bare, full = two_ways()
    second = full.model_copy(update={"key": "second"})
    assert fitting_kind([bare, full], bare.key, ["application/pdf"], "") == ""
    assert fitting_kind([bare, full, second], bare.key, ["image/png"], "") == full.key
    assert fitting_kind([bare, full, second], second.key, ["image/png"], "") == ""
    assert carries(full, ["image/gif"])  # images are converted on their way out
    assert full.media is not None
    assert not carries(full, ["image/png"] * (full.media.count + 1))


def test_no_kind_is_taken_that_has_no_place_for_the_words_or_asks_for_more() -> None:
    _slug, bare, full = two_ways()
    wordless = full.model_copy(update={"text": full.text.model_copy(update={"limit": 0})})
    assert fitting_kind([bare, wordless], bare.key, ["image/png"], "Bánh ra lò") == ""
    assert fitting_kind([bare, wordless], bare.key, ["image/png"], "") == full.key
    asked = (Option(key="privacy", kind="choice", required=True, label=bare.label),)
    asking = full.model_copy(update={"options": asked})
    assert fitting_kind([bare, asking], bare.key, ["image/png"], "") == ""
    asks_too = bare.model_copy(update={"options": asked})
    assert fitting_kind([asks_too, asking], bare.key, ["image/png"], "") == full.key


def test_what_publishes_is_not_traded_for_what_only_drafts() -> None:
    """The manifest's order is the order of choice: with a picture, the first kind that is posted at once."""
    chosen = {
        (slug, kind.key, mime): fitting_kind(kinds, kinds[0].key, [mime], "Bánh")
        for slug, one in registry.connectors().items()
        for kind in one.manifest.account_types
        for mime in ("image/jpeg", "video/mp4")
        if (kinds := one.manifest.kinds_for(kind.key)) and "draft" not in kinds[0].key
    }
    assert {place: key for place, key in chosen.items() if "draft" in key} == {}
    assert {key for key in chosen.values() if key} > {"photos"}


def test_no_channel_promises_more_than_a_post_takes() -> None:
    limits = {
        (slug, kind.key): kind.text.limit
        for slug, connector in registry.connectors().items()
        for kind in connector.manifest.kinds
    }
    assert {place: limit for place, limit in limits.items() if limit > LONGEST_TEXT} == {}
    assert LONGEST_TEXT in limits.values()  # a blog without a bound of its own
