"""Pictures are cropped to the nearest shape a channel takes, around what somebody pointed at; nothing is made larger."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from kitestring.connectorkit.manifest import MediaLimit
from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.library.actions.make_rendition import file_within
from kitestring.domains.library.models import Asset
from kitestring.domains.library.queries.planned import Made, planned
from kitestring.domains.library.rules.bounds import THUMB, Bounds, bounds_for, crop_box, within
from kitestring.domains.library.rules.plan import plan
from kitestring.kit.refusals import Refusal
from tests.world import World

pytestmark = pytest.mark.django_db
FEED = (0.8, 1.91)
JPEG = ("image/jpeg",)
FACT = {"source": "test", "checked_on": "2026-11-21"}


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def striped() -> Image.Image:
    """Red, green, blue side by side: a crop shows which third it kept."""
    image = Image.new("RGB", (900, 300), "red")
    image.paste("green", (300, 0, 600, 300))
    image.paste("blue", (600, 0, 900, 300))
    return image


def added(world: World, data: bytes, name: str = "a.png") -> Asset:
    return add_asset(world.editor, world.brand, name, [data])


def shown(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


@pytest.mark.parametrize(
    ("focus", "colour"), [((0.0, 0.5), (254, 0, 0)), ((0.5, 0.5), (0, 128, 1)), ((1.0, 0.5), (0, 0, 254))]
)
def test_the_crop_keeps_the_focus_in(
    world: World, focus: tuple[float, float], colour: tuple[int, ...]
) -> None:
    asset = added(world, encoded(striped(), "PNG"))
    made = file_within(asset, Bounds(JPEG, ratio=(1.0, 1.0), focus=focus))
    assert (made.width, made.height) == (300, 300)
    middle = shown(made.path).getpixel((150, 150))
    assert all(abs(a - b) < 6 for a, b in zip(middle, colour, strict=True))


def test_it_is_cropped_to_the_nearest_shape_then_scaled(world: World) -> None:
    asset = added(world, encoded(striped(), "PNG"))
    made = file_within(asset, Bounds(JPEG, side=400, ratio=FEED))
    assert within(made.width, made.height, FEED)
    assert made.width == 400
    assert made.width / made.height == pytest.approx(1.91, rel=0.01)


def test_another_focus_is_another_rendition_and_no_crop_has_none() -> None:
    limit = MediaLimit(count=1, mimes=JPEG, ratio=FEED, **FACT)
    wide = Asset(mime="image/png", size=1, width=900, height=300)
    square = Asset(mime="image/png", size=1, width=300, height=300)
    assert bounds_for(wide, limit, (0.1, 0.5)).recipe != bounds_for(wide, limit, (0.9, 0.5)).recipe
    assert bounds_for(square, limit, (0.1, 0.5)).recipe == bounds_for(square, limit, (0.9, 0.5)).recipe


def test_two_long_recipes_are_never_the_same() -> None:
    mimes = tuple(f"image/kind-{number}" for number in range(20))
    first, second = Bounds(mimes, side=1000), Bounds(mimes, side=2000)
    assert first.recipe != second.recipe
    assert max(len(first.recipe), len(second.recipe)) <= 120


@given(
    st.integers(1, 5000), st.integers(1, 5000), st.floats(0.2, 3), st.floats(1, 4),
    st.floats(0, 1), st.floats(0, 1),
)  # fmt: skip
def test_any_crop_lies_inside_and_holds_its_focus(
    width: int, height: int, least: float, more: float, x: float, y: float
) -> None:
    bounds = Bounds(JPEG, ratio=(least, least * more), focus=(x, y))
    left, top, right, bottom = crop_box(width, height, bounds)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert left - 1 <= x * width <= right + 1
    assert top - 1 <= y * height <= bottom + 1
    if min(right - left, bottom - top) > 60:
        assert within(right - left, bottom - top, (least, least * more))


def test_what_was_planned_is_what_is_made(world: World) -> None:
    asset = added(world, encoded(striped(), "PNG"))
    limit = MediaLimit(count=1, mimes=JPEG, side=200, ratio=FEED, **FACT)
    bounds = bounds_for(asset, limit)
    coming, made = plan(asset, bounds), file_within(asset, bounds)
    assert coming.steps == ("cropped", "smaller", "converted")
    assert (coming.mime, coming.width, coming.height) == (made.mime, made.width, made.height)


def test_a_picture_held_upright_is_known_upright(world: World) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    asset = added(world, encoded(Image.new("RGB", (64, 48)), "JPEG", exif=exif), "a.jpg")
    assert (asset.width, asset.height) == (48, 64)


def test_a_picture_for_print_keeps_its_colours(world: World) -> None:
    """Without its profile ink would be guessed at."""
    data = encoded(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG")
    made = file_within(added(world, data, "a.jpg"), Bounds(("image/png",)))
    red, green, blue = shown(made.path).getpixel((20, 20))
    assert red > 200
    assert max(green, blue) < 60


def test_sixteen_bits_are_not_cut_to_white(world: World) -> None:
    image = Image.new("I;16", (32, 32), 128 * 256)
    made = file_within(added(world, encoded(image, "PNG")), Bounds(JPEG))
    assert abs(shown(made.path).getpixel((16, 16))[0] - 128) < 3


def greys(mode: str, *shades: float, form: str = "TIFF") -> bytes:
    image = Image.new(mode, (8 * len(shades), 8))
    for place, shade in enumerate(shades):
        image.paste(Image.new(mode, (8, 8), shade), (8 * place, 0))
    return encoded(image, form)


@pytest.mark.parametrize(
    ("mode", "shades", "wanted"),
    [
        ("I", (0, 2**30, 2**31 - 1), (0, 128, 255)),
        ("I", (-1000, 0, 1000), (0, 128, 255)),
        ("I", (0, 100_000, 200_000), (0, 128, 255)),
        ("I", (0, 64 * 257, 128 * 257), (0, 64, 128)),
        ("I", (0, 64, 128), (0, 64, 128)),
        ("F", (0.0, 0.25, 0.5), (0, 64, 128)),
        ("F", (-2.0, 0.0, 2.0), (0, 128, 255)),
        ("F", (0.0, 60_000.0, 120_000.0), (0, 128, 255)),
        ("I;16", (0, 64 * 257, 65535), (0, 64, 255)),
    ],
)
def test_greys_of_many_bits_are_neither_black_nor_white(
    world: World, mode: str, shades: tuple[float, ...], wanted: tuple[int, ...]
) -> None:
    made = file_within(added(world, greys(mode, *shades), "a.tif"), Bounds(("image/png",)))
    image = shown(made.path)
    seen = [image.getpixel((8 * place + 4, 4))[0] for place in range(len(shades))]
    assert all(abs(one - other) <= 1 for one, other in zip(seen, wanted, strict=True)), seen


def test_greys_without_a_measure_are_refused_in_words(world: World) -> None:
    asset = added(world, greys("F", 0.0, float("inf")), "heights.tif")
    with pytest.raises(Refusal, match=r"“heights.tif” does not say how bright") as refused:
        file_within(asset, Bounds(JPEG))
    assert refused.value.reason == "no_measure"


@pytest.mark.parametrize("sides", [(1, 5000), (5000, 1), (15, 900)])
def test_a_crop_that_leaves_next_to_nothing_is_refused_in_words(world: World, sides: tuple[int, int]) -> None:
    asset = added(world, encoded(Image.new("RGB", sides), "PNG"), "line.png")
    limit = MediaLimit(count=1, mimes=JPEG, ratio=FEED, **FACT)
    with pytest.raises(Refusal, match=r"“line.png” is so narrow") as refused:
        file_within(asset, bounds_for(asset, limit))
    assert refused.value.reason == "too_narrow"
    coming = planned(asset, "", limit, Made())
    assert (coming.failed, coming.ready) == ("too_narrow", False)
    assert file_within(asset, THUMB).mime == "image/jpeg", "the library still shows it"


def test_what_is_small_but_needs_no_crop_goes(world: World) -> None:
    asset = added(world, encoded(Image.new("RGB", (9, 9)), "PNG"))
    assert (
        file_within(asset, bounds_for(asset, MediaLimit(count=1, mimes=JPEG, ratio=FEED, **FACT))).width == 9
    )
    slim = added(world, encoded(Image.new("RGB", (16, 900)), "PNG"))
    assert file_within(slim, Bounds(JPEG, ratio=FEED)).height == 20


@pytest.mark.parametrize(("form", "mime"), [("AVIF", "image/avif"), ("TIFF", "image/tiff")])
def test_newer_and_older_kinds_come_in_and_leave_as_jpeg(world: World, form: str, mime: str) -> None:
    asset = added(world, encoded(striped(), form), f"a.{form.lower()}")
    assert (asset.mime, asset.width, asset.height) == (mime, 900, 300)
    assert file_within(asset, Bounds(JPEG)).mime == "image/jpeg"


def test_what_moves_is_known_and_stands_still_only_where_it_must(world: World) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    asset = added(world, encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]), "wave.gif")
    assert asset.moving
    assert plan(asset, Bounds(("image/gif",))).steps == ()
    assert plan(asset, Bounds(JPEG)).steps == ("converted", "stands_still")
    assert file_within(asset, Bounds(JPEG)).mime == "image/jpeg"


def test_a_see_through_picture_stays_so_where_only_webp_may_go(world: World) -> None:
    asset = added(world, encoded(Image.new("RGBA", (20, 20), (9, 9, 9, 100)), "PNG"))
    made = file_within(asset, Bounds(("image/webp",)))
    with Image.open(made.path) as image:
        assert (image.format, image.mode) == ("WEBP", "RGBA")


def test_the_colours_of_a_screen_go_along_when_it_is_cropped(world: World) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    asset = added(world, encoded(striped(), "JPEG", icc_profile=profile), "a.jpg")
    made = file_within(asset, Bounds(JPEG, side=100, ratio=(1.0, 1.0)))
    with Image.open(made.path) as image:
        assert image.info.get("icc_profile")


def test_a_preview_keeps_in_what_somebody_pointed_at_whether_it_is_cropped_or_not(world: World) -> None:
    """Several files stand in boxes of the preview's own shape: what goes whole is shown around its focus there."""
    asset = added(world, encoded(striped(), "PNG"))
    asset.focus_x, asset.focus_y = 0.1, 0.8
    whole = planned(asset, "", MediaLimit(count=4, mimes=("image/*",), **FACT), Made())
    assert "cropped" not in whole.steps
    assert whole.position == "10% 80%"
    square = planned(asset, "", MediaLimit(count=4, mimes=("image/*",), ratio=(1, 1), **FACT), Made())
    assert "cropped" in square.steps
    assert square.position.startswith("0"), "its left third goes, and the box shows just that"
