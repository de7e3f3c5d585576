"""Files that a channel was given once: kept with the delivery, used by its next try, forgotten when it is over."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from PIL import Image

from kitestring.connectorkit import registry
from kitestring.connectorkit.conformance.files import picture_type
from kitestring.connectorkit.contract import Media
from kitestring.connectorkit.emulation import Fault
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import PostAsset
from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.publishing.actions import uploads
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.schedule import publish_now
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.models import Delivery, Upload
from kitestring.domains.publishing.tests import test_emulators
from kitestring.domains.publishing.tests.conftest import tries
from kitestring.domains.publishing.tests.test_emulators import PORTED, There, settle
from kitestring.kit.ids import uuid7


def two_pictures(slug: str) -> bool:
    """Whether a post carries two pictures there."""
    kind = registry.get(slug).manifest.kinds[0]
    return bool(kind.media and kind.media.count > 1 and picture_type(kind))


# Where a file goes up before the post.
APART = [slug for slug in PORTED if hasattr(registry.get(slug).emulator, "lose_files") and two_pictures(slug)]
there = pytest.fixture(params=APART)(test_emulators.there.__wrapped__)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def illustrated(there: There, pictures: int = 2) -> Delivery:
    post = write_post(there.world.editor, there.world.brand, title="Warm cups", text="Một tách 一杯 a cup")
    there.choose(add_variant(there.world.editor, post.pk, there.account))
    for number in range(pictures):
        held = io.BytesIO()
        Image.new("RGB", (400, 300), (90, 40 * number, 30)).save(held, "PNG")
        asset = add_asset(
            there.world.editor, there.world.brand, f"{number}.png", [held.getvalue()], alt="Cup"
        )
        PostAsset.objects.create(post=post, asset=asset, alt="Cup", position=number)
    (made,) = publish_now(there.world.editor, post)
    return made


def goes_apart(there: There) -> None:
    """On some channels pictures travel with the post, and only videos go up before it."""
    if not there.faults.uploaded():
        pytest.skip("pictures travel with the post here")


def test_a_try_that_ended_at_its_second_file_goes_on_with_it(there: There) -> None:
    there.faults.next(Fault("error_before", at="upload", skip=1))
    delivery = illustrated(there)
    there.work(0)
    goes_apart(there)
    assert Upload.objects.filter(delivery=delivery, taken=None).count() == 1, "the second was begun at most"
    assert there.platform.posts() == []
    delivery = settle(there, delivery)
    assert delivery.state == "published", tries(delivery)
    assert there.faults.uploaded() == 3
    assert tries(delivery)[0][1] == "scheduled", "an upload that failed is no doubt"
    assert len(there.platform.posts()) == 1
    assert not Upload.objects.exists(), "the sweep forgets what is over"


def test_a_lost_answer_at_the_last_step_uploads_nothing_again(there: There) -> None:
    there.faults.next(Fault("drop_before", at="store"))
    delivery = settle(there, illustrated(there))
    goes_apart(there)
    assert delivery.state == "published", tries(delivery)
    assert (there.faults.uploaded(), len(there.platform.posts())) == (2, 1)


def test_a_database_that_takes_no_note_of_it_stops_nothing(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr(uploads, "_written", away)
    delivery = settle(there, illustrated(there))
    assert (delivery.state, len(there.platform.posts())) == ("published", 1), tries(delivery)


def test_what_was_given_up_says_what_lies_there(there: There, client: Client) -> None:
    there.faults.next(Fault("error_before", at="upload", skip=1))
    delivery = illustrated(there)
    there.work(0)
    goes_apart(there)
    delivery.refresh_from_db()
    stays = Upload.objects.get(delivery=delivery, taken=None).stays
    cancel(there.world.editor, delivery)
    sweep()
    client.force_login(there.world.editor.user)
    shown = client.get(reverse("publishing:delivery", args=[delivery.pk])).content.decode()
    assert Upload.objects.filter(delivery=delivery).exists() is stays
    assert ("library already" in shown) is stays
    there.pass_(31 * 86400)
    sweep()
    assert not Upload.objects.exists()


def test_a_look_is_given_what_is_kept_and_no_files(there: There, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the last piece of a file is what publishes, the handle of its upload is all that a look can go by."""
    seen: list[tuple[int, int]] = []
    publishing = registry.get(there.account.channel).publishing

    async def look(session: Any, outgoing: Any) -> None:
        seen.append((len(outgoing.media), len(outgoing.uploads.every())))

    monkeypatch.setattr(publishing, "look_up", look)
    there.faults.next(Fault("drop_after", at="store"))
    illustrated(there)
    there.work(0)
    goes_apart(there)
    if not seen:
        there.work(5)
    if not registry.get(there.account.channel).manifest.settle:
        pytest.skip("nothing is looked up here")
    assert seen[0] == (0, 2)


@pytest.mark.parametrize("away", [False, True])
async def test_keep_says_whether_it_was_written(monkeypatch: pytest.MonkeyPatch, away: bool) -> None:
    """What the database did not take is known until the try ends; who must not lose it is told."""

    async def write(*_: Any) -> None:
        if away:
            raise OperationalError("away")

    monkeypatch.setattr(uploads, "on_database", write)
    kept = uploads.StoredUploads(uuid7())
    cup = Media(Path("cup.jpg"), "image/jpeg", 3, "c" * 64)
    assert await kept.keep(cup, "u1", taken=0) is not away
    assert [one.handle for one in kept.every()] == ["u1"]
