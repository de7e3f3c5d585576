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
from kitestring.domains.composing.actions.refuse_unruly import refuse_unruly
from kitestring.domains.composing.actions.repeat_post import repeat_post
from kitestring.domains.composing.actions.restore import restore
from kitestring.domains.composing.actions.save_variant import save_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post, Revision, Variant
from kitestring.domains.composing.queries.about import BY_KEY, FIELDS, asked_about, facts_of
from kitestring.domains.composing.queries.content import content_of, settings_of
from kitestring.domains.composing.queries.desk import sides_of
from kitestring.domains.planning.actions.start_campaign import start_campaign
from kitestring.domains.planning.models import Campaign
from kitestring.domains.workspaces.models import Member
from kitestring.kit.refusals import Refusal
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


def test_a_declaration_and_its_fields_have_names_of_their_own() -> None:
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


def test_a_draw_is_confirmed_to_be_fair(world: World, door: Door, post: Post) -> None:
    on(world, post, "")
    client = door(world.editor)
    save(client, post, **{"about-draw": "yes"})
    assert "cn-draw-fair" in found(post)
    save(client, post, **{"about-draw_fair": "yes"})
    assert "cn-draw-fair" not in found(post)


def test_an_advertisement_is_kept_three_years(world: World, door: Door, post: Post) -> None:
    on(world, post, "")
    client = door(world.editor)
    save(client, post, **{"about-paid": "yes"})
    assert "cn-file" not in found(post), "what nobody said is not judged"
    save(client, post, **{"about-paid_archive": "2"})
    assert "cn-file" in found(post)
    save(client, post, **{"about-paid_archive": "3"})
    assert "cn-file" not in found(post)


def on_channel_of(world: World, post: Post, rule: str) -> None:
    [slug] = rules()[rule].where.channels
    kind = registry.get(slug).manifest.kinds[0]
    account = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=slug, remote_id=slug, handle="@a", name="A",
        account_type=(kind.account_types or ("",))[0],
    )  # fmt: skip
    add_variant(world.editor, post.pk, account, kind.key)


def test_a_paid_note_asks_whether_the_deal_is_registered(world: World, door: Door, post: Post) -> None:
    on_channel_of(world, post, "xhs-deal")
    client = door(world.editor)
    assert 'name="about-paid_registered"' in client.get(f"/posts/{post.pk}/").content.decode()
    save(client, post, **{"about-paid": "yes"})
    assert "xhs-deal" in found(post)
    save(client, post, **{"about-paid_registered": "yes"})
    assert "xhs-deal" not in found(post)


def test_the_channels_own_switch_declares_as_much(world: World, post: Post) -> None:
    assert facts_of({}, {"paid"}) == {"sponsored": True, "deal.registered": False}
    assert facts_of({"paid_archive": "4"}, {"paid"})["archive.years"] == 4


def test_only_what_a_rule_there_asks_about_is_asked(world: World, door: Door, post: Post) -> None:
    on(world, post, "")
    client = door(world.editor)
    page = client.get(f"/posts/{post.pk}/").content.decode()
    assert 'name="about-partner_consent"' in page
    assert 'name="about-partner_papers"' not in page, "that is Vietnam's law"
    assert 'name="about-paid_registered"' not in page
    world.brand.markets = ["VN"]
    world.brand.save()
    page = client.get(f"/posts/{post.pk}/").content.decode()
    assert 'name="about-partner_papers"' in page
    assert 'name="about-partner_consent"' not in page
    save(client, post, **{"about-partner": "yes", "about-partner_consent": "Drawer 4"})
    assert 'value="Drawer 4"' in client.get(f"/posts/{post.pk}/").content.decode(), "what was said is shown"
    assert "vn-partner" in found(post)
    assert {one.key for one in asked_about({}, frozenset())} == {"paid", "ai", "watermark"}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("wx-share-gate", {"share_gate": True}),
        ("wx-follow-gate", {"follow_gate": True}),
        ("wx-test-campaign", {"kind": "test"}),
    ],
)
def test_what_people_do_in_the_campaign_is_held_against_the_rules(
    world: World, post: Post, rule: str, said: dict[str, object]
) -> None:
    on_channel_of(world, post, rule)
    post.campaign = start_campaign(world.manager, world.brand, "Winter")
    post.save()
    assert rule not in found(post)
    assert "campaign" not in content_of(Post.objects.get(pk=post.pk))["variants"].popitem()[1]
    Campaign.objects.filter(pk=post.campaign.pk).update(**said)
    assert rule in found(post)
    frozen = content_of(Post.objects.get(pk=post.pk))["variants"].popitem()[1]
    assert frozen["campaign"] == said
    if rules()[rule].severity == "error":
        with pytest.raises(Refusal, match="WeChat rules"):
            refuse_unruly(Account.objects.get(), frozen)


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
    assert "Advertising, A prize draw" in " ".join(parts["part-about"].split())


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
