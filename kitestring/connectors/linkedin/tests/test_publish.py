"""Posts, pictures, videos in parts, article cards and comments; found again after a lost answer, or told that nobody can know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Outgoing, Processing, Published, Session
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.linkedin import editing, publishing

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
Picture = Callable[..., Media]


async def through(session: Session, outgoing: Outgoing) -> Published:
    """As the ledger does: each handle kept, each step followed without files."""
    outcome = await publishing.publish(session, outgoing)
    for _ in range(9):
        if not isinstance(outcome, Processing):
            break
        outgoing = replace(outgoing, handle=outcome.handle, media=())
        outcome = await publishing.follow(session, outgoing)
    assert isinstance(outcome, Published)
    return outcome


def film(folder: Path, size: int = 9_000_000, begins: bytes = b"\0\0\0\x20ftypisom") -> Media:
    path = folder / "pha-tra.mp4"
    path.write_bytes(begins + b"." * (size - len(begins)))
    return Media(path, "video/mp4", size, "a" * 64, "Pha trà 泡茶", 1280, 720, duration=12)


async def test_every_sign_is_read_as_it_was_written(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("linkedin")
    text = "Trà sen (mới) a_b [x] {y} <z> * ~ | \\ #trà_sen mail@vidu.example"
    done = await through(bench.session, duty("post", text, link="https://vidu.example/a_b"))
    assert bench.platform.items[done.remote_id].text == f"{text}\n\nhttps://vidu.example/a_b"
    assert done.url.endswith(f"/feed/update/{done.remote_id}")


async def test_one_picture_and_several(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("linkedin")
    for number in (1, 2, 20):
        files = tuple(picture(f"anh-{place}", f"Ảnh {place}") for place in range(number))
        done = await through(bench.session, duty("post", f"{number} ảnh", media=files, uploads=Kept()))
        assert [one["alt"] for one in bench.platform.items[done.remote_id].media] == [
            f"Ảnh {place}" for place in range(number)
        ]


async def test_a_video_goes_up_in_parts_is_waited_for_and_posted(
    at_work: AtWork, duty: Duty, tmp_path: Path
) -> None:
    bench = await at_work("linkedin")
    outgoing = duty("post", "Pha trà", media=(film(tmp_path),), uploads=Kept())
    first = await publishing.publish(bench.session, outgoing)
    assert isinstance(first, Processing)
    assert (first.poll_after, first.handed_over) == (10, False)
    assert bench.platform.posts() == []
    assert bench.faults.uploaded() == 3
    done = await publishing.follow(bench.session, replace(outgoing, handle=first.handle, media=()))
    assert isinstance(done, Published)
    assert bench.platform.items[done.remote_id].media[0]["alt"] == "Pha trà 泡茶"


async def test_a_video_goes_on_at_the_part_that_failed(at_work: AtWork, duty: Duty, tmp_path: Path) -> None:
    bench = await at_work("linkedin")
    outgoing = duty("post", "Pha trà", media=(film(tmp_path),), uploads=Kept())
    bench.faults.next(Fault("error_before", at="upload", skip=1))
    with pytest.raises(RetryLater):
        await publishing.publish(bench.session, outgoing)
    await through(bench.session, outgoing)
    parts = [seen.path.rpartition("part=")[2] for seen in bench.faults.seen if seen.takes_files]
    assert parts == ["0", "1", "1", "2"]
    assert sum("/rest/videos?action=initializeUpload" in seen.path for seen in bench.faults.seen) == 1


async def test_a_video_that_cannot_be_worked_on_is_told(at_work: AtWork, duty: Duty, tmp_path: Path) -> None:
    bench = await at_work("linkedin")
    outgoing = duty("post", "x", media=(film(tmp_path, 80_000, b"no film"),), uploads=Kept())
    with pytest.raises(Rejected) as caught:
        await through(bench.session, outgoing)
    assert (caught.value.field, caught.value.reason) == ("media", "processing_failed")
    light = replace(film(tmp_path, 100), size=74_999)
    with pytest.raises(Rejected) as caught:
        publishing.check(bench.session, duty("post", "x", media=(light,)))
    assert (caught.value.field, caught.value.reason) == ("media.0", "video_too_light")


async def test_an_article_card_shows_what_it_was_given(at_work: AtWork, duty: Duty, picture: Picture) -> None:
    bench = await at_work("linkedin")
    outgoing = duty(
        "article", "Đọc nhé", title="Trà sen 新茶", link="https://vidu.example/tra",
        media=(picture(),), options={"description": "Mùa thu"}, uploads=Kept(),
    )  # fmt: skip
    item = bench.platform.items[(await through(bench.session, outgoing)).remote_id]
    card = item.extra["article"]
    assert (card["source"], card["title"], card["description"]) == (
        "https://vidu.example/tra",
        "Trà sen 新茶",
        "Mùa thu",
    )
    assert card["thumbnail"] == item.media[0]["id"]
    assert item.text == "Đọc nhé"
    with pytest.raises(Rejected) as caught:
        publishing.check(bench.session, duty("article", "Không có", title="x"))
    assert caught.value.reason == "card_without_link"


async def test_a_poll_arrives_and_a_wrong_one_is_refused_at_its_setting(
    at_work: AtWork, duty: Duty, picture: Picture
) -> None:
    bench = await at_work("linkedin")
    asked = {"poll_question": "Uống gì?", "poll": "Ô long | 龙井", "poll_length": "SEVEN_DAYS"}
    item = bench.platform.items[
        (await through(bench.session, duty("post", "Chọn đi", options=asked))).remote_id
    ]
    assert [one["text"] for one in item.extra["poll"]["options"]] == ["Ô long", "龙井"]
    assert (item.extra["poll"]["question"], item.extra["poll"]["settings"]["duration"]) == (
        "Uống gì?",
        "SEVEN_DAYS",
    )
    for wrong, field in (
        ({"poll": "một"}, "poll"),
        ({"poll": "a | a"}, "poll"),
        ({"poll": f"a | {'b' * 31}"}, "poll"),
        ({"poll_question": " "}, "poll_question"),
    ):
        with pytest.raises(Rejected) as caught:
            publishing.check(bench.session, duty("post", "Chọn", options={**asked, **wrong}))
        assert caught.value.field == f"options.{field}"
    with pytest.raises(Rejected) as caught:
        publishing.check(bench.session, duty("post", "Chọn", options=asked, media=(picture(),)))
    assert caught.value.reason == "poll_alone"


async def test_settings_arrive_and_a_page_is_public(at_work: AtWork, duty: Duty) -> None:
    person = await at_work("linkedin", what="person")
    told = {"readers": "CONNECTIONS", "reshares": "no"}
    done = await through(person.session, duty("post", "Riêng", options=told))
    extra = person.platform.items[done.remote_id].extra
    assert (extra["visibility"], extra["reshares"]) == ("CONNECTIONS", False)
    page = await at_work("linkedin")
    with pytest.raises(Rejected) as caught:
        publishing.check(page.session, duty("post", "Riêng", options=told))
    assert (caught.value.field, caught.value.reason) == ("options.readers", "page_is_public")


async def test_a_lost_answer_is_found_and_an_older_twin_is_not(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("linkedin")
    bench.platform.memory["no_limits"] = True
    twin = await through(bench.session, duty("post", "Cùng một lời #trà"))
    ours = duty("post", "Cùng một lời #trà")
    first = await publishing.publish(bench.session, ours)
    assert isinstance(first, Processing)
    ours = replace(ours, handle=first.handle)
    assert await publishing.look_up(bench.session, ours) is None
    bench.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(bench.session, ours)
    found = await publishing.look_up(bench.session, ours)
    assert isinstance(found, Published)
    assert found.remote_id != twin.remote_id
    lost = replace(ours, handle="", restored=True, stamp=ours.stamp - timedelta(minutes=1))
    with pytest.raises(Ambiguous) as caught:
        await publishing.look_up(bench.session, lost)
    assert caught.value.reason == "handle_lost"


async def test_the_same_words_within_ten_minutes_are_refused(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("linkedin")
    await through(bench.session, duty("post", "Hai lần"))
    with pytest.raises(Rejected) as caught:
        await through(bench.session, duty("post", "Hai lần"))
    assert (caught.value.field, caught.value.reason) == ("text", "duplicate")
    bench.platform.memory["no_limits"] = True
    for number in range(149):
        await through(bench.session, duty("post", f"Bài {number}"))
    bench.platform.memory["no_limits"] = False
    with pytest.raises(RetryLater) as later:
        await through(bench.session, duty("post", "Bài một trăm năm mươi mốt"))
    assert later.value.reason == "day_used"


async def test_an_answer_to_an_answer_goes_under_the_first_comment(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("linkedin")
    post = await through(bench.session, duty("post", "Mở cửa"))
    first = await through(
        bench.session, duty("reply", "Địa chỉ", reply_to=post.remote_id, root=post.remote_id)
    )
    below = bench.platform.comment(first.remote_id, "lan-anh", "Lan Anh", "Mấy giờ?")
    thread = first.remote_id.partition("(")[2].partition(",")[0]
    name = f"urn:li:comment:({thread},{below.id})"
    done = await through(bench.session, duty("reply", "7 giờ", reply_to=name, root=post.remote_id))
    assert bench.platform.items[done.remote_id].parent == first.remote_id
    bench.platform.remove(below.id)
    with pytest.raises(Rejected) as caught:
        await through(bench.session, duty("reply", "8 giờ", reply_to=name, root=post.remote_id))
    assert caught.value.reason == "deleted"


async def test_comments_are_changed_too(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("linkedin")
    post = await through(bench.session, duty("post", "Mở cửa"))
    reply = duty("reply", "Sai", reply_to=post.remote_id, root=post.remote_id)
    made = await through(bench.session, reply)
    await editing.edit(bench.session, made.remote_id, replace(reply, text="Đúng (rồi)"))
    assert bench.platform.items[made.remote_id].text == "Đúng (rồi)"


async def test_a_grant_without_the_right_to_post_says_so(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("linkedin")
    poor = replace(bench.session, grant=replace(bench.session.grant, scopes=("rw_organization_admin",)))
    with pytest.raises(GrantExpired) as caught:
        await publishing.publish(poor, duty("post", "Không được"))
    assert caught.value.reason == "scope_missing"
