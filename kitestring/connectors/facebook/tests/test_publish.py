"""Drafts and the word that publishes, links beside pictures, files that were cleared away, comments and messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kitestring.connectorkit.contract import Media, Processing, Published
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.facebook import editing, publishing
from kitestring.kit import clock


async def through(session, outgoing):
    first = await publishing.publish(session, outgoing)
    return await publishing.follow(session, replace(outgoing, handle=first.handle))


@pytest.fixture
def moved():
    yield clock.move
    clock.move(timedelta(0))


async def test_a_post_is_seen_by_nobody_until_the_second_step(at_work, duty):
    bench = await at_work("facebook")
    outgoing = duty("post", "Trà sen", link="https://vidu.vn/tra", options={"sponsor_id": " 1234567 "})
    first = await publishing.publish(bench.session, outgoing)
    assert isinstance(first, Processing)
    assert not first.handed_over
    assert bench.platform.posts() == []
    known = replace(outgoing, handle=first.handle)
    assert await publishing.look_up(bench.session, known) is None
    done = await publishing.follow(bench.session, known)
    assert isinstance(done, Published)
    assert done.url.startswith("http")
    [item] = bench.platform.posts()
    assert (item.extra["link"], item.extra["sponsor"]) == ("https://vidu.vn/tra", "1234567")
    assert await publishing.look_up(bench.session, known) == done
    assert await publishing.publish(bench.session, known) == done  # said again, it is the same post
    assert len(bench.platform.posts()) == 1


async def test_a_link_beside_pictures_closes_the_text(at_work, duty, picture):
    bench = await at_work("facebook")
    link = "https://vidu.vn/tra"
    done = await through(bench.session, duty("post", "Ảnh mới", link=link, media=(picture(),)))
    assert bench.platform.items[done.remote_id].text == f"Ảnh mới\n\n{link}"
    again = await through(bench.session, duty("post", f"Xem {link} nhé", link=link, media=(picture(),)))
    assert bench.platform.items[again.remote_id].text == f"Xem {link} nhé"
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, duty("post", "x" * 63_200, link=link, media=(picture(),)))
    assert (caught.value.field, caught.value.reason) == ("text", "too_long")


async def test_alt_text_goes_with_its_picture(at_work, duty, picture):
    bench = await at_work("facebook")
    done = await through(bench.session, duty("post", "", media=(picture(alt="Ly trà 茶"),)))
    assert bench.platform.items[done.remote_id].media[0]["alt"] == "Ly trà 茶"


async def test_a_draft_deleted_meanwhile_is_made_anew_or_told(at_work, duty):
    bench = await at_work("facebook")
    outgoing = duty("post", "Trà sen")
    first = await publishing.publish(bench.session, outgoing)
    bench.platform.memory["drafts"].clear()
    known = replace(outgoing, handle=first.handle)
    assert await publishing.look_up(bench.session, known) is None
    with pytest.raises(Rejected) as caught:
        await publishing.follow(bench.session, known)
    assert caught.value.reason == "draft_gone"
    other = await publishing.publish(bench.session, known)
    assert other.handle != first.handle


async def test_a_handle_lost_with_a_backup_proves_nothing(at_work, duty):
    bench = await at_work("facebook")
    assert await publishing.look_up(bench.session, duty("post", "x")) is None
    with pytest.raises(Ambiguous) as caught:
        await publishing.look_up(bench.session, duty("post", "x", restored=True))
    assert caught.value.reason == "handle_lost"


async def test_a_lost_draft_is_no_doubt(at_work, duty):
    """Nobody sees a draft: when its answer is lost, another one is made."""
    bench = await at_work("facebook")
    bench.faults.next(Fault("drop_after"))
    with pytest.raises(RetryLater):
        await publishing.publish(bench.session, duty("post", "Trà sen"))
    assert bench.platform.posts() == []


async def test_the_same_words_right_after_each_other_are_refused_in_words(at_work, duty):
    bench = await at_work("facebook")
    bench.platform.memory["refuses_twice"] = True
    await through(bench.session, duty("post", "Trà sen"))
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, duty("post", "Trà sen"))
    assert (caught.value.field, caught.value.reason) == ("text", "duplicate")


async def test_what_is_wrong_is_refused_before_a_call(at_work, duty):
    bench = await at_work("facebook")
    asked = len(bench.faults.seen)
    for outgoing, reason in (
        (duty("post", "x", options={"sponsor_id": "The Tea House"}), "sponsor_unknown"),
        (duty("reply", "x", reply_to="../me"), "not_there"),
        (duty("message", "x", reply_to="m/1"), "not_there"),
    ):
        with pytest.raises(Rejected) as caught:
            await publishing.publish(bench.session, outgoing)
        assert caught.value.reason == reason
    assert len(bench.faults.seen) == asked


async def test_two_comments_alike_are_for_a_person_to_tell_apart(at_work, duty):
    bench = await at_work("facebook")
    done = await through(bench.session, duty("post", "Trà sen"))
    one, two = (duty("reply", "Cảm ơn", reply_to=done.remote_id, root=done.remote_id) for _ in range(2))
    assert await publishing.look_up(bench.session, one) is None
    await publishing.publish(bench.session, one)
    assert isinstance(await publishing.look_up(bench.session, one), Published)
    await publishing.publish(bench.session, two)
    with pytest.raises(Ambiguous) as caught:
        await publishing.look_up(bench.session, two)
    assert caught.value.reason == "several_alike"


async def test_an_answer_to_what_is_gone_says_so(at_work, duty):
    bench = await at_work("facebook")
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, duty("reply", "Ơ", reply_to="1_2", root="1_2"))
    assert (caught.value.field, caught.value.reason) == ("reply_to", "deleted")
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, duty("message", "Ơ", reply_to="m_2", root="t_99"))
    assert (caught.value.field, caught.value.reason) == ("reply_to", "deleted")
    assert await publishing.look_up(bench.session, duty("message", "Ơ", reply_to="m_2", root="t_99")) is None


async def test_a_message_is_answered_within_a_day_and_not_later(at_work, duty, moved):
    bench = await at_work("facebook")
    bench.platform.message(bench.session.remote_id, "lan", "Lan", "Còn bàn không?")
    page = await bench.power.inbox.fetch(bench.session, [], "")
    [asked] = page.messages
    assert asked.answer_by - asked.at == timedelta(hours=24)
    letter = duty("message", "Còn ạ", reply_to=asked.remote_id, root=asked.thread)
    done = await publishing.publish(bench.session, letter)
    assert bench.platform.items[done.remote_id].text == "Còn ạ"
    with pytest.raises(Rejected) as caught:
        await publishing.withdraw(bench.session, done.remote_id)
    assert caught.value.reason == "message_stays"
    moved(timedelta(hours=25))
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, letter)
    assert caught.value.reason == "reply_window_over"


async def test_only_the_file_that_was_cleared_away_goes_up_anew(at_work, duty, picture):
    bench = await at_work("facebook")
    outgoing = duty("post", "Ảnh", media=(picture("a"), picture("b")), uploads=Kept())
    bench.faults.next(Fault("error_before", at="upload", skip=1))
    with pytest.raises(RetryLater):
        await publishing.publish(bench.session, outgoing)
    bench.platform.memory["photos"].clear()
    done = await through(bench.session, outgoing)
    assert len(bench.platform.items[done.remote_id].media) == 2


async def test_the_words_of_a_post_are_changed_and_what_cannot_be_is_told(at_work, duty):
    bench = await at_work("facebook")
    done = await through(bench.session, duty("post", "Trà sen"))
    changed = await editing.edit(bench.session, done.remote_id, duty("post", "Trà sen 新茶"))
    assert changed == done
    assert bench.platform.items[done.remote_id].text == "Trà sen 新茶"
    with pytest.raises(Rejected) as caught:
        await editing.edit(bench.session, done.remote_id, duty("message", "x"))
    assert caught.value.reason == "words_stay"


def film(folder, size=4000):
    path = folder / "pha-tra.mp4"
    path.write_bytes((b"\x00\x00\x00\x18ftypmp42 not a film " * size)[:size])
    return Media(path, "video/mp4", size, "f" * 64, "Pha trà", 1080, 1920, 12.0)


async def test_a_story_of_a_video_goes_on_where_its_upload_broke(at_work, duty, tmp_path):
    bench = await at_work("facebook")
    outgoing = duty("story", "", media=(film(tmp_path),), uploads=Kept())
    bench.platform.memory["breaks_in_the_middle"] = True
    with pytest.raises(RetryLater):
        await publishing.publish(bench.session, outgoing)
    done = await through(bench.session, outgoing)
    [row] = bench.platform.memory["videos"].values()  # one video, not two
    assert row["taken"] == row["size"] == 4000
    heads = [{key.lower(): value for key, value in seen.headers.items()} for seen in bench.faults.seen]
    offsets = [head["offset"] for head in heads if "offset" in head]
    assert offsets == ["0", "2000"]
    assert bench.platform.items[done.remote_id].extra["kind"] == "story"


async def test_a_story_whose_answer_was_lost_is_found_by_its_file(at_work, duty, picture):
    bench = await at_work("facebook")
    one, two = (duty("story", "", media=(picture(),)) for _ in range(2))
    first = await publishing.publish(bench.session, one)
    known = replace(one, handle=first.handle)
    bench.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(bench.session, known)
    found = await publishing.look_up(bench.session, known)
    assert found.remote_id in bench.platform.items
    second = await publishing.publish(bench.session, two)
    assert await publishing.look_up(bench.session, replace(two, handle=second.handle)) is None


async def test_a_story_whose_file_was_cleared_away_says_so(at_work, duty, picture):
    bench = await at_work("facebook")
    outgoing = duty("story", "", media=(picture(),))
    first = await publishing.publish(bench.session, outgoing)
    bench.platform.memory["photos"].clear()
    with pytest.raises(Rejected) as caught:
        await publishing.follow(bench.session, replace(outgoing, handle=first.handle))
    assert (caught.value.field, caught.value.reason) == ("media", "file_lost")
