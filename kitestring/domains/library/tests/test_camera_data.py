"""What a camera wrote into a picture stays in the house: no place, no name of the camera leaves with it."""

from __future__ import annotations

import io
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageSequence
from PIL.PngImagePlugin import PngInfo

from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.library.actions.make_rendition import File, file_within
from kitestring.domains.library.rules.fitting import Bounds, tells
from kitestring.domains.library.rules.telling import without
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


def place() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "Secret Cameras"
    exif.get_ifd(0x8825).update({1: "N", 2: (10.0, 46.0, 12.0), 3: "E", 4: (106.0, 41.0, 5.0)})
    return exif


def written(form: str, frames: int = 1, **options: object) -> bytes:
    out = io.BytesIO()
    first, *others = (Image.new("RGB", (64, 48), (200, shade, 9)) for shade in range(0, frames * 60, 60))
    moving = {"save_all": True, "append_images": others, "duration": 80, "loop": 0} if others else {}
    first.save(out, form, **moving, **options)
    return out.getvalue()


def notes(*kinds: str) -> PngInfo:
    made = PngInfo()
    if "text" in kinds:
        made.add_text("Author", "Nguyen Secret")
    if "compressed" in kinds:
        made.add_text("Comment", "10.77,106.70 Secret " * 9, zip=True)
    if "international" in kinds:
        made.add_itxt("GPSPosition", "10.77 Secret")
    if "private" in kinds:
        made.add(b"caBX", b"Secret")
    return made


def with_place(png: bytes) -> bytes:
    """Pillow writes none into a moving one; cameras and editors do."""
    said = b"eXIf" + place().tobytes().removeprefix(b"Exif\0\0")
    piece = (len(said) - 4).to_bytes(4, "big") + said + zlib.crc32(said).to_bytes(4, "big")
    return png[:33] + piece + png[33:]


TELLING = {
    "webp_moving": (written("WEBP", 3, exif=place(), xmp=b"<x>Secret</x>", lossless=True), "image/webp", 3),
    "webp": (written("WEBP", exif=place(), xmp=b"<x>Secret</x>"), "image/webp", 1),
    "png_moving": (with_place(written("PNG", 3)), "image/png", 3),
    "png": (written("PNG", exif=place()), "image/png", 1),
    "png_text": (written("PNG", pnginfo=notes("text")), "image/png", 1),
    "png_compressed": (written("PNG", pnginfo=notes("compressed")), "image/png", 1),
    "png_international": (written("PNG", pnginfo=notes("international")), "image/png", 1),
    "png_private": (written("PNG", pnginfo=notes("private")), "image/png", 1),
    "png_behind": (written("PNG") + b"Secret", "image/png", 1),
    "jpeg_remark": (written("JPEG", comment=b"Secret"), "image/jpeg", 1),
    "jpeg_behind": (written("JPEG") + b"\0\0\0\x18ftypmp42Secret", "image/jpeg", 1),
    "gif_remark": (written("GIF", comment=b"Secret"), "image/gif", 1),
    "gif_moving": (written("GIF", 3, comment=b"Secret"), "image/gif", 3),
    "gif_behind": (written("GIF", 2) + b"Secret", "image/gif", 2),
}
SAID = (b"Secret", b"Exif", b"eXIf", b"EXIF", b"XMP", b"tEXt", b"zTXt", b"iTXt", b"MM\0*", b"II*\0")
ALL = Bounds(("image/jpeg", "image/png", "image/gif", "image/webp"), 1_000_000, 2000)


@pytest.mark.parametrize("name", list(TELLING))
def test_what_a_file_says_stays_here_and_the_picture_is_the_same(world: World, name: str) -> None:
    data, mime, frames = TELLING[name]
    assert any(word in data for word in SAID)
    asset = add_asset(world.editor, world.brand, name, [data])
    sent = file_within(asset, ALL)
    left = sent.path.read_bytes()
    assert (sent.mime, sent.width, sent.height, sent.size) == (mime, 64, 48, len(left))
    assert not [word for word in SAID if word in left]
    assert not tells(sent.path)
    if mime != "image/jpeg":
        assert [frame.tobytes() for frame in frames_of(left)] == [
            frame.tobytes() for frame in frames_of(data)
        ]
    assert len(frames_of(left)) == frames


def frames_of(data: bytes) -> list[Image.Image]:
    with Image.open(io.BytesIO(data)) as image:
        return [frame.convert("RGBA") for frame in ImageSequence.Iterator(image)]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("frames", [1, 3])
def test_colours_and_movement_are_nothing_said(world: World, form: str, frames: int) -> None:
    if (form, frames) == ("JPEG", 3):
        frames = 1
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = written(form, frames, **({} if form == "GIF" else {"icc_profile": profile}))
    sent = file_within(add_asset(world.editor, world.brand, "a", [data]), ALL)
    assert sent.path.read_bytes() == data


def test_a_png_held_upright_is_turned(world: World) -> None:
    exif = place()
    exif[0x0112] = 6
    sent = file_within(add_asset(world.editor, world.brand, "a.png", [written("PNG", exif=exif)]), ALL)
    assert (sent.width, sent.height) == (48, 64)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_file_cut_anywhere_ends_in_words_not_in_a_fault(form: str) -> None:
    whole = written(form)
    assert without(whole, form) == whole
    for end in range(len(whole)):
        with suppress(ValueError):
            assert len(without(whole[:end], form)) <= end
