"""Pictures that have to be drawn anew are drawn beside the engine: bounded, once, and never on the database's thread."""

from __future__ import annotations

import asyncio
import errno
import io
import threading
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from PIL import Image

from kitestring.connectorkit import registry
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import PostAsset
from kitestring.domains.library.actions import make_rendition
from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.library.models import Asset, Rendition
from kitestring.domains.library.queries import storage
from kitestring.domains.publishing.actions import pictures
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.actions.deliver import drain
from kitestring.domains.publishing.actions.schedule import publish_now
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.harbour import manifests


class Watched:
    """The real drawing, and where and how often at once it was done."""

    def __init__(self) -> None:
        self.real = make_rendition.fit
        self.threads: list[int] = []
        self.now = self.most = 0
        self.lock = threading.Lock()

    def __call__(self, *given: Any) -> Any:
        with self.lock:
            self.threads.append(threading.get_ident())
            self.now += 1
            self.most = max(self.most, self.now)
        sleep(0.15)
        try:
            return self.real(*given)
        finally:
            with self.lock:
                self.now -= 1


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    seen = Watched()
    monkeypatch.setattr(make_rendition, "fit", seen)
    return seen


@pytest.fixture
def gallery(harbour: Harbour, settings: Any, tmp_path: Path) -> Harbour:
    """The harbour with pictures of at most 64 pixels."""
    settings.MEDIA_ROOT = tmp_path / "media"
    kind = manifests.manifest("native_key").kinds[0].model_dump(by_alias=True)
    media = {"count": 4, "mimes": ["image/jpeg"], "bytes": 50_000, "side": 64, **manifests.FACT}
    one = manifests.connector("native_key", kinds=[{**kind, "media": media}])
    registry.connectors()[one.manifest.slug] = one
    return harbour


def picture(harbour: Harbour, side: int = 200) -> Asset:
    out = io.BytesIO()
    Image.effect_noise((side, side), 90).save(out, "PNG")
    return add_asset(harbour.world.editor, harbour.world.brand, "cup.png", [out.getvalue()], alt="A cup")


def illustrated(harbour: Harbour, account: Account, asset: Asset) -> Delivery:
    variant = harbour.variant(account, "With a picture")
    PostAsset.objects.create(post=variant.post, asset=asset, alt="A cup")
    return publish_now(harbour.world.editor, variant.post)[0]


def states(made: list[Delivery]) -> set[tuple[str, str]]:
    return set(Delivery.objects.filter(pk__in=[d.pk for d in made]).values_list("state", "reason"))


def left_sending(made: list[Delivery]) -> bool:
    """All were claimed, and none is in a worker's hands any more."""
    rows = Delivery.objects.filter(pk__in=[d.pk for d in made], attempts__gt=0)
    return rows.exclude(state="sending").count() == len(made)


def test_drawing_is_bounded_and_leaves_the_databases_thread_alone(gallery: Harbour, watched: Watched) -> None:
    made = [
        illustrated(gallery, gallery.account("native_key", f"n{n}"), picture(gallery, 200 + n))
        for n in range(6)
    ]
    of_database: list[int] = []

    async def note_thread() -> None:
        of_database.append(await on_database(threading.get_ident))

    gallery.run(note_thread, drain)
    assert states(made) == {("published", "")}
    assert len(watched.threads) == 6
    assert of_database[0] not in watched.threads
    assert watched.most == pictures.AT_ONCE


def test_the_same_picture_for_several_accounts_is_drawn_once(gallery: Harbour, watched: Watched) -> None:
    asset = picture(gallery)
    made = [illustrated(gallery, gallery.account("native_key", f"n{n}"), asset) for n in range(4)]
    gallery.send()
    assert states(made) == {("published", "")}
    assert len(watched.threads) == 1
    assert Rendition.objects.count() == 1


def test_others_leave_while_a_picture_is_drawn(gallery: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plain one is published before the drawing may end."""
    gate, real = threading.Event(), make_rendition.fit

    def waits_for_the_other(*given: Any) -> Any:
        assert gate.wait(30), "the plain one never left"
        return real(*given)

    monkeypatch.setattr(make_rendition, "fit", waits_for_the_other)
    slow = illustrated(gallery, gallery.account("native_key", "slow"), picture(gallery))
    plain = gallery.delivery("read_back")

    async def open_the_gate_then() -> None:
        for _ in range(500):
            if gallery.faults.stored():
                break
            await asyncio.sleep(0.05)
        gate.set()

    async def together() -> None:
        await asyncio.gather(drain(), open_the_gate_then())

    gallery.run(together)
    assert states([slow, plain]) == {("published", "")}


def test_pictures_that_outlast_the_lease_put_it_off_and_are_kept(
    gallery: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No call was made, so nothing is unknown; the picture is drawn to its end and the next try finds it."""
    gate, real = threading.Event(), make_rendition.fit

    def waits(*given: Any) -> Any:
        assert gate.wait(30)
        return real(*given)

    monkeypatch.setattr(make_rendition, "fit", waits)
    made = [
        illustrated(gallery, gallery.account("native_key", f"n{n}"), picture(gallery, 200 + n))
        for n in range(4)
    ]

    async def sweeps_until_none_is_sending() -> None:
        try:
            while not await on_database(left_sending, made):
                await asyncio.sleep(0.1)
                await on_database(sweep)
            assert await on_database(states, made) == {("scheduled", "not_started")}
        finally:
            gate.set()
        for _ in range(500):
            if await on_database(Rendition.objects.count) == len(made):
                break
            await asyncio.sleep(0.02)

    async def together() -> None:
        await asyncio.gather(drain(lease=3.0), sweeps_until_none_is_sending())

    gallery.run(together)
    assert not gallery.faults.seen
    gallery.work(30)
    assert states(made) == {("published", "")}
    assert gallery.faults.stored() == len(made)


def test_what_cannot_be_drawn_is_refused_in_words(gallery: Harbour) -> None:
    asset = picture(gallery)
    lost = illustrated(gallery, gallery.account("native_key", "lost"), asset)
    for file in Path(make_rendition.full_path(asset.path)).parent.iterdir():
        file.unlink()
    gallery.send()
    assert states([lost]) == {("failed", "file_gone")}


def test_a_full_disk_is_waited_out_and_not_called_a_file_that_is_gone(
    gallery: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [illustrated(gallery, gallery.account("native_key"), picture(gallery))]

    def full(*_given: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(storage, "_written", full)
        gallery.send()
    assert states(made) == {("scheduled", "disk_full")}
    gallery.work(20)
    assert states(made) == {("published", "")}
