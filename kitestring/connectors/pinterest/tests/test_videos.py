"""Videos: sent once, processed, shown with a cover; lost, broken and refused ones."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Outgoing, Processing, Published, Session
from kitestring.connectorkit.emulation import Fault, Item
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.pinterest import emulator, publishing

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
Picture = Callable[..., Media]


@pytest.fixture
def film(tmp_path: Path) -> Callable[..., Media]:
    """A file that the emulator takes for a video."""

    def make(data: bytes = b"moving pictures", seconds: float = 9) -> Media:
        path = tmp_path / "pha-tra.mp4"
        path.write_bytes(data)
        return Media(path, "video/mp4", len(data), "a" * 64, "Pha trà", 720, 1280, duration=seconds)

    return make


async def through(session: Session, outgoing: Outgoing) -> Published:
    """As the ledger does: what follows is told nothing of the files."""
    outcome = await publishing.publish(session, outgoing)
    for _ in range(9):
        if isinstance(outcome, Published):
            return outcome
        assert not outcome.handed_over
        outcome = await publishing.follow(session, replace(outgoing, handle=outcome.handle, media=()))
    raise AssertionError("it was never ready")


async def test_a_video_with_its_cover(at_work: AtWork, duty: Duty, film: Callable[..., Media]) -> None:
    bench = await at_work("pinterest")
    outgoing = duty("pin", "Pha trà", media=(film(),), options={"cover_second": "3"}, uploads=Kept())
    done = await through(bench.session, outgoing)
    pin: Item = bench.platform.items[done.remote_id]
    assert pin.media == [{"mime": "video/mp4", "cover": 3}]
    assert (pin.text, pin.extra["alt"]) == ("Pha trà", "Pha trà")
    found = await publishing.look_up(bench.session, replace(outgoing, media=()))
    assert found == done
    to_storage = [seen for seen in bench.faults.seen if seen.path == "/storage/"]
    assert len(to_storage) == 1
    assert "authorization" not in {key.lower() for key in to_storage[0].headers}


async def test_a_pin_that_went_unheard_is_found_and_the_video_not_sent_again(
    at_work: AtWork, duty: Duty, film: Callable[..., Media]
) -> None:
    bench = await at_work("pinterest")
    outgoing = duty("pin", "Pha trà", media=(film(),), uploads=Kept())
    bench.faults.next(Fault("error_before", at="store"))
    with pytest.raises(Ambiguous):
        await through(bench.session, outgoing)
    assert await publishing.look_up(bench.session, outgoing) is None
    bench.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await through(bench.session, outgoing)
    (pin,) = bench.platform.posts()
    found = await publishing.look_up(bench.session, outgoing)
    assert isinstance(found, Published)
    assert (found.remote_id, bench.faults.uploaded()) == (pin.id, 1)


async def test_a_video_that_was_cleared_away_goes_up_anew(
    at_work: AtWork, duty: Duty, film: Callable[..., Media]
) -> None:
    bench = await at_work("pinterest")
    outgoing = duty("pin", "Pha trà", media=(film(),), uploads=Kept())
    outcome = await publishing.publish(bench.session, outgoing)
    assert isinstance(outcome, Processing)
    emulator.lose_files(bench.platform)
    with pytest.raises(Rejected, match="processing_failed"):
        await publishing.follow(bench.session, replace(outgoing, handle=outcome.handle, media=()))
    await through(bench.session, outgoing)
    assert bench.faults.uploaded() == 2


async def test_a_video_that_cannot_be_processed(
    at_work: AtWork, duty: Duty, film: Callable[..., Media]
) -> None:
    bench = await at_work("pinterest")
    outgoing = duty("pin", "Pha trà", media=(film(b"broken pictures"),), uploads=Kept())
    with pytest.raises(Rejected, match="processing_failed") as caught:
        await through(bench.session, outgoing)
    assert caught.value.field == "media"
    with pytest.raises(Rejected, match="processing_failed"):
        await publishing.publish(bench.session, outgoing)
    await through(bench.session, replace(outgoing, media=(film(),)))  # forgotten, so the whole file goes up
    assert bench.faults.uploaded() == 2


async def test_trouble_with_the_storage_is_only_later(
    at_work: AtWork, duty: Duty, film: Callable[..., Media]
) -> None:
    bench = await at_work("pinterest")
    outgoing = duty("pin", "Pha trà", media=(film(),), uploads=Kept())
    for fault in (Fault("error_before", at="upload"), Fault("drop_after", at="upload")):
        bench.faults.next(fault)
        with pytest.raises(RetryLater):
            await publishing.publish(bench.session, outgoing)
    await through(bench.session, outgoing)
    assert len(bench.platform.posts()) == 1


@pytest.mark.parametrize("second", ["soon", "-1", "1.5", "３"])
async def test_a_cover_at_no_second(
    at_work: AtWork, duty: Duty, film: Callable[..., Media], second: str
) -> None:
    bench = await at_work("pinterest")
    with pytest.raises(Rejected, match="cover_wrong") as caught:
        publishing.check(
            bench.session, duty("pin", "Pha trà", media=(film(),), options={"cover_second": second})
        )
    assert caught.value.field == "options.cover_second"


async def test_a_video_stands_alone(
    at_work: AtWork, duty: Duty, film: Callable[..., Media], picture: Picture
) -> None:
    bench = await at_work("pinterest")
    for media, reason in (
        ((film(), picture()), "media_mixed"),
        ((film(), film()), "videos_too_many"),
        ((film(seconds=3),), "video_too_short"),
        ((film(seconds=901),), "video_too_long"),
    ):
        with pytest.raises(Rejected, match=reason):
            publishing.check(bench.session, duty("pin", "Pha trà", media=media))
