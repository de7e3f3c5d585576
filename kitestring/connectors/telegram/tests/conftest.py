"""A video for Telegram's tests: what is sent is bytes with facts beside them, nothing looks inside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from kitestring.connectorkit.contract import Media


@pytest.fixture
def clip(tmp_path: Path) -> Callable[..., Media]:
    def make(name: str = "pha-tra", size: int = 64, seconds: float = 7.4) -> Media:
        path, cover = tmp_path / f"{name}.mp4", tmp_path / f"{name}.jpg"
        path.write_bytes(b"\x00\x00\x00\x18ftypmp42".ljust(size, b"0"))
        Image.new("RGB", (320, 180), "#2F4A3C").save(cover)
        return Media(path, "video/mp4", size, name, "Pha trà", 1280, 720, seconds, cover=cover)

    return make
