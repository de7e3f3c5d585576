"""What the composer shows is what the site gets, byte for byte: only the files' addresses are others."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from kitestring.connectorkit.contract import Media
from kitestring.connectors.wordpress import editing, publishing
from kitestring.connectors.wordpress.client import MANIFEST
from kitestring.domains.composing.queries.articles import article_on, shown_at

LINK = "https://tra.example/menu?a=1&b=2"
TEXT = """# Trà "mới" & cũ

Chào *buổi* **sáng** <b>chữ</b> 1 < 2 && "x" 'y' https://tra.example/a?b=1&c=2

![Tách "trà"](file:sen)

- một [menu](https://tra.example/m)
- hai

![](file:phim)

| Món | Giá |
| --- | --- |
| Trà | 20&nbsp;000 |

---

> 茶　好

1. xong
"""


def films(tmp_path, name):
    path = tmp_path / f"{name}.mp4"
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42 " + name.encode())
    return Media(path, "video/mp4", path.stat().st_size, name * 8, f'Pha "{name}"', 320, 240, 1.0, name=name)


def previewed(outgoing):
    """As the composer shows it, and where it finds the files."""
    files = [
        SimpleNamespace(
            asset=SimpleNamespace(pk=f"asset-{place}"),
            name=one.name,
            alt=one.alt,
            mime=one.mime,
            is_image=one.mime.startswith("image/"),
        )
        for place, one in enumerate(outgoing.media)
    ]
    post = SimpleNamespace(link=outgoing.link, planned_for=None)
    variant = SimpleNamespace(post=post, options={})
    return article_on(variant, MANIFEST.kind("post"), outgoing.text, files), [shown_at(one) for one in files]


@pytest.mark.parametrize("text", [TEXT, f"{TEXT}\n{LINK}", "Một dòng", "![](file:bia)\n![](file:bia)"])
@pytest.mark.parametrize("film_first", [False, True])
@pytest.mark.parametrize("link", ["", LINK])
async def test_byte_for_byte(at_work, duty, picture, tmp_path, text, film_first, link):
    there = await at_work("wordpress")
    pictures = [replace(picture(name, f"Ảnh <{name}>"), name=name) for name in ("bia", "sen", "ly")]
    clips = [films(tmp_path, "phim"), films(tmp_path, "cuoi")]
    media = tuple(clips + pictures if film_first else pictures + clips)
    outgoing = duty("post", text, title="Trà mới", media=media, link=link)
    live = await publishing.publish(there.session, outgoing)
    sent = there.platform.items[live.remote_id].extra["html"]
    shown, here = previewed(outgoing)
    html = str(shown.html)
    for place, address in enumerate(here):
        slug = there.platform.items[live.remote_id].extra["slug"]
        html = html.replace(f'"{address}"', f'"{there.base_url}/wp-content/uploads/{slug}-{place + 1}"')
    assert html == sent
    assert "asset-" not in html
    assert shown.link == ""
    first = media.index(pictures[0])
    assert shown.cover.asset.pk == f"asset-{first}"


async def test_a_placed_video_keeps_its_place_when_the_words_change(at_work, duty, picture, tmp_path):
    there = await at_work("wordpress")
    outgoing = duty("post", "Đầu\n\n![](file:phim)\n\nCuối", title="Trà", media=(films(tmp_path, "phim"),))
    live = await publishing.publish(there.session, outgoing)
    changed = replace(outgoing, text="Đầu khác\n\n![](file:phim)\n\nCuối khác", media=())
    await editing.edit(there.session, live.remote_id, changed)
    html = there.platform.items[live.remote_id].extra["html"]
    assert html.index("Đầu khác") < html.index("<video") < html.index("Cuối khác")
