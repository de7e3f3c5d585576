"""Files first, one submission, and nothing is said to be published before the review is through."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from kitestring.connectorkit.contract import Processing, Published
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectors.bilibili import emulator, publishing, uploading
from kitestring.connectors.bilibili.client import same
from kitestring.kit import clock

PIECE = 1024


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(uploading, "SMALL", PIECE)
    monkeypatch.setattr(uploading, "PIECE", PIECE)


def archives(bench):
    return bench.platform.memory.get("archives", {})


def calls(bench, path):
    return [one for one in bench.faults.seen if one.path.partition("?")[0].endswith(path)]


async def submitted(bench, outgoing):
    """(the duty with its handle, what its submission ended as)."""
    first = await publishing.publish(bench.session, outgoing)
    known = replace(outgoing, handle=first.handle)
    return known, await publishing.follow(bench.session, known)


async def test_the_review_is_waited_for_and_told(at_work, clip):
    bench = await at_work("bilibili")
    bench.platform.memory["review"] = "by_hand"
    outgoing = clip(link="https://vidu.vn/tra", options={"no_reprint": "yes"})
    first = await publishing.publish(bench.session, outgoing)
    assert isinstance(first, Processing)
    assert (first.handed_over, first.waits_for) == (False, "")
    assert archives(bench) == {}
    known = replace(outgoing, handle=first.handle)
    second = await publishing.follow(bench.session, known)
    assert isinstance(second, Processing)
    assert (second.handed_over, second.waits_for) == (True, "under_review")
    assert second.poll_after == 60
    waits = []
    for _ in range(7):
        known = replace(outgoing, handle=second.handle)
        second = await publishing.follow(bench.session, known)
        assert isinstance(second, Processing)
        waits.append(second.poll_after)
    assert waits == [120, 240, 480, 960, 1800, 1800, 1800]
    assert bench.platform.posts() == []
    emulator.confirm(bench.platform, second.handle)
    done = await publishing.follow(bench.session, known)
    assert done == Published(done.remote_id, f"{bench.base_url}/video/{done.remote_id}")
    [row] = archives(bench).values()
    told = row["fields"]
    assert told["cover"].startswith(bench.base_url)
    assert {key: told[key] for key in ("title", "tid", "tag", "desc", "copyright", "no_reprint")} == {
        "title": "春茶上市", "tid": 21, "tag": "茶,春天", "desc": "新茶到店\nhttps://vidu.vn/tra",
        "copyright": 1, "no_reprint": 1,
    }  # fmt: skip
    assert "source" not in told


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("open", "published"),
        ("open_as_text", "published"),
        ("waiting", "waiting"),
        ("strange_state", "waiting"),
        ("no_state", "waiting"),
        ("returned", "review_refused"),
        ("returned_with_words", "review_refused"),
        ("locked", "review_refused"),
        ("deleted", "work_gone"),
    ],
)
async def test_each_state_ends_as_what_it_is(at_work, clip, answers, monkeypatch, name, ends):
    bench = await at_work("bilibili")
    told = answers[name]["body"]["data"]

    async def say(*_args, **_asked):
        return told

    monkeypatch.setattr("kitestring.connectors.bilibili.client.Bili.read", say)
    known = clip(handle=json.dumps({"id": "BV1xx411c7mD"}))
    if ends in ("published", "waiting"):
        outcome = await publishing.follow(bench.session, known)
        assert isinstance(outcome, Published if ends == "published" else Processing)
        return
    with pytest.raises(Rejected) as caught:
        await publishing.follow(bench.session, known)
    assert caught.value.reason == ends
    assert caught.value.said == (told["addit_info"]["reject_reason"] or told["addit_info"]["state_desc"])


async def test_a_refusal_comes_with_the_reviewers_words(at_work, clip, through):
    bench = await at_work("bilibili")
    bench.platform.memory["refusing"] = "画面含二维码，请修改后重新投递"
    with pytest.raises(Rejected) as caught:
        await through(bench.session, clip())
    assert (caught.value.reason, caught.value.said) == ("review_refused", "画面含二维码，请修改后重新投递")
    assert bench.platform.posts() == []


async def test_one_deleted_while_it_was_reviewed_is_told(at_work, clip):
    bench = await at_work("bilibili")
    known, second = await submitted(bench, clip())
    archives(bench).clear()
    with pytest.raises(Rejected) as caught:
        await publishing.follow(bench.session, replace(known, handle=second.handle))
    assert caught.value.reason == "work_gone"


async def test_a_large_file_goes_in_numbered_pieces_and_goes_on_where_it_broke(
    at_work, clip, film, small_pieces, through
):
    bench = await at_work("bilibili")
    outgoing = clip(media=film(3 * PIECE + 100))
    bench.faults.next(Fault("drop_before", at="upload", skip=2))
    with pytest.raises(RetryLater):
        await publishing.publish(bench.session, outgoing)
    kept = outgoing.uploads.get(outgoing.media[0], "video")
    assert (kept.taken, len(calls(bench, "/video/v2/part/upload"))) == (2 * PIECE, 3)
    done, _ = await through(bench.session, outgoing)
    assert isinstance(done, Published)
    numbers = [one.path.rpartition("part_number=")[2] for one in calls(bench, "/video/v2/part/upload")]
    assert numbers == ["1", "2", "3", "3", "4"]
    assert len(calls(bench, "/archive/video/init")) == len(calls(bench, "/archive/video/complete")) == 1


async def test_a_piece_whose_answer_was_lost_is_sent_once_more_in_its_place(
    at_work, clip, film, small_pieces, through
):
    bench = await at_work("bilibili")
    outgoing = clip(media=film(2 * PIECE + 10))
    bench.faults.next(Fault("drop_after", at="upload", skip=1))
    with pytest.raises(RetryLater):
        await publishing.publish(bench.session, outgoing)
    done, _ = await through(bench.session, outgoing)
    assert isinstance(done, Published)
    assert len(archives(bench)) == 1


async def test_an_upload_that_bilibili_lost_in_the_middle_begins_anew_in_the_same_try(
    at_work, clip, film, small_pieces
):
    bench = await at_work("bilibili")
    outgoing = clip(media=film(2 * PIECE))
    bench.faults.next(Fault("error_before", at="upload", skip=1))
    with pytest.raises(RetryLater):
        await publishing.publish(bench.session, outgoing)
    emulator.lose_files(bench.platform)
    outcome = await publishing.publish(bench.session, outgoing)
    assert isinstance(outcome, Processing)
    assert len(calls(bench, "/archive/video/init")) == 2
    assert outgoing.uploads.get(outgoing.media[0], "video").taken is None


async def test_the_cover_goes_up_once_and_a_small_still_not_at_all(at_work, clip, film, through):
    bench = await at_work("bilibili")
    bench.platform.memory["no_limits"] = True
    outgoing = clip()
    await publishing.publish(bench.session, outgoing)
    await publishing.publish(bench.session, outgoing)
    assert len(calls(bench, "/archive/cover/upload")) == len(calls(bench, "/video/v2/upload")) == 1
    small = clip(media=film(side=(640, 480)))
    done, _ = await through(bench.session, small)
    assert archives(bench)[done.remote_id]["fields"].get("cover") is None
    assert len(calls(bench, "/archive/cover/upload")) == 1


@pytest.mark.parametrize("fault", ["drop_after", "error_after", "timeout_after"])
async def test_after_a_lost_answer_the_one_that_was_not_there_before_is_ours(at_work, clip, through, fault):
    """An older work of the same title stands there already."""
    bench = await at_work("bilibili", timeout=1.0)
    bench.platform.memory["no_limits"] = True
    older, _ = await through(bench.session, clip())
    outgoing = clip()
    known = replace(outgoing, handle=(await publishing.publish(bench.session, outgoing)).handle)
    assert json.loads(known.handle)["before"] == [older.remote_id]
    assert await publishing.look_up(bench.session, known) is None
    bench.faults.next(Fault(fault, at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(bench.session, known)
    found = await publishing.look_up(bench.session, known)
    assert isinstance(found, Processing)
    assert json.loads(found.handle)["id"] != older.remote_id
    assert len(archives(bench)) == 2


async def test_a_title_said_to_be_repeated_is_ours_when_an_earlier_try_arrived(at_work, clip):
    bench = await at_work("bilibili")
    outgoing = clip()
    known = replace(outgoing, handle=(await publishing.publish(bench.session, outgoing)).handle)
    bench.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(bench.session, known)
    [ours] = archives(bench)
    bench.platform.memory["videos"][json.loads(known.handle)["token"]] = {
        "account": "hien-ca-phe", "ready": True, "way": "1",
    }  # fmt: skip
    again = await publishing.follow(bench.session, known)
    assert isinstance(again, Processing)
    assert json.loads(again.handle)["id"] == ours
    assert list(archives(bench)) == [ours]


async def test_a_title_that_is_anothers_is_told_and_not_taken_for_ours(at_work, clip, through):
    bench = await at_work("bilibili")
    await through(bench.session, clip())
    with pytest.raises(Rejected) as caught:
        await through(bench.session, clip())
    assert (caught.value.field, caught.value.reason) == ("title", "title_repeated")
    assert len(archives(bench)) == 1


def test_titles_are_compared_as_people_read_them():
    assert same("Trà &amp; bánh  新茶", "Trà & bánh 新茶")
    assert same(None, "")
    assert not same("春茶上市", "春茶上市了")


async def test_several_new_ones_of_one_title_are_for_a_person(at_work, clip, through):
    bench = await at_work("bilibili")
    bench.platform.memory["no_limits"] = True
    outgoing = clip()
    known = replace(outgoing, handle=(await publishing.publish(bench.session, outgoing)).handle)
    for _ in range(2):
        await through(bench.session, clip())
    with pytest.raises(Ambiguous) as caught:
        await publishing.look_up(bench.session, known)
    assert caught.value.reason == "several_of_this_title"


async def test_a_handle_that_was_lost_proves_nothing(at_work, clip):
    bench = await at_work("bilibili")
    assert await publishing.look_up(bench.session, clip()) is None
    with pytest.raises(Ambiguous) as caught:
        await publishing.look_up(bench.session, clip(restored=True))
    assert caught.value.reason == "handle_lost"


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"options": {"copyright": "2"}}, "options.source", "source_missing"),
        ({"options": {"copyright": "2", "source": "  "}}, "options.source", "source_missing"),
        ({"options": {"tags": "，、#"}}, "options.tags", "tags_refused"),
        ({"options": {"category": "99999"}}, "options.category", "category_refused"),
        ({"text": "茶" * 230, "link": "https://vidu.vn/tra-sen-mua-thu"}, "text", "too_long_alone"),
    ],
)
async def test_what_the_manifest_cannot_tell_is_refused_before_anything_is_sent(
    at_work, clip, changed, field, reason
):
    bench = await at_work("bilibili")
    asked = len(bench.faults.seen)
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, clip(**changed))
    assert (caught.value.field, caught.value.reason) == (field, reason)
    assert len(bench.faults.seen) == asked


async def test_edge_texts_fit_and_a_repost_names_its_source(at_work, clip, through):
    """Emoji and Vietnamese count as letters; 80 and 249 of them are taken as they are."""
    bench = await at_work("bilibili")
    title, text = "Trà ướp sen🍵 新茶" + "茶" * 65, "ẫ🍵茶" * 83
    assert (len(title), len(text)) == (80, 249)
    outgoing = clip(
        text, title=title, options={"copyright": "2", "source": "老师傅的频道", "tags": "#茶,  茶 ,trà sen"}
    )
    done, _ = await through(bench.session, outgoing)
    item, told = bench.platform.items[done.remote_id], archives(bench)[done.remote_id]["fields"]
    assert (item.title, item.text) == (title, text)
    assert (told["copyright"], told["source"], told["tag"]) == (2, "老师傅的频道", "茶,trà sen")


async def test_two_works_in_a_row_wait_half_a_minute_and_a_new_member_has_five_a_day(at_work, clip, through):
    bench = await at_work("bilibili")
    bench.platform.memory["new_member"] = True
    await through(bench.session, clip(title="第1条"))
    with pytest.raises(RetryLater) as caught:
        await through(bench.session, clip(title="第2条"))
    assert (caught.value.reason, caught.value.after) == ("busy", 30)
    moved = clock.offset()
    try:
        for number in range(2, 6):
            clock.move(clock.offset() + timedelta(minutes=1))
            await through(bench.session, clip(title=f"第{number}条"))
        clock.move(clock.offset() + timedelta(minutes=1))
        with pytest.raises(RetryLater) as caught:
            await through(bench.session, clip(title="第6条"))
        assert caught.value.reason == "uploads_used"
    finally:
        clock.move(moved)


async def test_deleting_is_quiet_when_it_is_gone(at_work, clip, through):
    bench = await at_work("bilibili")
    done, _ = await through(bench.session, clip())
    await publishing.withdraw(bench.session, done.remote_id)
    assert archives(bench) == {}
    await publishing.withdraw(bench.session, done.remote_id)
