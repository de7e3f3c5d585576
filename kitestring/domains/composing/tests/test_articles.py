"""An article in the composer: whole in its preview, marked where something would be stripped, its pictures by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.connectorkit.marked import picture_name
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.set_media import set_post_media
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post, Variant
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.queries.articles import PREVIEWED, article_on
from kitestring.domains.composing.queries.content import content_of
from kitestring.domains.composing.queries.desk import Side, sides_of
from kitestring.domains.composing.tests.test_composer import account_on, picture
from kitestring.domains.library.models import Asset
from kitestring.domains.workspaces.models import Member
from tests.world import World

Door = Callable[[Member], Client]


def styled_account(world: World) -> Account:
    """On the channel whose articles carry their own style and keep few links."""
    slug, kind = next(
        (slug, kind)
        for slug, connector in registry.connectors().items()
        for kind in connector.manifest.kinds
        if kind.article and kind.article.form == "styled"
    )
    return Account.objects.create(
        workspace=world.workspace,
        brand=world.brand,
        channel=slug,
        remote_id="wx1",
        handle="青岚茶事",
        name="青岚茶事",
        account_type=kind.account_types[0] if kind.account_types else "",
    )


@pytest.fixture
def cup(world: World) -> Asset:
    return picture(world, world.brand, "red")


@pytest.fixture
def article(world: World, cup: Asset) -> Variant:
    post = write_post(world.editor, world.brand, title="明前龙井", text="今日到店。")
    variant = add_variant(world.editor, post.pk, styled_account(world))
    set_post_media(world.editor, post.pk, [(cup.pk, "一杯茶")], post_for(world.editor, post.pk).version)
    return variant


def write(world: World, variant: Variant, text: str) -> Side:
    version = post_for(world.editor, variant.post_id).version
    save_post(world.editor, variant.post_id, {"text": text}, version)
    [side] = sides_of(post_for(world.editor, variant.post_id), "zh-hans")
    return side


def test_the_preview_is_the_body_that_leaves(world: World, article: Variant, cup: Asset) -> None:
    side = write(
        world, article, f"# 春茶\n\n![茶](file:{picture_name(cup.pk)})\n\n<b>字</b>\n\n---\n\n**好**"
    )
    assert side.article is not None
    html = str(side.article.html)
    assert f'<img src="/files/{cup.pk}/thumb/" alt="茶" style=' in html
    assert "&lt;b&gt;字&lt;/b&gt;" in html
    assert "<strong>好</strong>" in html
    assert "<hr style=" in html
    assert side.article.card is not None  # the cover is seen outside alone


def test_what_would_be_stripped_is_marked_as_a_browser_counts(world: World, article: Variant) -> None:
    side = write(world, article, "🍵 见[菜单](https://x.cn/menu)")
    [told] = [problem for problem in side.problems if problem.words]
    assert told.reason == "article_link_dropped"
    assert side.marks(told) == "4,27"  # the cup is two of a browser's units


def test_a_picture_taken_out_of_the_post_is_missed(world: World, article: Variant, cup: Asset) -> None:
    text = f"![](file:{picture_name(cup.pk)})"
    assert [p.reason for p in write(world, article, text).problems] == []
    set_post_media(world.editor, article.post_id, [], post_for(world.editor, article.post_id).version)
    [side] = sides_of(post_for(world.editor, article.post_id), "vi")
    assert "article_picture_lost" in {p.reason for p in side.problems if p.severity == "error"}
    assert side.article is not None
    assert "<img" not in str(side.article.html)


def test_a_divider_in_an_article_is_no_parting_line(world: World, article: Variant) -> None:
    assert write(world, article, "一\n---\n二").problems == []


def test_a_placed_picture_is_an_error_where_no_article_is_read(
    world: World, post_on_plain: Variant, cup: Asset
) -> None:
    side = write(world, post_on_plain, f"Trà ![](file:{picture_name(cup.pk)})")
    assert "article_marks_shown" in {p.reason for p in side.problems if p.severity == "error"}
    assert side.article is None


@pytest.fixture
def post_on_plain(world: World) -> Variant:
    account = account_on(world)
    assert not any(kind.article for kind in registry.get(account.channel).manifest.kinds)
    post = write_post(world.editor, world.brand, title="Trà", text="Trà")
    return add_variant(world.editor, post.pk, account)


def test_a_revision_names_the_file_and_the_text_places_it(world: World, article: Variant, cup: Asset) -> None:
    write(world, article, f"![](file:{picture_name(cup.pk)})")
    said = content_of(post_for(world.editor, article.post_id))["variants"][str(article.pk)]
    assert said["media"][0]["asset"] == str(cup.pk)
    assert said["media"][0]["asset"].replace("-", "").endswith(said["text"][9:-1])


def test_the_page_has_its_buttons_marks_and_cures(world: World, article: Variant, door: Door) -> None:
    write(world, article, "见[菜单](https://x.cn/menu)")
    page = door(world.editor).get(f"/posts/{article.post_id}/").content.decode()
    assert 'data-tools="t-source"' in page
    assert f'data-tools="t-{article.pk}"' in page
    assert 'data-marks="1,24"' in page
    assert 'data-rewrite="菜单"' in page


def test_where_it_is_sent_off_it_is_told_again(world: World, article: Variant, door: Door) -> None:
    write(world, article, "见[菜单](https://x.cn/menu)")
    dialog = door(world.editor).get(f"/posts/{article.post_id}/deliveries/").content.decode()
    assert "菜单" in dialog


def test_pasted_html_comes_back_as_marks(world: World, article: Variant, door: Door) -> None:
    html = "<h2>春茶</h2><p style='color:red'>一<b>芽</b></p><script>x()</script>"
    told = door(world.editor).post(f"/posts/{article.post_id}/paste/", {"html": html}).json()
    assert told["text"] == "# 春茶\n\n一**芽**"
    assert len(told["left"]) == 2


def test_pictures_are_the_brands_own(
    world: World, stranger: World, article: Variant, cup: Asset, door: Door
) -> None:
    shelf = door(world.editor).get(f"/posts/{article.post_id}/pictures/").content.decode()
    assert f'data-place="{cup.pk}"' in shelf
    found = (
        door(world.editor).get(f"/posts/{article.post_id}/pictures/?q=nothing-is-called-so").content.decode()
    )
    assert found.count("data-place") == 1  # the post's own stay in sight
    for path in ("pictures/", "paste/"):
        ask = door(stranger.editor).get if path == "pictures/" else door(stranger.editor).post
        assert ask(f"/posts/{article.post_id}/{path}").status_code == 404


def test_an_article_stays_one_while_it_has_no_cover(world: World, article: Variant) -> None:
    """The channel has kinds that go without files: the words were written for this one."""
    set_post_media(world.editor, article.post_id, [], post_for(world.editor, article.post_id).version)
    article.refresh_from_db()
    [side] = sides_of(post_for(world.editor, article.post_id), "en")
    assert side.article is not None
    assert "missing_media" in {p.reason for p in side.problems}


def test_old_text_is_an_article_as_it_was(world: World, article: Variant) -> None:
    side = write(world, article, "# Tiêu đề\n- một\n- hai\n\nhttps://own.example *nghiêng*")
    assert side.article is not None
    assert "<li>một</li>" in str(side.article.html).replace(' style="margin:0"', "")
    assert Post.objects.count() == 1


def test_a_long_text_without_line_breaks_is_cut_too(world: World) -> None:
    post = write_post(world.editor, world.brand, title="T", text="茶")
    variant = add_variant(world.editor, post.pk, styled_account(world))
    kind = next(k for k in registry.get(variant.account.channel).manifest.kinds if k.article)
    shown = article_on(variant, kind, "茶" * (PREVIEWED + 500), ())
    assert shown is not None
    assert shown.cut
    assert shown.html.count("茶") == PREVIEWED
