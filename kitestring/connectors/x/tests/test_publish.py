"""Posts, files that take their time, polls, answers that X forbids, and the same post found again after a lost answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Outgoing, Processing, Published, Session
from kitestring.connectorkit.emulation import Fault, Platform
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.x import drafting, publishing, uploading
from kitestring.connectors.x.emulated.world import World
from kitestring.kit import clock

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]


async def through(session: Session, outgoing: Outgoing) -> Published:
    """As the ledger does: each handle kept, each step followed."""
    outcome = await publishing.publish(session, outgoing)
    for _ in range(9):
        if not isinstance(outcome, Processing):
            break
        assert not outcome.handed_over
        outgoing = replace(outgoing, handle=outcome.handle)
        outcome = await publishing.follow(session, outgoing)
    assert isinstance(outcome, Published)
    return outcome


def film(folder: Path, size: int = 40, words: bytes = b"moving pictures") -> Media:
    path = folder / "pha-tra.mp4"
    path.write_bytes(words + b"." * (size - len(words)))
    return Media(path, "video/mp4", size, "a" * 64, "Pha trà 泡茶", 1280, 720, duration=12)


async def test_nothing_is_live_before_the_handle_is_kept(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("x")
    first = await publishing.publish(bench.session, duty("post", "Trà sen 新茶"))
    assert isinstance(first, Processing)
    assert bench.platform.posts() == []
    assert int(json.loads(first.handle)["since"]) > 10**17


async def test_a_video_is_waited_for_and_posted_once_with_its_description(
    at_work: AtWork, duty: Duty, tmp_path: Path
) -> None:
    bench = await at_work("x")
    outgoing = duty("post", "Pha trà", media=(film(tmp_path),), uploads=Kept())
    first = await publishing.publish(bench.session, outgoing)
    assert isinstance(first, Processing)
    assert first.poll_after >= 1
    second = await publishing.follow(bench.session, replace(outgoing, handle=first.handle, media=()))
    assert isinstance(second, Processing)
    done = await publishing.follow(bench.session, replace(outgoing, handle=second.handle, media=()))
    assert isinstance(done, Published)
    assert bench.platform.items[done.remote_id].media[0] | {"id": ""} == {
        "id": "",
        "mime": "video/mp4",
        "alt": "Pha trà 泡茶",
    }
    assert done.url.endswith(f"/hien_ca_phe/status/{done.remote_id}")


async def test_a_video_that_cannot_be_worked_on_is_told(at_work: AtWork, duty: Duty, tmp_path: Path) -> None:
    bench = await at_work("x")
    outgoing = duty("post", "Pha trà", media=(film(tmp_path, words=b"not a film"),), uploads=Kept())
    outcome = await publishing.publish(bench.session, outgoing)
    assert isinstance(outcome, Processing)
    outgoing = replace(outgoing, handle=outcome.handle)
    assert isinstance(await publishing.follow(bench.session, outgoing), Processing)
    with pytest.raises(Rejected) as caught:
        await publishing.follow(bench.session, outgoing)
    assert (caught.value.field, caught.value.reason) == ("media", "processing_failed")
    assert bench.platform.posts() == []


async def test_a_large_file_goes_up_in_pieces_and_goes_on_where_it_stopped(
    at_work: AtWork, duty: Duty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await at_work("x")
    monkeypatch.setattr(uploading, "PIECE", 16)
    outgoing = duty("post", "Dài", media=(film(tmp_path, 40),), uploads=Kept())
    bench.faults.next(Fault("error_before", at="upload", skip=1))
    with pytest.raises(RetryLater):
        await publishing.publish(bench.session, outgoing)
    await through(bench.session, outgoing)
    appended = [seen.path for seen in bench.faults.seen if seen.path.endswith("/append")]
    assert len(appended) == 4  # three pieces, the second twice
    assert len({path.split("/")[4] for path in appended}) == 1


@pytest.mark.parametrize(
    ("size", "piece"), [(1, 4_000_000), (4_000_000_000, 4_000_000), (8_000_000_001, 8_000_001)]
)
def test_no_file_needs_more_pieces_than_x_counts(size: int, piece: int) -> None:
    assert uploading._piece(size) == piece
    assert -(-size // piece) <= uploading.PIECES


async def test_settings_of_a_post_arrive(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("x")
    options = {
        "poll": "Ô long | 龙井",
        "poll_length": "3d",
        "readers": "following",
        "paid": "yes",
        "ai": "yes",
    }
    done = await through(bench.session, duty("post", "Uống gì?", options=options))
    extra = bench.platform.items[done.remote_id].extra
    assert extra["poll"] == {"options": ["Ô long", "龙井"], "duration_minutes": 4320}
    assert (extra["reply_settings"], extra["paid_partnership"], extra["made_with_ai"]) == (
        "following",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("options", "field", "reason"),
    [
        ({"poll": "một mình"}, "options.poll", "poll_choices"),
        ({"poll": "a|b|c|d|e"}, "options.poll", "poll_choices"),
        ({"poll": f"a|{'b' * 26}"}, "options.poll", "poll_choices"),
        ({"poll": "a|a"}, "options.poll", "poll_choices"),
        ({"poll": "a|b", "poll_length": "9y"}, "options.poll_length", "option_unknown"),
        ({"quote": "https://vidu.vn/"}, "options.quote", "no_post"),
        ({"readers": "friends"}, "options.readers", "option_unknown"),
        ({"poll": "a|b", "quote": "https://x.com/a/status/1"}, "options.poll", "one_of_three"),
    ],
)
async def test_settings_that_cannot_be_are_refused_before_sending(
    at_work: AtWork, duty: Duty, options: dict[str, str], field: str, reason: str
) -> None:
    bench = await at_work("x")
    asked = len(bench.faults.seen)
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, duty("post", "Uống gì?", options=options))
    assert (caught.value.field, caught.value.reason) == (field, reason)
    assert len(bench.faults.seen) == asked


async def test_what_moves_stands_alone_and_one_cashtag_is_all(
    at_work: AtWork, duty: Duty, picture: Callable[..., Media], tmp_path: Path
) -> None:
    bench = await at_work("x")
    for media in ((film(tmp_path), picture()), (replace(picture(), mime="image/gif"), picture())):
        with pytest.raises(Rejected) as caught:
            publishing.check(bench.session, duty("post", "Hai", media=media))
        assert caught.value.field.startswith("media")
    with pytest.raises(Rejected) as caught:
        publishing.check(bench.session, duty("post", "$TEA và $CUP"))
    assert caught.value.reason == "cashtags"
    publishing.check(bench.session, duty("post", "$TEA giá $100 và $5"))


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("茶" * 140, True),
        ("茶" * 141, False),
        ("ế" * 140, True),
        ("ế" * 141, False),
        ("é" * 280, True),
        ("x" * 256 + " https://vidu.vn/" + "y" * 200, True),
        ("x" * 257 + " https://vidu.vn/" + "y" * 200, False),
        ("👨‍👩‍👧‍👦" * 140, True),
    ],
)
async def test_letters_weigh_as_x_weighs_them_on_both_sides(
    at_work: AtWork, duty: Duty, text: str, fits: bool
) -> None:
    bench = await at_work("x")
    if fits:
        await through(bench.session, duty("post", text))
        return
    with pytest.raises(Rejected) as caught:
        publishing.check(bench.session, duty("post", text))
    assert caught.value.reason == "too_long"


async def test_the_link_counts_and_stands_at_the_end_once(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("x")
    outgoing = duty("post", "Đọc tiếp", link="https://vidu.vn/bai")
    done = await through(bench.session, outgoing)
    assert bench.platform.items[done.remote_id].text == "Đọc tiếp\n\nhttps://vidu.vn/bai"
    assert (
        drafting.wording(duty("post", "Xem https://vidu.vn/bai", link="https://vidu.vn/bai"))
        == "Xem https://vidu.vn/bai"
    )
    with pytest.raises(Rejected):
        publishing.check(bench.session, duty("post", "x" * 256, link="https://vidu.vn/bai"))


def known_as(plan: str) -> Platform:
    """An X on which the account has a plan."""
    platform = Platform()
    platform.memory[plan] = ["hien-ca-phe"]
    return platform


async def test_a_premium_account_posts_long_and_is_found_again(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("x")
    with pytest.raises(Rejected) as caught:
        publishing.check(bench.session, duty("long_post", "x" * 300))
    assert caught.value.reason == "kind_not_for_account"
    bench = await at_work("x", platform=known_as("premium"))
    assert bench.session.account_type == "premium"
    with pytest.raises(Rejected):
        publishing.check(bench.session, duty("long_post", "茶" * 12_501))
    outgoing = duty("long_post", "茶" * 12_000 + " https://vidu.vn/dai")
    first = await publishing.publish(bench.session, outgoing)
    assert isinstance(first, Processing)
    outgoing = replace(outgoing, handle=first.handle)
    done = await publishing.follow(bench.session, outgoing)
    assert await publishing.look_up(bench.session, outgoing) == done


async def test_the_same_words_again_are_refused_as_x_does(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("x")
    await through(bench.session, duty("post", "Mở cửa"))
    with pytest.raises(Rejected) as caught:
        await through(bench.session, duty("post", "Mở cửa"))
    assert (caught.value.field, caught.value.reason) == ("text", "duplicate")
    assert len(bench.platform.posts()) == 1


async def test_a_lost_answer_is_found_with_its_link_and_file(
    at_work: AtWork, duty: Duty, picture: Callable[..., Media]
) -> None:
    bench = await at_work("x")
    outgoing = duty(
        "post", "A & B <3 新茶", link="https://vidu.vn/?a=1&copy=2", media=(picture(),), uploads=Kept()
    )
    first = await publishing.publish(bench.session, outgoing)
    assert isinstance(first, Processing)
    outgoing = replace(outgoing, handle=first.handle, media=())
    assert await publishing.look_up(bench.session, outgoing) is None
    bench.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(bench.session, outgoing)
    found = await publishing.look_up(bench.session, outgoing)
    assert isinstance(found, Published)
    assert [item.id for item in bench.platform.posts()] == [found.remote_id]


async def test_what_stood_there_before_is_not_taken_for_ours(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("x")
    bench.platform.memory["no_limits"] = True
    by_hand = await through(bench.session, duty("post", "Chào buổi sáng"))
    ours = duty("post", "Chào buổi sáng")
    first = await publishing.publish(bench.session, ours)
    assert isinstance(first, Processing)
    ours = replace(ours, handle=first.handle)
    assert await publishing.look_up(bench.session, ours) is None
    done = await publishing.follow(bench.session, ours)
    assert isinstance(done, Published)
    assert done.remote_id != by_hand.remote_id
    assert await publishing.look_up(bench.session, ours) == done


async def test_a_clock_that_is_wrong_here_misleads_nobody(at_work: AtWork, duty: Duty) -> None:
    behind = timedelta(minutes=-20)  # X's time against ours
    bench = await at_work("x", platform=Platform(clock=lambda: clock.now() + behind))
    outgoing = duty("post", "Đồng hồ sai")
    first = await publishing.publish(bench.session, outgoing)
    assert isinstance(first, Processing)
    outgoing = replace(outgoing, handle=first.handle)
    bench.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(bench.session, outgoing)
    assert isinstance(await publishing.look_up(bench.session, outgoing), Published)


async def test_without_its_handle_after_a_backup_a_person_looks(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("x")
    outgoing = duty("post", "Có rồi")
    await through(bench.session, outgoing)
    assert await publishing.look_up(bench.session, outgoing) is None  # never handed over, says the ledger
    with pytest.raises(Ambiguous) as caught:
        await publishing.look_up(bench.session, replace(outgoing, restored=True))
    assert caught.value.reason == "handle_lost"
    assert await publishing.look_up(bench.session, replace(outgoing, text="Chưa có", restored=True)) is None


async def test_who_did_not_name_us_is_answered_by_hand(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("x")
    post = await through(bench.session, duty("post", "Mở cửa"))
    comment = bench.platform.comment(post.remote_id, "lan-anh", "Lan Anh", "Mấy giờ?")
    aside = bench.platform.comment(comment.id, "minh", "Minh", "Tôi cũng hỏi")
    page = await bench.power.inbox.fetch(bench.session, [post.remote_id], "")
    asked = {message.author_name: message for message in page.messages}
    assert asked["Lan Anh"].can_reply
    await through(
        bench.session, duty("reply", "7 giờ", reply_to=asked["Lan Anh"].remote_id, root=post.remote_id)
    )
    assert bench.platform.comments(post.remote_id)[-1].parent == comment.id
    stranger = bench.platform.mention("0", "ha", "Hà", "Không nhắc ai")
    assert aside.parent == comment.id
    remote = _remote(bench, stranger.id)
    with pytest.raises(Rejected) as caught:
        await through(bench.session, duty("reply", "Chào", reply_to=remote, root=remote))
    assert (caught.value.field, caught.value.reason) == ("reply_to", "cannot_reply")
    assert str(caught.value.params["link"]).endswith(f"/i/status/{remote}")


def _remote(bench: Any, item_id: str) -> str:
    return World(bench.platform).id_of(bench.platform.items[item_id])


async def test_a_reply_that_names_somebody_is_found_again(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("x")
    post = await through(bench.session, duty("post", "Mở cửa"))
    bench.platform.comment(post.remote_id, "lan-anh", "Lan Anh", "Mấy giờ?")
    [asked] = (await bench.power.inbox.fetch(bench.session, [post.remote_id], "")).messages
    for text in ("@lan_anh 7 giờ nhé", "Dạ 7 giờ"):
        answer = duty("reply", text, reply_to=asked.remote_id, root=post.remote_id)
        first = await publishing.publish(bench.session, answer)
        assert isinstance(first, Processing)
        answer = replace(answer, handle=first.handle)
        bench.faults.next(Fault("timeout_after", at="store"))
        short = replace(bench.session, http=bench.session.http)
        short.http.timeout = 1.0
        with pytest.raises(Ambiguous):
            await publishing.follow(short, answer)
        found = await publishing.look_up(bench.session, answer)
        assert isinstance(found, Published)
        assert bench.platform.items[found.remote_id].text == text


async def test_quoting_is_refused_but_for_those_who_may(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("x")
    post = await through(bench.session, duty("post", "Mở cửa"))
    quote = duty(
        "post", "Nhắc lại", options={"quote": f"https://x.com/hien_ca_phe/status/{post.remote_id}?s=20"}
    )
    with pytest.raises(Rejected) as caught:
        await through(bench.session, quote)
    assert (caught.value.field, caught.value.reason) == ("options.quote", "quotes_closed")
    bench = await at_work("x", platform=known_as("enterprise"))
    post = await through(bench.session, duty("post", "Mở cửa"))
    quote = duty("post", "Nhắc lại", options={"quote": post.remote_id})
    first = await publishing.publish(bench.session, quote)
    assert isinstance(first, Processing)
    quote = replace(quote, handle=first.handle)
    done = await publishing.follow(bench.session, quote)
    assert await publishing.look_up(bench.session, quote) == done


async def test_a_grant_without_the_right_to_post_says_so(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("x")
    poor = replace(bench.session, grant=replace(bench.session.grant, scopes=("tweet.read", "users.read")))
    with pytest.raises(GrantExpired) as caught:
        await publishing.publish(poor, duty("post", "Không được"))
    assert caught.value.reason == "scope_missing"


async def test_the_hundred_and_first_post_of_a_quarter_hour_waits_as_long_as_x_says(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await at_work("x")
    bench.platform.memory["windows"] = windows = {}
    bench = await at_work("x", platform=bench.platform)
    windows["hien-ca-phe post"] = {"ends": int(clock.now().timestamp()) + 500, "used": 100}
    with pytest.raises(RetryLater) as caught:
        await through(bench.session, duty("post", "Một trăm lẻ một"))
    assert caught.value.reason == "busy"
    assert caught.value.after == pytest.approx(500, abs=5)
    assert bench.platform.posts() == []
