"""What a camera wrote into a picture stays in the house: no place, no name of the camera leaves with it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.library.actions.make_rendition import File, file_within
from kitestring.domains.library.rules.fitting import Bounds
from tests.world import World

pytestmark = pytest.mark.django_db
WIDE = Bounds(("image/jpeg", "image/png", "image/gif"), 1_000_000, 2000)


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def leaves(world: World, data: bytes, name: str = "IMG_0001.jpg") -> File:
    return file_within(add_asset(world.editor, world.brand, name, [data]), WIDE)


def from_camera(turned: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "A camera", turned
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (10.0, 46.0, 12.0), "E", (106.0, 41.0, 5.0)
    out = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG", exif=exif, icc_profile=profile)
    return out.getvalue()


def test_place_and_camera_stay_and_the_colours_go_along(world: World) -> None:
    with Image.open(leaves(world, from_camera()).path) as sent:
        assert dict(sent.getexif()) == {}
        assert sent.info.get("icc_profile")
        assert sent.size == (64, 48)


def test_a_picture_held_upright_leaves_upright(world: World) -> None:
    with Image.open(leaves(world, from_camera(turned=6)).path) as sent:
        assert sent.size == (48, 64)


def test_a_picture_that_says_nothing_leaves_as_it_is(world: World) -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG")
    assert leaves(world, out.getvalue()).path.read_bytes() == out.getvalue()


def test_a_moving_picture_keeps_moving(world: World) -> None:
    out = io.BytesIO()
    frames = [Image.new("P", (8, 8), n) for n in (1, 2)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert leaves(world, out.getvalue(), "wave.gif").path.read_bytes() == out.getvalue()


def test_a_phones_picture_of_several_is_a_jpeg(world: World) -> None:
    out = io.BytesIO()
    first, second = (Image.new("RGB", (64, 48), colour) for colour in ("red", "blue"))
    first.save(out, "MPO", save_all=True, append_images=[second])
    asset = add_asset(world.editor, world.brand, "IMG_0002.jpg", [out.getvalue()])
    assert (asset.mime, asset.width, asset.height) == ("image/jpeg", 64, 48)
