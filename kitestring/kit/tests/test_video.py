"""Videos are looked into, photographed and made to fit with the real program; what goes wrong is said, and bounded."""

from __future__ import annotations

import io
import os
import struct
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from kitestring.connectorkit.conformance.films import film
from kitestring.kit.video import program
from kitestring.kit.video.encode import (
    CannotShrink,
    DiskFull,
    Wanted,
    encode,
    played_everywhere,
    sides_within,
)
from kitestring.kit.video.probe import CannotRead, probe
from kitestring.kit.video.program import NoProgram, TooSlow, run
from kitestring.kit.video.still import still


def test_a_video_says_what_it_is(tmp_path: Path) -> None:
    seen = probe(film(tmp_path / "a.mp4", seconds=2, width=640, height=360), "video/mp4")
    assert (seen.width, seen.height, seen.fps) == (640, 360, 25.0)
    assert seen.duration == pytest.approx(2.0, abs=0.1)
    assert seen.codecs == "h264 yuv420p aac"
    assert not seen.tells


def test_a_phone_held_upright_and_what_it_wrote_down(tmp_path: Path) -> None:
    lying = film(tmp_path / "a.mp4")
    turned = tmp_path / "b.mov"
    said = run(
        ["-v", "error", "-display_rotation", "90", "-i", str(lying), "-c", "copy", "-metadata",
         "location=+10.7769+106.7009/", f"file:{turned}"], 30,
    )  # fmt: skip
    assert said.code == 0, said.said
    seen = probe(turned, "video/quicktime")
    assert (seen.width, seen.height) == (240, 320)
    assert seen.tells
    with Image.open(io.BytesIO(still(turned, "video/quicktime"))) as shown:
        assert shown.size == (240, 320)


@pytest.mark.parametrize(
    ("ending", "more"),
    [
        (ending, ("-metadata", f"{name}=Secret"))
        for ending in ("mp4", "mov", "webm")
        for name in ("comment", "title", "artist", "copyright")
    ]
    + [
        ("mp4", ("-metadata", "creation_time=2026-11-20T10:00:00Z")),
        ("mp4", ("-metadata", "anything=Secret", "-movflags", "use_metadata_tags")),
        ("mp4", ("-metadata:s:v:0", "handler_name=Secret")),
        ("mov", ("-metadata:s:v:0", "title=Secret")),
        ("webm", ("-metadata:s:a:0", "title=Secret")),
    ],
)
def test_whatever_somebody_wrote_into_a_video_is_told_and_taken_out(
    tmp_path: Path, ending: str, more: tuple[str, ...]
) -> None:
    path, target = film(tmp_path / f"a.{ending}", more=more), tmp_path / "b.mp4"
    mime = {"mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm"}[ending]
    seen = probe(path, mime)
    assert b"Secret" in path.read_bytes() or "creation_time" in more[1]
    assert seen.tells
    encode(path, mime, seen, Wanted(), target, 60)
    assert b"Secret" not in target.read_bytes()
    assert not probe(target, "video/mp4").tells


@pytest.mark.parametrize("ending", ["mp4", "mov", "webm"])
def test_what_the_box_itself_wants_is_nothing_told(tmp_path: Path, ending: str) -> None:
    mime = {"mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm"}[ending]
    assert not probe(film(tmp_path / f"a.{ending}"), mime).tells


def test_another_track_and_chapters_are_told_and_taken_out(tmp_path: Path) -> None:
    lying, words, marks = film(tmp_path / "a.mp4"), tmp_path / "a.srt", tmp_path / "a.txt"
    words.write_text("1\n00:00:00,000 --> 00:00:01,000\nSecret 10.77,106.70\n")
    marks.write_text(";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=900\ntitle=Secret\n")
    subtitled = ("-i", str(words), "-map", "0", "-map", "1", "-c", "copy", "-c:s", "mov_text")
    for more in (subtitled, ("-i", str(marks), "-map_chapters", "1", "-c", "copy")):
        path, target = tmp_path / "b.mp4", tmp_path / "c.mp4"
        ended = run(["-v", "error", "-i", str(lying), *more, f"file:{path}"], 30)
        assert ended.code == 0, ended.said
        seen = probe(path, "video/mp4")
        assert seen.tells
        encode(path, "video/mp4", seen, Wanted(), target, 60)
        assert b"Secret" not in target.read_bytes()
        assert not probe(target, "video/mp4").tells


@pytest.mark.parametrize("piece", [b"\0\0\0\x1euuid" + b"x" * 16 + b"Secret", b"\0\0\0\x0efreeSecret"])
def test_a_box_that_is_not_of_the_film_is_told_and_taken_out(tmp_path: Path, piece: bytes) -> None:
    path, target = film(tmp_path / "a.mp4"), tmp_path / "b.mp4"
    path.write_bytes(path.read_bytes() + piece)
    seen = probe(path, "video/mp4")
    assert seen.tells
    encode(path, "video/mp4", seen, Wanted(), target, 60)
    assert b"Secret" not in target.read_bytes()
    assert not probe(target, "video/mp4").tells


def test_webm_is_read_too(tmp_path: Path) -> None:
    seen = probe(film(tmp_path / "a.webm"), "video/webm")
    assert seen.video == "vp8"
    assert seen.audio == "opus"
    assert seen.duration == pytest.approx(1.0, abs=0.2)


