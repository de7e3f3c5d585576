"""What is out keeps its words: every door that writes says no, or passes it by, and the rest of the post goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.actions.restore import restore
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.models import Post, Variant
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.actions.schedule import publish_now, schedule_post
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from kitestring.kit.refusals import Refusal

Door = Callable[[Member], Client]


@pytest.fixture
def out(harbour: Harbour) -> Variant:
    """A variant that is live and says what the source says."""
    variant = harbour.variant(harbour.account())
    publish_now(harbour.world.editor, variant.post, only=variant)
    harbour.send()
    return variant


def version(harbour: Harbour, variant: Variant) -> int:
    return post_for(harbour.world.editor, variant.post_id).version


def words(variant: Variant) -> tuple[str, str]:
    """What the variant says, and what its post says."""
    fresh = Variant.objects.select_related("post").get(pk=variant.pk)
    return fresh.said, fresh.post.text


@pytest.mark.parametrize("sent", [{"text": "Other words"}, {"title": "T"}, {"language": "vi"}])
def test_a_direct_save_of_what_is_out_is_refused_with_a_sentence(
    harbour: Harbour, out: Variant, door: Door, sent: dict[str, str]
) -> None:
    client, before = door(harbour.world.editor), words(out)
    answer = client.post(f"/variants/{out.pk}/save/", {**sent, "version": version(harbour, out)})
    assert answer.status_code == 422
    assert answer.json()["reason"] == "out"
    assert "It is out on hien" in answer.json()["message"]
    assert "what you wrote is still here" in answer.json()["message"]
    files = client.post(f"/variants/{out.pk}/media/", {"version": version(harbour, out)})
    assert (files.status_code, files.json()["reason"]) == (422, "out")
    assert words(out) == before


def test_the_source_of_what_is_out_everywhere_is_refused_too(
    harbour: Harbour, out: Variant, door: Door
) -> None:
    client, before = door(harbour.world.editor), words(out)
    asked = {"text": "Other words", "version": version(harbour, out)}
    for address, said in (("save", asked), ("media", {"version": asked["version"]})):
        answer = client.post(f"/posts/{out.post_id}/{address}/", said)
        assert (answer.status_code, answer.json()["reason"]) == (422, "out")
    assert "out on every account" in answer.json()["message"]
    assert words(out) == before


def test_the_source_goes_on_for_the_others_and_passes_by_what_is_out(harbour: Harbour, out: Variant) -> None:
    editor = harbour.world.editor
    other = add_variant(editor, out.post_id, harbour.account("read_back", "other"))
    save_post(editor, out.post_id, {"text": "Other words"}, version(harbour, out))
    assert words(out) == ("A warm cup", "Other words")
    assert words(other) == ("Other words", "Other words")


def test_words_written_back_pass_it_by(harbour: Harbour, out: Variant) -> None:
    editor = harbour.world.editor
    other = add_variant(editor, out.post_id, harbour.account("read_back", "other"))
    save_post(editor, out.post_id, {"text": "Second"}, version(harbour, out))
    second = freeze(post_for(editor, out.post_id), editor)
    save_post(editor, out.post_id, {"text": "Third"}, version(harbour, out))
    restore(editor, second, version(harbour, out))
    assert words(out) == ("A warm cup", "Second")
    assert words(other) == ("Second", "Second")


def test_what_only_waits_may_be_written_and_another_post_is_not_touched(
    harbour: Harbour, out: Variant
) -> None:
    editor, waiting = harbour.world.editor, harbour.variant(out.account, "Waits")
    schedule_post(editor, waiting.post, clock.now() + timedelta(days=1))
    save_post(editor, waiting.post_id, {"text": "Waits, better"}, version(harbour, waiting))
    assert Post.objects.get(pk=waiting.post_id).text == "Waits, better"
    with pytest.raises(Refusal):
        save_post(editor, out.post_id, {"text": "No"}, version(harbour, out))
