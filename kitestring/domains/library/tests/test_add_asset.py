"""Files are what their bytes say, kept once, refused with a sentence, fitted when asked."""

from __future__ import annotations

import errno
import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from PIL import Image

from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.library.actions.make_rendition import file_within
from kitestring.domains.library.models import Asset, Rendition
from kitestring.domains.library.rules import limits
from kitestring.domains.library.rules.fitting import Bounds
from kitestring.domains.workspaces.models import Member
from kitestring.kit.refusals import Refusal
from tests.world import World, make_world

Door = Callable[[Member], Client]


def picture(
    width: int = 40, height: int = 30, form: str = "PNG", mode: str = "RGB", **options: object
) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 90).convert(mode).save(out, form, **options)
    return out.getvalue()


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def test_the_same_content_is_kept_once(world: World) -> None:
    first = add_asset(world.editor, world.brand, "a.png", [picture()])
    assert (first.mime, first.width, first.height) == ("image/png", 40, 30)
    data = Path(str(first.path))
    assert data.suffix == ".png"
    again = add_asset(world.editor, world.brand, "b.png", [b"".join([(_read(first))])])
    assert again.pk == first.pk


def _read(asset: Asset) -> bytes:
    return (Path(settings.MEDIA_ROOT) / asset.path).read_bytes()


@pytest.mark.django_db(transaction=True)
def test_the_same_file_twice_at_once_is_one() -> None:
    world, data = make_world(), picture(400, 400)
    together = threading.Barrier(3)

    def send(_: int) -> Asset:
        try:
            together.wait()
            return add_asset(world.editor, world.brand, "a.png", [data])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        assert len({asset.pk for asset in pool.map(send, range(3))}) == 1
    assert Asset.objects.count() == 1


