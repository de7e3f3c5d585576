"""Videos and reels: unseen while they go up and are processed, live once, and held against Meta's own Reels collection."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kitestring.connectorkit.contract import Media, Processing, Published
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.facebook import publishing
from kitestring.providers.meta.graph import number
from tests.descriptions.meta import watching as held
from tests.descriptions.postman import collection, watching

COLLECTION = "meta/facebook-reels.postman_collection.json"


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "pha-tra.mp4"
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42 not a film")
    return Media(path, "video/mp4", path.stat().st_size, "f" * 64, "Pha trà", 1080, 1920, 12.0)


async def through(session, outgoing):
    outcome = await publishing.publish(session, outgoing)
    handed = []
    while isinstance(outcome, Processing):
        handed.append(outcome.handed_over)
        outcome = await publishing.follow(session, replace(outgoing, handle=outcome.handle))
    return outcome, handed


async def on_and_on(session, known):
    """Ask until the word that puts it live was said, five times at most."""
    for _ in range(5):
        await publishing.follow(session, known)


async def test_a_reel_is_handed_over_by_its_last_word_and_live_when_processed(at_work, duty, film):
    bench = await at_work("facebook")
    outgoing = duty("reel", "Pha trà sen", title="Trà", media=(film,), uploads=Kept())
    done, handed = await through(bench.session, outgoing)
    assert handed[0] is False
    assert handed[-1] is True
    item = bench.platform.items[done.remote_id]
    assert (item.text, item.title, item.extra["kind"]) == ("Pha trà sen", "Trà", "reel")
    assert done.url.startswith(bench.base_url)


@pytest.mark.parametrize("kind", ["reel", "video"])
async def test_after_a_lost_answer_it_is_found_and_live_once(at_work, duty, film, kind):
    bench = await at_work("facebook")
    outgoing = duty(kind, "Pha trà", media=(film,), uploads=Kept())
    outcome = await publishing.publish(bench.session, outgoing)
    known = replace(outgoing, handle=outcome.handle)
    assert await publishing.look_up(bench.session, known) is None
    bench.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await on_and_on(bench.session, known)
    found = await publishing.look_up(bench.session, known)
    while isinstance(found, Processing):
        found = await publishing.follow(bench.session, known)
    assert isinstance(found, Published)
    assert len(bench.platform.posts()) == 1


async def test_a_video_waits_for_its_processing_and_says_when_that_failed(at_work, duty, film):
    bench = await at_work("facebook")
    outgoing = duty("video", "Pha trà", media=(film,), uploads=Kept())
    done, handed = await through(bench.session, outgoing)
    assert not any(handed)
    assert bench.platform.items[done.remote_id].extra["kind"] == "video"
    other = await publishing.publish(bench.session, replace(outgoing, uploads=Kept()))
    for row in bench.platform.memory["videos"].values():
        row["broken"] = True
    with pytest.raises(Rejected) as caught:
        await publishing.follow(bench.session, replace(outgoing, handle=other.handle))
    assert (caught.value.field, caught.value.reason) == ("media", "processing_failed")
    assert "Unreadable" in caught.value.said


async def test_numbers_and_comments_are_asked_of_the_post_behind_a_reel(at_work, duty, film):
    bench = await at_work("facebook")
    done, _ = await through(bench.session, duty("reel", "Pha trà", media=(film,)))
    assert number(done.remote_id).startswith(f"{bench.session.remote_id}_")
    bench.platform.count(done.remote_id, "views", 9)
    bench.platform.comment(done.remote_id, "lan", "Lan", "Ngon!")
    page = await bench.power.inbox.fetch(bench.session, [done.remote_id], "")
    assert [message.text for message in page.messages] == ["Ngon!"]
    readings = {r.metric: r.value for r in await bench.power.metrics.read(bench.session, [done.remote_id])}
    assert readings["views"] == 9


@pytest.mark.specs
async def test_a_reels_calls_keep_to_the_collection(at_work, duty, film):
    calls = collection(COLLECTION)
    bench = await at_work("facebook")
    page = bench.session.remote_id

    def loose(path):
        # The collection speaks of the Page as "me"; posts and their addresses are not in it.
        return not (path.endswith("video_reels") or path.startswith("video-upload"))

    async with watching(bench.session, calls, loose=loose) as watched:
        session = replace(watched.session, remote_id="me")
        outcome = await publishing.publish(session, duty("reel", "Pha trà", media=(film,)))
        await publishing.follow(
            session, replace(duty("reel", "Pha trà", media=(film,)), handle=outcome.handle)
        )
    assert watched.wrong == []
    assert {(method, path.split("/")[0]) for method, path, _ in watched.seen} == {
        ("POST", "me"),
        ("POST", "video-upload"),
    }
    assert page not in {path for _, path, _ in watched.seen}


@pytest.mark.specs
async def test_a_videos_calls_keep_to_the_description(at_work, duty, film):
    from_description = pytest.importorskip("kitestring.connectors.facebook.tests.test_description")
    bench = await at_work("facebook")
    description = from_description.described()
    async with held(bench.session, description, from_description.classify(bench)) as watched:
        for kind in ("video", "reel"):
            await through(watched.session, duty(kind, "Pha trà", title="Trà", media=(film,)))
    assert watched.wrong == []
    seen = {call[:3] for call in watched.seen}
    assert seen >= {("POST", "Page", "videos"), ("POST", "Page", "video_reels"), ("POST", "AdVideo", "")}
