"""What a channel asks of a post beside its words: shown as its manifest says, kept, defaulted, checked and frozen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post, Variant
from kitestring.domains.composing.queries.content import content_of
from kitestring.domains.composing.queries.desk import sides_of
from kitestring.domains.workspaces.models import Member
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def variant(world: World) -> Variant:
    """On a channel that lets people choose who sees a post, with everybody as its default."""
    slug = next(
        slug
        for slug, one in registry.connectors().items()
        if any(o.means == "audience" and o.default for o in one.manifest.kinds[0].options)
    )
    account = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=slug, remote_id="1", handle="@a", name="A"
    )
    post = write_post(world.editor, world.brand, title="Trà", text="Trà mới")
    return add_variant(world.editor, post.pk, account)


def save(client: Client, variant: Variant, **values: str) -> dict[str, object]:
    version = Post.objects.get(pk=variant.post_id).version
    answer = client.post(f"/variants/{variant.pk}/save/", {"version": version, **values})
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def frozen(variant: Variant) -> dict[str, str]:
    """But a poll's own, which stand by without one."""
    told = content_of(Post.objects.get(pk=variant.post_id))["variants"][str(variant.pk)]["options"]
    return {key: value for key, value in told.items() if not key.startswith("poll")}


def test_the_composer_asks_what_the_channel_asks(world: World, door: Door, variant: Variant) -> None:
    page = door(world.editor).get(f"/posts/{variant.post_id}/").content.decode()
    assert 'name="option-visibility"' in page
    assert '<option value="public" selected>Everyone</option>' in page
    world.editor.language = "zh-hans"
    world.editor.save()
    assert "谁可以看" in door(world.editor).get(f"/posts/{variant.post_id}/").content.decode()


def test_what_is_chosen_is_kept_and_frozen(world: World, door: Door, variant: Variant) -> None:
    assert frozen(variant) == {"visibility": "public"}
    client = door(world.editor)
    parts = save(client, variant, **{"option-visibility": "unlisted", "option-content_warning": "Đồ ăn"})[
        "parts"
    ]
    assert '<option value="unlisted" selected>' in parts[f"settings-{variant.pk}"]
    assert frozen(variant) == {"visibility": "unlisted", "content_warning": "Đồ ăn"}
    save(client, variant, **{"option-content_warning": ""})
    assert frozen(variant) == {"visibility": "unlisted"}


def test_nothing_chosen_stays_nothing(world: World, door: Door, variant: Variant) -> None:
    save(door(world.editor), variant, **{"option-visibility": ""})
    assert frozen(variant) == {}


def test_what_nobody_asked_for_is_not_kept(world: World, door: Door, variant: Variant) -> None:
    save(door(world.editor), variant, **{"option-moon": "full"})
    variant.refresh_from_db()
    assert variant.options == {}


def test_a_wrong_choice_is_told_while_one_writes(world: World, door: Door, variant: Variant) -> None:
    save(
        door(world.editor), variant, **{"option-visibility": "martians", "option-content_warning": "x" * 201}
    )
    variant.refresh_from_db()
    [side] = sides_of(variant.post, "en")
    told = {problem.field: problem.sentence for problem in side.problems}
    assert "none of the choices" in told["options.visibility"]
    assert "1 over" in told["options.content_warning"]
    assert (
        "可选项"
        in {p.field: p.sentence for p in sides_of(variant.post, "zh-hans")[0].problems}["options.visibility"]
    )


def test_a_list_that_has_several_asks_for_one(world: World) -> None:
    slug, option = next(
        (slug, option)
        for slug, one in registry.connectors().items()
        for option in one.manifest.kinds[0].options
        if option.required_of_several
    )
    account = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=slug, remote_id="1", handle="@a", name="A",
        settings={option.choices_from: [{"value": "1", "label": "Trà"}, {"value": "2", "label": "Bánh"}]},
    )  # fmt: skip
    post = write_post(world.editor, world.brand, title="Trà", text="Trà mới")
    add_variant(world.editor, post.pk, account)

    def found(value: str) -> tuple[bool, list[str]]:
        Variant.objects.filter(post=post).update(options={option.key: value} if value else {})
        [side] = sides_of(Post.objects.get(pk=post.pk), "en")
        shown = next(one for one in side.settings("en") if one.option.key == option.key)
        return shown.open, [p.reason for p in side.problems if p.field.startswith("options.")]

    assert found("") == (True, ["option_missing"])
    assert found("2") == (True, [])
    assert found("9") == (True, ["option_gone"])
