"""Containers and what becomes of them, the day's allowance, settings, what Instagram refuses, and its errors."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from kitestring.connectorkit.contract import Processing, Published
from kitestring.connectorkit.emulation import Fault, serve
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, Rejected, RetryLater
from kitestring.connectorkit.sentences import has_sentence
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.instagram import metrics, publishing
from kitestring.connectors.instagram.client import MANIFEST, ROWS
from kitestring.kit import clock
from kitestring.kit.http import Answer
from kitestring.providers.meta.graph import Graph

CASES = json.loads((Path(__file__).parent / "fixtures" / "errors.json").read_text("utf-8"))["cases"]


async def through(session, outgoing):
    outcome = await publishing.publish(session, outgoing)
    while isinstance(outcome, Processing):
        assert not outcome.handed_over
        outcome = await publishing.follow(session, replace(outgoing, handle=outcome.handle))
    return outcome


@pytest.fixture
def moved():
    yield clock.move
    clock.move(timedelta(0))


async def test_a_video_goes_out_as_a_reel_when_it_is_processed(at_work, duty, shown):
    bench = await at_work("instagram")
    outgoing = duty("post", "Pha trà", media=(shown("phim", "video/mp4"),))
    first = await publishing.publish(bench.session, outgoing)
    again = await publishing.follow(bench.session, replace(outgoing, handle=first.handle))
    assert isinstance(again, Processing)
    assert bench.platform.posts() == []
    done = await publishing.follow(bench.session, replace(outgoing, handle=first.handle))
    assert bench.platform.items[done.remote_id].extra["product"] == "REELS"
    assert done.url.endswith(f"/p/{done.remote_id}/")


async def test_a_carousel_mixes_pictures_and_videos_and_keeps_its_alt_texts(at_work, duty, shown):
    bench = await at_work("instagram")
    outgoing = duty("post", "Bộ", media=(shown("a"), shown("b", "video/mp4"), shown("c")), uploads=Kept())
    with pytest.raises(RetryLater) as caught:
        await publishing.publish(bench.session, outgoing)
    assert caught.value.reason == "still_processing"
    done = await through(bench.session, outgoing)
    item = bench.platform.items[done.remote_id]
    assert [one["video"] for one in item.media] == [False, True, False]
    assert item.media[0]["alt"] == "Ly trà 茶"
    made = [row for row in bench.platform.memory["containers"].values() if row["item"]]
    assert len(made) == 3  # the parts that were there already were not made twice


async def test_the_settings_of_a_post_arrive(at_work, duty, shown):
    bench = await at_work("instagram")
    options = {"collaborators": "@lan.anh， minh_1", "sponsors": "42、43", "ai_made": "yes"}
    done = await through(bench.session, duty("post", "Trà", media=(shown(),), options=options))
    told = bench.platform.items[done.remote_id].extra
    assert told["collaborators"] == ["lan.anh", "minh_1"]
    assert (told["paid"], told["sponsors"], told["ai_made"]) == (True, [42, 43], True)
    plain = await through(bench.session, duty("post", "Trà", media=(shown(),)))
    assert not bench.platform.items[plain.remote_id].extra["paid"]


@pytest.mark.parametrize(
    ("more", "field", "reason"),
    [
        ({"options": {"collaborators": "a,b,c,d"}}, "options.collaborators", "collaborators_wrong"),
        ({"options": {"collaborators": "Hiên Cà Phê"}}, "options.collaborators", "collaborators_wrong"),
        ({"options": {"sponsors": "@brand"}}, "options.sponsors", "sponsors_wrong"),
        ({"text": "#a #b #trà #新茶 #e #f"}, "text", "hashtags_too_many"),
    ],
)
async def test_what_is_wrong_is_refused_before_a_call(at_work, duty, shown, more, field, reason):
    bench = await at_work("instagram")
    asked = len(bench.faults.seen)
    outgoing = replace(duty("post", "Trà", media=(shown(),)), **more)
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, outgoing)
    assert (caught.value.field, caught.value.reason) == (field, reason)
    assert len(bench.faults.seen) == asked


async def test_a_file_without_a_public_address_is_refused_and_one_that_is_not_there_is_told(
    at_work, duty, shown
):
    bench = await at_work("instagram")
    with pytest.raises(Rejected) as caught:
        publishing.check(bench.session, duty("post", "Trà", media=(shown(address=""),)))
    assert (caught.value.field, caught.value.reason) == ("media", "needs_address")
    async with serve(web.Application()) as nothing:
        with pytest.raises(Rejected) as caught:
            await publishing.publish(
                bench.session, duty("post", "Trà", media=(shown(address=f"{nothing}/"),))
            )
    assert caught.value.reason == "address_unreachable"


async def test_the_days_allowance_is_asked_before_each_publication(at_work, duty, shown):
    bench = await at_work("instagram")
    bench.platform.memory["quota"] = 1
    await through(bench.session, duty("post", "Một", media=(shown(),)))
    second = duty("post", "Hai", media=(shown(),))
    with pytest.raises(RetryLater) as caught:
        await through(bench.session, second)
    assert (caught.value.reason, caught.value.after) == ("quota_used", 3600)
    assert len(bench.platform.posts()) == 1


async def test_a_container_dies_after_a_day_and_is_made_anew(at_work, duty, shown, moved):
    bench = await at_work("instagram")
    outgoing = duty("post", "Trà", media=(shown(),))
    first = await publishing.publish(bench.session, outgoing)
    known = replace(outgoing, handle=first.handle)
    moved(timedelta(hours=25))
    with pytest.raises(RetryLater) as caught:
        await publishing.follow(bench.session, known)
    assert caught.value.reason == "container_expired"
    assert await publishing.look_up(bench.session, known) is None
    assert (await publishing.publish(bench.session, known)).handle != first.handle


async def test_a_file_that_cannot_be_processed_is_told(at_work, duty, shown):
    bench = await at_work("instagram")
    outgoing = duty("post", "Trà", media=(shown(),))
    first = await publishing.publish(bench.session, outgoing)
    for row in bench.platform.memory["containers"].values():
        row["status"] = "ERROR"
    with pytest.raises(Rejected) as caught:
        await publishing.follow(bench.session, replace(outgoing, handle=first.handle))
    assert (caught.value.field, caught.value.reason) == ("media", "processing_failed")
    assert "2207026" in caught.value.said


async def test_a_story_whose_answer_was_lost_is_found_among_the_stories(at_work, duty, shown):
    bench = await at_work("instagram")
    outgoing = duty("story", "", media=(shown(),))
    first = await publishing.publish(bench.session, outgoing)
    known = replace(outgoing, handle=first.handle)
    bench.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(bench.session, known)
    assert isinstance(await publishing.look_up(bench.session, known), Published)
    [reading] = [
        r for r in await metrics.read(bench.session, [bench.platform.posts()[0].id]) if r.metric == "likes"
    ]
    assert (reading.value, reading.why) == (None, "not_for_kind")


async def test_an_answer_to_an_answer_stands_under_the_first(at_work, duty, shown):
    bench = await at_work("instagram")
    done = await through(bench.session, duty("post", "Trà", media=(shown(),)))
    top = bench.platform.comment(done.remote_id, "lan", "Lan", "Giá?")
    below = bench.platform.comment(top.id, "minh", "Minh", "45k")
    page = await bench.power.inbox.fetch(bench.session, [done.remote_id], "")
    assert {(m.text, m.parent_id) for m in page.messages} == {("Giá?", ""), ("45k", top.id)}
    reply = duty("reply", "Đúng rồi", reply_to=below.id, root=done.remote_id)
    sent = await publishing.publish(bench.session, reply)
    assert bench.platform.items[sent.remote_id].parent == top.id
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, replace(reply, reply_to="99"))
    assert (caught.value.field, caught.value.reason) == ("reply_to", "deleted")


class Says:
    """A client that gives one answer."""

    def __init__(self, answer):
        self.answer = answer

    async def request(self, *_, **__):
        return self.answer


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_each_refusal_ends_in_its_outcome(case):
    body = json.dumps({"error": {"message": "words", "type": "OAuthException", **case["error"]}}).encode()
    answer = Answer(400, {"content-type": "application/json"}, body)
    with pytest.raises(ConnectorError) as caught:
        await Graph(Says(answer), "https://g.test", "t", "", ROWS).post("1/media_publish", write=True)
    assert (type(caught.value).__name__, caught.value.reason) == (case["outcome"], case["reason"])
    assert case["basis"] in {"documented", "recorded", "assumed"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.code}-{row.subcode or row.words}")
def test_every_reason_has_its_sentence(row):
    assert has_sentence(row.reason, MANIFEST)
