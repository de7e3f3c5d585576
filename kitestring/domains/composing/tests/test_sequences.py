"""A variant as a thread, and the comment that follows: kept, frozen, brought back, repeated, offered, shown and refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant, remove_variant
from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.actions.repeat_post import repeat_post
from kitestring.domains.composing.actions.restore import restore
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.save_variant import save_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post, Variant
from kitestring.domains.composing.queries import post_for, variants_of
from kitestring.domains.composing.queries.content import content_of
from kitestring.domains.composing.queries.desk import Side, sides_of
from kitestring.domains.composing.rules import digest_of
from kitestring.domains.workspaces.models import Member
from tests.world import World

Door = Callable[[Member], Client]
LONG = "Sáng nay bánh ra lò lúc 6 giờ, giòn và thơm. " * 20
THREE = "Một\n---\nHai\n---\nBa"


def account_that(world: World, *, threads: bool, comments: bool) -> Account:
    """An account on a channel that carries threads and first comments, or does not."""
    slug = next(
        slug
        for slug, one in registry.connectors().items()
        if one.manifest.mode == "api"
        and (one.manifest.sequence is not None, one.manifest.first_comment is not None) == (threads, comments)
    )
    manifest = registry.get(slug).manifest
    types = [each.key for each in manifest.account_types if manifest.kinds_for(each.key)] or [""]
    return Account.objects.create(
        workspace=world.workspace,
        brand=world.brand,
        channel=slug,
        account_type=types[0],
        remote_id=slug,
        handle="@crumb",
        name="Crumb",
    )


@pytest.fixture
def post(world: World) -> Post:
    return write_post(world.editor, world.brand, title="Bánh mì", text=THREE)


@pytest.fixture
def variant(world: World, post: Post) -> Variant:
    return add_variant(world.editor, post.pk, account_that(world, threads=True, comments=True))


def keep(world: World, variant: Variant, **values: Any) -> Post:
    version = post_for(world.editor, variant.post_id).version
    return save_variant(world.editor, variant.pk, values, version).post


def carried(post: Post, variant: Variant) -> dict[str, Any]:
    content: dict[str, Any] = content_of(post)["variants"][str(variant.pk)]
    return content


def side(post: Post) -> Side:
    [found] = sides_of(post, "en")
    return found


class TestWhatIsFrozen:
    def test_nothing_more_than_before_where_nobody_asked_for_it(
        self, world: World, post: Post, variant: Variant
    ) -> None:
        before = carried(post, variant)
        assert set(before) == {"account", "kind", "text", "title", "language", "link", "media", "options"}
        digest = digest_of(content_of(post))
        short = keep(world, variant, text="Ngắn thôi")
        switched = keep(world, variant, sequence=True, numbered=True)
        assert carried(switched, variant) == carried(short, variant) == {**before, "text": "Ngắn thôi"}
        assert (switched.digest, digest != switched.digest) == (short.digest, True)

    def test_the_parts_as_the_writer_drew_them_and_the_whole_as_it_was_written(
        self, world: World, variant: Variant
    ) -> None:
        saved = keep(world, variant, sequence=True, first_comment="  12 Hàng Gai \n")
        content = carried(saved, variant)
        assert content["text"] == THREE
        assert content["parts"] == [
            {"role": "head", "text": "Một"},
            {"role": "part", "text": "Hai"},
            {"role": "part", "text": "Ba"},
            {"role": "comment", "text": "12 Hàng Gai"},
        ]
        assert "numbered" not in content

    def test_a_comment_alone_leaves_the_text_whole(self, world: World, variant: Variant) -> None:
        content = carried(keep(world, variant, text="Một", first_comment="Hai"), variant)
        assert content["parts"] == [{"role": "head", "text": "Một"}, {"role": "comment", "text": "Hai"}]

    def test_a_stray_line_makes_no_sequence_and_is_not_read_by_anybody(
        self, world: World, variant: Variant
    ) -> None:
        content = carried(keep(world, variant, text="Một\n---\n", sequence=True), variant)
        assert content["text"] == "Một"
        assert "parts" not in content

    def test_each_change_of_the_thread_is_another_content(self, world: World, variant: Variant) -> None:
        digests = {
            keep(world, variant, **change).digest
            for change in (
                {"sequence": True},
                {"numbered": True},
                {"first_comment": "a"},
                {"first_comment": "b"},
            )
        }
        assert len(digests) == 4

    def test_a_channel_without_them_is_sent_neither(self, world: World, post: Post) -> None:
        plain = add_variant(world.editor, post.pk, account_that(world, threads=False, comments=False))
        content = carried(keep(world, plain, sequence=True, first_comment="Hai"), plain)
        assert "parts" not in content
        assert content["text"] == THREE

    def test_what_a_changed_limit_cuts_otherwise_is_the_posts_own_digest(
        self, world: World, variant: Variant
    ) -> None:
        saved = keep(world, variant, text=LONG, sequence=True)
        before = freeze(saved, world.editor)
        limited(variant.account, 60)
        after = freeze(post_for(world.editor, saved.pk, lock=True), world.editor)
        assert after.digest != before.digest
        assert post_for(world.editor, saved.pk).digest == after.digest


class TestWhatStays:
    def test_a_revision_brings_the_thread_and_the_comment_back(self, world: World, variant: Variant) -> None:
        saved = keep(world, variant, text=LONG, sequence=True, numbered=True, first_comment="Ở đây")
        revision = freeze(saved, world.editor)
        parts = carried(saved, variant)["parts"]
        plain = keep(world, variant, text="Khác", sequence=False, numbered=False, first_comment="")
        back = restore(world.editor, revision, plain.version)
        assert carried(back, variant)["parts"] == parts
        assert parts[0]["text"].endswith(f"\n\n1/{len(parts) - 1}")
        [kept] = variants_of(back)
        assert (kept.sequence, kept.numbered, kept.first_comment) == (True, True, "Ở đây")

    def test_a_repeated_post_is_a_thread_too(self, world: World, variant: Variant) -> None:
        Account.objects.filter(pk=variant.account_id).update(state="connected")
        saved = keep(world, variant, sequence=True, first_comment="Ở đây")
        again = repeat_post(world.editor, saved.pk)
        [made] = variants_of(again)
        assert carried(again, made)["parts"] == carried(saved, variant)["parts"]

    def test_the_pages_saves_carry_a_box_without_its_tick(
        self, world: World, post: Post, variant: Variant, door: Door
    ) -> None:
        def send(**fields: str) -> dict[str, Any]:
            version = post_for(world.editor, post.pk).version
            answer = door(world.editor).post(f"/variants/{variant.pk}/save/", {**fields, "version": version})
            assert answer.status_code == 200
            said: dict[str, Any] = answer.json()
            return said

        parts = send(sequence="1", first_comment="Ở đây")["parts"]
        assert "Thread of 3" in parts["part-counts"]
        assert "Ở đây" in parts["part-previews"]
        assert "Thread of 3" in parts["part-tally"]
        assert "Thread of 3" not in send(sequence="")["parts"]["part-counts"]
        variant.refresh_from_db()
        assert (variant.sequence, variant.first_comment) == (False, "Ở đây")


class TestWhatIsShown:
    def test_too_long_offers_the_thread_it_would_be(self, world: World, variant: Variant) -> None:
        found = side(keep(world, variant, text=LONG))
        assert [p.reason for p in found.problems] == ["too_long"]
        threaded = side(keep(world, variant, sequence=True))
        assert (found.offered, threaded.offered) == (len(threaded.posts), 0)
        assert threaded.problems == []
        assert all(piece.count.fits for piece in threaded.pieces)

    def test_what_no_thread_can_carry_is_not_offered_as_one(self, world: World, variant: Variant) -> None:
        assert side(keep(world, variant, text="Bánh " * 9000)).offered == 0
        many = side(keep(world, variant, text="\n---\n".join(["Bánh"] * 40), sequence=True))
        assert [(p.reason, p.params["count"]) for p in many.problems] == [("parts_too_many", 40)]

    def test_lines_that_would_be_read_by_everybody_are_told(self, world: World, variant: Variant) -> None:
        found = side(post_for(world.editor, variant.post_id))
        assert [(p.reason, p.severity) for p in found.problems] == [("parting_line", "warning")]
        assert found.offered == 3
        article = account_that(world, threads=False, comments=True)
        add_variant(world.editor, variant.post_id, article)
        [_, told] = sides_of(post_for(world.editor, variant.post_id), "en")
        assert (told.problems[0].reason, told.offered, told.curable) == ("parting_line", 0, None)
        remove_variant(world.editor, told.variant.pk)
        assert side(keep(world, variant, sequence=True)).problems == []

    def test_a_problem_names_its_part(self, world: World, variant: Variant) -> None:
        link = "https://vidu.example/" + "a" * 600
        found = side(keep(world, variant, text=f"Một\n---\n{link}", sequence=True, first_comment="b" * 900))
        assert [(p.field, p.sentence.partition(":")[0]) for p in found.problems] == [
            ("parts.1", "Part 2"),
            ("parts.2", "First comment"),
        ]
        assert found.count.over

    def test_the_switch_stands_only_where_the_channel_carries_it(
        self, world: World, post: Post, door: Door
    ) -> None:
        page = door(world.editor)
        for threads, comments in ((True, True), (False, True), (False, False)):
            made = add_variant(world.editor, post.pk, account_that(world, threads=threads, comments=comments))
            html = page.get(f"/posts/{post.pk}/").content.decode()
            assert (f'id="s-{made.pk}"' in html, f'id="c-{made.pk}"' in html) == (threads, comments)

    def test_the_list_of_revisions_says_thread_and_comment(
        self, world: World, variant: Variant, door: Door
    ) -> None:
        freeze(keep(world, variant, sequence=True, first_comment="Ở đây"), world.editor)
        html = door(world.editor).get(f"/posts/{variant.post_id}/revisions/").content.decode()
        assert "Thread of 3" in html
        assert "Ở đây" in html


def test_the_source_passes_by_what_the_account_says_otherwise(
    world: World, post: Post, variant: Variant
) -> None:
    """An inherited text is cut anew when the source changes."""
    saved = keep(world, variant, sequence=True)
    changed = save_post(world.editor, post.pk, {"text": "Một\n---\nHai"}, saved.version)
    assert len(carried(changed, variant)["parts"]) == 2


def test_another_way_of_publishing_cuts_anew(world: World, post: Post) -> None:
    """A caption holds less than a message: the same thread, its head cut to what it leaves as now."""
    slug, long, short = next(
        (slug, long, short)
        for slug, one in registry.connectors().items()
        if one.manifest.sequence
        for long in one.manifest.kinds
        for short in one.manifest.kinds
        if short.text.limit < long.text.limit
    )
    account = Account.objects.create(
        workspace=world.workspace,
        brand=world.brand,
        channel=slug,
        remote_id="-100",
        handle="@two",
        name="Two",
    )
    variant = add_variant(world.editor, post.pk, account, kind=long.key)
    text = "Bánh ra lò lúc sáu giờ. " * (short.text.limit // 20)
    saved = keep(world, variant, text=text, sequence=True)
    assert "parts" not in carried(saved, variant)
    shorter = carried(keep(world, variant, kind=short.key), variant)["parts"]
    assert [part["role"] for part in shorter] == ["head", "part"]
    assert len(shorter[0]["text"]) <= short.text.limit
    assert "parts" not in carried(keep(world, variant, kind=long.key), variant)


def limited(account: Account, value: int) -> None:
    """Another limit of all its posts, as if by somebody's word."""
    keys = [f"{kind.key}.text" for kind in registry.get(account.channel).manifest.kinds]
    Account.objects.filter(pk=account.pk).update(limits={key: {"value": value} for key in keys})


