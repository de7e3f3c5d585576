"""What a channel takes of a file is made before its hour; what cannot be made is held and told, with time to spare."""

from __future__ import annotations

import errno
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.connectorkit import registry
from kitestring.connectorkit.conformance.films import film
from kitestring.connectorkit.contract import Media
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import PostAsset
from kitestring.domains.composing.queries.desk import sides_of
from kitestring.domains.library.actions import make_open as making_room
from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.library.actions.make_open import make_open
from kitestring.domains.library.models import Asset, Making, Rendition
from kitestring.domains.library.rules.bounds import COVER
from kitestring.domains.publishing.actions import speak
from kitestring.domains.publishing.actions.hand_off_files import file_to_save, files_of
from kitestring.domains.publishing.actions.hold_unfit import hold_unfit
from kitestring.domains.publishing.actions.prepare_files import prepare_ahead
from kitestring.domains.publishing.actions.schedule import schedule_post
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.telling import tell_delivery
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.harbour import manifests
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal
from kitestring.kit.video.program import Stopped

HEAVY = 3_000  # bytes into which no video fits


@pytest.fixture
def cinema(harbour: Harbour, settings: Any, tmp_path: Path) -> Harbour:
    """The harbour with videos: MP4, at most 320 pixels."""
    settings.MEDIA_ROOT = tmp_path / "media"
    takes(400_000)
    return harbour


def takes(most: int) -> None:
    kind = manifests.manifest("native_key").kinds[0].model_dump(by_alias=True)
    media = {
        "count": 4,
        "mimes": ["video/mp4", "image/jpeg"],
        "video_bytes": most,
        "side": 320,
        **manifests.FACT,
    }
    one = manifests.connector("native_key", kinds=[{**kind, "media": media}])
    registry.connectors()[one.manifest.slug] = one


def clip(cinema: Harbour, tmp_path: Path, **how: Any) -> Asset:
    path = film(tmp_path / "clip.mov", **how)
    return add_asset(cinema.world.editor, cinema.world.brand, "clip.mov", [path.read_bytes()])


def planned(cinema: Harbour, asset: Asset, account: Account | None = None, hours: float = 2) -> Delivery:
    variant = cinema.variant(account or cinema.account(), "With a clip")
    PostAsset.objects.create(post=variant.post, asset=asset, alt="A cup")
    [delivery] = schedule_post(cinema.world.editor, variant.post, now() + timedelta(hours=hours))
    return delivery


def make(cinema: Harbour) -> None:
    async def all_of_it() -> None:
        await make_open(False)
        await make_open(True)

    cinema.run(all_of_it)


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[Media]:
    """The files that were handed to the connector."""
    seen: list[Media] = []
    real = speak.outgoing

    def watched(*given: Any, **more: Any) -> Any:
        message = real(*given, **more)
        seen.extend(message.media)
        return message

    monkeypatch.setattr(speak, "outgoing", watched)
    return seen


def test_planning_asks_for_it_and_at_the_hour_it_lies_ready(
    cinema: Harbour, tmp_path: Path, left: list[Media]
) -> None:
    asset = clip(cinema, tmp_path, width=480, height=360)
    delivery = planned(cinema, asset)
    assert set(Making.objects.values_list("state", "moving")) == {("wanted", True), ("wanted", False)}
    make(cinema)
    assert set(Making.objects.values_list("state", flat=True)) == {"made"}
    cinema.pass_(2 * 3600)
    cinema.work(5)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("published", "")
    [sent] = left
    assert (sent.mime, sent.width, sent.height) == ("video/mp4", 320, 240)
    assert sent.duration == pytest.approx(1, abs=0.2)
    assert sent.cover is not None
    assert sent.cover.read_bytes()[:2] == b"\xff\xd8"
    assert sent.size == sent.path.stat().st_size


def test_what_cannot_be_made_holds_the_post_in_time_and_says_so(cinema: Harbour, tmp_path: Path) -> None:
    takes(HEAVY)
    delivery = planned(cinema, clip(cinema, tmp_path, noise=40))
    make(cinema)
    failed = Making.objects.get(moving=True)
    assert (failed.state, failed.reason) == ("failed", "too_heavy")
    assert hold_unfit(failed.source, failed.recipe, failed.reason) == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("held", "file_unfit")
    assert "clip.mov cannot be made to fit this channel" in tell_delivery(delivery)
    cinema.work(20)
    delivery.refresh_from_db()
    assert delivery.state == "held"
    [side] = sides_of(delivery.revision.post, "en")
    assert [(p.field, p.reason, p.severity) for p in side.problems] == [("media.0", "too_heavy", "error")]
    assert "cannot be made small enough" in side.problems[0].sentence
    with pytest.raises(Refusal, match="cannot be made small enough"):
        schedule_post(cinema.world.editor, delivery.revision.post, now() + timedelta(hours=3))


def test_the_news_of_it_reaches_the_ledger_as_a_job(cinema: Harbour, tmp_path: Path) -> None:
    takes(HEAVY)
    planned(cinema, clip(cinema, tmp_path, noise=40))
    make(cinema)
    failed = Making.objects.get(moving=True)
    told = {"source": failed.source, "recipe": failed.recipe, "reason": "too_heavy"}
    waiting = ProcrastinateJob.objects.filter(task_name="publishing.rendition_failed")
    assert told in list(waiting.values_list("args", flat=True))


