"""A post that asks again shows what changed since it was answered, to whom it concerns and where."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant, remove_variant
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.save_variant import save_variant
from kitestring.domains.composing.actions.set_media import set_post_media
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.tests.test_composer import account_on, picture
from kitestring.domains.composing.tests.test_kinds import two_ways
from kitestring.domains.composing.tests.test_sequences import account_that
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.reviewing.actions.decide_approval import approve, decline
from kitestring.domains.reviewing.tests.work import many, work_of
from kitestring.domains.workspaces.models import Member
from kitestring.ui.marks import account_name
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def post(world: World) -> Post:
    made = write_post(
        world.editor, world.brand, title="Bánh mì", text="Sáng nay bánh ra lò lúc 6 giờ.\nMời bạn."
    )
    add_variant(world.editor, made.pk, account_on(world))
    return post_for(world.editor, made.pk)


def again(world: World, post: Post) -> str:
    """The address of the question, asked anew."""
    return f"/approvals/{ask_approval(world.editor, post.pk).pk}/"


def changes(page: str) -> str:
    """The part that shows them, without tags other than the marks."""
    part = page.partition('id="changes"')[2].partition("</section>")[0]
    part = re.sub(r'<span class="unseen">[^<]*</span>', "", part)
    return re.sub(r"\s+", " ", re.sub(r"<(?!/?(?:ins|del)\b)[^>]*>", "", part))


def test_the_words_that_changed_are_marked_and_the_row_says_how_many(
    world: World, post: Post, door: Door
) -> None:
    approve(world.approver, ask_approval(world.editor, post.pk).pk)
    save_post(world.editor, post.pk, {"text": "Sáng nay bánh ra lò lúc 7 giờ.\nMời bạn."}, post.version)
    address = again(world, post)
    client = door(world.approver)
    shown = changes(client.get(address).content.decode())
    assert "ra lò lúc <del>6</del><ins>7</ins> giờ." in shown
    assert "Minh Quân changed 1 line after your yes, so it asks again" in shown
    today = client.get("/").content.decode()
    assert "Minh Quân changed 1 line after your yes, so it asks again" in today
    assert f'href="{address}#changes"' in today
    assert "See change" in today
    other = door(world.owner).get("/").content.decode()
    assert f"after {world.approver.name} said yes, so it asks again" in other


def test_a_very_long_text_is_counted_on_today_and_compared_on_its_own_page(
    world: World, post: Post, door: Door
) -> None:
    early, late = (many(60, 300, seed=n) for n in (1, 2))
    save_post(world.editor, post.pk, {"text": early}, post.version)
    approve(world.approver, ask_approval(world.editor, post.pk).pk)
    save_post(world.editor, post.pk, {"text": late}, post_for(world.editor, post.pk).version)
    address, client = again(world, post), door(world.approver)
    with work_of(30_000):
        today = client.get("/").content.decode()
    assert "Minh Quân changed 60 lines after your yes, so it asks again" in today
    with work_of(2_000_000):
        shown = changes(client.get(address).content.decode())
    assert "Minh Quân changed 60 lines after your yes" in shown
    assert f"<ins>{late.partition(' ')[0]}" in shown


def test_a_first_question_shows_no_changes(world: World, post: Post, door: Door) -> None:
    client = door(world.approver)
    assert 'id="changes"' not in client.get(again(world, post)).content.decode()
    assert "See change" not in client.get("/").content.decode()


def test_what_was_sent_back_is_compared_with_what_was_read_then(world: World, post: Post, door: Door) -> None:
    decline(world.approver, ask_approval(world.editor, post.pk).pk, note="Say the street")
    client = door(world.approver)
    assert "nothing differs from what was answered before" in changes(
        client.get(again(world, post)).content.decode()
    )
    save_post(world.editor, post.pk, {"text": f"{post.text}\nHàng Bún 12"}, post.version)
    shown = changes(client.get(again(world, post)).content.decode())
    assert "<ins>Hàng Bún 12</ins>" in shown
    assert "after you sent it back" in shown
    assert "Say the street" in shown


def test_accounts_that_changed_alike_are_told_once(world: World, post: Post, door: Door) -> None:
    first = post.variants.get().account
    for number, handle in ((2, "@two"), (3, "@three")):
        account = Account.objects.create(
            workspace=world.workspace, brand=world.brand, channel=first.channel, remote_id=str(number), handle=handle
        )  # fmt: skip
        own = add_variant(world.editor, post.pk, account)
    version = post_for(world.editor, post.pk).version
    save_variant(world.editor, own.pk, {"text": "Lời riêng."}, version)
    approve(world.approver, ask_approval(world.editor, post.pk).pk)
    save_post(world.editor, post.pk, {"text": "Sáng nay bánh ra lò lúc 7 giờ.\nMời bạn."}, version + 1)
    shown = changes(door(world.approver).get(again(world, post)).content.decode())
    assert shown.count("<ins>7</ins>") == 1
    assert "@two" in shown
    assert "@three" not in shown
    assert "changed 1 line" in shown


def test_pictures_and_the_words_for_them(world: World, post: Post, door: Door) -> None:
    red, blue, green = (picture(world, world.brand, name) for name in ("red", "blue", "green"))
    set_post_media(world.editor, post.pk, [(red.pk, "Một ổ bánh"), (blue.pk, "Quán")], post.version)
    approve(world.approver, ask_approval(world.editor, post.pk).pk)
    set_post_media(world.editor, post.pk, [(red.pk, "Hai ổ bánh"), (green.pk, "Lò")], post.version + 1)
    page = door(world.approver).get(again(world, post)).content.decode()
    shown = changes(page)
    assert "<del>Một</del><ins>Hai</ins> ổ bánh" in shown
    for asset, said in ((blue, "Quán"), (green, "Lò")):
        assert f"/files/{asset.pk}/thumb/" in page.partition('id="changes"')[2].partition("</section>")[0]
        assert said in shown
    assert "changed the pictures, the alternative text after your yes" in shown


def test_title_link_way_and_language(world: World, post: Post, door: Door) -> None:
    slug, bare, full = two_ways()
    account = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=slug, remote_id="9", handle="@nine", name="Nine"
    )
    variant = add_variant(world.editor, post.pk, account, kind=full.key)
    approve(world.approver, ask_approval(world.editor, post.pk).pk)
    version = post_for(world.editor, post.pk).version
    save_variant(world.editor, variant.pk, {"kind": bare.key, "language": "zh-hans"}, version)
    save_post(
        world.editor, post.pk, {"title": "Bánh mì nóng", "link": "https://tiem.example/mo"}, version + 1
    )
    shown = changes(door(world.approver).get(again(world, post)).content.decode())
    assert f"<del>{full.label.en}</del> → <ins>{bare.label.en}</ins>" in shown
    assert "<ins>中文</ins>" in shown
    assert "changed 2 lines, the way of publishing, the language after" in shown
    assert "Bánh mì<ins> nóng</ins>" in shown
    assert "<ins>https://tiem.example/mo</ins>" in shown


def test_an_account_that_came_and_one_that_went_are_named(world: World, post: Post, door: Door) -> None:
    gone = next(iter(post.variants.all()))
    approve(world.approver, ask_approval(world.editor, post.pk).pk)
    account = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=gone.account.channel, remote_id="2", handle="@two"
    )  # fmt: skip
    add_variant(world.editor, post.pk, account)
    remove_variant(world.editor, gone.pk)
    shown = changes(door(world.approver).get(again(world, post)).content.decode())
    assert "New account" in shown
    assert "Taken off" in shown
    assert account_name(gone.account) in shown


def test_markup_in_a_post_stays_text(world: World, post: Post, door: Door) -> None:
    approve(world.approver, ask_approval(world.editor, post.pk).pk)
    save_post(world.editor, post.pk, {"text": "<script>alert(1)</script>"}, post.version)
    page = door(world.approver).get(again(world, post)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_thread_and_first_comment(world: World, post: Post, door: Door) -> None:
    account = account_that(world, threads=True, comments=True)
    variant = add_variant(world.editor, post.pk, account)
    version = post_for(world.editor, post.pk).version
    words = {"text": "Một\n---\nHai", "first_comment": "12 Hàng Gai"}
    save_variant(world.editor, variant.pk, words, version)
    approve(world.approver, ask_approval(world.editor, post.pk).pk)
    changed = {"sequence": True, "numbered": True, "first_comment": "12 Hàng Bông"}
    save_variant(world.editor, variant.pk, changed, version + 1)
    address = again(world, post)
    shown = changes(door(world.approver).get(address).content.decode())
    assert "<del>one post</del> → <ins>thread of 2, numbered</ins>" in shown
    assert "12 Hàng <del>Gai</del><ins>Bông</ins>" in shown
    assert "changed 1 line, the thread after" in shown
    assert "Thread of 2" in door(world.approver).get(address).content.decode()


def test_what_the_post_is_said_to_be(world: World, post: Post, door: Door) -> None:
    approve(world.approver, ask_approval(world.editor, post.pk).pk)
    said = {"ai": "yes", "ai_labelled": "yes", "draw_prizes": "Trà sen"}
    save_post(world.editor, post.pk, {"about": said}, post.version)
    shown = changes(door(world.approver).get(again(world, post)).content.decode())
    assert (
        "What this post is<del>–</del> → <ins>Made with AI; The post itself says so; The prizes: Trà sen</ins>"
        in shown
    )
    assert "changed what the post is after" in shown
