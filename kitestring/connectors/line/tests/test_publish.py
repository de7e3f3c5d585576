"""To all, to some, to these; five objects at most; a lost answer within and beyond the hours of LINE's key."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Outgoing, Processing, Published
from kitestring.connectorkit.emulation import Fault, Platform
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectors.line import metrics, publishing
from kitestring.connectors.line.emulated import people
from kitestring.kit import clock

PERSON = people.user_id("lan-anh")


async def sent(there: Any, outgoing: Outgoing) -> Any:
    """Both steps, as the ledger does them."""
    first = await publishing.publish(there.session, outgoing)
    assert isinstance(first, Processing)
    assert not first.handed_over
    return await publishing.follow(there.session, replace(outgoing, handle=first.handle))


def at(media: Media, url: str = "https://files.example/a.png", mime: str = "image/png") -> Media:
    return replace(media, public_url=url, mime=mime)


async def test_text_link_and_pictures_are_one_post(
    at_work: Any, duty: Any, picture: Callable[..., Media]
) -> None:
    there = await at_work("line")
    files = (at(picture("a")), at(picture("b"), "https://files.example/b.png"))
    done = await sent(there, duty("broadcast", "Trà sen 新茶 🍵", link="https://vidu.vn/tra", media=files))
    item = there.platform.items[done.remote_id]
    assert item.text == "Trà sen 新茶 🍵\n\nhttps://vidu.vn/tra"
    assert [one["url"] for one in item.media] == [
        "https://files.example/a.png",
        "https://files.example/b.png",
    ]


@pytest.mark.parametrize(
    ("options", "way"),
    [
        ({}, "broadcast"),
        ({"silent": "yes"}, "broadcast"),
        ({"recipients": f"{PERSON}, {people.user_id('minh')}"}, "multicast"),
    ],
)
async def test_to_whom_it_goes(at_work: Any, duty: Any, options: dict[str, str], way: str) -> None:
    there = await at_work("line")
    done = await sent(there, duty("broadcast", "Chào", options=options))
    assert there.platform.items[done.remote_id].extra["way"] == way


async def test_a_narrowcast_is_live_when_line_is_done_choosing(at_work: Any, duty: Any) -> None:
    there = await at_work("line")
    options = {"gender": "female", "age_from": "20", "age_to": "35", "audience": "4711", "most": "500"}
    outgoing = duty("broadcast", "Chỉ cho bạn", options=options)
    outcome = await sent(there, outgoing)
    asked = []
    while isinstance(outcome, Processing):
        assert outcome.handed_over
        assert there.platform.posts() == [], "nobody has it before LINE says so"
        asked.append(outcome.handle)
        outcome = await publishing.follow(there.session, replace(outgoing, handle=outcome.handle))
    [job] = there.platform.memory["line_jobs"].values()
    assert job["body"]["filter"]["demographic"]["and"][1] == {"type": "age", "gte": "age_20", "lt": "age_35"}
    assert job["body"]["recipient"] == {"type": "audience", "audienceGroupId": 4711}
    assert job["body"]["limit"] == {"max": 500}
    assert len(asked) == 3
    assert outcome == Published(there.platform.posts()[0].id)
    found = await publishing.look_up(there.session, replace(outgoing, handle=asked[0]))
    assert found == outcome


FEW = [({"gender": "male"}, "too_few_friends"), ({"audience": "7"}, "audience_too_small")]


@pytest.mark.parametrize(("options", "reason"), FEW)
async def test_too_few_fit(at_work: Any, duty: Any, options: dict[str, str], reason: str) -> None:
    there = await at_work("line")
    there.platform.memory["line"]["friends"] = 12
    outgoing = duty("broadcast", "Ít người", options=options)
    handle = (await sent(there, outgoing)).handle
    for _ in range(2):
        handle = (await publishing.follow(there.session, replace(outgoing, handle=handle))).handle
    with pytest.raises(Rejected) as caught:
        await publishing.follow(there.session, replace(outgoing, handle=handle))
    assert (caught.value.field, caught.value.reason) == ("options", reason)
    assert there.platform.posts() == []


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"recipients": "tea-house"}, "not_a_person"),
        ({"recipients": " ".join(people.user_id(str(n)) for n in range(501))}, "too_many_people"),
        ({"recipients": PERSON, "gender": "male"}, "some_or_these"),
        ({"audience": "mua thu"}, "not_a_number"),
        ({"most": "0"}, "not_a_number"),
        ({"most": "٣"}, "not_a_number"),
        ({"age_from": "35", "age_to": "35"}, "ages_crossed"),
    ],
)
async def test_an_audience_that_is_none_is_refused_before_sending(
    at_work: Any, duty: Any, options: dict[str, str], reason: str
) -> None:
    there = await at_work("line")
    asked = len(there.faults.seen)
    with pytest.raises(Rejected) as caught:
        await publishing.publish(there.session, duty("broadcast", "Chào", options=options))
    assert (caught.value.field, caught.value.reason) == ("options", reason)
    assert len(there.faults.seen) == asked


async def test_files_need_an_address_and_a_video_a_picture(
    at_work: Any, duty: Any, picture: Callable[..., Media]
) -> None:
    there = await at_work("line")
    video = at(picture("v"), "https://files.example/v.mp4", "video/mp4")
    cases = [
        ((picture("a"),), {}, "needs_address"),
        ((video,), {}, "video_needs_picture"),
        ((video,), {"video_picture": "http://plain.example/x.png"}, "video_needs_picture"),
        ((at(picture("a")),) * 5, {}, "too_many_with_text"),
    ]
    for media, options, reason in cases:
        with pytest.raises(Rejected) as caught:
            publishing.check(there.session, duty("broadcast", "Chào", media=media, options=options))
        assert (caught.value.field, caught.value.reason) == ("media", reason)
    five = duty("broadcast", "", media=(at(picture("a")),) * 5)
    assert len(there.platform.items[(await sent(there, five)).remote_id].media) == 5
    shown = {"video_picture": "https://files.example/v.jpg"}
    assert isinstance(await sent(there, duty("broadcast", "Phim", media=(video,), options=shown)), Published)


@pytest.mark.parametrize("letter", ["a", "茶", "ễ"])
async def test_utf16_counts(at_work: Any, duty: Any, letter: str) -> None:
    there = await at_work("line")
    publishing.check(there.session, duty("broadcast", letter * 5000))
    for text in (letter * 5001, "🍵" * 2501):
        with pytest.raises(Rejected) as caught:
            publishing.check(there.session, duty("broadcast", text))
        assert caught.value.reason == "too_long"
    with pytest.raises(Rejected) as caught:
        publishing.check(there.session, duty("broadcast", letter * 4990, link="https://vidu.vn/tra"))
    assert caught.value.reason == "too_long_with_link"


async def test_a_lost_answer_is_cleared_up_by_the_same_key_and_never_sent_twice(
    at_work: Any, duty: Any
) -> None:
    there = await at_work("line")
    outgoing = duty("broadcast", "Một lần thôi")
    first = await publishing.publish(there.session, outgoing)
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(there.session, replace(outgoing, handle=first.handle))
    looked = await publishing.look_up(there.session, replace(outgoing, handle=first.handle))
    assert isinstance(looked, Processing)
    assert there.faults.stored() == 1, "the looking itself sends nothing"
    done = await publishing.follow(there.session, replace(outgoing, handle=looked.handle))
    assert done == Published(there.platform.posts()[0].id)
    assert len(there.platform.posts()) == 1


async def test_when_the_key_is_nearly_forgotten_a_person_is_asked(at_work: Any, duty: Any) -> None:
    there = await at_work("line")
    outgoing = duty("broadcast", "Một lần thôi")
    handle = json.dumps({"at": (clock.now() - timedelta(hours=23, minutes=1)).isoformat()})
    with pytest.raises(Ambiguous) as caught:
        await publishing.look_up(there.session, replace(outgoing, handle=handle))
    assert caught.value.reason == "key_forgotten"
    doubted = json.dumps({**json.loads(handle), "doubt": True})
    for late in (replace(outgoing, handle=doubted), replace(outgoing, handle=handle, restored=True)):
        with pytest.raises(Ambiguous):
            await publishing.follow(there.session, late)
    assert there.faults.stored() == 0
    with pytest.raises(Ambiguous) as caught:
        await publishing.look_up(there.session, replace(outgoing, restored=True))
    assert caught.value.reason == "handle_lost"
    # What only waited (a pause, a busy channel) was surely never sent: it goes out, however late.
    assert isinstance(await publishing.follow(there.session, replace(outgoing, handle=handle)), Published)


async def test_the_emulator_forgets_a_key_after_a_day(at_work: Any, duty: Any) -> None:
    late = timedelta(0)
    there = await at_work("line", platform=Platform(clock=lambda: clock.now() + late))
    outgoing = duty("broadcast", "Hôm nay")
    await sent(there, outgoing)
    await sent(there, outgoing)
    assert len(there.platform.posts()) == 1
    late = timedelta(hours=24, seconds=1)
    await sent(there, outgoing)
    assert len(there.platform.posts()) == 2, "which is why nothing in doubt is sent after 23 hours"


async def test_the_month_and_the_hour_have_their_bounds(at_work: Any, duty: Any) -> None:
    there = await at_work("line")
    there.platform.tell(there.session.remote_id, "followers", 150)
    there.platform.memory["line"]["limit"] = 200
    await sent(there, duty("broadcast", "Một"))
    with pytest.raises(Rejected) as caught:
        await sent(there, duty("broadcast", "Hai"))
    assert (caught.value.field, caught.value.reason) == ("account", "month_used_up")
    there.platform.memory["line"]["limit"] = None
    for number in range(59):
        await sent(there, duty("broadcast", f"Tin {number}"))
    with pytest.raises(RetryLater) as later:
        await sent(there, duty("broadcast", "Quá nhanh"))
    assert later.value.reason == "busy"
    assert len(there.platform.posts()) == 60


async def test_numbers_of_few_people_are_withheld_and_said_so(at_work: Any, duty: Any) -> None:
    there = await at_work("line")
    done = await sent(there, duty("broadcast", "Đếm"))
    there.platform.count(done.remote_id, "views", 25)
    there.platform.count(done.remote_id, "clicks", 19)
    told = {
        r.metric: (r.value, r.why)
        for r in (await metrics.read(there.session, [done.remote_id, "unknown"]))[:3]
    }
    assert told == {"views": (25, ""), "reach": (25, ""), "clicks": (None, "too_few_people")}


async def test_what_line_no_longer_tells_this_hour_comes_with_the_next_round(at_work: Any, duty: Any) -> None:
    there = await at_work("line")
    posts = [(await sent(there, duty("broadcast", f"Tin {n}"))).remote_id for n in range(3)]
    there.faults.always(Fault("slow", seconds=0))
    there.faults.next(Fault("busy", skip=1))
    readings = await metrics.read(there.session, posts)
    assert {r.remote_id for r in readings} == {posts[0]}
    there.faults.next(Fault("busy"))
    with pytest.raises(RetryLater):
        await metrics.read(there.session, posts)


async def test_the_friends_of_today_are_not_counted_yet(at_work: Any) -> None:
    there = await at_work("line", platform=Platform(clock=lambda: clock.now() - timedelta(days=1)))
    for reading in await metrics.account(there.session):
        assert (reading.value, reading.why) == (None, "not_counted_yet")
