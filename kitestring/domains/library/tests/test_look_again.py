"""Videos that came in when less was looked for are looked into once more, so that what they tell is known before they leave."""

from __future__ import annotations

from pathlib import Path

import pytest
from asgiref.sync import async_to_sync

from kitestring.connectorkit.conformance.films import film
from kitestring.domains.library.actions import look_again as looking
from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.library.actions.look_again import look_again
from kitestring.domains.library.actions.make_rendition import file_within
from kitestring.domains.library.models import Asset
from kitestring.domains.library.queries.storage import full_path
from kitestring.domains.library.rules.bounds import Bounds
from kitestring.domains.library.rules.sniffing import Kind
from kitestring.kit.video.probe import LOOK
from tests.world import World

pytestmark = pytest.mark.django_db
MP4 = Bounds(("video/mp4", "image/jpeg"))


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def came_in_before(asset: Asset) -> Asset:
    """As its row was when nothing but the place was looked for."""
    Asset.objects.filter(pk=asset.pk).update(tells=False, looked=0)
    asset.refresh_from_db()
    return asset


def titled(tmp_path: Path) -> Path:
    return film(tmp_path / "clip.mp4", more=("-metadata", "title=Minh at home"))


def test_what_comes_in_now_is_not_looked_into_twice(world: World, tmp_path: Path) -> None:
    asset = add_asset(world.editor, world.brand, "clip.mp4", [titled(tmp_path).read_bytes()])
    assert (asset.tells, asset.looked) == (True, LOOK)
    assert async_to_sync(look_again)() == 0


def test_an_old_video_that_tells_more_is_found_out_for_every_brand_and_leaves_without_it(
    world: World, stranger: World, tmp_path: Path
) -> None:
    path = titled(tmp_path)
    ours = came_in_before(add_asset(world.editor, world.brand, "clip.mp4", [path.read_bytes()]))
    theirs = came_in_before(add_asset(stranger.editor, stranger.brand, "x.mp4", [path.read_bytes()]))
    assert b"Minh at home" in file_within(ours, MP4).path.read_bytes()
    assert async_to_sync(look_again)() == 1
    for asset in (ours, theirs):
        asset.refresh_from_db()
        assert (asset.tells, asset.looked, asset.codecs) == (True, LOOK, "h264 yuv420p aac")
    assert b"Minh at home" not in file_within(ours, MP4).path.read_bytes()


def test_a_plain_one_stays_what_it_is(world: World, tmp_path: Path) -> None:
    asset = add_asset(world.editor, world.brand, "clip.mp4", [film(tmp_path / "clip.mp4").read_bytes()])
    came_in_before(asset)
    assert async_to_sync(look_again)() == 1
    asset.refresh_from_db()
    assert (asset.tells, asset.looked) == (False, LOOK)


def test_of_a_file_that_cannot_be_read_nobody_knows_and_it_is_asked_once(
    world: World, tmp_path: Path
) -> None:
    asset = came_in_before(add_asset(world.editor, world.brand, "clip.mp4", [titled(tmp_path).read_bytes()]))
    full_path(asset.path).write_bytes(b"gone bad")
    assert async_to_sync(look_again)() == 1
    asset.refresh_from_db()
    assert (asset.tells, asset.looked, asset.duration > 0) == (True, LOOK, True)
    full_path(asset.path).unlink()
    came_in_before(asset)
    assert async_to_sync(look_again)() == 1


def test_without_ffmpeg_nothing_is_judged(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = came_in_before(add_asset(world.editor, world.brand, "clip.mp4", [titled(tmp_path).read_bytes()]))
    monkeypatch.setattr(looking, "look_into", lambda _path, mime: Kind(mime))
    assert async_to_sync(look_again)() == 0
    asset.refresh_from_db()
    assert asset.looked == 0
