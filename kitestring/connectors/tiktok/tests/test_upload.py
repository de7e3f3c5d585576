"""A video on its way up: in pieces, gone on with, begun anew; its number stands before a byte leaves, and settles every doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kitestring.connectorkit.contract import Processing, Published
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.tiktok import publishing, stands, uploading
from kitestring.connectors.tiktok.client import Api
from kitestring.connectors.tiktok.stands import Known
from kitestring.kit import clock

LARGE = 19_000_123  # three pieces of 6 MB, the last one larger


def puts(there):
    return [seen.headers["Content-Range"] for seen in there.faults.seen if seen.method == "PUT"]


def begun(there):
    return sum("/init/" in seen.path for seen in there.faults.seen)


def in_the_dark(duty):
    """What a look-up has after a process died: no handle, no files, what was kept of them."""
    return replace(duty, media=(), handle="")


def test_pieces_are_cut_as_the_guide_cuts_them(known):
    told = known["pieces"]
    post = Known("n", size=told["size"], piece=told["chunk_size"])
    at, ranges = 0, []
    while at < post.size:
        end = post.size if at == uploading._last(post) else at + post.piece
        ranges.append([at, end - 1])
        at = end
    assert ranges == told["ranges"]
    assert told["size"] // told["chunk_size"] == told["total_chunk_count"] == len(ranges)


@pytest.mark.parametrize(
    ("size", "piece", "taken", "wanted"),
    [
        (10, 10, 0, 0),
        (10, 10, 10, 10),
        (25, 10, 10, 10),
        (25, 10, 19, 10),
        (25, 10, 24, 10),
        (25, 10, 25, 25),
        (9, 9, 4, 0),
    ],
)
def test_where_an_upload_goes_on(size, piece, taken, wanted):
    assert uploading.boundary(Known("n", size=size, piece=piece), taken) == wanted


@pytest.mark.parametrize(
    ("told", "wanted"), [(9, 10), (10, 10), (19, 20), (20, 20), (24, 25), (25, 25), (13, 13)]
)
def test_a_progress_is_read_by_both_readings_of_it(told, wanted):
    assert uploading.counted(Known("n", size=25, piece=10), told) == wanted


async def test_a_large_file_goes_up_in_pieces(at_work, clip, film, through):
    there = await at_work("tiktok")
    done, _ = await through(there.session, clip(media=film(LARGE)))
    assert isinstance(done, Published)
    assert puts(there) == [
        f"bytes 0-5999999/{LARGE}", f"bytes 6000000-11999999/{LARGE}", f"bytes 12000000-19000122/{LARGE}",
    ]  # fmt: skip
    (post,) = there.platform.posts()
    assert post.media == [{"bytes": LARGE}]


async def test_it_goes_on_where_tiktok_says_it_is(at_work, clip, film, through):
    there, duty = await at_work("tiktok"), clip(media=film(LARGE))
    there.faults.next(Fault("drop_after", at="store", skip=1))  # the second piece arrived, its answer did not
    with pytest.raises(RetryLater):
        await publishing.publish(there.session, duty)
    assert await publishing.look_up(there.session, in_the_dark(duty)) is None
    done, _ = await through(there.session, duty)
    assert isinstance(done, Published)
    assert len(puts(there)) == 3
    assert begun(there) == 1
    assert len(there.platform.posts()) == 1


async def test_a_piece_it_does_not_wait_for_is_gone_on_from_its_own_count(
    at_work, clip, film, through, monkeypatch
):
    """The state may be behind: the upload's own answer says where it is."""
    there, duty = await at_work("tiktok"), clip(media=film(LARGE))
    there.faults.next(Fault("drop_after", at="store", skip=1))
    with pytest.raises(RetryLater):
        await publishing.publish(there.session, duty)
    told = stands.told_of
    monkeypatch.setattr(stands, "told_of", lambda body: replace(told(body), uploaded=0))
    assert isinstance(await publishing.publish(there.session, duty), Processing)
    assert [line.split("-")[0] for line in puts(there)] == [
        "bytes 0",
        "bytes 6000000",
        "bytes 0",
        "bytes 12000000",
    ]
    assert len(there.platform.posts()) == 1


async def test_a_process_that_died_after_the_last_piece_left_one_post(at_work, clip, through):
    there, duty = await at_work("tiktok"), clip()
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(there.session, duty)
    found = await publishing.look_up(there.session, in_the_dark(duty))
    assert isinstance(found, Processing)
    again, _ = await through(there.session, duty)
    assert isinstance(again, Published)
    assert len(there.platform.posts()) == begun(there) == len(puts(there)) == 1


