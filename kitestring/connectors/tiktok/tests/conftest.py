"""Small files that are videos as far as an upload sees them, and duties that say yes to all that TikTok asks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kitestring.connectorkit.contract import Media, Processing
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.tiktok import publishing

CHOSEN = {"privacy": "PUBLIC_TO_EVERYONE", "consent": "music"}


@pytest.fixture(scope="session")
def known():
    """The fixtures of posting."""
    return json.loads((Path(__file__).parent / "fixtures/posting.json").read_text("utf-8"))


@pytest.fixture
def film(tmp_path):
    """`film(size=…)`: so many bytes."""

    def make(size=2000, **more):
        path = tmp_path / f"pha-tra-{size}.mp4"
        path.write_bytes((b"\x00\x00\x00\x18ftypmp42 not a film" * (size // 20 + 1))[:size])
        return Media(
            path,
            "video/mp4",
            size,
            f"{size:064d}",
            **({"width": 1080, "height": 1920, "duration": 12.0} | more),
        )

    return make


@pytest.fixture
def clip(duty, film):
    """A duty with a film, the choices a person makes, and a memory for its uploads."""

    def make(text="Pha trà sen 新茶", kind="video", *, media=None, **options):
        chosen = {**CHOSEN, **options} if kind == "video" else options
        return duty(
            kind, text if kind == "video" else "", media=(media or film(),), uploads=Kept(), options=chosen
        )

    return make


@pytest.fixture
def photo(duty, tmp_path):
    """A duty with so many photos at a public address."""

    def make(text="Trà sen", kind="photos", count=2, base="https://tra.example/f/", **options):
        path = tmp_path / "tra.jpg"
        path.write_bytes(b"\xff\xd8\xff")
        media = tuple(
            Media(path, "image/jpeg", 3, f"{n:064d}", "", 800, 800, public_url=f"{base}{n}.jpg")
            for n in range(count)
        )
        chosen = {**CHOSEN, **options} if kind == "photos" else options
        return duty(kind, text, title="Trà", media=media, uploads=Kept(), options=chosen)

    return make


@pytest.fixture
def through():
    """`await through(session, duty)`: publish and follow to the end; (what it ended as, the duty with its handle)."""

    async def go(session, outgoing, most=10):
        outcome = await publishing.publish(session, outgoing)
        known = outgoing
        for _ in range(most):
            if not isinstance(outcome, Processing) or outcome.waits_for:
                break
            known = replace(outgoing, handle=outcome.handle, media=())
            outcome = await publishing.follow(session, known)
        return outcome, known

    return go
