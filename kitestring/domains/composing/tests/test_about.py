"""What a post is besides its words: declared once, asked by the rules, switched on where a channel has a switch for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.actions.repeat_post import repeat_post
from kitestring.domains.composing.actions.restore import restore
from kitestring.domains.composing.actions.save_variant import save_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post, Revision, Variant
from kitestring.domains.composing.queries.about import BY_KEY, DECLARATIONS, FIELDS, facts_of
from kitestring.domains.composing.queries.content import content_of, settings_of
from kitestring.domains.composing.queries.desk import sides_of
from kitestring.domains.workspaces.models import Member
from kitestring.rulepacks import rules
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def post(world: World) -> Post:
    world.brand.markets = ["CN"]
    world.brand.save()
    return write_post(world.editor, world.brand, title="Trà", text="新茶到店", language="zh-hans")


def on(world: World, post: Post, means: str) -> Variant:
    """A variant on a channel whose first kind has a switch of this meaning ("": has none at all)."""
    slug = next(
        slug
        for slug, one in registry.connectors().items()
        if one.manifest.mode == "api"
        and (means in {o.means for o in one.manifest.kinds[0].options if o.kind == "toggle"}) == bool(means)
        and (means or not any(o.means for o in one.manifest.kinds[0].options))
    )
    account = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=slug, remote_id=slug, handle="@a", name="A"
    )
    return add_variant(world.editor, post.pk, account, registry.get(slug).manifest.kinds[0].key)


def save(client: Client, post: Post, status: int = 200, **values: str) -> dict[str, object]:
    version = Post.objects.get(pk=post.pk).version
    answer = client.post(f"/posts/{post.pk}/save/", {"version": version, **values})
    assert answer.status_code == status, answer.content
    return dict(answer.json())


def found(post: Post) -> set[str]:
    return {one.hit.rule for side in sides_of(Post.objects.get(pk=post.pk), "en") for one in side.ruled}


def test_every_fact_that_is_asked_for_is_one_of_a_rule() -> None:
    known = {c.fact for rule in rules().values() for c in rule.when}
    known |= {w.fact for rule in rules().values() for w in rule.wants}
    asked = {one.fact for one in DECLARATIONS if one.fact} | {one.fact for one in FIELDS.values()}
    assert asked <= known | {"sponsored"}
    assert set(BY_KEY) & set(FIELDS) == set()


def test_what_nobody_declared_is_unknown() -> None:
    assert facts_of({}) == {}
    assert facts_of({"draw_prizes": "Tea"}) == {}  # its switch is off
    told = facts_of({"draw": "yes", "draw_prizes": "Tea", "draw_top_prize": ""})
    assert told["draw.prizes"] == "Tea"
    assert told["draw.time"] == ""
    assert "draw.top_prize" not in told
    assert facts_of({"ai": "yes"}) == {"ai.made": True, "ai.declared": False}


def test_a_draw_is_held_against_its_rules(world: World, door: Door, post: Post) -> None:
    on(world, post, "")
    client = door(world.editor)
    assert "cn-draw-terms" not in found(post)
    save(
        client,
        post,
        **{"about-draw": "yes", "about-draw_prizes": "盖碗一套", "about-draw_top_prize": "68000"},
    )
    assert {"cn-draw-terms", "cn-draw-prize"} <= found(post)
    rest = {
        f"about-{key}": "有" for key, one in FIELDS.items() if key.startswith("draw_") and one.kind == "text"
    }
    save(client, post, **rest, **{"about-draw_top_prize": "200"})
    assert not {"cn-draw-terms", "cn-draw-prize"} & found(post)
    assert content_of(Post.objects.get(pk=post.pk))["about"]["draw_time"] == "有"
    save(client, post, **{"about-draw": ""})
    assert "draw" not in Post.objects.get(pk=post.pk).about


def test_made_with_ai_asks_for_a_label(world: World, door: Door, post: Post) -> None:
    on(world, post, "")
    client = door(world.editor)
    save(client, post, **{"about-ai": "yes"})
    assert "cn-ai" in found(post)
    save(client, post, **{"about-ai_labelled": "yes"})
    assert "cn-ai" not in found(post)


def test_a_channels_own_switch_goes_on_unless_the_writer_says_otherwise(
    world: World, door: Door, post: Post
) -> None:
    variant = on(world, post, "ai_made")
    option = next(
        o
        for o in registry.get(variant.account.channel).manifest.kind(variant.kind).options
        if o.means == "ai_made"
    )
    client = door(world.editor)
    save(client, post, **{"about-ai": "yes"})

    def frozen() -> dict[str, str]:
        content = content_of(Post.objects.get(pk=post.pk))
        return dict(content["variants"][str(variant.pk)]["options"])

    assert frozen()[option.key] == "yes"
    assert "cn-ai" not in found(post)
    [side] = sides_of(Post.objects.get(pk=post.pk), "en")
    assert next(one for one in side.settings("en") if one.option.key == option.key).value == "yes"
    version = Post.objects.get(pk=post.pk).version
    client.post(f"/variants/{variant.pk}/save/", {"version": version, f"option-{option.key}": ""})
    assert option.key not in frozen()
    assert "cn-ai" in found(post)


def test_what_is_wrong_is_said_and_nothing_is_stored(world: World, door: Door, post: Post) -> None:
    client = door(world.editor)
    said = save(client, post, 422, **{"about-draw_top_prize": "rất nhiều"})
    assert said["field"] == "about-draw_top_prize"
    save(client, post, 422, **{"about-draw_top_prize": "-5"})
    save(client, post, 422, **{"about-draw_top_prize": "nan"})
    save(client, post, 422, **{"about-draw_prizes": "x" * 501})
    save(client, post, **{"about-moon": "full", "about-paid": "anything"})
    assert Post.objects.get(pk=post.pk).about == {"paid": "yes"}


def test_nothing_declared_leaves_a_revision_as_it_was(post: Post) -> None:
    assert "about" not in content_of(post)


def test_the_page_asks_and_tells(world: World, door: Door, post: Post) -> None:
    client = door(world.editor)
    assert "What this post is" in client.get(f"/posts/{post.pk}/").content.decode()
    parts = save(client, post, **{"about-paid": "yes", "about-draw": "yes"})["parts"]
    assert "Advertising, A prize draw" in " ".join(parts["part-about"].split())  # type: ignore[index]


def choices_of(variant: Variant) -> dict[str, str]:
    return settings_of(Variant.objects.select_related("post", "account").get(pk=variant.pk))


def frozen(world: World, post: Post) -> Revision:
    with transaction.atomic():
        return freeze(Post.objects.get(pk=post.pk), world.editor)


def written_back(world: World, revision: Revision) -> Post:
    return restore(world.editor, revision, Post.objects.get(pk=revision.post_id).version)


def test_the_same_again_is_declared_alike(world: World, post: Post, door: Door) -> None:
    variant = on(world, post, "paid")
    save(door(world.editor), post, **{"about-paid": "yes"})
    made = repeat_post(world.editor, post.pk)
    assert made.about == {"paid": "yes"}
    assert choices_of(Variant.objects.get(post=made)) == choices_of(variant)


def test_an_earlier_revision_brings_its_declarations_back(world: World, post: Post, door: Door) -> None:
    on(world, post, "paid")
    client = door(world.editor)
    plain = frozen(world, post)
    save(client, post, **{"about-paid": "yes"})
    declared = frozen(world, post)
    save(client, post, text="其他", **{"about-paid": ""})
    for revision in (declared, plain):
        assert written_back(world, revision).digest == revision.digest


def test_an_earlier_revision_brings_the_writers_own_no_back(world: World, post: Post, door: Door) -> None:
    variant = on(world, post, "paid")
    kind = registry.get(variant.account.channel).manifest.kinds[0]
    key = next(o.key for o in kind.options if o.means == "paid")
    client = door(world.editor)
    save(client, post, **{"about-paid": "yes"})
    save_variant(world.editor, variant.pk, {"options": {key: ""}}, Post.objects.get(pk=post.pk).version)
    refused, before = frozen(world, post), choices_of(variant)
    assert key not in before
    save(client, post, text="其他")
    written_back(world, refused)
    assert choices_of(variant) == before


def test_a_conflict_shows_what_the_other_declared(world: World, post: Post, door: Door) -> None:
    save(door(world.owner), post, **{"about-draw": "yes", "about-draw_prizes": "Trà sen"})
    mine = {"version": post.version, "about-draw_prizes": "Trà nhài"}
    answer = door(world.editor).post(f"/posts/{post.pk}/save/", mine)
    assert (answer.status_code, answer.json()["theirs"]["about-draw_prizes"]) == (409, "Trà sen")
