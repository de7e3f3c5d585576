"""A small file that is a video as far as an upload sees it, and duties with what Bilibili asks for."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from kitestring.connectorkit.contract import Media, Processing
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.bilibili import publishing

ANSWERS = json.loads((Path(__file__).parent / "fixtures" / "answers.json").read_text("utf-8"))
LONG = "新茶到店，欢迎来坐。" * 25


@pytest.fixture
def answers():
    """What Bilibili says, by name; each with its basis and source."""
    for name, told in ANSWERS.items():
        assert told["basis"] in {"documented", "recorded", "assumed"}, name
        assert told["source"], name
    return ANSWERS


@pytest.fixture
def film(tmp_path):
    """`film(size=…)`: so many bytes, with a still as large as a cover must be."""

    def make(size=2000, side=(1280, 720)):
        path, still = tmp_path / f"pha-tra-{size}.mp4", tmp_path / "bia.jpg"
        path.write_bytes((b"\x00\x00\x00\x18ftypmp42 not a film" * (size // 20 + 1))[:size])
        Image.new("RGB", side, "#2F4A3C").save(still, "JPEG")
        return Media(path, "video/mp4", size, f"{size:064d}", "Pha trà", *side, duration=12.0, cover=still)

    return make


@pytest.fixture
def clip(duty, film):
    """A video with a title, tags, a film and a memory for its uploads."""

    def make(text="新茶到店", *, title="春茶上市", media=None, options=None, **more):
        settings = {"category": "21", "tags": "茶，春天", "copyright": "1"} | (options or {})
        files = (media or film(),)
        return duty("video", text, title=title, media=files, options=settings, uploads=Kept(), **more)

    return make


@pytest.fixture
def essay(duty):
    """An article, long enough unless told otherwise."""

    def make(text=LONG, *, title="春茶记", media=(), options=None, **more):
        settings = {"category": "15"} | (options or {})
        return duty("article", text, title=title, media=media, options=settings, uploads=Kept(), **more)

    return make


@pytest.fixture
def through():
    """`await through(session, duty)`: publish and follow to the end; (what it ended as, the duty with its handle)."""

    async def go(session, outgoing, most=10):
        outcome = await publishing.publish(session, outgoing)
        known = outgoing
        for _ in range(most):
            if not isinstance(outcome, Processing):
                break
            known = replace(outgoing, handle=outcome.handle)
            outcome = await publishing.follow(session, known)
        return outcome, known

    return go
