"""Rules beside the words: hits with places, exemptions that are claimed, frozen and audited, errors that stop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.claim_exemption import claim_exemption, drop_exemption
from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.actions.refuse_unruly import refuse_any_unruly, refuse_unruly
from kitestring.domains.composing.actions.repeat_post import repeat_post
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.save_variant import save_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Exemption, Post, Variant
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.queries.desk import Side, sides_of
from kitestring.domains.composing.queries.ruled import counted_elsewhere, hits_on
from kitestring.domains.composing.tests.test_composer import account_on
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.clock import now
from kitestring.kit.refusals import Conflict, Refusal
from kitestring.rulepacks import lint, rules
from tests.world import World

Door = Callable[[Member], Client]
TEXT = "☕️ Ly cà phê muối ngon nhất Sài Gòn"
CLAIM = {"rule": "vn-best", "words": "ngon nhất", "ground": "document", "evidence": "Khảo sát Mekong 2026"}


@pytest.fixture
def post(world: World) -> Post:
    return write_post(world.editor, world.brand, title="Muối", text=TEXT, language="vi")


@pytest.fixture
def variant(world: World, post: Post) -> Variant:
    return add_variant(world.editor, post.pk, account_on(world))


def side(world: World, post: Post, language: str = "en") -> Side:
    return sides_of(post_for(world.editor, post.pk), language)[0]


def claimed(world: World, post: Post, **change: str) -> Exemption:
    values = {**CLAIM, "evidence_on": now().date().isoformat(), **change}
    return claim_exemption(world.editor, post.pk, values, post_for(world.editor, post.pk).version)


def test_of_several_errors_the_first_is_told_and_how_many_there_are(world: World, post: Post) -> None:
    variants = [
        add_variant(world.editor, post.pk, account_on(world, unit)) for unit in ("grapheme", "weighted")
    ]
    world.brand.markets = ["VN"]
    world.brand.save()
    before = post_for(world.editor, post.pk)
    save_post(
        world.editor, post.pk, {"text": "Cà phê ngon nhất, trà rẻ nhất, bánh tốt nhất."}, before.version
    )
    content = freeze(post_for(world.editor, post.pk), world.editor).content["variants"]
    carried = [(one.account, content[str(one.pk)]) for one in variants]
    with pytest.raises(Refusal) as refused:
        refuse_any_unruly(carried)
    assert "2 more problems stand in the way" in refused.value.message
    with pytest.raises(Refusal) as alone:
        refuse_any_unruly([(one, {**frozen, "text": "Cà phê ngon nhất."}) for one, frozen in carried])
    assert "more problem" not in alone.value.message


def test_a_hit_has_its_place_its_law_its_source_and_its_cure(
    world: World, post: Post, variant: Variant
) -> None:
    (one,) = side(world, post, "vi").ruled
    assert one.title == "“ngon nhất” cần giấy tờ chứng minh"
    assert (one.severity, one.law) == (
        "error",
        "Luật Quảng cáo, Điều 8 khoản 11; Thông tư 10/2013/TT-BVHTTDL",
    )
    (start, end) = one.marks[0]
    units = TEXT.encode("utf-16-le")
    assert units[start * 2 : end * 2].decode("utf-16-le") == "ngon nhất"
    assert one.hit.rewrites == ("đáng nhớ", "rất ngon")
    assert one.hit.source
    assert side(world, post).errors == 1


def test_where_nobody_sells_no_rule_of_that_country_speaks(
    world: World, post: Post, variant: Variant
) -> None:
    world.brand.markets = ["US"]
    world.brand.save(update_fields=["markets"])
    assert side(world, post).ruled == []
    world.brand.markets = None
    world.brand.save(update_fields=["markets"])
    assert side(world, post).ruled != []


def test_the_same_words_are_one_row_with_all_their_places(world: World, post: Post, variant: Variant) -> None:
    save_post(world.editor, post.pk, {"text": f"{TEXT}. Ngon nhất!"}, post_for(world.editor, post.pk).version)
    (one,) = side(world, post).ruled
    assert len(one.marks) == 2


def test_a_named_document_lowers_the_error_and_must_stand_in_the_post(
    world: World, post: Post, variant: Variant
) -> None:
    claimed(world, post)
    (one,) = side(world, post).ruled
    assert (one.severity, one.hit.standing) == ("warning", "not_shown")
    assert one.lacks
    text = f"{TEXT} (theo Khảo sát Mekong 2026)"
    save_post(world.editor, post.pk, {"text": text}, post_for(world.editor, post.pk).version)
    (one,) = side(world, post).ruled
    assert (one.severity, one.hit.standing, one.lacks) == ("note", "accepted", "")
    assert (side(world, post).errors, side(world, post).warnings) == (0, 0)
    assert one.exemption is not None
    assert one.exemption.claimed_by == world.editor


def test_a_document_runs_out_after_a_year(
    world: World, post: Post, variant: Variant, move_clock: Callable[[timedelta], None]
) -> None:
    save_post(
        world.editor,
        post.pk,
        {"text": f"{TEXT}, Khảo sát Mekong 2026"},
        post_for(world.editor, post.pk).version,
    )
    claimed(world, post)
    assert side(world, post).errors == 0
    move_clock(timedelta(days=367))
    (one,) = side(world, post).ruled
    assert (one.severity, one.hit.standing) == ("error", "expired")
    with pytest.raises(Refusal) as refused:
        claimed(world, post, evidence_on=(now() - timedelta(days=400)).date().isoformat())
    assert refused.value.field == "evidence_on"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ground": "nothing"}, "ground"),
        ({"evidence": " "}, "evidence"),
        ({"evidence_on": "soon"}, "evidence_on"),
        ({"evidence_on": "2999-01-01"}, "evidence_on"),
        ({"ground": "no-claim"}, "reason"),
        ({"words": "rẻ nhất"}, ""),
        ({"rule": "no-such-rule"}, ""),
    ],
)
def test_half_a_claim_is_refused_beside_its_field(
    world: World, post: Post, variant: Variant, change: dict[str, str], field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        claimed(world, post, **change)
    assert refused.value.field == field
    assert not Exemption.objects.exists()


def test_a_claim_is_frozen_changes_the_digest_and_is_written_down(
    world: World, post: Post, variant: Variant
) -> None:
    before = freeze(post_for(world.editor, post.pk, lock=True), world.editor)
    assert "exemptions" not in before.content["variants"][str(variant.pk)]
    claimed(world, post, reason="Bảng hỏi 1.200 khách")
    after = freeze(post_for(world.editor, post.pk, lock=True), world.editor)
    assert before.digest != after.digest
    (frozen,) = after.content["variants"][str(variant.pk)]["exemptions"]
    assert (frozen["evidence"], frozen["by"]) == ("Khảo sát Mekong 2026", str(world.editor.pk))
    entry = AuditEntry.objects.get(verb="post.exempt")
    assert (entry.after["rule"], entry.after["words"], entry.member) == ("vn-best", "ngon nhất", world.editor)
    drop_exemption(world.editor, post.pk, "vn-best", "ngon nhất", post_for(world.editor, post.pk).version)
    assert freeze(post_for(world.editor, post.pk, lock=True), world.editor).digest == before.digest
    assert AuditEntry.objects.filter(verb="post.unexempt").count() == 1


def test_a_claim_for_words_that_are_gone_is_not_frozen(world: World, post: Post, variant: Variant) -> None:
    claimed(world, post)
    save_post(world.editor, post.pk, {"text": "Ly cà phê muối"}, post_for(world.editor, post.pk).version)
    frozen = freeze(post_for(world.editor, post.pk, lock=True), world.editor)
    assert "exemptions" not in frozen.content["variants"][str(variant.pk)]


def test_what_is_frozen_stops_or_passes(world: World, post: Post, variant: Variant) -> None:
    def frozen() -> dict[str, object]:
        revision = freeze(post_for(world.editor, post.pk, lock=True), world.editor)
        return dict(revision.content["variants"][str(variant.pk)])

    with pytest.raises(Refusal) as refused:
        refuse_unruly(variant.account, frozen())
    assert (refused.value.reason, refused.value.field) == ("rule", "text")
    assert "ngon nhất" in refused.value.message
    claimed(world, post)
    refuse_unruly(variant.account, frozen())
    save_post(world.editor, post.pk, {"text": "Tấm ảnh xa nhất"}, post_for(world.editor, post.pk).version)
    assert side(world, post).warnings == 1
    refuse_unruly(variant.account, frozen())


def test_a_stale_page_claims_nothing(world: World, post: Post, variant: Variant) -> None:
    with pytest.raises(Conflict):
        claim_exemption(world.manager, post.pk, {**CLAIM, "evidence_on": "2026-11-01"}, 0)


def test_who_may_not_write_may_not_claim(
    world: World, post: Post, variant: Variant, stranger: World, door: Door
) -> None:
    version = post_for(world.editor, post.pk).version
    with pytest.raises(Refusal):
        claim_exemption(world.analyst, post.pk, {**CLAIM, "evidence_on": "2026-11-01"}, version)
    assert door(stranger.editor).post(f"/posts/{post.pk}/exemptions/", CLAIM).status_code == 404
    assert door(world.analyst).post(f"/posts/{post.pk}/exemptions/", CLAIM).status_code == 403


def test_the_page_claims_and_takes_back(world: World, post: Post, variant: Variant, door: Door) -> None:
    client = door(world.editor)
    page = client.get(f"/posts/{post.pk}/").content.decode()
    assert 'data-found="ngon nhất"' in page
    assert "thuvienphapluat.vn" in page
    assert page.count('data-of-panel="source"') == 1
    version = post_for(world.editor, post.pk).version
    values = {**CLAIM, "ground": "no-claim", "reason": "Một câu chuyện", "version": version}
    answer = client.post(f"/posts/{post.pk}/exemptions/", values)
    assert answer.status_code == 200
    assert answer.json()["errors"] == 0
    assert "Một câu chuyện" in answer.json()["parts"]["part-counts"]
    values |= {"drop": "1", "version": answer.json()["version"]}
    assert client.post(f"/posts/{post.pk}/exemptions/", values).json()["errors"] == 1
    half = client.post(f"/posts/{post.pk}/exemptions/", {**CLAIM, "version": version + 2})
    assert (half.status_code, half.json()["field"]) == (422, "evidence_on")


def test_words_of_its_own_are_not_the_sources(world: World, post: Post, variant: Variant, door: Door) -> None:
    version = post_for(world.editor, post.pk).version
    save_variant(world.editor, variant.pk, {"text": "Riêng: rẻ nhất phố"}, version)
    page = door(world.editor).get(f"/posts/{post.pk}/").content.decode()
    assert 'data-of-panel="source"' not in page
    assert 'data-found="rẻ nhất"' in page


def test_a_repeated_post_keeps_what_was_claimed_and_by_whom(
    world: World, post: Post, variant: Variant
) -> None:
    claimed(world, post)
    made = repeat_post(world.manager, post.pk)
    (row,) = Exemption.objects.filter(post=made)
    assert (row.claimed_by, row.evidence) == (world.editor, "Khảo sát Mekong 2026")
    assert Exemption.objects.filter(post=post).count() == 1


def test_the_first_comment_and_the_title_are_read_too(world: World, post: Post) -> None:
    account = account_on(world)
    made = add_variant(world.editor, post.pk, account)
    version = post_for(world.editor, post.pk).version
    save_variant(world.editor, made.pk, {"text": "Ly cà phê", "first_comment": "Rẻ nhất phố"}, version)
    assert [one.hit.field for one in side(world, post).ruled] == ["comment"]


def test_an_account_of_a_channel_for_one_country_has_that_countrys_rules(world: World, post: Post) -> None:
    slugs = [slug for rule in rules().values() for slug in rule.where.channels if rule.id == "wx-share"]
    account = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=slugs[0], account_type="service_verified",
        remote_id="gh", handle="qinglan", name="青岚",
    )  # fmt: skip
    add_variant(world.editor, post.pk, account)
    save_post(
        world.editor, post.pk, {"text": "最😊好的茶，转发领红包"}, post_for(world.editor, post.pk).version
    )
    assert [one.hit.rule for one in side(world, post).ruled] == ["wx-share", "cn-abs"]


def test_hashtags_that_the_manifest_counts_are_not_counted_twice() -> None:
    (slug,) = rules()["ig-hashtags"].where.channels
    (hit,) = lint("#a #b #c #d #e #f", channels=[slug])
    kind = next(iter(registry.connectors().values())).manifest.kinds[0]
    counting = kind.model_copy(update={"text": kind.text.model_copy(update={"hashtags": 5})})
    bare = kind.model_copy(update={"text": kind.text.model_copy(update={"hashtags": None})})
    assert (counted_elsewhere(hit, counting), counted_elsewhere(hit, bare)) == (True, False)


def test_what_the_channels_settings_declare_is_a_fact_for_the_rules(world: World, post: Post) -> None:
    """A post that says it is paid for, and says nowhere that it is an advertisement, meets the disclosure rules."""
    slug, kind, paid = next(
        (slug, kind, option)
        for slug, one in registry.connectors().items()
        for kind in one.manifest.kinds[:1]
        for option in kind.options
        if option.means == "paid"
    )
    account = Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=slug, remote_id="9", handle="@a", name="A"
    )
    variant = add_variant(world.editor, post.pk, account)
    world.brand.markets = ["US"]
    world.brand.save()
    before = {one.hit.rule for one in side(world, post).ruled}
    version = post_for(world.editor, post.pk).version
    save_variant(world.editor, variant.pk, {"kind": kind.key, "options": {paid.key: "yes"}}, version)
    fresh = {one.hit.rule for one in side(world, post).ruled} - before
    assert any(rules()[rule].label is not None for rule in fresh), fresh


def test_a_link_of_ones_own_is_asked_for_while_writing(world: World) -> None:
    (channel,) = rules()["wb-url"].where.channels
    account = account_on(world)
    account.channel, account.account_type = channel, "share"
    account.settings = {"own_domains": ["shop.example"]}

    def found(text: str, link: str = "") -> set[str]:
        return {
            hit.rule for hit in hits_on(account, ["CN"], {"kind": "share", "text": text, "link": link}, {})
        }

    assert "wb-url" in found("新茶到店 https://other.example/a")
    assert "wb-url" not in found("新茶到店", "https://www.shop.example/a")
    assert "wb-url" not in found("新茶到店https://shop.example/a，今天")
    assert "wb-topic" in found("#一茶一会# https://shop.example/a")
    account.account_type = "commercial"
    assert not found("#一茶一会#") & {"wb-url", "wb-topic"}


def test_an_exemption_holds_for_words_of_any_length(world: World, post: Post, variant: Variant) -> None:
    """Drawn out as people write it, one word is longer than any field that was thought of for words."""
    long = f"nhấ{'t' * 300}"
    save_post(
        world.editor, post.pk, {"text": f"Ly cà phê {long} Sài Gòn"}, post_for(world.editor, post.pk).version
    )
    (before,) = side(world, post).ruled
    assert len(before.hit.words) > 200
    (ground, *_others) = before.hit.exemptions
    kept = claimed(
        world,
        post,
        rule=before.hit.rule,
        words=before.hit.words,
        ground=ground.id,
        reason="The name of a song",
    )
    assert kept.words == before.hit.words
    (after,) = side(world, post).ruled
    assert after.exemption is not None
