"""Built files are found by name; a page without a build still renders; what was built is whole."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.template import engines
from django.test import Client

from kitestring.ui import assets, states

BUILT = assets.BUILT.parent
built = pytest.mark.skipif(
    not assets.BUILT.exists(), reason="the interface is not built here (npm ci && npm run build)"
)


def test_without_a_build_there_are_no_tags(settings: object, tmp_path: Path) -> None:
    settings.ASSETS_MANIFEST = tmp_path / "none.json"
    assert (assets.script("app"), assets.stylesheets("app"), assets.asset_url("sprite.svg")) == ("", "", "")


def test_tags_follow_the_manifest(settings: object, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    chunk = {"file": "assets/c-1.js", "css": ["assets/c-1.css"]}
    entry = {
        "file": "assets/m-1.js",
        "name": "islands/map",
        "isEntry": True,
        "imports": ["_c"],
        "css": ["assets/m-1.css"],
    }
    path.write_text(json.dumps({"src/islands/map.ts": entry, "_c": chunk}))
    settings.ASSETS_MANIFEST = path
    tags = assets.island("map")
    assert re.findall(r'href="/static/ui/assets/([mc]-1\.css)"', tags) == ["m-1.css", "c-1.css"]
    assert 'modulepreload" href="/static/ui/assets/c-1.js"' in tags
    assert '<script type="module" src="/static/ui/assets/m-1.js">' in tags


@built
def test_the_sprite_has_every_shape_and_icon() -> None:
    sprite = (BUILT / assets.manifest()["sprite.svg"]["file"]).read_text("utf-8")
    held = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    assert {f"s-{look.shape}" for look in states.LOOKS.values()} <= held
    page = engines["pages"].env.get_template("ui/styleguide.html").render()
    used = set(re.findall(r'<use href="[^"#]*#([^"]+)"', page))
    assert used <= held, f"run the build again: {sorted(used - held)} are not in the sprite"


@built
def test_every_built_file_of_the_manifest_is_there() -> None:
    for entry in assets.manifest().values():
        assert (BUILT / entry["file"]).exists()


@built
def test_the_wheel_stays_light() -> None:
    total = sum(path.stat().st_size for path in BUILT.rglob("*") if path.is_file())
    assert total < 8_000_000


@built
def test_hashed_files_are_kept_for_ever_and_sent_small(client: Client) -> None:
    url = assets.stylesheets("app").split('href="')[1].split('"')[0]
    answer = client.get(url, headers={"accept-encoding": "br, gzip"})
    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]
    assert answer["Content-Encoding"] in {"br", "gzip"}
    # Read to its end, which closes the file; closing it by hand would look after a database no test here has.
    assert answer.getvalue()