def test_a_header_that_says_three_hours_is_found_out(tmp_path: Path) -> None:
    """The length stands in mvhd, tkhd and mdhd; the pieces say two seconds."""
    path = film(tmp_path / "a.mp4", seconds=2)
    data = bytearray(path.read_bytes())
    for box, at in ((b"mvhd", 20), (b"tkhd", 24), (b"mdhd", 20)):
        place = -1
        while (place := data.find(box, place + 1)) >= 0:
            scale = struct.unpack_from(">I", data, place + at - 4)[0] if box != b"tkhd" else 1000
            struct.pack_into(">I", data, place + at, min(scale * 3 * 3600, 2**32 - 1))
    path.write_bytes(data)
    assert probe(path, "video/mp4").duration == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_video_that_is_cut_off_is_broken(tmp_path: Path, kept: float) -> None:
    for more in ((), ("-movflags", "+faststart")):
        path = film(tmp_path / "a.mp4", seconds=2, more=more)
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
        with pytest.raises(CannotRead) as refused:
            probe(path, "video/mp4")
        assert refused.value.reason == "broken"


def test_only_sound_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    assert run(["-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", f"file:{path}"], 30).code == 0
    with pytest.raises(CannotRead) as refused:
        probe(path, "video/mp4")
    assert refused.value.reason == "no_picture"


def test_a_list_of_other_files_is_not_followed(tmp_path: Path) -> None:
    """ffmpeg reads playlists and follows their addresses; named as what it is, a file is only that."""
    film(tmp_path / "secret.mp4")
    listed = tmp_path / "a.mp4"
    listed.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.mp4\n#EXT-X-ENDLIST\n")
    with pytest.raises(CannotRead):
        probe(listed, "video/mp4")


def test_a_still_is_a_picture_within_its_side(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", seconds=2, width=640, height=360)
    with Image.open(io.BytesIO(still(path, "video/mp4", at=1.0, side=160))) as shown:
        assert shown.format == "JPEG"
        assert shown.size == (160, 90)
    with Image.open(io.BytesIO(still(path, "video/mp4", at=99.0))) as shown:
        assert shown.size == (640, 360)


def test_heavy_video_is_made_light_enough_and_plays_while_it_loads(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", seconds=3, width=640, height=480, noise=60)
    seen, target = probe(path, "video/mp4"), tmp_path / "b.mp4"
    limit = 200_000
    assert path.stat().st_size > 2 * limit
    encode(path, "video/mp4", seen, Wanted(limit, 400), target, 60)
    assert target.stat().st_size <= limit
    made = probe(target, "video/mp4")
    assert max(made.width, made.height) <= 400
    assert made.duration == pytest.approx(seen.duration, abs=0.2)
    assert played_everywhere(made.codecs)
    data = target.read_bytes()
    assert data.find(b"moov") < data.find(b"mdat")


def test_another_box_is_changed_without_coding_anew(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mov", more=("-metadata", "location=+10.7+106.7/"))
    target = tmp_path / "b.mp4"
    seen = probe(path, "video/quicktime")
    assert seen.tells
    encode(path, "video/quicktime", seen, Wanted(), target, 60)
    made = probe(target, "video/mp4")
    assert not made.tells
    assert b"+10.7+106.7" not in target.read_bytes()
    assert target.stat().st_size == pytest.approx(path.stat().st_size, rel=0.1)


def test_what_is_small_is_never_made_larger(tmp_path: Path) -> None:
    path = film(tmp_path / "a.webm", width=160, height=120)
    target = tmp_path / "b.mp4"
    encode(path, "video/webm", probe(path, "video/webm"), Wanted(side=1920), target, 60)
    made = probe(target, "video/mp4")
    assert (made.width, made.height) == (160, 120)
    assert sides_within(161, 121, None) == (160, 120)


def test_too_little_room_is_said(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", seconds=3, width=640, height=480, noise=60)
    with pytest.raises(CannotShrink):
        encode(path, "video/mp4", probe(path, "video/mp4"), Wanted(bytes=8_000), tmp_path / "b.mp4", 60)


def test_a_full_disk_is_told_apart(tmp_path: Path) -> None:
    path = film(tmp_path / "a.webm")
    with pytest.raises((DiskFull,)):
        encode(path, "video/webm", probe(path, "video/webm"), Wanted(), Path("/dev/full"), 60)


def test_it_is_ended_when_its_time_is_over(tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(TooSlow):
        run(["-f", "lavfi", "-re", "-i", "testsrc=duration=60", "-f", "null", "-"], 0.7)
    assert time.monotonic() - begun < 5
    assert not program.under_way()


def test_a_worker_that_leaves_takes_it_along(tmp_path: Path) -> None:
    def leave() -> None:
        while not program.under_way():
            time.sleep(0.01)
        program.end_all()

    leaving = threading.Thread(target=leave)
    leaving.start()
    with pytest.raises(program.Stopped):
        run(["-f", "lavfi", "-re", "-i", "testsrc=duration=60", "-f", "null", "-"], 30)
    leaving.join()


def test_without_the_program_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KITESTRING_FFMPEG", str(tmp_path / "nowhere"))
    with pytest.raises(NoProgram):
        run(["-version"], 1)
    monkeypatch.delenv("KITESTRING_FFMPEG")
    assert os.access(program.program(), os.X_OK)
