"""Changing words: every field is given again, what cannot be changed is refused before anything is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.bilibili import editing

LONG = "新茶到店，欢迎来坐。" * 25


async def test_a_video_keeps_its_cover_and_changes_its_words(at_work, clip, through):
    bench = await at_work("bilibili")
    done, known = await through(bench.session, clip())
    before = dict(bench.platform.memory["archives"][done.remote_id]["fields"])
    changed = replace(
        known, title="明前茶", text="改了", media=(), options={**known.options, "category": "76"}
    )
    assert (await editing.edit(bench.session, done.remote_id, changed)).remote_id == done.remote_id
    after = bench.platform.memory["archives"][done.remote_id]["fields"]
    assert (after["title"], after["desc"], after["tid"]) == ("明前茶", "改了", 76)
    assert (after["cover"], after["tag"]) == (before["cover"], before["tag"])
    assert bench.platform.items[done.remote_id].title == "明前茶"


@pytest.mark.parametrize(
    ("options", "field"),
    [({"tags": "别的"}, "options.tags"), ({"copyright": "2", "source": "x"}, "options.copyright")],
)
async def test_what_is_fixed_once_it_was_sent_is_refused(at_work, clip, through, options, field):
    bench = await at_work("bilibili")
    done, known = await through(bench.session, clip())
    before = dict(bench.platform.memory["archives"][done.remote_id]["fields"])
    with pytest.raises(Rejected) as caught:
        await editing.edit(
            bench.session, done.remote_id, replace(known, options={**known.options, **options})
        )
    assert (caught.value.field, caught.value.reason) == (field, "fixed_once_sent")
    assert bench.platform.memory["archives"][done.remote_id]["fields"] == before


async def test_a_title_that_is_too_long_is_refused_before_a_call(at_work, clip):
    bench = await at_work("bilibili")
    asked = len(bench.faults.seen)
    with pytest.raises(Rejected) as caught:
        await editing.edit(bench.session, "BV1xx411c7mD", clip(title="茶" * 81))
    assert (caught.value.field, caught.value.reason) == ("title", "title_too_long")
    assert len(bench.faults.seen) == asked


async def test_one_that_is_gone_is_told(at_work, clip, essay):
    bench = await at_work("bilibili")
    for remote_id, outgoing in (("BV1xx411c7mD", clip()), ("cv99", essay())):
        with pytest.raises(Rejected) as caught:
            await editing.edit(bench.session, remote_id, outgoing)
        assert caught.value.reason == "not_there"


async def test_an_article_keeps_its_pictures_covers_and_collection(at_work, essay, picture, through):
    bench = await at_work("bilibili")
    media = tuple(picture(f"anh-{n}") for n in range(3))
    done, known = await through(bench.session, essay(media=media))
    fields = bench.platform.memory["articles"][done.remote_id]["fields"]
    fields["list_id"] = "462"
    before = dict(fields)
    changed = replace(known, title="春茶再记", text=LONG + "补充", media=())
    await editing.edit(bench.session, done.remote_id, changed)
    after = bench.platform.memory["articles"][done.remote_id]["fields"]
    assert after["title"] == "春茶再记"
    assert "补充" in after["content"]
    assert after["content"].count("<img ") == 3
    assert {key: after[key] for key in ("image_urls", "template_id", "list_id")} == {
        key: before[key] for key in ("image_urls", "template_id", "list_id")
    }