async def test_an_address_that_is_over_is_begun_anew(at_work, clip, through):
    there, duty = await at_work("tiktok"), clip()
    there.faults.next(Fault("drop_before", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(there.session, duty)
    clock.move(clock.offset() + timedelta(minutes=61))
    try:
        assert await publishing.look_up(there.session, in_the_dark(duty)) is None
        done, _ = await through(there.session, duty)
    finally:
        clock.move(timedelta(0))
    assert isinstance(done, Published)
    assert begun(there) == 2
    assert len(there.platform.posts()) == 1


async def test_an_upload_that_arrived_after_all_is_not_sent_again(at_work, clip, monkeypatch):
    """TikTok's state was behind, and its upload host knows the task no more: it is asked once more before a new one is begun."""
    there, duty = await at_work("tiktok"), clip()
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(there.session, duty)
    told, answers = stands.told_of, [0, 0]
    monkeypatch.setattr(
        stands, "told_of",
        lambda body: stands.Told("PROCESSING_UPLOAD", uploaded=answers.pop()) if answers else told(body),
    )  # fmt: skip
    assert isinstance(await publishing.publish(there.session, duty), Processing | Published)
    assert begun(there) == 1
    assert len(there.platform.posts()) == 1


async def test_a_number_that_cannot_be_written_down_sends_nothing(at_work, clip):
    class Away(Kept):
        async def keep(self, *args, **more):
            await super().keep(*args, **more)
            return False

    there = await at_work("tiktok")
    with pytest.raises(RetryLater) as caught:
        await publishing.publish(there.session, replace(clip(), uploads=Away()))
    assert caught.value.reason == "not_kept"
    assert puts(there) == []


async def test_what_failed_is_begun_anew_when_a_person_sends_it_again(at_work, clip, through):
    there, duty = await at_work("tiktok"), clip()
    there.platform.memory["fails"] = "internal"
    outcome = await publishing.publish(there.session, duty)
    with pytest.raises(Exception, match="failed_there"):
        await publishing.follow(there.session, replace(duty, handle=outcome.handle, media=()))
    assert await publishing.look_up(there.session, replace(duty, handle=outcome.handle, media=())) is None
    done, _ = await through(there.session, replace(duty, handle=outcome.handle))
    assert isinstance(done, Published)
    assert len(there.platform.posts()) == 1


async def test_a_restored_duty_without_a_number_is_a_persons(at_work, clip):
    there = await at_work("tiktok")
    with pytest.raises(Ambiguous) as caught:
        await publishing.look_up(there.session, replace(in_the_dark(clip()), restored=True))
    assert caught.value.reason == "handle_lost"


async def test_a_number_that_is_not_known_after_its_whole_file_arrived_is_a_persons(
    at_work, clip, monkeypatch
):
    there, duty = await at_work("tiktok"), clip()
    duty = replace(duty, handle=(await publishing.publish(there.session, duty)).handle)
    ask = Api.ask

    async def forgetful(self, path, *given, **more):
        if path.endswith("status/fetch"):
            raise Rejected("", "not_there", said="invalid_publish_id")
        return await ask(self, path, *given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Api, "ask", forgetful)
        for again in (publishing.look_up(there.session, replace(duty, media=())),
                      publishing.publish(there.session, duty)):  # fmt: skip
            with pytest.raises(Ambiguous) as caught:
                await again
            assert caught.value.reason == "number_unheard"
    found = await publishing.look_up(there.session, replace(duty, media=()))
    assert isinstance(found, Processing | Published)
    assert (begun(there), len(there.platform.posts())) == (1, 1)


async def test_a_number_of_another_account_or_of_long_ago_is_a_persons(at_work, clip):
    there = await at_work("tiktok")
    duty = in_the_dark(clip())
    long_ago = Known("v_pub_file~v2-1.9", size=9, at=(clock.now() - timedelta(days=3)).isoformat())
    with pytest.raises(Ambiguous):
        await publishing.look_up(there.session, replace(duty, handle=long_ago.text))
    young = replace(long_ago, at=clock.now().isoformat())
    await duty.uploads.keep(clip().media[0], young.text, place=uploading.PLACE, taken=0)
    assert await publishing.look_up(there.session, duty) is None
    there.platform.memory["publishings"] = {"v.1": {"account": "somebody-else"}}
    with pytest.raises(Ambiguous):
        await publishing.look_up(there.session, replace(duty, handle=Known("v.1", at=young.at).text))
