"""After a post is out: its results, and the same again as a new draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from kitestring.domains.channels.models import Account, AccountState
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.actions.save_variant import save_variant
from kitestring.domains.composing.actions.set_media import set_post_media
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for, variants_of
from kitestring.domains.composing.tests.test_composer import account_on, picture
from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def post(world: World) -> Post:
    """With a picture and one account that has words of its own."""
    made = write_post(world.editor, world.brand, title="Bánh mì", text="Sáng nay bánh ra lò.")
    set_post_media(
        world.editor, made.pk, [(picture(world, world.brand, "red").pk, "A red loaf")], made.version
    )
    variant = add_variant(world.editor, made.pk, account_on(world))
    version = post_for(world.editor, made.pk).version
    save_variant(world.editor, variant.pk, {"text": "Its own"}, version)
    return post_for(world.editor, made.pk)


def delivered(world: World, post: Post) -> Delivery:
    (variant,) = variants_of(post)
    return Delivery.objects.create(
        account=variant.account, kind=DeliveryKind.VARIANT, subject_id=post.pk, publish_kind=variant.kind, payload={},
        revision=freeze(post, world.editor), state=DeliveryState.PUBLISHED, due_at=now(), published_at=now(),
    )  # fmt: skip


def foot(client: Client, post: Post) -> str:
    return client.get(f"/posts/{post.pk}/foot/").content.decode()


def test_once_everything_is_out_its_results_and_the_repeat_come_first(
    world: World, post: Post, door: Door
) -> None:
    client = door(world.editor)
    assert "/repeat/" not in foot(client, post)
    delivery = delivered(world, post)
    said = foot(client, post)
    assert f'href="/results/{delivery.pk}/"' in said
    assert f"/posts/{post.pk}/repeat/" in said
    assert "/repeat/" not in foot(door(world.stakeholder), post)
    other = Account.objects.create(
        workspace=world.workspace,
        brand=world.brand,
        channel=delivery.account.channel,
        remote_id="2",
        handle="@b",
    )
    add_variant(world.editor, post.pk, other)
    assert "/repeat/" not in foot(client, post)  # one account still waits for its turn


def test_the_repeat_is_a_draft_of_its_own(world: World, post: Post, door: Door) -> None:
    delivered(world, post)
    answer = door(world.editor).post(f"/posts/{post.pk}/repeat/")
    made = Post.objects.exclude(pk=post.pk).get()
    assert answer.headers["Location"] == f"/posts/{made.pk}/"
    assert (made.title, made.text, made.language) == (post.title, post.text, post.language)
    assert [(row.alt, row.asset.name) for row in made.assets.all()] == [("A red loaf", "red.png")]
    assert [v.text for v in variants_of(made)] == ["Its own"]
    assert not Delivery.objects.filter(revision__post=made).exists()
    assert made.digest != post.digest  # approvals of the first one do not hold for it


def test_an_account_that_is_gone_is_left_out(world: World, post: Post, door: Door) -> None:
    Account.objects.update(state=AccountState.DISCONNECTED)
    door(world.editor).post(f"/posts/{post.pk}/repeat/")
    assert variants_of(Post.objects.exclude(pk=post.pk).get()) == []


def test_readers_and_strangers_repeat_nothing(world: World, stranger: World, post: Post, door: Door) -> None:
    assert door(world.stakeholder).post(f"/posts/{post.pk}/repeat/").status_code == 403
    assert door(stranger.owner).post(f"/posts/{post.pk}/repeat/").status_code == 404
    assert Post.objects.count() == 1


@pytest.mark.parametrize("minutes", [0, 7, 22])
def test_the_hour_offered_is_the_next_full_quarter_after_an_hour(
    world: World, post: Post, door: Door, move_clock: Callable[[timedelta], None], minutes: int
) -> None:
    move_clock(timedelta(minutes=minutes))
    before = now()
    page = door(world.editor).get(f"/posts/{post.pk}/deliveries/").content.decode()
    form = page.partition("/schedule/")[2].partition("</form>")[0]
    day, hour = re.findall(r'type="(?:date|time)" value="([\d:-]+)"', form)
    offered = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=world.brand.zone)
    assert offered.minute % 15 == 0
    assert timedelta(hours=1) <= offered - before < timedelta(hours=1, minutes=15)
