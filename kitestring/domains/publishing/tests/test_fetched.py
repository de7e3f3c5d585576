"""A channel that fetches files finds them at a signed address while the delivery is under way, and nobody finds more."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client
from PIL import Image

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Media
from kitestring.domains.composing.models import PostAsset
from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.publishing.actions.refuse_unfit import refuse_unfit
from kitestring.domains.publishing.actions.schedule import publish_now
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.fetched import GOOD_FOR, SALT, Ticket, read, written
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.harbour import manifests
from kitestring.domains.publishing.tests.test_preparing import left as left
from kitestring.kit.refusals import Refusal
from tests.world import World

BASE = "https://kite.example"
PATH = f"ab/cd/{'a' * 64}.jpg"


@pytest.fixture
def fetching(harbour: Harbour, settings: Any, tmp_path: Path) -> Harbour:
    """The harbour fetches files by itself."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PUBLIC_URL = BASE
    kind = manifests.manifest("native_key").kinds[0].model_dump(by_alias=True)
    media = {"count": 4, "mimes": ["image/jpeg"], "side": 64, "by_address": True, **manifests.FACT}
    one = manifests.connector("native_key", kinds=[{**kind, "media": media}])
    registry.connectors()[one.manifest.slug] = one
    return harbour


def sent(harbour: Harbour) -> Delivery:
    out = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(out, "PNG")
    asset = add_asset(harbour.world.editor, harbour.world.brand, "cup.png", [out.getvalue()])
    variant = harbour.variant(harbour.account(), "With a picture")
    PostAsset.objects.create(post=variant.post, asset=asset, alt="A cup")
    [delivery] = publish_now(harbour.world.editor, variant.post)
    harbour.send()
    delivery.refresh_from_db()
    return delivery


def asked(url: str, **headers: str) -> Any:
    return Client().get(url.removeprefix(BASE), headers=headers)


def test_it_is_there_while_it_is_under_way_and_gone_after(fetching: Harbour, left: list[Media]) -> None:
    delivery = sent(fetching)
    [media] = left
    assert media.public_url.startswith(f"{BASE}/f/")
    assert media.public_url.endswith("/file.jpg")
    assert delivery.state == "published"
    assert asked(media.public_url).status_code == 404
    for state in ("sending", "processing", "unknown", "partly_out"):
        Delivery.objects.filter(pk=delivery.pk).update(state=state)
        answer = asked(media.public_url)
        assert answer.status_code == 200, state
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Cache-Control"] == "private, no-store"
        assert b"".join(answer.streaming_content) == media.path.read_bytes()
        assert not answer.cookies


def test_pieces_and_sizes(fetching: Harbour, left: list[Media]) -> None:
    delivery = sent(fetching)
    Delivery.objects.filter(pk=delivery.pk).update(state="processing")
    [media] = left
    data, url = media.path.read_bytes(), media.public_url
    whole = Client().head(url.removeprefix(BASE))
    assert (whole.status_code, whole["Content-Length"], whole.content) == (200, str(len(data)), b"")
    for given, first, after in (
        ("bytes=0-9", 0, 10),
        ("bytes=10-", 10, len(data)),
        ("bytes=-5", len(data) - 5, len(data)),
    ):
        answer = asked(url, range=given)
        assert answer.status_code == 206
        assert answer["Content-Range"] == f"bytes {first}-{after - 1}/{len(data)}"
        assert b"".join(answer.streaming_content) == data[first:after]
    assert asked(url, range=f"bytes={len(data)}-").status_code == 416
    assert asked(url, range="bytes=0-1,5-6").status_code == 206
    for odd in ("bytes=٣-٩", f"bytes={'9' * 5000}-", f"bytes=-{'9' * 5000}", "bytes=--", "lines=0-1"):
        assert b"".join(asked(url, range=odd).streaming_content) == data, "no range at all is the whole"
    assert Client().post(url.removeprefix(BASE)).status_code == 405


@pytest.mark.parametrize(
    "path",
    ["../../etc/passwd", "ab/cd/../../../secrets.json", "/etc/passwd", f"ab/cd/{'a' * 63}.jpg", PATH + "/x"],
)
def test_what_names_no_file_of_ours_is_not_read(path: str) -> None:
    assert read(written(Ticket(uuid4(), path, "image/jpeg"))) is None


def test_a_forged_or_old_address_is_nothing(move_clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    token = written(Ticket(uuid4(), PATH, "image/jpeg"))
    assert read(token) is not None
    assert read(token[:-2] + ("aa" if token[-2:] != "aa" else "bb")) is None
    assert read(signing.dumps("x", salt=SALT)) is None
    assert read(signing.dumps([str(uuid4()), PATH, "image/jpeg"], salt="another")) is None
    real = signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: real() + GOOD_FOR + 1)
    assert read(token) is None


def test_a_stranger_without_a_ticket_finds_nothing(world: World) -> None:
    assert Client().get("/f/x/file.jpg").status_code == 404


def test_without_an_address_it_is_said_before_the_hour(fetching: Harbour, settings: Any) -> None:
    settings.PUBLIC_URL, settings.ALLOW_LOOPBACK = "http://127.0.0.1:8420", False
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "JPEG")
    asset = add_asset(fetching.world.editor, fetching.world.brand, "cup.jpg", [out.getvalue()])
    account = fetching.account()
    payload = {"text": "x", "media": [{"asset": str(asset.pk), "sha256": asset.sha256, "alt": "A cup"}]}
    kind = registry.get(account.channel).manifest.kinds[0].key
    with pytest.raises(Refusal, match="fetches files from a public address") as refused:
        refuse_unfit(account, kind, payload)
    assert refused.value.reason == "needs_address"
    settings.PUBLIC_URL = BASE
    refuse_unfit(account, kind, payload)
