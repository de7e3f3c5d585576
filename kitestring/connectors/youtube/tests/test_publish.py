"""Unseen while it goes up and is processed, live once; uploads that go on where they broke; what is refused, and how."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kitestring.connectorkit.contract import Processing, Published
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.youtube import publishing
from kitestring.connectors.youtube.wording import description
from kitestring.providers.google import resumable

GRAIN = 256 * 1024


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(resumable, "PIECE", GRAIN)


def rows(bench):
    return list(bench.platform.memory["videos"].values())


def puts(bench):
    return [s.headers.get("Content-Range") for s in bench.faults.seen if s.method == "PUT" and s.takes_files]


async def test_nobody_sees_it_before_it_is_processed(at_work, clip):
    bench = await at_work("youtube")
    outgoing = clip(
        link="https://vidu.vn/tra", options={"tags": "trà, , trà,sen", "ai_made": "yes", "paid": "yes"}
    )
    outcome = await publishing.publish(bench.session, outgoing)
    assert isinstance(outcome, Processing)
    assert outcome.handed_over is False
    known = replace(outgoing, handle=outcome.handle)
    assert rows(bench)[0]["status"]["privacyStatus"] == "private"
    assert bench.platform.posts() == []
    waiting = await publishing.follow(bench.session, known)
    assert isinstance(waiting, Processing)
    assert bench.platform.posts() == []
    done = await publishing.follow(bench.session, known)
    assert done.url == f"{bench.base_url}/watch?v={done.remote_id}"
    item = bench.platform.items[done.remote_id]
    assert (item.title, item.text) == ("Trà sen", "Pha trà sen 新茶\n\nhttps://vidu.vn/tra")
    [row] = rows(bench)
    assert row["snippet"]["tags"] == ["trà", "sen"]
    assert row["status"]["containsSyntheticMedia"] is True
    assert row["paid"] == {"hasPaidProductPlacement": True}


async def test_words_changed_between_two_tries_are_those_that_go_live(at_work, clip, through):
    bench = await at_work("youtube")
    outgoing = clip("Cũ")
    await publishing.publish(bench.session, outgoing)
    done, _ = await through(bench.session, replace(outgoing, text="Mới"))
    assert bench.platform.items[done.remote_id].text == "Mới"
    assert len(rows(bench)) == 1


async def test_an_upload_goes_on_where_the_channel_says_it_is(at_work, clip, film, small_pieces, through):
    bench = await at_work("youtube")
    outgoing = clip(media=film(3 * GRAIN + 10))
    bench.faults.next(
        Fault("drop_after", at="upload", skip=1)
    )  # the second piece is there, its answer is lost
    with pytest.raises(RetryLater):
        await publishing.publish(bench.session, outgoing)
    [kept] = [upload for upload, _ in outgoing.uploads.known.values()]
    assert kept.taken == GRAIN
    bench.faults.seen.clear()
    done, _ = await through(bench.session, outgoing)
    size = 3 * GRAIN + 10
    assert puts(bench) == [
        f"bytes */{size}",
        f"bytes {2 * GRAIN}-{3 * GRAIN - 1}/{size}",
        f"bytes {3 * GRAIN}-{size - 1}/{size}",
    ]
    assert isinstance(done, Published)
    assert len(rows(bench)) == 1


async def test_a_piece_taken_in_part_is_sent_from_there(at_work, clip, film, monkeypatch, through):
    monkeypatch.setattr(resumable, "PIECE", 4 * GRAIN)
    bench = await at_work("youtube")
    outgoing = clip(media=film(4 * GRAIN))
    bench.platform.memory["breaks_in_the_middle"] = True
    with pytest.raises(RetryLater):
        await publishing.publish(bench.session, outgoing)
    bench.faults.seen.clear()
    await through(bench.session, outgoing)
    assert puts(bench)[1] == f"bytes {2 * GRAIN}-{4 * GRAIN - 1}/{4 * GRAIN}"


async def test_the_last_answer_lost_is_asked_for_and_nothing_is_sent_twice(at_work, clip, through):
    bench = await at_work("youtube")
    outgoing = clip()
    bench.faults.next(Fault("drop_after", at="upload"))
    with pytest.raises(RetryLater):
        await publishing.publish(bench.session, outgoing)
    bench.faults.seen.clear()
    await through(bench.session, outgoing)
    assert puts(bench) == ["bytes */2000"]
    assert len(rows(bench)) == 1


async def test_a_session_that_is_over_is_begun_anew_in_the_same_try(
    at_work, clip, film, small_pieces, through
):
    bench = await at_work("youtube")
    outgoing = clip(media=film(2 * GRAIN))
    bench.faults.next(Fault("error_before", at="upload", skip=1))
    with pytest.raises(RetryLater):
        await publishing.publish(bench.session, outgoing)
    bench.platform.memory["sessions"].clear()
    done, _ = await through(bench.session, outgoing)
    assert isinstance(done, Published)


async def test_a_video_deleted_in_the_library_is_told_and_goes_up_anew(at_work, clip, through):
    bench = await at_work("youtube")
    outgoing = clip()
    outcome = await publishing.publish(bench.session, outgoing)
    bench.power.emulator.lose_files(bench.platform)
    known = replace(outgoing, handle=outcome.handle)
    assert await publishing.look_up(bench.session, known) is None
    with pytest.raises(Rejected) as caught:
        await publishing.follow(bench.session, known)
    assert caught.value.reason == "file_lost"
    done, _ = await through(bench.session, known)
    assert isinstance(done, Published)
    assert len(bench.platform.posts()) == 1


async def test_a_video_that_is_kept_private_is_not_called_published(at_work, clip, through):
    bench = await at_work("youtube")
    bench.platform.memory["keeps_private"] = True
    outgoing = clip()
    with pytest.raises(Rejected) as caught:
        await through(bench.session, outgoing)
    assert (caught.value.field, caught.value.reason) == ("options.privacy", "kept_private")
    assert bench.platform.posts() == []


async def test_a_private_video_is_done_when_it_is_processed_and_in_its_list(at_work, clip, through):
    bench = await at_work("youtube")
    [playlist, _] = bench.session.settings["playlists"]
    outgoing = clip(options={"privacy": "private", "playlist": playlist["value"]})
    done, known = await through(bench.session, outgoing)
    assert bench.platform.memory["listed"][playlist["value"]] == [done.remote_id]
    assert await publishing.look_up(bench.session, known) == done
    assert bench.platform.posts() == []


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"uploadStatus": "failed", "failureReason": "codec"}, "processing_failed"),
        ({"uploadStatus": "rejected", "rejectionReason": "duplicate"}, "video_known"),
        ({"uploadStatus": "rejected", "rejectionReason": "copyright"}, "rights_refused"),
        ({"uploadStatus": "rejected", "rejectionReason": "termsOfUse"}, "rules_refused"),
        ({"uploadStatus": "rejected", "rejectionReason": "length"}, "duration_refused"),
    ],
)
async def test_what_youtube_finds_wrong_with_the_file_is_told(at_work, clip, told, reason):
    bench = await at_work("youtube")
    outgoing = clip()
    outcome = await publishing.publish(bench.session, outgoing)
    rows(bench)[0]["broken"] = told
    with pytest.raises(Rejected) as caught:
        await publishing.follow(bench.session, replace(outgoing, handle=outcome.handle))
    assert (caught.value.field, caught.value.reason) == ("media", reason)


async def test_a_playlist_gets_the_video_once_and_a_lost_answer_changes_nothing(at_work, clip):
    bench = await at_work("youtube")
    [playlist, _] = bench.session.settings["playlists"]
    outgoing = clip(options={"playlist": playlist["value"]})
    outcome = await publishing.publish(bench.session, outgoing)
    known = replace(outgoing, handle=outcome.handle)
    await publishing.follow(bench.session, known)
    bench.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(bench.session, known)
    found = await publishing.look_up(bench.session, known)
    assert isinstance(found, Published)
    await publishing.follow(bench.session, known)
    assert bench.platform.memory["listed"][playlist["value"]] == [found.remote_id]


async def test_a_thumbnail_that_is_refused_leaves_the_video_unseen(at_work, clip, through):
    bench = await at_work("youtube")
    bench.platform.memory["refuses_thumbnails"] = True
    outgoing = clip(options={"own_cover": "yes"})
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, outgoing)
    assert (caught.value.field, caught.value.reason) == ("options.own_cover", "cover_refused")
    assert bench.platform.posts() == []
    bench.platform.memory["refuses_thumbnails"] = False
    await through(bench.session, outgoing)
    assert rows(bench)[0]["thumbnail"] == outgoing.media[0].cover.stat().st_size
    assert len(rows(bench)) == 1


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"title": "a < b"}, "title", "angle_brackets"),
        ({"text": "x > y"}, "text", "angle_brackets"),
        (
            {"options": {"tags": ",".join(f"trà sen số {n}" for n in range(40))}},
            "options.tags",
            "tags_too_long",
        ),
        ({"text": "茶" * 1667}, "text", "too_long"),
    ],
)
async def test_what_youtube_would_refuse_is_refused_before_anything_is_sent(
    at_work, clip, change, field, reason
):
    bench = await at_work("youtube")
    asked = len(bench.faults.seen)
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, replace(clip(), **change))
    assert (caught.value.field, caught.value.reason) == (field, reason)
    assert len(bench.faults.seen) == asked


async def test_a_channel_that_is_not_verified_may_not_send_long_videos(at_work, clip, film):
    bench = await at_work("youtube")
    outgoing = clip(media=film(duration=901.0))
    publishing.check(bench.session, outgoing)
    unverified = replace(bench.session, settings={**bench.session.settings, "long_uploads": "eligible"})
    with pytest.raises(Rejected) as caught:
        publishing.check(unverified, outgoing)
    assert caught.value.reason == "channel_not_verified"


async def test_a_days_uploads_end_at_a_hundred(at_work, clip):
    bench = await at_work("youtube")
    await publishing.publish(bench.session, clip())
    [day] = bench.platform.memory["quota"].values()
    day["uploads"] = 100
    with pytest.raises(RetryLater) as caught:
        await publishing.publish(bench.session, replace(clip(), uploads=Kept()))
    assert caught.value.reason == "quota_used"
    assert 0 < caught.value.after <= 86400


async def test_a_link_in_the_text_is_not_said_twice(clip):
    assert description(clip("Xem https://vidu.vn/tra nhé", link="https://vidu.vn/tra")).count("vidu.vn") == 1


async def test_what_a_backup_forgot_is_not_called_unpublished(at_work, clip):
    bench = await at_work("youtube")
    with pytest.raises(Ambiguous) as caught:
        await publishing.look_up(bench.session, replace(clip(), restored=True))
    assert caught.value.reason == "handle_lost"
