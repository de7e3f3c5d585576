"""A video goes to the service, is worked on, and then stands in the post: once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Outgoing, Processing, Published
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.bluesky import publishing, videos

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]


def film(folder: Path, data: bytes = b"\0\0\0\x18ftypmp42 a film") -> Media:
    path = folder / "film.mp4"
    path.write_bytes(data)
    return Media(path, "video/mp4", len(data), "ab" * 32, "Pha trà", 320, 240, 12.0)


async def through(bench: Any, outgoing: Outgoing) -> Published:
    done = await publishing.publish(bench.session, outgoing)
    for _ in range(9):
        if not isinstance(done, Processing):
            break
        assert not done.handed_over
        bare = replace(outgoing, media=(), handle=done.handle, uploads=Kept())
        done = await publishing.follow(bench.session, bare)
    assert isinstance(done, Published)
    return done


async def test_the_post_appears_when_the_video_is_ready(at_work: AtWork, duty: Duty, tmp_path: Path) -> None:
    bench = await at_work("bluesky")
    kept = Kept()
    outgoing = duty("video", "Cách pha", media=(film(tmp_path),), link="https://vidu.vn/tra", uploads=kept)
    first = await publishing.publish(bench.session, outgoing)
    assert isinstance(first, Processing)
    assert bench.platform.posts() == []
    done = await through(bench, outgoing)
    record = bench.platform.items[done.remote_id].extra["record"]
    assert record["embed"]["$type"] == "app.bsky.embed.video"
    assert (record["embed"]["alt"], record["embed"]["aspectRatio"]) == (
        "Pha trà",
        {"width": 320, "height": 240},
    )
    assert record["text"].endswith("https://vidu.vn/tra")
    assert bench.faults.uploaded() == 1
    upload = next(seen for seen in bench.faults.seen if seen.takes_files)
    assert "did=did%3Aplc%3A" in upload.path or "did=did:plc:" in upload.path


async def test_a_file_that_is_no_video_is_told_in_the_services_words(
    at_work: AtWork, duty: Duty, tmp_path: Path
) -> None:
    bench = await at_work("bluesky")
    with pytest.raises(Rejected) as caught:
        await through(bench, duty("video", "Cách pha", media=(film(tmp_path, b"not a film"),)))
    assert (caught.value.field, caught.value.reason) == ("media", "processing_failed")
    assert caught.value.said == "This is no video we can read"
    assert bench.platform.posts() == []


async def test_the_same_file_again_is_known_to_the_service(
    at_work: AtWork, duty: Duty, tmp_path: Path
) -> None:
    bench = await at_work("bluesky")
    one = await through(bench, duty("video", "Một", media=(film(tmp_path),)))
    two = await through(bench, duty("video", "Hai", media=(film(tmp_path),)))
    assert one.remote_id != two.remote_id
    assert len(bench.platform.posts()) == 2


async def test_what_is_left_of_the_day_is_told_and_the_end_of_it_refused(
    at_work: AtWork, duty: Duty, tmp_path: Path
) -> None:
    bench = await at_work("bluesky")
    await through(bench, duty("video", "Một", media=(film(tmp_path),)))
    assert (await bench.power.diagnostics.examine(bench.session)).left == {"videos": 24}
    jobs = bench.platform.memory["jobs"]
    [row] = jobs.values()
    jobs |= {f"job{n}": dict(row) for n in range(24)}
    told = await bench.power.diagnostics.examine(bench.session)
    assert told.left == {"videos": 0}
    assert [(f.state, f.reason) for f in told.findings] == [("warning", "videos_refused")]
    with pytest.raises(Rejected) as caught:
        await through(bench, duty("video", "Hai", media=(film(tmp_path, b"\0\0\0\x18ftyp another"),)))
    assert caught.value.said == "You have reached your daily upload limit"


async def test_without_a_service_the_file_goes_to_the_accounts_own_server(
    at_work: AtWork, duty: Duty, tmp_path: Path
) -> None:
    bench = await at_work("bluesky")
    bench.session = replace(bench.session, urls={**bench.session.urls, "video": ""})
    done = await publishing.publish(bench.session, duty("video", "Cách pha", media=(film(tmp_path),)))
    assert isinstance(done, Published)
    assert [seen.path for seen in bench.faults.seen if seen.takes_files] == [
        "/xrpc/com.atproto.repo.uploadBlob"
    ]


async def test_a_lost_handle_is_said_to_be_lost(at_work: AtWork) -> None:
    bench = await at_work("bluesky")
    with pytest.raises(Rejected) as caught:
        await videos.followed(bench.session, "")
    assert caught.value.reason == "handle_lost"