class TestAnotherLimitSinceItWasFrozen:
    def test_the_parts_stay_as_frozen_until_somebody_cuts_or_edits(
        self, world: World, door: Door, variant: Variant
    ) -> None:
        post = keep(world, variant, text=LONG, sequence=True)
        frozen = freeze(post_for(world.editor, post.pk, lock=True), world.editor)
        before = [piece.part.text for piece in side(post).pieces]
        limited(variant.account, 60)
        shown = side(post_for(world.editor, post.pk))
        assert [piece.part.text for piece in shown.pieces] == before
        assert shown.kept
        assert {piece.count.limit for piece in shown.pieces} == {60}
        assert shown.errors >= 1
        client = door(world.editor)
        assert "These are the parts as they were frozen" in client.get(f"/posts/{post.pk}/").content.decode()
        client.post(f"/posts/{post.pk}/cut/")
        cut = post_for(world.editor, post.pk)
        assert cut.digest != frozen.digest
        assert len(side(cut).pieces) > len(before)
        assert not side(cut).kept
        assert side(cut).errors == 0

    def test_what_still_fits_is_frozen_as_it_was_and_keeps_its_yes(
        self, world: World, variant: Variant
    ) -> None:
        limited(variant.account, 60)
        post = keep(world, variant, text=LONG, sequence=True)
        frozen = freeze(post_for(world.editor, post.pk, lock=True), world.editor)
        limited(variant.account, 120)
        assert freeze(post_for(world.editor, post.pk, lock=True), world.editor) == frozen
        limited(variant.account, 40)
        assert freeze(post_for(world.editor, post.pk, lock=True), world.editor) != frozen
