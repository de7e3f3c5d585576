"""A small file that is a video as far as an upload sees it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kitestring.connectorkit.contract import Media, Processing
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.youtube import publishing


@pytest.fixture
def film(tmp_path):
    """`film(size=…)`: so many bytes, with a still."""

    def make(size=2000, **more):
        path, cover = tmp_path / f"pha-tra-{size}.mp4", tmp_path / "bia.jpg"
        path.write_bytes((b"\x00\x00\x00\x18ftypmp42 not a film" * (size // 20 + 1))[:size])
        cover.write_bytes(b"\xff\xd8\xff still")
        facts = {"width": 1080, "height": 1920, "duration": 12.0, "cover": cover} | more
        return Media(path, "video/mp4", size, f"{size:064d}", "Pha trà", **facts)

    return make


@pytest.fixture
def clip(duty, film):
    """A duty with a title, a film and a memory for its uploads."""

    def make(text="Pha trà sen 新茶", kind="video", *, media=None, **more):
        return duty(kind, text, title="Trà sen", media=(media or film(),), uploads=Kept(), **more)

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
