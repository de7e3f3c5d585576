"""A file with a public address, as the channel wants it."""

from __future__ import annotations

import pytest
from PIL import Image

from kitestring.connectorkit.contract import Media


@pytest.fixture
def shown(tmp_path):
    """`shown("name", "video/mp4")`: what is no picture is a few bytes called one; nobody here looks inside."""

    def make(name="ly-tra", mime="image/jpeg", address="https://files.example/"):
        path = tmp_path / f"{name}.{mime.partition('/')[2]}"
        if mime.startswith("image/"):
            Image.new("RGB", (640, 480), "#2F4A3C").save(path, "JPEG")
        else:
            path.write_bytes(b"\x00\x00\x00\x18ftypmp42 not a film")
        url = f"{address}{path.name}" if address else ""
        video = 0.0 if mime.startswith("image/") else 12.0
        return Media(path, mime, path.stat().st_size, name, "Ly trà 茶", 640, 480, video, url)

    return make