def test_a_lying_name_is_seen_through(world: World) -> None:
    asset = add_asset(world.editor, world.brand, "photo.png", [picture(form="JPEG")])
    assert asset.mime == "image/jpeg"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("song.png", b"ID3" + bytes(200), "whatever its name says"),
        ("page.jpg", b"<!doctype html><script>alert(1)</script>", "whatever its name says"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "whatever its name says"),
        ("nothing.png", b"", "is empty"),
        ("cut.png", picture()[:200], "cut off or damaged"),
        ("clip.mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(64), "cut off or damaged"),
        ("IMG_1.HEIC", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64), "Most compatible"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(world: World, name: str, data: bytes, says: str) -> None:
    with pytest.raises(Refusal, match=says) as refused:
        add_asset(world.editor, world.brand, name, [data])
    assert refused.value.field == "file"
    assert not Asset.objects.exists()
    assert not list((Path(settings.MEDIA_ROOT) / "incoming").iterdir())


def test_ten_thousand_by_ten_thousand_is_refused_before_it_is_unpacked(world: World) -> None:
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    with pytest.raises(Refusal, match="10,000 × 10,000"):
        add_asset(world.editor, world.brand, "huge.png", [out.getvalue()])


def test_a_picture_is_made_to_fit_and_loses_its_camera_data(world: World) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Mira"
    big = picture(1800, 1200, "JPEG", quality=98, exif=exif.tobytes())
    asset = add_asset(world.editor, world.brand, "big.jpg", [big])
    bounds = Bounds(("image/jpeg",), bytes=200_000, side=1000)
    small = file_within(asset, bounds)
    assert small.size <= 200_000
    assert max(small.width, small.height) <= 1000
    assert b"Camera of Mira" not in small.path.read_bytes()
    file_within(asset, bounds)
    assert Rendition.objects.count() == 1
    assert b"Camera of Mira" not in file_within(asset, Bounds(("image/jpeg",))).path.read_bytes()


def test_a_picture_with_a_broken_camera_note_is_fitted_as_it_lies(world: World) -> None:
    note = Image.Exif()
    note[0x0112] = 6
    whole = picture(form="WEBP", exif=note)
    broken = whole.replace(b"MM\x00*", b"MX\x00*").replace(b"II*\x00", b"IX*\x00")
    assert broken != whole
    asset = add_asset(world.editor, world.brand, "a.webp", [broken])
    assert file_within(asset, Bounds(("image/jpeg",), side=20)).width == 20


def test_see_through_becomes_white_where_only_jpeg_may_go(world: World) -> None:
    asset = add_asset(world.editor, world.brand, "logo.png", [picture(mode="RGBA")])
    assert file_within(asset, Bounds(("image/jpeg",), bytes=100_000)).mime == "image/jpeg"


def test_upload_answers_in_json_and_files_stay_in_the_workspace(
    world: World, stranger: World, door: Door
) -> None:
    sent = SimpleUploadedFile("a.png", picture(), content_type="image/png")
    answer = door(world.editor).post("/files/", {"file": sent})
    assert answer.status_code == 201
    asset = answer.json()["assets"][0]
    thumb = door(world.stakeholder).get(asset["thumb"])
    assert thumb["Content-Type"] == "image/jpeg"
    b"".join(thumb)
    assert door(stranger.owner).get(asset["url"]).status_code == 404
    bad = SimpleUploadedFile("a.png", b"not a picture", content_type="image/png")
    refused = door(world.editor).post("/files/", {"file": bad}, headers={"accept": "application/json"})
    assert refused.status_code == 422
    assert refused.json()["field"] == "file"


def incoming() -> list[Path]:
    return list((Path(settings.MEDIA_ROOT) / "incoming").iterdir())


def kept() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_row_that_cannot_be_written_leaves_no_file(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.no() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'the disk is full'; END$$;"
            "CREATE TRIGGER no BEFORE INSERT ON library_asset FOR EACH ROW EXECUTE FUNCTION pg_temp.no()"
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        add_asset(world.editor, world.brand, "a.png", [picture()])
    assert kept() == []


def test_a_file_that_cannot_be_kept_takes_its_row_along(world: World) -> None:
    (Path(settings.MEDIA_ROOT)).mkdir(parents=True)
    data = picture()
    (Path(settings.MEDIA_ROOT) / hashlib.sha256(data).hexdigest()[:2]).write_text("in the way")
    with pytest.raises(NotADirectoryError):
        add_asset(world.editor, world.brand, "a.png", [data])
    assert not Asset.objects.exists()
    assert incoming() == []


def test_what_is_too_large_is_stopped_while_it_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST", 1 << 20)
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(1000):
            read.append(number)
            yield bytes(1 << 18)

    with pytest.raises(Refusal, match="has 2 MB or more; the library takes 1") as refused:
        add_asset(world.editor, world.brand, "long.mp4", endless())
    assert refused.value.field == "file"
    assert len(read) == 5
    assert incoming() == []


def test_an_upload_that_hangs_up_leaves_nothing(world: World) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        add_asset(world.editor, world.brand, "a.png", broken())
    assert incoming() == []


def test_a_file_too_large_is_dropped_as_it_arrives_and_said(
    world: World, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LARGEST", 300_000)
    sent = SimpleUploadedFile("a.png", bytes(900_000), content_type="image/png")
    answer = door(world.editor).post("/files/", {"file": sent}, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["field"] == "file"
    assert "MB or more" in answer.json()["message"]
    assert not (Path(settings.MEDIA_ROOT) / "incoming").exists()


def test_a_request_that_says_it_is_too_large_is_not_read(world: World, door: Door) -> None:
    class Unread(io.BytesIO):
        def read(self, *_size: object) -> bytes:
            raise AssertionError("it was read")

    answer = door(world.editor).generic(
        "POST", "/files/", headers={"accept": "application/json"},
        **{"wsgi.input": Unread(), "CONTENT_LENGTH": str(1 << 34), "CONTENT_TYPE": "multipart/form-data; boundary=x"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "16384 MB" in answer.json()["message"]


def test_a_full_disk_is_said_and_leaves_nothing(world: World) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"some"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Refusal, match="no room left"):
        add_asset(world.editor, world.brand, "big.jpg", chunks())
    assert not Asset.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
