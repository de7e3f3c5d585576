"""Videos come in looked at, with a poster; they are made into what a channel takes, or it is said why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from kitestring.connectorkit.conformance.films import film
from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.library.actions.make_rendition import COVER, THUMB, file_within, ready_file
from kitestring.domains.library.models import Asset, Rendition
from kitestring.domains.library.queries.storage import full_path
from kitestring.domains.library.rules.bounds import Bounds
from kitestring.domains.library.tests.test_add_asset import Door
from kitestring.kit.refusals import Refusal
from kitestring.kit.video.probe import probe
from tests.world import World

pytestmark = pytest.mark.django_db
MP4 = Bounds(("video/mp4", "image/jpeg"))


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def sent(world: World, path: Path) -> Asset:
    return add_asset(world.editor, world.brand, path.name, [path.read_bytes()])


def test_a_video_comes_in_with_its_length_its_sides_and_a_poster(world: World, tmp_path: Path) -> None:
    asset = sent(world, film(tmp_path / "clip.mp4", seconds=2, width=640, height=360))
    assert (asset.mime, asset.width, asset.height) == ("video/mp4", 640, 360)
    assert asset.duration == pytest.approx(2, abs=0.1)
    assert asset.codecs == "h264 yuv420p aac"
    poster = ready_file(asset, THUMB)
    assert poster is not None
    with Image.open(poster.path) as shown:
        assert shown.size == (poster.width, poster.height) == (480, 270)
    assert file_within(asset, COVER).width == 640


def test_the_page_shows_a_poster_and_the_length(world: World, door: Door, tmp_path: Path) -> None:
    path = film(tmp_path / "clip.webm")
    client: Client = door(world.editor)
    with path.open("rb") as file:
        told = client.post("/files/", {"file": file}).json()["assets"][0]
    assert told["mime"] == "video/webm"
    assert told["duration"] == pytest.approx(1, abs=0.2)
    shown = client.get(told["thumb"])
    assert shown["Content-Type"] == "image/jpeg"
    assert b"".join(shown)[:2] == b"\xff\xd8"


def test_what_fits_goes_as_it_is(world: World, tmp_path: Path) -> None:
    path = film(tmp_path / "clip.mp4")
    assert file_within(sent(world, path), MP4).path.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("name", ["clip.mov", "clip.webm"])
def test_another_kind_becomes_mp4_once(world: World, tmp_path: Path, name: str) -> None:
    asset = sent(world, film(tmp_path / name))
    assert ready_file(asset, MP4) is None
    made = file_within(asset, MP4)
    assert made.mime == "video/mp4"
    assert made.duration == pytest.approx(1, abs=0.2)
    assert probe(made.path, made.mime).codecs == "h264 yuv420p aac"
    assert file_within(asset, MP4) == made == ready_file(asset, MP4)
    assert Rendition.objects.exclude(recipe=THUMB.recipe).count() == 1


def test_the_place_where_it_was_taken_stays_here(world: World, tmp_path: Path) -> None:
    path = film(tmp_path / "clip.mp4", more=("-metadata", "location=+10.7769+106.7009/"))
    asset = sent(world, path)
    assert asset.tells
    made = file_within(asset, MP4)
    assert b"loci" in path.read_bytes()
    assert b"loci" not in made.path.read_bytes()


def test_two_brands_with_the_same_file_share_what_was_made(
    world: World, stranger: World, tmp_path: Path
) -> None:
    path = film(tmp_path / "clip.mov")
    ours, theirs = sent(world, path), add_asset(stranger.editor, stranger.brand, "x.mov", [path.read_bytes()])
    assert file_within(ours, MP4) == ready_file(theirs, MP4)


def test_a_channel_without_mp4_is_said(world: World, tmp_path: Path) -> None:
    asset = sent(world, film(tmp_path / "clip.mp4"))
    with pytest.raises(Refusal, match=r"“clip.mp4” is of a type this channel does not take") as refused:
        ready_file(asset, Bounds(("image/jpeg",)))
    assert refused.value.reason == "not_taken"


def test_too_heavy_for_any_size_is_said(world: World, tmp_path: Path) -> None:
    asset = sent(world, film(tmp_path / "clip.mp4", seconds=3, width=640, height=480, noise=60))
    with pytest.raises(Refusal, match="cannot be made small enough"):
        file_within(asset, Bounds(("video/mp4",), bytes=8_000))
    assert not list((full_path("incoming")).iterdir())


@pytest.mark.parametrize("kept", [0.2, 0.8])
def test_a_video_that_is_cut_off_is_refused(world: World, tmp_path: Path, kept: float) -> None:
    path = film(tmp_path / "clip.mp4", seconds=2, more=("-movflags", "+faststart"))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    with pytest.raises(Refusal, match="cut off or damaged"):
        sent(world, path)
    assert not Asset.objects.exists()
    assert not list((full_path("incoming")).iterdir())


def test_without_ffmpeg_a_video_is_taken_unseen_and_sent_as_it_is(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, mov = film(tmp_path / "clip.mp4"), film(tmp_path / "clip.mov")
    monkeypatch.setenv("KITESTRING_FFMPEG", str(tmp_path / "nowhere"))
    asset = sent(world, path)
    assert (asset.duration, asset.codecs) == (0.0, "")
    assert file_within(asset, MP4).path.read_bytes() == path.read_bytes()
    with pytest.raises(Refusal, match="ffmpeg is missing"):
        file_within(sent(world, mov), MP4)


def test_a_file_that_went_missing_is_said(world: World, tmp_path: Path) -> None:
    asset = sent(world, film(tmp_path / "clip.mov"))
    full_path(asset.path).unlink()
    with pytest.raises(Refusal, match="is gone from the media folder"):
        file_within(asset, MP4)
