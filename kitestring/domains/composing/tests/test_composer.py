"""The composer's door: inheritance, counts, conflicts, files, revisions, other people's workspaces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override
from PIL import Image

from kitestring.connectorkit import registry
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.save_variant import save_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post, Variant
from kitestring.domains.composing.queries import post_for, variants_of
from kitestring.domains.composing.queries.desk import sides_of
from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.library.models import Asset
from kitestring.domains.workspaces.models import Member
from kitestring.kit.refusals import Conflict
from tests.world import World

Door = Callable[[Member], Client]


def account_on(world: World, unit: str = "grapheme") -> Account:
    """An account on any channel whose first kind counts in `unit`."""
    slug = next(
        s
        for s, c in registry.connectors().items()
        if c.manifest.mode == "api" and c.manifest.kinds[0].text.unit == unit
    )
    return Account.objects.create(
        workspace=world.workspace,
        brand=world.brand,
        channel=slug,
        remote_id="did:1",
        handle="@crumb",
        name="Crumb",
    )


@pytest.fixture
def post(world: World) -> Post:
    return write_post(world.editor, world.brand, title="Bánh mì", text="Sáng nay bánh ra lò lúc 6 giờ.")


@pytest.fixture
def variant(world: World, post: Post) -> Variant:
    return add_variant(world.editor, post.pk, account_on(world))


def test_a_variant_says_what_the_source_says_until_it_has_its_own_words(
    world: World, post: Post, variant: Variant
) -> None:
    assert sides_of(post, "en")[0].text == post.text
    post = post_for(world.editor, post.pk)
    saved = save_variant(world.editor, variant.pk, {"text": "Its own"}, post.version)
    save_post(world.editor, post.pk, {"text": "The source moves on"}, saved.post.version)
    side = sides_of(post_for(world.editor, post.pk), "en")[0]
    assert (side.text, side.own) == ("Its own", True)
    version = post_for(world.editor, post.pk).version
    save_variant(world.editor, variant.pk, {"text": None}, version)
    assert sides_of(post_for(world.editor, post.pk), "en")[0].text == "The source moves on"


@pytest.mark.parametrize("odd", ["", "²", "٣x", "9" * 5000, "-1"])
def test_a_version_that_is_no_number_is_an_old_one(world: World, post: Post, door: Door, odd: str) -> None:
    answer = door(world.editor).post(f"/posts/{post.pk}/save/", {"text": "Over it", "version": odd})
    assert answer.status_code == 409
    post.refresh_from_db()
    assert post.text != "Over it"


def test_the_page_opens_and_says_where_the_post_came_from(
    world: World, post: Post, variant: Variant, door: Door
) -> None:
    page = door(world.editor).get(f"/posts/{post.pk}/")
    assert page.status_code == 200
    assert "Bánh mì" in page.content.decode()


def test_a_save_answers_with_new_counts(world: World, post: Post, variant: Variant, door: Door) -> None:
    version = post_for(world.editor, post.pk).version
    answer = door(world.editor).post(f"/posts/{post.pk}/save/", {"text": "x" * 4000, "version": version})
    assert answer.status_code == 200
    assert answer.json()["version"] == version + 1
    assert answer.json()["errors"] == 1
    assert "4,000" in answer.json()["parts"]["part-counts"]


def test_the_later_writer_is_told_and_sees_both_texts(world: World, post: Post, door: Door) -> None:
    save_post(world.manager, post.pk, {"text": "Hà was faster"}, post.version)
    answer = door(world.editor).post(f"/posts/{post.pk}/save/", {"text": "Mine", "version": post.version})
    assert answer.status_code == 409
    assert answer.json()["theirs"]["source"] == "Hà was faster"
    assert "Hà saved this post" in answer.json()["message"]
    assert post_for(world.editor, post.pk).text == "Hà was faster"
    again = door(world.editor).post(
        f"/posts/{post.pk}/save/", {"text": "Mine", "version": answer.json()["version"]}
    )
    assert again.status_code == 200


def test_a_variant_of_an_older_page_is_told_too(world: World, post: Post, variant: Variant) -> None:
    with pytest.raises(Conflict):
        save_variant(world.editor, variant.pk, {"text": "late"}, 1)


@pytest.mark.parametrize("text", ["字" * 400_000, "a" * 1_048_576], ids=["chinese", "ascii"])
def test_a_megabyte_is_refused_in_words(world: World, post: Post, door: Door, text: str) -> None:
    answer = door(world.editor).post(f"/posts/{post.pk}/save/", {"text": text, "version": post.version})
    assert answer.status_code == 422
    assert answer.json()["field"] == "text"
    assert "still here" in answer.json()["message"]


def test_odd_scripts_and_invisible_letters_come_back_as_typed(world: World, post: Post) -> None:
    text = "مرحبا 👨\u200d👩\u200d👧 a\u200bb"
    assert save_post(world.editor, post.pk, {"text": text}, post.version).text == text


def test_a_link_that_is_none_is_said_beside_its_field(world: World, post: Post, door: Door) -> None:
    answer = door(world.editor).post(
        f"/posts/{post.pk}/save/", {"link": "javascript:1", "version": post.version}
    )
    assert (answer.status_code, answer.json()["field"]) == (422, "link")


def test_freezing_twice_is_one_revision(world: World, post: Post) -> None:
    assert freeze(post, world.editor) == freeze(post, world.editor)


def picture(world: World, brand: Brand, colour: str) -> Asset:
    file = BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, "PNG")
    return add_asset(world.editor, brand, f"{colour}.png", [file.getvalue()])


def test_files_are_set_in_order_and_a_strange_one_is_not_found(
    world: World, post: Post, variant: Variant, door: Door
) -> None:
    client = door(world.editor)
    red, blue = picture(world, world.brand, "red"), picture(world, world.brand, "blue")
    version = post_for(world.editor, post.pk).version
    body = {"asset": [str(blue.pk), str(red.pk)], "alt": ["Blue", "Red"], "version": version}
    assert client.post(f"/posts/{post.pk}/media/", body).status_code == 200
    other = Brand.objects.create(workspace=world.workspace, name="云岭茶事", timezone="Asia/Shanghai")
    for strange in ("01a20112-0000-7000-8000-000000000000", str(picture(world, other, "green").pk)):
        body = {"asset": [strange], "alt": [""], "version": version + 1}
        assert client.post(f"/posts/{post.pk}/media/", body).status_code == 404
        assert client.post(f"/variants/{variant.pk}/media/", body).status_code == 404
    kept = [(row.asset_id, row.alt) for row in post_for(world.editor, post.pk).assets.all()]
    assert kept == [(blue.pk, "Blue"), (red.pk, "Red")]


def test_other_workspaces_see_nothing(
    world: World, stranger: World, post: Post, variant: Variant, door: Door
) -> None:
    client = door(stranger.owner)
    assert client.get(f"/posts/{post.pk}/").status_code == 404
    assert client.post(f"/posts/{post.pk}/save/", {"text": "x", "version": 1}).status_code == 404
    assert client.post(f"/variants/{variant.pk}/save/", {"text": "x", "version": 1}).status_code == 404
    assert client.post(f"/variants/{variant.pk}/remove/").status_code == 404


def test_a_stakeholder_reads_only(world: World, post: Post, variant: Variant, door: Door) -> None:
    client = door(world.stakeholder)
    page = client.get(f"/posts/{post.pk}/").content.decode()
    assert "Bánh mì" in page
    for act in ("data-insert", "data-pick", f"/variants/{variant.pk}/remove/"):
        assert act not in page
        assert act in door(world.editor).get(f"/posts/{post.pk}/").content.decode()
    assert client.post(f"/posts/{post.pk}/save/", {"text": "x", "version": post.version}).status_code == 403


def test_a_save_whose_answer_was_lost_is_not_taken_for_another_tabs(
    world: World, post: Post, variant: Variant, door: Door
) -> None:
    client, version = door(world.editor), post_for(world.editor, post.pk).version
    source, side = f"/posts/{post.pk}/save/", f"/variants/{variant.pk}/save/"
    for text in ("Once", "Again, as no answer came"):
        answer = client.post(source, {"text": text, "version": version, "tab": "this-page"})
        assert answer.status_code == 200
    mine = client.post(side, {"text": "Its own", "version": version, "tab": "this-page"})
    assert mine.status_code == 200
    for tab in ("another-page", ""):
        told = client.post(source, {"title": "Later", "version": version, "tab": tab})
        assert told.status_code == 409
        assert "in another tab or on another device" in told.json()["message"]
        assert told.json()["theirs"]["title"] == "Bánh mì"
        assert told.json()["theirs"]["source"] == "Again, as no answer came"
    save_post(world.manager, post.pk, {"text": "Hà"}, post_for(world.editor, post.pk).version, "this-page")
    assert client.post(source, {"text": "x", "version": version, "tab": "this-page"}).status_code == 409


def test_a_text_over_the_limit_is_refused_with_it_named(world: World, post: Post, door: Door) -> None:
    told = door(world.editor).post(
        f"/posts/{post.pk}/save/", {"text": "x" * 100_001, "version": post.version}
    )
    assert told.status_code == 422
    assert "100,001 characters; 100,000 fit" in told.json()["message"]
    assert 'data-longest="100000"' in door(world.editor).get(f"/posts/{post.pk}/").content.decode()


def test_the_preview_of_a_long_text_stops_and_says_so(world: World, post: Post, variant: Variant) -> None:
    save_post(world.editor, post.pk, {"text": "x" * 5000}, post_for(world.editor, post.pk).version)
    sides = sides_of(post_for(world.editor, post.pk), "en")
    page = {"post": post, "sides": sides, "member": world.editor}
    shown = render_to_string("composing/parts/previews.html", page)
    assert shown.count("x" * 3000) == 1
    assert "x" * 3001 not in shown
    assert "5,000/" in shown
    whole = render_to_string("composing/parts/preview.html", page | {"side": sides[0]})
    assert "x" * 5000 in whole, "whoever approves reads it all"


@pytest.mark.parametrize(("code", "tag"), [("zh-hans", "zh-Hans"), ("vi", "vi"), ("en", "en")])
def test_a_preview_says_its_language_so_that_the_font_is_right(
    world: World, post: Post, variant: Variant, door: Door, code: str, tag: str
) -> None:
    save_variant(world.editor, variant.pk, {"language": code}, post_for(world.editor, post.pk).version)
    page = door(world.editor).get(f"/posts/{post.pk}/").content.decode()
    preview = page.partition('<div class="pv ')[2].partition(">")[0]
    assert f'lang="{tag}"' in preview
    area = page.partition(f'<textarea id="t-{variant.pk}"')[2].partition(">")[0]
    assert f'lang="{tag}"' in area
    assert 'lang=""' not in page


def test_accounts_are_ticked_or_all_taken_at_once(world: World, post: Post, door: Door) -> None:
    units = ("grapheme", "utf16", "weighted")
    first, second, third = (account_on(world, unit) for unit in units)
    client, path = door(world.editor), f"/posts/{post.pk}/variants/"
    said = client.post(path, {"account": [str(first.pk), str(second.pk)]})
    assert said.headers["Location"].endswith("#source")
    assert {v.account_id for v in variants_of(post)} == {first.pk, second.pk}
    client.post(path, {"all": "1"})
    assert third.pk in {v.account_id for v in variants_of(post)}
    assert len(variants_of(post)) == 3
    assert client.post(path, {}).status_code == 422


def test_where_one_account_is_refused_none_is_added(
    world: World, post: Post, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, dumb = account_on(world), account_on(world, "weighted")
    connector = registry.get(dumb.channel)
    nothing = replace(connector, manifest=connector.manifest.model_copy(update={"kinds": ()}))
    known = {**registry.connectors(), dumb.channel: nothing}
    monkeypatch.setattr(registry, "connectors", lambda: known)
    said = door(world.editor).post(f"/posts/{post.pk}/variants/", {"account": [str(good.pk), str(dumb.pk)]})
    assert "cannot publish. Nothing was added." in said.content.decode()
    assert not variants_of(post)


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("Tết đến rồi 🍵, ế", "en", "These count two each: 1 emoji, 4 Vietnamese letters (ế ồ)."),
        ("Tết đến rồi 🍵, ế", "zh-hans", "这些各占两个字符：1个表情、4个越南语字母（ế ồ）。"),
        ("新茶", "vi", "Mỗi ký tự sau tính là hai: 2 chữ Trung, Nhật hoặc Hàn."),
        ("plain café https://例.中国/xem", "en", ""),
    ],
)
def test_the_count_says_which_letters_count_double(
    world: World, post: Post, monkeypatch: pytest.MonkeyPatch, text: str, language: str, said: str
) -> None:
    account = account_on(world)
    connector = registry.get(account.channel)
    kind = connector.manifest.kinds[0]
    weighs = kind.model_copy(update={"text": kind.text.model_copy(update={"unit": "weighted", "limit": 280})})
    there = replace(connector, manifest=connector.manifest.model_copy(update={"kinds": (weighs,)}))
    variant = add_variant(world.editor, post.pk, account)
    assert "count two each" not in counts(post)
    monkeypatch.setattr(registry, "connectors", lambda: {account.channel: there})
    version = post_for(world.editor, post.pk).version
    save_variant(world.editor, variant.pk, {"text": text}, version)
    with override(language):
        foot = counts(post)
    assert said in foot
    assert said or "count two each" not in foot


def counts(post: Post) -> str:
    post = Post.objects.get(pk=post.pk)
    return render_to_string("composing/parts/counts.html", {"sides": sides_of(post, "en"), "may_write": True})
