"""A delivery's page shows the picture that goes out, around the point that was frozen with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from kitestring.connectorkit import registry
from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.library.tests.test_add_asset import picture
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.pictured import pictured
from kitestring.domains.publishing.tests.conftest import Harbour


def with_ratio() -> tuple[str, str]:
    """(channel, kind) that takes pictures of some shapes only."""
    for slug, one in registry.connectors().items():
        for kind in one.manifest.kinds:
            if kind.media and kind.media.ratio and kind.media.ratio[1] < 3:
                return slug, kind.key
    raise AssertionError("no channel cuts pictures any more")


@pytest.fixture
def delivery(harbour: Harbour, settings: Any, tmp_path: Path) -> Delivery:
    settings.MEDIA_ROOT = tmp_path / "media"
    made = harbour.delivery()
    wide = add_asset(harbour.world.editor, harbour.world.brand, "wide.png", [picture(2400, 400)])
    frozen = {"asset": str(wide.pk), "sha256": wide.sha256, "alt": "A street", "focus": [0.1, 0.5]}
    made.payload = {**made.payload, "media": [frozen]}
    return made


def test_what_goes_whole_is_shown_whole(delivery: Delivery) -> None:
    found = pictured(delivery)
    assert found is not None
    assert (found.alt, found.ratio, found.position) == ("A street", "", "")


def test_what_is_cut_is_shown_cut_around_the_frozen_point(delivery: Delivery) -> None:
    delivery.account.channel, delivery.publish_kind = with_ratio()
    found = pictured(delivery)
    assert found is not None
    wide, high = map(int, found.ratio.split(" / "))
    assert wide / high < 3
    assert float(found.position.split("%")[0]) < 20, "the left end, where the point is"


def test_a_file_that_is_gone_is_no_picture(delivery: Delivery) -> None:
    delivery.payload["media"][0]["asset"] = str(uuid4())
    assert pictured(delivery) is None
    delivery.payload["media"] = []
    assert pictured(delivery) is None