def test_another_post_with_it_is_held_when_its_hours_come_into_sight(cinema: Harbour, tmp_path: Path) -> None:
    asset = clip(cinema, tmp_path, noise=40)
    delivery = planned(cinema, asset, hours=24)
    takes(HEAVY)  # the channel takes less now
    assert prepare_ahead() == 0
    cinema.pass_(20 * 3600)
    assert prepare_ahead() == 1
    make(cinema)
    prepare_ahead()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("held", "file_unfit")


def test_before_it_is_ready_it_waits_and_then_goes(
    cinema: Harbour, tmp_path: Path, left: list[Media]
) -> None:
    delivery = planned(cinema, clip(cinema, tmp_path), hours=0.001)
    cinema.pass_(5)
    cinema.work(1)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("scheduled", "file_making")
    assert not left
    assert not cinema.faults.seen
    make(cinema)
    cinema.work(30)
    delivery.refresh_from_db()
    assert delivery.state == "published"
    assert [one.mime for one in left] == ["video/mp4"]


def test_without_ffmpeg_it_is_held_and_may_be_released(
    cinema: Harbour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = planned(cinema, clip(cinema, tmp_path))
    with monkeypatch.context() as without:
        without.setenv("KITESTRING_FFMPEG", "/nowhere/ffmpeg")
        make(cinema)
        failed = Making.objects.get(moving=True)
        assert failed.reason == "no_program"
        hold_unfit(failed.source, failed.recipe, failed.reason)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("held", "file_not_made")
    assert "kitestring doctor" in tell_delivery(delivery)
    Delivery.objects.filter(pk=delivery.pk).update(state="scheduled", reason="")
    prepare_ahead()
    make(cinema)
    assert Rendition.objects.filter(mime="video/mp4").exists()


def test_a_worker_that_died_leaves_it_to_the_next(cinema: Harbour, tmp_path: Path) -> None:
    planned(cinema, clip(cinema, tmp_path))
    Making.objects.update(state="under_way", lease_until=now() - timedelta(seconds=1), tries=1)
    make(cinema)
    assert set(Making.objects.values_list("state", "tries")) == {("made", 2)}


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Stopped(), ("wanted", "", False)),
        (OSError(errno.ENOSPC, "No space left on device"), ("wanted", "", True)),
        (RuntimeError("nobody foresaw this"), ("wanted", "", True)),
        (FileNotFoundError("clip.mov"), ("failed", "gone", False)),
    ],
)
def test_what_ends_it_early(
    cinema: Harbour,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Exception,
    expected: tuple[str, str, bool],
) -> None:
    planned(cinema, clip(cinema, tmp_path))
    tried: list[int] = []

    def broken(*_given: Any) -> Any:
        tried.append(1)
        # A worker that leaves takes no other.
        monkeypatch.setattr(making_room, "_leaving", [True])
        raise trouble

    monkeypatch.setattr(making_room, "draw", broken)
    cinema.run(lambda: make_open(True))
    row = Making.objects.get(moving=True)
    assert (row.state, row.reason, row.not_before is not None) == expected
    assert len(tried) == 1
    assert not list((tmp_path / "media" / "incoming").iterdir())


def test_the_focus_that_was_approved_is_the_one_that_leaves(
    cinema: Harbour, tmp_path: Path, left: list[Media]
) -> None:
    """Frozen with the post: what is chosen later is for later posts."""
    one = registry.connectors()["harbour-native-key"]
    limit = one.manifest.kinds[0].media
    assert limit is not None
    square = one.manifest.kinds[0].model_copy(
        update={"media": limit.model_copy(update={"ratio": (1.0, 1.0)})}
    )
    registry.connectors()["harbour-native-key"] = replace(
        one, manifest=one.manifest.model_copy(update={"kinds": (square,)})
    )
    still = film(tmp_path / "wide.mp4", width=320, height=160)
    asset = add_asset(cinema.world.editor, cinema.world.brand, "wide.mp4", [still.read_bytes()])
    cover = Rendition.objects.get(source=asset.sha256)
    picture = add_asset(
        cinema.world.editor, cinema.world.brand, "wide.jpg", [(tmp_path / "media" / cover.path).read_bytes()]
    )
    Asset.objects.filter(pk=picture.pk).update(focus_x=0.1)
    picture.refresh_from_db()
    delivery = planned(cinema, picture, hours=0.001)
    assert delivery.payload["media"][0]["focus"] == [0.1, 0.5]
    Asset.objects.filter(pk=picture.pk).update(focus_x=0.9)
    cinema.pass_(5)
    cinema.work(1)
    [sent] = left
    assert sent.width == sent.height
    assert "focus=0.10,0.50" in Rendition.objects.get(sha256=sent.sha256).recipe
    assert COVER.recipe not in Rendition.objects.values_list("recipe", flat=True)


def test_a_page_never_waits_for_a_video_to_be_made(cinema: Harbour, tmp_path: Path) -> None:
    """Who publishes by hand gets what was made ahead, and the file as it is until then."""
    delivery = planned(cinema, clip(cinema, tmp_path))
    [one] = files_of(cinema.world.editor, delivery)
    assert file_to_save(delivery, one).mime == "video/quicktime"
    assert not Rendition.objects.filter(mime="video/mp4").exists()
    make(cinema)
    saved = file_to_save(delivery, one)
    assert (saved.mime, saved.name) == ("video/mp4", "01 clip.mp4")
