"""The library's pages: a brand's files, one file with its words and the point its crops keep in."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitestring.connectorkit.conformance.films import film
from kitestring.connectorkit.manifest import MediaLimit
from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.library.actions.change_asset import change_asset
from kitestring.domains.library.models import Asset
from kitestring.domains.library.queries.planned import Made, planned
from kitestring.domains.library.rules.bounds import shown_at
from kitestring.domains.library.rules.going import facts, shape, told
from kitestring.domains.library.tests.test_add_asset import Door, picture
from kitestring.domains.library.tests.test_crops import FACT
from kitestring.domains.workspaces.models import AuditEntry
from kitestring.kit.refusals import Refusal
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def cup(world: World) -> Asset:
    return add_asset(world.editor, world.brand, "cup.png", [picture(400, 200)])


def test_the_brands_files_stand_there(
    world: World, stranger: World, door: Door, cup: Asset, tmp_path: Path
) -> None:
    add_asset(world.editor, world.brand, "clip.mp4", [film(tmp_path / "a.mp4", seconds=2).read_bytes()])
    page = door(world.editor).get("/library/").content.decode()
    assert "cup.png" in page
    assert "PNG, 400 × 200" in page
    assert "MP4, 320 × 240, 2 s" in page
    assert 'id="f-add"' in page
    assert 'id="f-add"' not in door(world.analyst).get("/library/").content.decode()
    assert "cup.png" not in door(stranger.editor).get("/library/").content.decode()


def test_words_and_focus_are_kept_and_recorded(world: World, door: Door, cup: Asset) -> None:
    client = door(world.editor)
    answer = client.post(f"/library/{cup.pk}/", {"alt": "  A cup of tea ", "x": "20", "y": "130"})
    assert answer.status_code == 302
    cup.refresh_from_db()
    assert (cup.alt, cup.focus_x, cup.focus_y) == ("A cup of tea", 0.2, 1.0)
    entry = AuditEntry.objects.get(verb="asset.change")
    assert entry.after == {"alt": "A cup of tea", "focus": [0.2, 1.0]}
    client.post(f"/library/{cup.pk}/", {"alt": "A cup of tea", "x": "nothing", "y": ""})
    cup.refresh_from_db()
    assert (cup.focus_x, cup.focus_y) == (0.2, 1.0)
    assert AuditEntry.objects.filter(verb="asset.change").count() == 1
    assert 'value="20"' in client.get(f"/library/{cup.pk}/").content.decode()


def test_words_that_are_too_many_stay_on_the_page(world: World, door: Door, cup: Asset) -> None:
    answer = door(world.editor).post(f"/library/{cup.pk}/", {"alt": "x" * 1501, "x": "50", "y": "50"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "x" * 1501 in page
    assert "it takes 1500. Nothing was changed." in page


def test_who_may_not_change_it_only_looks(world: World, door: Door, cup: Asset) -> None:
    client = door(world.analyst)
    assert "disabled" in client.get(f"/library/{cup.pk}/").content.decode()
    assert client.post(f"/library/{cup.pk}/", {"alt": "Mine"}).status_code == 403
    with pytest.raises(Refusal):
        change_asset(world.analyst, cup.pk, alt="Mine")
    cup.refresh_from_db()
    assert cup.alt == ""


def test_what_goes_is_told_in_words(world: World, cup: Asset, tmp_path: Path) -> None:
    def limit(**more: object) -> MediaLimit:
        return MediaLimit.model_validate({"count": 1, **more, **FACT})

    def said(asset: Asset, **more: object) -> str:
        return told(asset, asset.name, planned(asset, "", limit(**more), Made()))

    assert said(cup) == "as it is"
    assert (
        said(cup, mimes=["image/jpeg"], ratio=(0.8, 1.0))
        == "JPEG, 200 × 200, cropped to 1:1, converted from PNG"
    )
    assert said(cup, mimes=["image/jpeg"], side=100) == "JPEG, 100 × 50, scaled down, converted from PNG"
    clip = add_asset(world.editor, world.brand, "clip.mov", [film(tmp_path / "a.mov").read_bytes()])
    assert said(clip, mimes=["image/jpeg"]) == "not taken there"
    assert said(clip, mimes=["video/mp4"]) == "MP4, 320 × 240, converted from MOV, made before its hour"
    assert facts(clip).startswith("MOV, 320 × 240, 1 s, ")


@pytest.mark.parametrize(
    ("sides", "said"), [((1080, 1350), "4:5"), ((1080, 1080), "1:1"), ((1910, 1000), "1.91:1")]
)
def test_shapes_in_words(sides: tuple[int, int], said: str) -> None:
    assert shape(*sides) == said


def test_the_page_shows_what_the_crop_keeps() -> None:
    assert shown_at(400, 200, 1.0, (0.0, 0.5)) == "0% 50%"
    assert shown_at(400, 200, 1.0, (0.5, 0.5)) == "50% 50%"
    assert shown_at(400, 200, 1.0, (0.9, 0.5)) == "100% 50%"
    assert shown_at(0, 0, 1.0, (0.9, 0.5)) == "50% 50%"


def test_who_came_from_a_post_finds_the_way_back(world: World, door: Door, cup: Asset) -> None:
    client, post = door(world.editor), "01a2318c-47fe-7c00-b448-dcebec00ecbe"
    path = f"/library/{cup.pk}/?post={post}"
    assert f'href="/posts/{post}/"' in client.get(path).content.decode()
    saved = client.post(path, {"alt": "A cup of tea", "x": "20", "y": "30"})
    assert saved["Location"] == path, "after saving it stands there still"
    odd = client.get(f"/library/{cup.pk}/?post=javascript:alert(1)").content.decode()
    assert 'href="javascript:' not in odd
    assert 'href="/library/"' in odd
